// JSON patches (RFC 6902) with the leniencies of the library that kustomize uses (evanphx/json-patch v4.13): `replace` makes what is missing,
// negative indices count from the end, a missing value is null.

import { isObject, type Json } from '../../../base/json.ts';
import { parseConfig } from '../node/config-json.ts';
import { failure } from '../node/fail.ts';

export type JsonPatch = readonly Readonly<Record<string, Json>>[];

/** Reads a patch in JSON or YAML; throws unless it is a list of mappings. */
export function parseJsonPatch(text: string): JsonPatch {
  if (text === '') throw failure('the JSON patch is empty');
  const json = text.startsWith('[') ? parseJson(text) : parseConfig(text);
  if (json === null) return [];
  if (!Array.isArray(json)) throw failure('a JSON patch must be a list of operations');
  return json.map((operation) => {
    if (operation === null) return {};
    if (!isObject(operation) || Array.isArray(operation))
      throw failure('an operation of a JSON patch must be a mapping');
    return operation as Readonly<Record<string, Json>>;
  });
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failure(`the JSON patch is no valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Applies the operations in turn; returns the changed document, and may change `document`. `onCopy` is told of how many values it copies. */
export function applyJsonPatch(document: Json, patch: JsonPatch, onCopy: (values: number) => void): Json {
  let root = document;
  for (const operation of patch) root = applyOperation(root, operation, onCopy);
  return root;
}

type Container = Json[] | { [key: string]: Json };

function applyOperation(root: Json, operation: Readonly<Record<string, Json>>, onCopy: (values: number) => void): Json {
  const kind = operation.op;
  const path = textOf(operation, 'path');
  const value = operation.value ?? null;
  switch (kind) {
    case 'add':
      add(find(root, path, 'add'), value);
      return root;
    case 'remove':
      remove(find(root, path, 'remove'));
      return root;
    case 'replace':
      if (path === '') return replaceRoot(value);
      replace(find(root, path, 'replace'), value);
      return root;
    case 'move': {
      const from = find(root, textOf(operation, 'from'), 'move');
      const moved = get(from);
      remove(from);
      add(find(root, path, 'move'), moved ?? null);
      return root;
    }
    case 'copy': {
      const copied = get(find(root, textOf(operation, 'from'), 'copy')) ?? null;
      onCopy(countValues(copied));
      add(find(root, path, 'copy'), copied);
      return root;
    }
    case 'test': {
      const actual = path === '' ? root : (get(find(root, path, 'test')) ?? null);
      if (!equal(actual, value)) throw failure(`the test of '${path}' in a JSON patch failed`);
      return root;
    }
    default:
      throw failure(`a JSON patch has the unknown operation '${String(kind)}'`);
  }
}

function countValues(value: Json): number {
  if (value === null || typeof value !== 'object') return 1;
  let count = 1;
  for (const item of Object.values(value)) count += countValues(item);
  return count;
}

function textOf(operation: Readonly<Record<string, Json>>, name: string): string {
  const value = operation[name];
  if (typeof value !== 'string') throw failure(`an operation of a JSON patch has no '${name}'`);
  return value;
}

function replaceRoot(value: Json): Json {
  if (value === null || typeof value !== 'object')
    throw failure('a JSON patch may replace the root only by an object or list');
  return structuredClone(value);
}

interface Location {
  readonly container: Container;
  readonly key: string;
  readonly path: string;
  readonly operation: string;
}

function find(root: Json, path: string, operation: string): Location {
  const [start, ...parts] = path.split('/');
  if (start === undefined || parts.length === 0) throw notThere(operation, path);
  let here: Json | undefined = root;
  for (const part of parts.slice(0, -1)) {
    here = isContainer(here) ? get({ container: here, key: unescapeKey(part), path, operation }) : undefined;
    if (here === undefined) throw notThere(operation, path);
  }
  if (!isContainer(here)) throw notThere(operation, path);
  return { container: here, key: unescapeKey(parts.at(-1) ?? ''), path, operation };
}

function notThere(operation: string, path: string): Error {
  return failure(`the JSON patch cannot ${operation} '${path}': the object has no such path`);
}

function unescapeKey(part: string): string {
  return part.replaceAll(/~[01]/g, (escaped) => (escaped === '~1' ? '/' : '~'));
}

function isContainer(value: Json | undefined): value is Container {
  return typeof value === 'object' && value !== null;
}

/** The value at a location; undefined where a mapping has no such key. A wrong index is an error. */
function get({ container, key, path, operation }: Location): Json | undefined {
  if (!Array.isArray(container)) return Object.hasOwn(container, key) ? container[key] : undefined;
  return container[indexOf(key, container.length, container.length - 1, path, operation)];
}

/** An index that may be negative; `max` is the greatest that is allowed, `base` what negative ones count from. */
function indexOf(key: string, base: number, max: number, path: string, operation: string): number {
  if (!/^[-+]?\d+$/.test(key))
    throw failure(`the JSON patch cannot ${operation} '${path}': '${key}' is no index of a list`);
  const index = Number(key);
  if (index > max || index < -base) {
    throw failure(`the JSON patch cannot ${operation} '${path}': the list has no index ${key}`);
  }
  return index < 0 ? index + base : index;
}

function add({ container, key, path, operation }: Location, value: Json): void {
  const added = structuredClone(value);
  if (!Array.isArray(container)) setOwn(container, key, added);
  else if (key === '-') container.push(added);
  else container.splice(indexOf(key, container.length + 1, container.length, path, operation), 0, added);
}

function remove({ container, key, path, operation }: Location): void {
  if (Array.isArray(container)) {
    container.splice(indexOf(key, container.length, container.length - 1, path, operation), 1);
    return;
  }
  if (!Object.hasOwn(container, key)) throw notThere(operation, path);
  delete container[key];
}

function replace({ container, key, path, operation }: Location, value: Json): void {
  const put = structuredClone(value);
  if (!Array.isArray(container)) setOwn(container, key, put);
  else container[indexOf(key, container.length, container.length - 1, path, operation)] = put;
}

function setOwn(object: { [key: string]: Json }, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function equal(a: Json, b: Json): boolean {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null));
  }
  if (!isContainer(a)) return a === b;
  if (!isContainer(b) || Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null))
  );
}
