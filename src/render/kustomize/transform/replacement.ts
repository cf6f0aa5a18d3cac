// Replacements: copies a value of one object into fields of others (kustomize: ReplacementTransformer, api/filters/replacement).

import { isObject } from '../../../base/json.ts';
import {
  type FieldOptions,
  type Replacement,
  type ReplacementField,
  replacementDecoder,
  type Selector,
} from '../config/kustomization.ts';
import { parseLabelSelector } from '../config/label-selector.ts';
import { compileSelector, matchesId } from '../config/selector.ts';
import type { BuildBudget } from '../limits.ts';
import { type Loader, loadText, pathOf } from '../load/loader.ts';
import { parseConfig } from '../node/config-json.ts';
import { failure, inFile, within } from '../node/fail.ts';
import {
  assignNode,
  copyNode,
  countNodes,
  isEmpty,
  type Node,
  type NodeKind,
  scalarNode,
  textOf,
} from '../node/node.ts';
import { lookup, splitBracketPath } from '../node/paths.ts';
import { formatId, isIdSelectedBy, type ResId } from '../resource/res-id.ts';
import type { ResMap } from '../resource/res-map.ts';
import { annotationsOf, currentId, isGone, labelsOf, previousIds, type Resource } from '../resource/resource.ts';
import { findFields } from './find-fields.ts';
import { setInStructuredText } from './structured-text.ts';

type Source = NonNullable<Replacement['source']>;
type Target = NonNullable<Replacement['targets']>[number];

const DEFAULT_PATH = 'metadata.name';
const LENIENT = { strict: false, coerce: true } as const;

/** Reads the files that the entries name; throws for an entry that is both a file and inline. */
export function replacementTransform(entries: readonly ReplacementField[], loader: Loader): (map: ResMap) => void {
  const replacements = entries.flatMap((entry): Replacement[] => {
    if (entry.path === '') return [entry];
    if (entry.source !== undefined || (entry.targets ?? []).length > 0) {
      throw failure('a replacement cannot have both a path and a source or targets');
    }
    return readReplacements(entry.path, loader);
  });
  return (map) => {
    for (const replacement of replacements) {
      loader.budget.checkTime();
      replace(map, replacement, loader.budget);
    }
  };
}

function readReplacements(path: string, loader: Loader): Replacement[] {
  const json = parseConfig(loadText(loader, path));
  return inFile(pathOf(loader, path), () => {
    if (Array.isArray(json)) return json.map((item) => replacementDecoder(item, '', LENIENT));
    if (isObject(json)) return [replacementDecoder(json, '', LENIENT)];
    throw failure('the file must hold a replacement or a list of them');
  });
}

function replace(map: ResMap, replacement: Replacement, budget: BuildBudget): void {
  const { source, sourceValue, targets } = replacement;
  if ((source === undefined && sourceValue === undefined) || targets === undefined) {
    throw failure('a replacement must have a source and at least one target');
  }
  const value = sourceNode(map, source, sourceValue);
  for (const target of targets) replaceInTarget(map, value, target, budget);
}

function sourceNode(map: ResMap, source: Source | undefined, sourceValue: string | undefined): Node {
  if (sourceValue !== undefined) {
    if (source !== undefined) throw failure('a replacement cannot have both source and sourceValue');
    return scalarNode(sourceValue);
  }
  if (source === undefined) throw failure('a replacement must have a source');
  const resource = findSource(map, source);
  const path = source.fieldPath === '' ? DEFAULT_PATH : source.fieldPath;
  const found = within('replacement source', () => lookup(resource.root, splitBracketPath(path, '.')));
  if (isEmpty(found)) throw failure(`the replacement source ${formatId(currentId(resource))} has no field '${path}'`);
  return refine(source.options, found as Node);
}

function findSource(map: ResMap, source: Source): Resource {
  const selector: ResId = { ...source, clusterScoped: false };
  const [found, another] = map.resources.filter((resource) =>
    idsOf(resource).some((id) => isIdSelectedBy(id, selector)),
  );
  if (found === undefined) throw failure(`no resource is the replacement source ${formatId(selector)}`);
  if (another !== undefined) throw failure(`more than one resource is the replacement source ${formatId(selector)}`);
  return found;
}

/** The current identity first; unlike elsewhere it is not known to be cluster-scoped (kustomize: utils.MakeResIds). */
function idsOf(resource: Resource): ResId[] {
  if (isGone(resource)) return [];
  return [{ ...currentId(resource), clusterScoped: false }, ...previousIds(resource)];
}

/** One part of a text that is split at the delimiter. */
function refine(options: FieldOptions | undefined, node: Node): Node {
  if (options === undefined || options.delimiter === '') return node;
  if (node.kind !== 'scalar') throw failure('the option delimiter goes only with plain values');
  const part = textOf(node).split(options.delimiter)[options.index];
  if (part === undefined) throw failure(`options.index ${options.index} is out of bounds for '${textOf(node)}'`);
  const copy = copyNode(node);
  copy.value = part;
  return copy;
}

function replaceInTarget(map: ResMap, value: Node, target: Target, budget: BuildBudget): void {
  const { select } = target;
  if (select === undefined) throw failure('a replacement target must select resources');
  const selects = compileSelector(select);
  const rejects = target.reject.filter((selector) => !isEmptySelector(selector)).map(compileSelector);
  const matchesSelect = compileMetadata(select);
  const matchesReject = target.reject
    .filter(({ annotationSelector, labelSelector }) => annotationSelector !== '' || labelSelector !== '')
    .map(compileMetadata);
  budget.spend('steps', map.resources.length);
  for (const resource of map.resources) {
    const ids = idsOf(resource);
    if (!matchesSelect(resource) || matchesReject.some((matches) => matches(resource))) continue;
    if (rejects.some((reject) => ids.some((id) => matchesId(reject, id)))) continue;
    if (ids.some((id) => matchesId(selects, id))) copyValue(resource, value, target, budget);
  }
}

function isEmptySelector({ group, version, kind, name, namespace }: Selector): boolean {
  return [group, version, kind, name, namespace].every((part) => part === '');
}

function compileMetadata(selector: Selector): (resource: Resource) => boolean {
  const annotations = parseLabelSelector(selector.annotationSelector);
  const labels = parseLabelSelector(selector.labelSelector);
  return (resource) => annotations(annotationsOf(resource)) && labels(labelsOf(resource));
}

function copyValue(resource: Resource, value: Node, target: Target, budget: BuildBudget): void {
  const { root } = resource;
  if (root === undefined) return;
  const { options } = target;
  const create: NodeKind | undefined = options?.create ? value.kind : undefined;
  const nodes = countNodes(root);
  for (const path of target.fieldPaths.length === 0 ? [DEFAULT_PATH] : target.fieldPaths) {
    budget.spend('steps', nodes);
    const parts = splitBracketPath(path, '.');
    if (setInStructuredText(root, value, parts, create)) continue;
    within(
      () => `replacement target ${formatId(currentId(resource))}`,
      () => {
        const fields = findFields(root, parts, create);
        if (fields.length === 0) throw failure(`there is no field '${path}'`, 'set options.create to make it');
        for (const field of fields) writeField(field, value, options, budget);
      },
    );
  }
}

function writeField(field: Node, given: Node, options: FieldOptions | undefined, budget: BuildBudget): void {
  if (given.content.length > 0) budget.spend('copiedNodes', countNodes(given));
  const value = copyNode(given);
  if (options !== undefined && options.delimiter !== '') {
    if (field.kind !== 'scalar') throw failure('the option delimiter goes only with plain values');
    const parts = field.value.split(options.delimiter);
    if (options.index < 0) parts.unshift(textOf(value));
    else if (options.index >= parts.length) parts.push(textOf(value));
    else parts[options.index] = textOf(value);
    budget.spend('copiedNodes', parts.length);
    budget.spend('outputLength', field.value.length + value.value.length);
    value.value = parts.join(options.delimiter);
  }
  // A plain value keeps its type as far as the new text allows.
  if (field.kind === 'scalar') field.value = value.value;
  else assignNode(field, value);
}
