// Where hawser keeps what it needs between two runs, unless --data says otherwise: the XDG base directory for data.

import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { HawserError, messageOf } from '../base/errors.ts';

export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'hawser');
}

/** Throws `InvalidInput` where it cannot be made. */
export async function makeDataFolder(folder: string): Promise<void> {
  try {
    await makeWithParents(resolve(folder));
  } catch (error) {
    throw new HawserError('InvalidInput', `the data folder cannot be made: ${messageOf(error)}`, {
      hint: 'choose another with --data',
      cause: error,
    });
  }
}

/** Node's `recursive` goes round for ever where a folder says that a name in it does not exist, and takes none, as /proc does. */
async function makeWithParents(folder: string): Promise<void> {
  if (await made(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeWithParents(parent);
  await mkdir(folder);
}

/** False where the folder around it is missing, too. */
async function made(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT') return false;
    throw error;
  }
}
