import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/node/file-journal.ts';

const WRITER = join(import.meta.dirname, '../support/journal-writer.ts');

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-journal-'));
  path = join(folder, 'journal');
});
afterEach(() => rm(folder, { recursive: true }));

/** What a process that opens the file now finds, and how many lines of it are damaged. */
async function reopen() {
  const journal = await openJournal(path);
  const records = new Map((await journal.list()).map(({ id, record }) => [id, record]));
  await journal.close();
  return { records, damagedLines: journal.damagedLines };
}

describe('the file journal', () => {
  it('gives back after a restart what was put and not removed, oldest first', async () => {
    const first = await openJournal(path);
    await Promise.all([first.put('a', '1'), first.put('b', '2'), first.put('c', '3')]);
    await first.remove('b');
    await first.put('a', '4');
    await first.close();
    const second = await openJournal(path);
    expect(await second.list()).toEqual([
      { id: 'c', record: '3' },
      { id: 'a', record: '4' },
    ]);
    await second.close();
  });

  it('drops a last line that a crash cut short, and that alone', async () => {
    const first = await openJournal(path);
    await first.put('a', '1');
    await first.close();
    await appendFile(path, '00000000 {"put":"b","rec');
    expect(await reopen()).toEqual({ records: new Map([['a', '1']]), damagedLines: 0 });
  });

  it.each([
    ['is no JSON', (line: string) => line.slice(0, -4)],
    ['has another checksum', (line: string) => line.replace('"2"', '"9"')],
    ['is binary', () => '\u0000\u0001\u0002'],
  ])('leaves out a line in the middle that %s, and keeps all that follow', async (_, damage) => {
    const first = await openJournal(path);
    for (const [id, record] of [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
      ['d', '4'],
    ] as const)
      await first.put(id, record);
    await first.close();
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, lines.map((line, index) => (index === 1 ? damage(line) : line)).join('\n'));
    const { records, damagedLines } = await reopen();
    expect([...records.keys()]).toEqual(['a', 'c', 'd']);
    expect(damagedLines).toBe(1);
  });

  it('reads the lines of versions that wrote no checksums', async () => {
    await writeFile(path, '{"put":"a","record":"1"}\n{"put":"b","record":"2"}\n{"remove":"a"}\n');
    expect((await reopen()).records).toEqual(new Map([['b', '2']]));
  });

  it('stays small while records come and go', async () => {
    const journal = await openJournal(path);
    for (let index = 0; index < 1500; index++) {
      await Promise.all([journal.put(`id-${index}`, 'x'.repeat(100)), journal.remove(`id-${index}`)]);
    }
    await journal.close();
    expect((await readFile(path, 'utf8')).length).toBeLessThan(400_000);
  });

  it('goes on with the old file where a shorter one cannot be made', async () => {
    const journal = await openJournal(path);
    // Nothing but an empty folder can be put out of the way there.
    await mkdir(join(`${path}.next`, 'in-the-way'), { recursive: true });
    for (let index = 0; index < 1500; index++) {
      await Promise.all([journal.put(`id-${index}`, 'x'), journal.remove(`id-${index}`)]);
    }
    await journal.put('last', '1');
    await journal.close();
    await rm(`${path}.next`, { recursive: true });
    expect((await reopen()).records).toEqual(new Map([['last', '1']]));
  });

  it('takes nothing after it was closed: the file may be another process’ by then', async () => {
    const journal = await openJournal(path);
    const put = journal.put('a', '1');
    await journal.close();
    await put;
    await expect(journal.put('b', '2')).rejects.toMatchObject({ code: 'Unavailable' });
    expect((await reopen()).records).toEqual(new Map([['a', '1']]));
  });

  it('refuses an id without bound', async () => {
    const journal = await openJournal(path);
    await expect(journal.put('x'.repeat(257), '1')).rejects.toMatchObject({ code: 'InvalidInput' });
    await journal.close();
  });

  it('has all that was acknowledged after its process was killed at any instant', async () => {
    const kept = new Map<string, number>();
    const removed = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const writer = spawn(process.execPath, [WRITER, folder, `round-${round}`, 'endless']);
      const told = tell(writer, kept, removed);
      await told.opened;
      await sleep(10 + ((round * 37) % 150));
      writer.kill('SIGKILL');
      await told.ended;
      const { records, damagedLines } = await reopen();
      expect(damagedLines).toBe(0);
      for (const [id, length] of kept) expect([id, records.get(id)?.length]).toEqual([id, length]);
      for (const id of removed) expect(records.has(id)).toBe(false);
    }
    expect(kept.size).toBeGreaterThan(50);
  });

  it('loses nothing that was acknowledged before or after a disk was full', async () => {
    // A bound on the size of files is met by a short write and then an error, as a full disk is.
    const command = `trap '' XFSZ; ulimit -f 64; exec "$0" "$@"`;
    const writer = spawn('sh', ['-c', command, process.execPath, WRITER, folder, 'full', 'full']);
    const kept = new Map<string, number>();
    const removed = new Set<string>();
    const told = tell(writer, kept, removed);
    await told.ended;
    expect(told.lines.filter((line) => line.startsWith('failed'))).toEqual(['failed EFBIG']);
    expect([...kept.keys()].slice(-2)).toEqual(['full-1000001', 'full-1000002']);
    const { records, damagedLines } = await reopen();
    expect(damagedLines).toBe(0);
    expect(new Map([...records].map(([id, record]) => [id, record.length]))).toEqual(kept);
  });
});

/** Follows what a writer says was acknowledged. */
function tell(writer: ChildProcess, kept: Map<string, number>, removed: Set<string>) {
  const lines: string[] = [];
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { stdout } = writer;
  if (!stdout) throw new Error('the writer has no output');
  const reader = createInterface({ input: stdout });
  reader.on('line', (line) => {
    lines.push(line);
    const [verb, id = '', length] = line.split(' ');
    if (verb === 'open') open();
    if (verb === 'put') kept.set(id, Number(length));
    if (verb === 'removing') kept.delete(id);
    if (verb === 'removed') {
      kept.delete(id);
      removed.add(id);
    }
  });
  const ended = new Promise<void>((resolve) => {
    reader.once('close', resolve);
  });
  return { lines, opened, ended };
}
