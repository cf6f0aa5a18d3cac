// Writes a value into fields, or a part of a path in them (kustomize: ValueAddTransformer).

import type { Json } from '../../../base/json.ts';
import { list, optional, record, text, whole } from '../config/decode.ts';
import { selectorDecoder } from '../config/kustomization.ts';
import { type Loader, loadText } from '../load/loader.ts';
import { parseConfig } from '../node/config-json.ts';
import { failure } from '../node/fail.ts';
import { demandKind, setScalar } from '../node/fields.ts';
import { isMissing, scalarNode } from '../node/node.ts';
import { lookup, splitPath } from '../node/paths.ts';
import { type ResMap, selectResources } from '../resource/res-map.ts';
import { currentId, type Resource } from '../resource/resource.ts';
import { setNamespaceOf } from './namespace.ts';

const targets = list(record({ selector: optional(selectorDecoder), fieldPath: text, filePathPosition: whole }));
const argsDecoder = record({ value: text, targets, targetFilePath: text });
const LENIENT = { strict: false, coerce: true } as const;

type Target = ReturnType<typeof targets>[number];

export function valueAddTransform(config: Json, loader: Loader): (map: ResMap) => void {
  const args = argsDecoder(config, '', LENIENT);
  const value = args.value.trim() || (loader.root.split('/').at(-1) ?? '');
  const more =
    args.targetFilePath === ''
      ? []
      : record({ targets })(parseConfig(loadText(loader, args.targetFilePath)), '', LENIENT).targets;
  const all = [...args.targets, ...more];
  if (all.length === 0) throw failure('a ValueAddTransformer needs at least one target');
  for (const target of all) {
    if (target.fieldPath === '') throw failure('a target of a ValueAddTransformer has no fieldPath');
    if (target.filePathPosition < 0) throw failure('filePathPosition cannot be negative');
  }
  return (map) => {
    for (const target of all) {
      const selected = target.selector === undefined ? [...map.resources] : selectResources(map, target.selector);
      for (const resource of selected) addValue(resource, target, value);
    }
  };
}

function addValue(resource: Resource, target: Target, value: string): void {
  const { root } = resource;
  if (root === undefined) return;
  if (target.fieldPath === 'metadata/namespace') {
    setNamespaceOf(root, currentId(resource).clusterScoped, {
      namespace: value,
      fieldSpecs: [],
      unsetOnly: false,
      subjects: 'defaultOnly',
    });
    return;
  }
  const node = lookup(root, splitPath(target.fieldPath, '/'), 'scalar');
  if (node === undefined) return;
  demandKind(node, 'scalar');
  const written = target.filePathPosition > 0 ? insertPathPart(node.value, target.filePathPosition - 1, value) : value;
  if (written !== '' && !isMissing(node)) setScalar(node, scalarNode(written));
}

/** kyaml: filesys.InsertPathPart. */
export function insertPathPart(path: string, position: number, part: string): string {
  const isAbsolute = path.startsWith('/');
  const parts = path.split('/').filter((piece) => piece !== '');
  parts.splice(Math.min(position, parts.length), 0, part);
  return `${isAbsolute ? '/' : ''}${parts.join('/')}`;
}
