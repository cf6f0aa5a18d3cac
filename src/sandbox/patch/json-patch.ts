// RFC 6902 JSON patch, with the messages of the library that the API server uses (evanphx/json-patch).

import { isObject } from '../../base/json.ts';
import { refuse } from '../http/status.ts';
import { equalJson } from '../schema/equal.ts';

type Doc = Record<string, unknown> | unknown[];

/** Applies a JSON patch to a copy of a document. Throws 400 for a body that is no patch, 422 for one that does not fit. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw refuse(400, 'BadRequest', 'json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  const root = { doc: structuredClone(document) };
  for (const operation of patch) applyOperation(root, isObject(operation) ? operation : {});
  return root.doc;
}

function applyOperation(root: { doc: unknown }, operation: Record<string, unknown>): void {
  const path = String(operation.path ?? '');
  const value = structuredClone(operation.value);
  switch (operation.op) {
    case 'add':
      add(root, path, value, 'add');
      return;
    case 'remove':
      remove(root, path, 'remove');
      return;
    case 'replace': {
      if (path === '') {
        root.doc = value;
        return;
      }
      const { parent, key } = find(root.doc, path, 'replace');
      if (!has(parent, key))
        throw unfit(`replace operation does not apply: doc is missing key: ${path}: missing value`);
      set(parent, key, value);
      return;
    }
    case 'move': {
      const from = String(operation.from ?? '');
      const moved = remove(root, from, 'move');
      add(root, path, moved, 'move');
      return;
    }
    case 'copy': {
      const { parent, key } = find(root.doc, String(operation.from ?? ''), 'copy');
      add(root, path, structuredClone(get(parent, key)), 'copy');
      return;
    }
    case 'test': {
      const { parent, key } = find(root.doc, path, 'test');
      if (!equalJson(get(parent, key) ?? null, value ?? null)) throw unfit(`testing value ${path} failed: test failed`);
      return;
    }
    default:
      throw unfit(`Unexpected kind: ${String(operation.op ?? 'unknown')}`);
  }
}

function unfit(message: string): Error {
  return refuse(422, 'Invalid', `the server rejected our request due to an error in our request`, {
    causes: [{ reason: 'UnexpectedServerResponse', message }],
  });
}

function find(doc: unknown, path: string, op: string): { parent: Doc; key: string } {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = steps.pop() ?? '';
  let here: unknown = doc;
  for (const step of steps) here = isContainer(here) ? get(here, step) : undefined;
  if (!isContainer(here)) {
    const what = op === 'replace' || op === 'add' || op === 'remove' ? 'missing path' : 'missing from path';
    throw unfit(`${op} operation does not apply: doc is ${what}: "${path}": missing value`);
  }
  return { parent: here, key };
}

function isContainer(value: unknown): value is Doc {
  return typeof value === 'object' && value !== null;
}

function get(parent: Doc, key: string): unknown {
  return Array.isArray(parent) ? parent[Number(key)] : parent[key];
}

function has(parent: Doc, key: string): boolean {
  return Array.isArray(parent) ? Number(key) < parent.length : Object.hasOwn(parent, key);
}

function set(parent: Doc, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else parent[key] = value;
}

function add(root: { doc: unknown }, path: string, value: unknown, op: string): void {
  if (path === '') {
    root.doc = value;
    return;
  }
  const { parent, key } = find(root.doc, path, op);
  if (!Array.isArray(parent)) parent[key] = value;
  else if (key === '-') parent.push(value);
  else {
    const index = Number(key);
    if (!Number.isInteger(index) || index > parent.length)
      throw unfit(`${op} operation does not apply: doc is missing path: "${path}": missing value`);
    parent.splice(index, 0, value);
  }
}

function remove(root: { doc: unknown }, path: string, op: string): unknown {
  const { parent, key } = find(root.doc, path, op);
  if (!has(parent, key)) {
    if (op === 'remove') throw unfit(`remove operation does not apply: doc is missing path: "${path}": missing value`);
    throw unfit(`${op} operation does not apply: doc is missing from path: ${path}: missing value`);
  }
  const value = get(parent, key);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return value;
}
