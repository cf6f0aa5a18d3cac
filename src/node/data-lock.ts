// At most one process uses a data folder: two would overwrite each other's journal. A number of a process in a file would not do, since every
// container's is 1; a file lock of the operating system ends with its process, however that ends. Node has none but SQLite's.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HawserError, messageOf } from '../base/errors.ts';
import { isObject } from '../base/json.ts';

/** A process that is being replaced needs a moment to end. */
const PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 50;

const SQLITE_BUSY = 5;

/** A database that nobody refers to is closed by the garbage collector, and its lock ends. */
const held = new Set<object>();

export interface DataLock {
  release(): void;
}

/** Throws `Conflict` while another process, or another lock of this one, holds the folder; `InvalidInput` where it cannot be locked. */
export async function lockDataFolder(folder: string): Promise<DataLock> {
  await mkdir(folder, { recursive: true });
  const { DatabaseSync } = await import('node:sqlite');
  for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
    try {
      const database = new DatabaseSync(join(folder, 'lock'));
      try {
        database.exec('BEGIN EXCLUSIVE');
      } catch (error) {
        database.close();
        throw error;
      }
      held.add(database);
      return {
        release: () => {
          held.delete(database);
          database.close();
        },
      };
    } catch (error) {
      if (!isObject(error) || error.errcode !== SQLITE_BUSY) throw notLockable(folder, error);
      if (waitedMs >= PATIENCE_MS) throw inUse(folder);
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

function inUse(folder: string): HawserError {
  return new HawserError('Conflict', `another hawser process uses the data folder ${folder}`, {
    hint: 'end it, or give this one a folder of its own with --data',
  });
}

function notLockable(folder: string, cause: unknown): HawserError {
  return new HawserError('InvalidInput', `the data folder ${folder} cannot be locked: ${messageOf(cause)}`, {
    hint: 'choose another with --data',
    cause,
  });
}
