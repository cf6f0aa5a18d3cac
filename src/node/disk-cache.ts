// The cache as files below a folder: safe to delete at any time, and kept below a size by dropping what was used longest ago.

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Cache } from '../platform.ts';

const DEFAULT_LIMIT_BYTES = 512 << 20;

/** Small, and worth a render each: what can be fetched again goes before it. */
const LAST_TO_GO = /^read-sets[\\/]/;

/** A file's time says when it was used last, to within this. */
const TOUCH_AFTER_MS = 60_000;

/** What is being written; one that is older was left by a process that ended. */
const PART = '.part';
const PART_AGE_MS = 3_600_000;

interface CachedFile {
  readonly path: string;
  readonly size: number;
  readonly usedAtMs: number;
  readonly isLast: boolean;
}

export function createDiskCache(folder: string, limitBytes: number = DEFAULT_LIMIT_BYTES): Cache {
  let written = 0;
  let evicting: Promise<void> = Promise.resolve();
  return {
    get: async (key) => {
      const path = join(folder, key);
      try {
        const value = await readFile(path);
        await touch(path);
        return value;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    put: async (key, value) => {
      const path = join(folder, key);
      const part = `${path}.${randomUUID()}${PART}`;
      try {
        await writeInFolder(part, value);
        await rename(part, path);
      } catch (error) {
        await rm(part, { force: true }).catch(() => undefined);
        // Of two keys of which one lies below the other, the later one is forgotten: a file is no folder.
        if (!isBlocked(error)) throw error;
      }
      written += value.byteLength;
      if (written <= limitBytes / 8) return;
      written = 0;
      // Those who write at the same time do not look through the folder at the same time.
      evicting = evicting.then(() => evict(folder, limitBytes));
      await evicting;
    },
  };
}

/** The folder is there nearly always, and asking costs as much as writing. */
async function writeInFolder(path: string, value: Uint8Array): Promise<void> {
  try {
    await writeFile(path, value);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, value);
  }
}

async function touch(path: string): Promise<void> {
  const now = Date.now();
  const found = await stat(path);
  if (found.mtimeMs < now - TOUCH_AFTER_MS) await utimes(path, found.atime, new Date(now));
}

async function evict(folder: string, limitBytes: number): Promise<void> {
  const files: CachedFile[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch(() => undefined); // Another process may have dropped it meanwhile.
    const isLast = LAST_TO_GO.test(relative(folder, path));
    if (!found || (path.endsWith(PART) && found.mtimeMs > Date.now() - PART_AGE_MS)) continue;
    files.push({ path, size: found.size, usedAtMs: found.mtimeMs, isLast });
  }
  let total = files.reduce((sum, { size }) => sum + size, 0);
  files.sort((a, b) => Number(a.isLast) - Number(b.isLast) || a.usedAtMs - b.usedAtMs);
  for (const { path, size } of files) {
    if (total <= limitBytes) return;
    await rm(path, { force: true });
    total -= size;
  }
}

function isMissing(error: unknown): boolean {
  return hasCode(error, ['ENOENT', 'EISDIR', 'ENOTDIR']);
}

/** A folder is where the file should be, or the other way round. */
function isBlocked(error: unknown): boolean {
  return hasCode(error, ['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY']);
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
