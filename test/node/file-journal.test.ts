import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/node/file-journal.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-journal-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the file journal', () => {
  it('gives back after a restart what was put and not removed, oldest first', async () => {
    const path = join(folder, 'journal');
    const first = await openJournal(path);
    await Promise.all([first.put('a', '1'), first.put('b', '2'), first.put('c', '3')]);
    await first.remove('b');
    await first.close();
    const second = await openJournal(path);
    expect(await second.list()).toEqual([
      { id: 'a', record: '1' },
      { id: 'c', record: '3' },
    ]);
    await second.close();
  });

  it('drops a last line that a crash cut short', async () => {
    const path = join(folder, 'journal');
    const first = await openJournal(path);
    await first.put('a', '1');
    await first.close();
    await appendFile(path, '{"put":"b","rec');
    const second = await openJournal(path);
    expect((await second.list()).map(({ id }) => id)).toEqual(['a']);
    await second.close();
  });

  it('stays small while records come and go', async () => {
    const path = join(folder, 'journal');
    const journal = await openJournal(path);
    for (let index = 0; index < 1500; index++) {
      await Promise.all([journal.put(`id-${index}`, 'x'.repeat(100)), journal.remove(`id-${index}`)]);
    }
    await journal.close();
    expect((await readFile(path, 'utf8')).length).toBeLessThan(400_000);
  });
});
