// `?fields=`: which parts of an answer whoever asks wants to have (Argo CD: argoproj/pkg grpc/http, forwarder_overwrite.go).

import { isObject } from '../base/json.ts';

type Tree = { readonly [key: string]: Tree };

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
  const root: Record<string, Tree> = {};
  for (const path of paths) {
    let here = root;
    for (const key of path.trim().split('.')) {
      const next = (Object.hasOwn(here, key) ? here[key] : undefined) ?? {};
      here[key] = next;
      here = next as Record<string, Tree>;
    }
  }
  return root;
}

function isLeaf(tree: Tree): boolean {
  return Object.keys(tree).length === 0;
}

function only(value: unknown, tree: Tree): unknown {
  if (isLeaf(tree)) return value;
  if (Array.isArray(value)) return value.map((entry) => only(entry, tree));
  if (!isObject(value)) return value;
  const chosen = Object.entries(tree).filter(([key]) => Object.hasOwn(value, key));
  return Object.fromEntries(chosen.map(([key, below]) => [key, only(value[key], below)]));
}

function without(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((entry) => without(entry, tree));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]): [string, unknown][] => {
      const rule = Object.hasOwn(tree, key) ? tree[key] : undefined;
      if (rule === undefined) return [[key, below]];
      return isLeaf(rule) ? [] : [[key, without(below, rule)]];
    }),
  );
}
