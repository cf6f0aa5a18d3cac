// RFC 6902 JSON patch, as the library that the API server uses applies it (evanphx/json-patch, version 4).

import { isObject } from '../../base/json.ts';
import { equalJson } from '../../typed/equal.ts';
import { badRequest, refuse } from '../http/status.ts';

type Doc = Record<string, unknown> | unknown[];

/** Applies a JSON patch to a copy of a document. Throws 400 for a body that is no patch, 422 for one that does not fit. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  const root = { doc: structuredClone(document) };
  for (const operation of patch) applyOperation(root, isObject(operation) ? operation : {});
  return root.doc;
}

function applyOperation(root: { doc: unknown }, operation: Record<string, unknown>): void {
  const path = String(operation.path ?? '');
  const value = structuredClone(operation.value);
  switch (operation.op) {
    case 'add':
      add(root, path, value);
      return;
    case 'remove':
      remove(root, path);
      return;
    case 'replace': {
      if (path === '') {
        root.doc = value;
        return;
      }
      const { parent, key } = find(root.doc, path);
      if (Array.isArray(parent) && !has(parent, key)) throw unfit();
      set(parent, key, value);
      return;
    }
    case 'move': {
      const from = String(operation.from ?? '');
      const moved = remove(root, from);
      add(root, path, moved);
      return;
    }
    case 'copy': {
      const { parent, key } = find(root.doc, String(operation.from ?? ''));
      add(root, path, structuredClone(get(parent, key)));
      return;
    }
    case 'test': {
      const { parent, key } = find(root.doc, path);
      if (!equalJson(get(parent, key) ?? null, value ?? null)) throw unfit();
      return;
    }
    default:
      throw unfit();
  }
}

/** The API server does not say what did not fit. */
function unfit(): Error {
  return refuse(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

function find(doc: unknown, path: string): { parent: Doc; key: string } {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = steps.pop() ?? '';
  let here: unknown = doc;
  for (const step of steps) here = isContainer(here) ? get(here, step) : undefined;
  if (!isContainer(here)) throw unfit();
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

function add(root: { doc: unknown }, path: string, value: unknown): void {
  if (path === '') {
    root.doc = value;
    return;
  }
  const { parent, key } = find(root.doc, path);
  if (!Array.isArray(parent)) parent[key] = value;
  else if (key === '-') parent.push(value);
  else {
    const index = Number(key);
    if (!Number.isInteger(index) || index > parent.length) throw unfit();
    parent.splice(index, 0, value);
  }
}

function remove(root: { doc: unknown }, path: string): unknown {
  const { parent, key } = find(root.doc, path);
  if (!has(parent, key)) throw unfit();
  const value = get(parent, key);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return value;
}
