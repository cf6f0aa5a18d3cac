// The cache as files below a folder: safe to delete at any time, and kept below a size by dropping what was written longest ago.

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Cache } from '../platform.ts';

const DEFAULT_LIMIT_BYTES = 512 << 20;

export function createDiskCache(folder: string, limitBytes: number = DEFAULT_LIMIT_BYTES): Cache {
  let written = 0;
  return {
    get: async (key) => {
      try {
        return await readFile(join(folder, key));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    put: async (key, value) => {
      const path = join(folder, key);
      const part = `${path}.${randomUUID()}.part`;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(part, value);
      await rename(part, path);
      written += value.byteLength;
      if (written > limitBytes / 8) {
        written = 0;
        await evict(folder, limitBytes);
      }
    },
  };
}

async function evict(folder: string, limitBytes: number): Promise<void> {
  const files: { path: string; size: number; mtimeMs: number }[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch(() => undefined); // Another process may have dropped it meanwhile.
    if (found) files.push({ path, size: found.size, mtimeMs: found.mtimeMs });
  }
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= limitBytes) return;
    await rm(path, { force: true });
    total -= size;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR');
}
