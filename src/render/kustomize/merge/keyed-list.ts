// Merges lists whose elements are known by keys: containers by name, ports by port and protocol, finalizers by themselves
// (kyaml: yaml/walk/associative_sequence.go).

import { entry, getField, setField, setScalar } from '../node/fields.ts';
import { isEmpty, isMissing, makeNode, type Node, scalarNode } from '../node/node.ts';
import { matchElement } from '../node/paths.ts';
import { setElement } from './list-element.ts';
import { type MergeContext, type Sources, walk } from './merge.ts';
import type { TypeSchema } from './types.ts';

/** The merged list: the patch's elements first (or last), then those that only `sources[0]` has. */
export function mergeKeyedList(sources: Sources, schema: TypeSchema, context: MergeContext): Node | undefined {
  const keys = schema.keys;
  return keys.length > 0
    ? mergeElements(elementValues(sources, keys, context), keys, sources, schema, context)
    : mergeElements(plainValues(sources, context), [''], sources, schema, context);
}

/** The patch is read first where its elements go first. */
function inOrder(sources: Sources, context: MergeContext): readonly (Node | undefined)[] {
  return context.prepend ? [sources[1], sources[0]] : sources;
}

/** The texts of the keys of every element, each combination once; '' where an element lacks a key. */
function elementValues(sources: Sources, keys: readonly string[], context: MergeContext): string[][] {
  const seen = new Set<string>();
  const result: string[][] = [];
  for (const source of inOrder(sources, context)) {
    if (source === undefined) continue;
    for (const element of source.content) {
      const values = keys.map((key) => {
        const found = entry(element, key)?.value;
        return isEmpty(found) ? '' : (found as Node).value;
      });
      const joined = values.join('\0');
      if (!seen.has(joined)) result.push(values);
      seen.add(joined);
    }
  }
  return result;
}

function plainValues(sources: Sources, context: MergeContext): string[][] {
  const seen = new Set<string>();
  for (const source of inOrder(sources, context)) for (const item of source?.content ?? []) seen.add(item.value);
  return [...seen].map((value) => [value]);
}

function mergeElements(
  given: string[][],
  keys: readonly string[],
  sources: Sources,
  schema: TypeSchema,
  context: MergeContext,
): Node | undefined {
  const dest = sources[0];
  if (dest === undefined) return undefined;
  const valuesList = keys.length > 1 ? completeValues(given) : given;
  const added = makeNode('sequence');
  let valid: Keyed = { keys: [], values: [] };
  for (const values of valuesList) {
    if (values.length === 0) continue;
    valid = usedKeys(valuesList, values, keys);
    const { keys: validKeys, values: validValues } = valid;
    const merged = walk([findElement(sources[0], valid), findElement(sources[1], valid)], schema.elements(), context);
    if (isMissing(merged) || (merged.kind === 'mapping' && merged.content.length === 0)) {
      setElement(dest, undefined, validKeys, validValues);
      continue;
    }
    addMissingKeys(merged, valid);
    setElement(added, merged, validKeys, validValues);
  }
  if (valuesList.length === 0) return dest;
  return context.prepend ? appendElements(added, dest, valid.keys) : appendElements(dest, added, valid.keys);
}

interface Keyed {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

function addMissingKeys(element: Node, { keys, values }: Keyed): void {
  for (const [index, key] of keys.entries()) {
    const value = values[index] ?? '';
    if (value === '' || (element.kind === 'mapping' && entry(element, key) !== undefined)) continue;
    if (key === '') setScalar(element, scalarNode(value));
    else setField(element, key, scalarNode(value));
  }
}

function findElement(list: Node | undefined, valid: Keyed): Node | undefined {
  if (list === undefined || list.kind !== 'sequence') return undefined;
  const { keys, values } = usedKeys([valid.values], valid.values, valid.keys);
  return keys.length === values.length ? matchElement(list, keys, values) : undefined;
}

/** Two elements of which one lacks a key that the other has are the same: a port without a protocol (kyaml: mergeValues). */
function completeValues(valuesList: readonly string[][]): string[][] {
  const result = [...valuesList];
  for (let i = 0; i < result.length; i++) {
    const values = result[i] ?? [];
    for (let j = 0; j < result.length; j++) {
      const common = commonValues(values, result[j] ?? []);
      if (common === undefined) continue;
      result[i] = common;
      result[j] = common;
    }
  }
  return result;
}

function commonValues(a: readonly string[], b: readonly string[]): string[] | undefined {
  if (a.length !== b.length) return undefined;
  let haveCommon = false;
  const result: string[] = [];
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? '';
    if (left === right) haveCommon = true;
    else if (left !== '' && right !== '') return undefined;
    result.push(left === '' ? right : left);
  }
  return haveCommon ? result : undefined;
}

/** Leaves out keys that no element has (kyaml: validateKeys). */
function usedKeys(
  valuesList: readonly (readonly string[])[],
  values: readonly string[],
  keys: readonly string[],
): Keyed {
  const used = new Set<string>();
  for (const others of valuesList) {
    for (const [index, value] of others.entries()) if (value !== '') used.add(keys[index] ?? '');
  }
  if (used.size === 0) return { keys, values };
  return {
    keys: keys.filter((key) => used.has(key)),
    values: values.filter((value, index) => value !== '' || used.has(keys[index] ?? '')),
  };
}

/** kyaml: appendListNode. */
function appendElements(target: Node, source: Node, keys: readonly string[]): Node | undefined {
  for (const element of [...source.content]) {
    if ((keys[0] ?? '') === '') {
      setElement(target, element, [''], [element.value]);
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      const found = getField(element, key);
      if (found === undefined) target.content.push(element);
      else values.push(found.value);
    }
    if (keys.length > 1) setElement(target, undefined, keys, values);
    setElement(target, element, keys, values);
  }
  return isMissing(target) ? undefined : target;
}
