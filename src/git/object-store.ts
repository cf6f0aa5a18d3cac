// Objects of all repositories in memory, bounded: the least recently used go first.

import type { GitObject, ObjectId } from './object.ts';

export interface ObjectStore {
  get(repository: string, id: ObjectId): GitObject | undefined;
  put(repository: string, id: ObjectId, object: GitObject): void;
}

/** What an object costs beside its content: its id, its key, its place in the map. */
const OVERHEAD_BYTES = 200;

export function createObjectStore(maxBytes: number): ObjectStore {
  const objects = new Map<string, GitObject>();
  let size = 0;
  const costOf = (object: GitObject) => object.content.length + OVERHEAD_BYTES;
  return {
    get: (repository, id) => {
      const key = `${repository} ${id}`;
      const found = objects.get(key);
      if (!found) return undefined;
      objects.delete(key);
      objects.set(key, found);
      return found;
    },
    put: (repository, id, object) => {
      const key = `${repository} ${id}`;
      const cost = costOf(object);
      if (objects.has(key) || cost > maxBytes) return;
      objects.set(key, object);
      size += cost;
      for (const [oldest, old] of objects) {
        if (size <= maxBytes) break;
        objects.delete(oldest);
        size -= costOf(old);
      }
    },
  };
}
