// What the cache keeps of Git objects for a process that starts later: a pack a folder, under the id of its tree, so
// that it serves every commit in which the folder is the same; and a pack a commit, with the way to the folders.

import { mapConcurrent } from '../base/concurrency.ts';
import { isHawserError } from '../base/errors.ts';
import { gunzip, gzip } from '../base/gzip.ts';
import type { Cache } from '../platform.ts';
import type { GitObject, ObjectId } from './object.ts';
import { readPack, writePack } from './pack.ts';

type Objects = ReadonlyMap<ObjectId, GitObject>;

export interface KeptObjects {
  /** What was kept for trees and commits; nothing for what was not. */
  recall(folder: string, ids: readonly ObjectId[]): Promise<Objects>;
  /** Keeps a tree with what is here of all below it. */
  keepTree(folder: string, id: ObjectId, objects: Objects): Promise<void>;
  /** Adds to what is kept for a commit. */
  keepCommit(folder: string, sha: ObjectId, objects: Objects): Promise<void>;
}

interface CommitPack {
  readonly objects: Map<ObjectId, GitObject>;
  written: number;
  /** The writing under way; what is added meanwhile is written after it. */
  work: Promise<void>;
}

const READS_AT_ONCE = 32;
const TREES_REMEMBERED = 20_000;
const COMMITS_REMEMBERED = 8;

export function createKeptObjects(cache: Cache, maxPackBytes: number): KeptObjects {
  /** How many objects were written for a tree. */
  const trees = new Map<string, number>();
  const commits = new Map<string, Promise<CommitPack>>();

  const read = async (key: string): Promise<Objects> => {
    const pack = await cache.get(key);
    return pack ? readKeptPack(pack, maxPackBytes) : new Map();
  };
  const commitPackOf = (key: string): Promise<CommitPack> => {
    const known = commits.get(key) ?? readCommitPack(key);
    commits.set(key, known);
    forgetOldest(commits, COMMITS_REMEMBERED);
    return known;
  };
  const readCommitPack = async (key: string): Promise<CommitPack> => {
    const objects = new Map(await read(key));
    return { objects, written: objects.size, work: Promise.resolve() };
  };

  return {
    recall: async (folder, ids) => {
      const packs = await mapConcurrent(ids, READS_AT_ONCE, (id) => read(keyOf(folder, id)));
      packs.forEach(({ size }, index) => {
        const id = ids[index];
        if (id !== undefined && size > 0) trees.set(keyOf(folder, id), size);
      });
      return new Map(packs.flatMap((pack) => [...pack]));
    },
    keepTree: async (folder, id, objects) => {
      const key = keyOf(folder, id);
      if ((trees.get(key) ?? 0) >= objects.size) return;
      trees.set(key, objects.size);
      forgetOldest(trees, TREES_REMEMBERED);
      await cache.put(key, await packUp(objects));
    },
    keepCommit: async (folder, sha, objects) => {
      const key = keyOf(folder, sha);
      const pack = await commitPackOf(key);
      for (const [id, object] of objects) pack.objects.set(id, object);
      const write = async () => {
        if (pack.objects.size === pack.written) return;
        pack.written = pack.objects.size;
        await cache.put(key, await packUp(pack.objects));
      };
      pack.work = pack.work.then(write, write);
      await pack.work;
    },
  };
}

function keyOf(folder: string, id: ObjectId): string {
  return `${folder}/${id}`;
}

function forgetOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}

/** Compressed as one, which is smaller than object by object, and not this thread's work. */
function packUp(objects: Objects): Promise<Uint8Array> {
  return gzip(writePack(objects.values(), 0));
}

/** What is broken in a cache was never there. */
async function readKeptPack(kept: Uint8Array, maxBytes: number): Promise<Objects> {
  try {
    return readPack(await gunzip(new Uint8Array(kept), 2 * maxBytes), { maxBytes });
  } catch (error) {
    if (isHawserError(error, 'GitFailed') || !isHawserError(error)) return new Map();
    throw error;
  }
}
