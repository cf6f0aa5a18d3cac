// What a program of a tree of files imports.

import { quote } from '../go/quote.ts';
import { joinPath, type Tree } from '../tree.ts';
import type { Importer } from './evaluate.ts';

/**
 * Relative to the file that asks, then to each of `folders`, the last first (go-jsonnet: FileImporter, --jpath). Nothing outside of the tree
 * is found. What the tree throws, passes.
 */
export function createTreeImporter(tree: Tree, folders: readonly string[] = []): Importer {
  return (path, from) => {
    const slash = from.lastIndexOf('/');
    const own = slash < 0 ? '' : from.slice(0, slash);
    if (!path.startsWith('/')) {
      for (const folder of [own, ...folders.toReversed()]) {
        const place = joinPath(folder, path);
        const content = place === undefined ? undefined : tree.readFile(place);
        if (place !== undefined && content) return { path: place, content };
      }
    }
    return { reason: `couldn't open import ${quote(path)}: no match locally or in the Jsonnet library paths` };
  };
}
