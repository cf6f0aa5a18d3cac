import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataFolder } from '../../src/node/data-lock.ts';

const WRITER = join(import.meta.dirname, '../support/journal-writer.ts');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the lock of a data folder', () => {
  it('is held by one at a time, in one process', async () => {
    const first = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toMatchObject({ code: 'Conflict' });
    first.release();
    (await lockDataFolder(folder)).release();
  });

  it('keeps another process out, and is free as soon as that one is killed', async () => {
    const other = spawn(process.execPath, [WRITER, folder, 'other', 'endless']);
    await once(other.stdout, 'data');
    await expect(lockDataFolder(folder)).rejects.toMatchObject({
      code: 'Conflict',
      message: `another hawser process uses the data folder ${folder}`,
    });
    const ended = once(other, 'close');
    other.kill('SIGKILL');
    await ended;
    (await lockDataFolder(folder)).release();
  });

  it('waits a moment for a process that is about to end', async () => {
    const first = await lockDataFolder(folder);
    const second = lockDataFolder(folder);
    setTimeout(() => first.release(), 200);
    (await second).release();
  });

  it('tells of a folder that cannot be locked', async () => {
    await expect(lockDataFolder('/dev/null/data')).rejects.toThrow();
  });
});
