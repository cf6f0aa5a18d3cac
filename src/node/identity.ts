// The name of this process among the replicas of hawser, kept with its data: who starts anew with the same data is the same replica, and
// goes on at once with what it had begun.

import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const FORM = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads the name, or makes one of the host's name and chance. Throws where the folder cannot be written. */
export async function readIdentity(dataFolder: string, host = hostname()): Promise<string> {
  const path = join(dataFolder, 'identity');
  const kept = await readName(path);
  if (kept !== undefined) return kept;
  const name = `${nameOfHost(host)}-${randomBytes(4).toString('hex')}`;
  // Never half a name. That no other process does the same is the matter of the folder's lock.
  const draft = `${path}.new`;
  await writeFile(draft, `${name}\n`, { flush: true });
  await rename(draft, path);
  return name;
}

/** undefined where there is none, or no whole one. */
async function readName(path: string): Promise<string | undefined> {
  try {
    const name = (await readFile(path, 'utf8')).trim();
    return FORM.test(name) ? name : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function nameOfHost(host: string): string {
  const name = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 48)
    .replace(/-+$/, '');
  return name || 'hawser';
}
