// `?fields=`: which parts of an answer whoever asks wants to have (Argo CD: argoproj/pkg grpc/http, forwarder_overwrite.go).

import { isObject } from '../base/json.ts';

/** What is named below each key; empty at the end of a path. */
type Tree = Map<string, Tree>;

/**
 * Of an answer what the paths name (`items.metadata.name,items.spec`), or all but that where the text begins with a minus. Lists are passed
 * through: a path goes on in each entry.
 */
export function selectFields(value: unknown, fields: string | undefined): unknown {
  if (!fields) return value;
  const isWithout = fields.startsWith('-');
  const paths = treeOf((isWithout ? fields.slice(1) : fields).split(','));
  return isWithout ? without(value, paths) : only(value, paths);
}

function treeOf(paths: readonly string[]): Tree {
  const root: Tree = new Map();
  for (const path of paths) {
    let here = root;
    for (const key of path.trim().split('.')) {
      const next: Tree = here.get(key) ?? new Map();
      here.set(key, next);
      here = next;
    }
  }
  return root;
}

function only(value: unknown, tree: Tree): unknown {
  if (tree.size === 0) return value;
  if (Array.isArray(value)) return value.map((entry) => only(entry, tree));
  if (!isObject(value)) return value;
  const chosen = [...tree].filter(([key]) => Object.hasOwn(value, key));
  return Object.fromEntries(chosen.map(([key, below]) => [key, only(value[key], below)]));
}

function without(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((entry) => without(entry, tree));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]): [string, unknown][] => {
      const rule = tree.get(key);
      if (rule === undefined) return [[key, below]];
      return rule.size === 0 ? [] : [[key, without(below, rule)]];
    }),
  );
}
