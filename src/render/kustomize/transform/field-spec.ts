// Applies a change to the field that a field spec names (kustomize: api/filters/fieldspec).

import type { FieldSpec } from '../config/kustomization.ts';
import { failure, within } from '../node/fail.ts';
import { elements, getField, metaString, rootString, setField, setScalar } from '../node/fields.ts';
import { isNull, makeNode, type Node, type NodeKind } from '../node/node.ts';
import { splitPath } from '../node/paths.ts';
import { parseApiVersion } from '../resource/gvk.ts';

export interface FieldChange {
  /** Changes the node that was found. */
  readonly set: (node: Node) => void;
  /** What is made where the field is missing and the spec creates it; undefined creates nothing. */
  readonly createKind?: NodeKind;
  readonly createTag?: string;
}

/** Applies `change` at every field of `root` that `spec` names; a missing field is made or left out without error. */
export function changeField(root: Node, spec: FieldSpec, change: FieldChange): void {
  if (!matchesObject(spec, root)) return;
  const path = splitPath(spec.path, '/');
  within(
    () => `field '${spec.path}' of ${rootString(root, 'kind')}/${metaString(root, 'name')}`,
    () => walk(root, path, 0, spec, change),
  );
}

export function changeFields(root: Node, specs: readonly FieldSpec[], change: FieldChange): void {
  for (const spec of specs) changeField(root, spec, change);
}

function matchesObject(spec: FieldSpec, root: Node): boolean {
  if (spec.kind !== '' && spec.kind !== rootString(root, 'kind')) return false;
  if (spec.group === '' && spec.version === '') return true;
  const { group, version } = parseApiVersion(rootString(root, 'apiVersion'));
  return (spec.group === '' || spec.group === group) && (spec.version === '' || spec.version === version);
}

function walk(node: Node, path: readonly string[], at: number, spec: FieldSpec, change: FieldChange): void {
  const part = path[at];
  if (part === undefined) {
    change.set(node);
    return;
  }
  if (isNull(node)) return;
  switch (node.kind) {
    case 'sequence':
      // A path says nothing of the lists on its way.
      for (const element of elements(node)) walk(element, path, at, spec, change);
      return;
    case 'mapping':
      walkMapping(node, part, path, at, spec, change);
      return;
    case 'alias':
      if (node.alias !== undefined) walk(node.alias, path, at, spec, change);
      return;
    default:
      throw failure(`expected a mapping or a list at '${path.slice(0, at).join('/')}'`);
  }
}

function walkMapping(
  node: Node,
  part: string,
  path: readonly string[],
  at: number,
  spec: FieldSpec,
  change: FieldChange,
): void {
  const isList = part.endsWith('[]');
  const name = isList ? part.slice(0, -2) : part;
  if (name === '') throw failure('a field spec has an empty field name');
  const isLast = at === path.length - 1;
  const created =
    !spec.create || change.createKind === undefined || isList ? undefined : isLast ? change.createKind : 'mapping';
  const found =
    created === undefined
      ? getField(node, name.trim())
      : (getField(node, name.trim()) ?? setField(node, name.trim(), makeNode(created)));
  if (found === undefined) return;
  const kindOfNull = created ?? (isList ? 'sequence' : undefined);
  if (isNull(found) && kindOfNull !== undefined) {
    found.kind = kindOfNull;
    found.tag = created === undefined ? '' : isLast ? (change.createTag ?? '') : '!!map';
  }
  walk(found, path, at + 1, spec, change);
}

/** A change that sets the scalar found to `value` with `tag` (filtersutil: SetEntry without a name). */
export function scalarSetter(value: string, tag: string): (node: Node) => void {
  return (node) => setScalar(node, makeNode('scalar', tag, value));
}

/** A change that sets one entry of the mapping found (filtersutil: SetEntry). */
export function entrySetter(name: string, value: string, tag: string): (node: Node) => void {
  return (node) => {
    setField(node, name, makeNode('scalar', tag, value));
  };
}
