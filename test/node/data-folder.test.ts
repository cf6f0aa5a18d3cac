import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeDataFolder } from '../../src/node/data-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-folder-'));

describe('the data folder', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made with those around it, and may be there already', async () => {
    const deep = join(folder, 'a', 'b', 'c');
    await makeDataFolder(deep);
    await makeDataFolder(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
  });

  it('is refused below a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(makeDataFolder(join(folder, 'file', 'data'))).rejects.toThrow(
      'the data folder cannot be made: ENOTDIR',
    );
  });

  it.skipIf(process.platform !== 'linux')(
    'is refused below /proc, which says that nothing is there and takes nothing',
    async () => {
      await expect(makeDataFolder('/proc/nope/data')).rejects.toThrow('the data folder cannot be made: ENOENT');
    },
  );
});
