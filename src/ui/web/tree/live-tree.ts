// The tree of one Application as the server streams it, as long as somebody looks.

import { openStream } from '../api/stream.ts';
import { createLive, type Live } from '../state/live.ts';
import type { ResourceTree } from './tree-model.ts';

const trees = new Map<string, Live<ResourceTree>>();

export function treeOf(namespace: string, name: string): Live<ResourceTree> {
  const key = `${namespace}/${name}`;
  let tree = trees.get(key);
  if (!tree) {
    tree = createLive<ResourceTree>({
      async follow(set, signal) {
        const stream = openStream<ResourceTree>('GET /api/v1/stream/applications/{name}/resource-tree', {
          params: { name },
          query: { appNamespace: namespace },
          signal,
        });
        for await (const next of stream) set(next);
      },
    });
    trees.set(key, tree);
  }
  return tree;
}
