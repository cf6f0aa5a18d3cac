// RFC 6902 JSON patch, as the library that the API server uses applies it (evanphx/json-patch, version 4).

import { isEqualJson } from './equal.ts';
import { HawserError } from './errors.ts';
import { isObject } from './json.ts';

/** What copies may add to a document: each may double it. (evanphx/json-patch has such a bound, AccumulatedCopySizeLimit, too.) */
const MOST_COPIED = 4 << 20;

type Doc = Record<string, unknown> | unknown[];

/**
 * Applies a JSON patch to a copy of a document. Throws `InvalidInput` for what is no patch or copies without end, `FailedPrecondition` for
 * one that does not fit.
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new HawserError('InvalidInput', 'the JSON patch is not a list of operations');
  const root: Root = { doc: structuredClone(document), copied: 0 };
  for (const entry of patch) {
    const operation = isObject(entry) ? entry : {};
    try {
      applyOperation(root, operation);
    } catch (error) {
      if (error !== UNFIT) throw error;
      const { op, path } = operation;
      throw new HawserError('FailedPrecondition', `the JSON patch does not fit: ${String(op)} ${String(path)}`);
    }
  }
  return root.doc;
}

interface Root {
  doc: unknown;
  /** Characters of JSON. */
  copied: number;
}

const UNFIT = new Error('does not fit');

function applyOperation(root: Root, operation: Record<string, unknown>): void {
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
      if (Array.isArray(parent) && !has(parent, key)) throw UNFIT;
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
      const copied = get(parent, key);
      root.copied += JSON.stringify(copied)?.length ?? 0;
      if (root.copied > MOST_COPIED) throw new HawserError('InvalidInput', 'the JSON patch copies too much');
      add(root, path, structuredClone(copied));
      return;
    }
    case 'test': {
      const { parent, key } = find(root.doc, path);
      if (!isEqualJson(get(parent, key) ?? null, value ?? null)) throw UNFIT;
      return;
    }
    default:
      throw UNFIT;
  }
}

function find(doc: unknown, path: string): { parent: Doc; key: string } {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = steps.pop() ?? '';
  let here: unknown = doc;
  for (const step of steps) here = isContainer(here) ? get(here, step) : undefined;
  if (!isContainer(here)) throw UNFIT;
  return { parent: here, key };
}

function isContainer(value: unknown): value is Doc {
  return typeof value === 'object' && value !== null;
}

function get(parent: Doc, key: string): unknown {
  if (Array.isArray(parent)) return parent[Number(key)];
  return Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function has(parent: Doc, key: string): boolean {
  return Array.isArray(parent) ? Number(key) < parent.length : Object.hasOwn(parent, key);
}

function set(parent: Doc, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  // `__proto__` is a key like any other.
  else Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}

function add(root: { doc: unknown }, path: string, value: unknown): void {
  if (path === '') {
    root.doc = value;
    return;
  }
  const { parent, key } = find(root.doc, path);
  if (!Array.isArray(parent)) set(parent, key, value);
  else if (key === '-') parent.push(value);
  else {
    const index = Number(key);
    if (!Number.isInteger(index) || index > parent.length) throw UNFIT;
    parent.splice(index, 0, value);
  }
}

function remove(root: { doc: unknown }, path: string): unknown {
  const { parent, key } = find(root.doc, path);
  if (!has(parent, key)) throw UNFIT;
  const value = get(parent, key);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return value;
}
