// The journal: what was put stays until it is removed, whatever becomes of the process.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../support/pattern.ts';
import { type PortHost, startPortHost } from '../support/port-host.ts';

/** Of a push with many files; not all of its letters are Latin. */
const LONG = { text: 'zażółć gęślą jaźń 中 ', times: 60_000 };

describe('the journal', () => {
  let host: PortHost;
  beforeAll(async () => {
    host = await startPortHost();
  });
  afterAll(() => host?.close());
  beforeEach(() => host.run('clearJournal'));

  const ids = async () => (await host.run('listJournal')).map(({ id }) => id);

  it('lists what was put, oldest first, whatever the ids are', async () => {
    const records = ['z', 'a', 'm', '10', '9'].map((id) => ({ id, text: `record ${id}` }));
    await host.run('putInJournal', records);
    expect(await host.run('listJournal')).toEqual(records.map(({ id, text }) => ({ id, record: text })));
  });

  it.each([
    ['an empty text', ''],
    ['several lines', 'one\ntwo\r\n\n'],
    ['JSON', '{"a":"\\"b\\"\\n"}'],
    ['letters of all kinds', 'ü 中 🚢 \u0000 \u2028'],
  ])('gives %s as it was put', async (_, text) => {
    await host.run('putInJournal', [{ id: 'a', text }]);
    expect(await host.run('listJournal')).toEqual([{ id: 'a', record: text }]);
    await host.run('clearJournal');
  });

  it('takes a record anew under the same id as the newest', async () => {
    await host.run(
      'putInJournal',
      ['a', 'b', 'c', 'a'].map((id, index) => ({ id, text: String(index) })),
    );
    expect(await host.run('listJournal')).toEqual([
      { id: 'b', record: '1' },
      { id: 'c', record: '2' },
      { id: 'a', record: '3' },
    ]);
  });

  it('keeps the order of those that come at once, and the last of one id', async () => {
    await host.run(
      'putInJournalAtOnce',
      ['c', 'a', 'c', 'b', 'c'].map((id, index) => ({ id, text: String(index) })),
    );
    expect(await host.run('listJournal')).toEqual([
      { id: 'a', record: '1' },
      { id: 'b', record: '3' },
      { id: 'c', record: '4' },
    ]);
  });

  it('removes what is there, and takes what is not there for removed', async () => {
    await host.run(
      'putInJournal',
      ['a', 'b', 'c'].map((id) => ({ id, text: id })),
    );
    await host.run('removeFromJournal', ['b', 'b', 'never-there']);
    expect(await ids()).toEqual(['a', 'c']);
  });

  it('takes ids of 256 characters of any kind, and refuses longer ones with InvalidInput', async () => {
    const taken = ['x'.repeat(256), '中'.repeat(256), '🚢'.repeat(128), 'a/b ../%2f\n"'];
    await host.run(
      'putInJournal',
      taken.map((id) => ({ id, text: 'x' })),
    );
    expect(await host.run('tryToPutInJournal', { id: 'x'.repeat(257), text: 'x' })).toEqual({
      error: { code: 'InvalidInput', message: expect.stringContaining('256') },
    });
    expect(await ids()).toEqual(taken);
  });

  it('has 1,000 records and one of more than a megabyte when the process is killed right after', async () => {
    const records = Array.from({ length: 1_000 }, (_, index) => ({
      id: `${(index * 7_919) % 1_000}`,
      text: `${index}`,
    }));
    await host.run('putInJournal', [
      { id: 'first', text: 'x' },
      { id: 'removed', text: 'x' },
    ]);
    await host.run('putInJournalAtOnce', records);
    const before = await host.run('digestJournal');
    expect(before.slice(2).map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    await host.run('removeFromJournal', ['removed']);
    await host.run('putInJournal', [
      { id: 'long', ...LONG },
      { id: 'first', text: 'anew' },
    ]);
    await host.restart('kill');
    const after = await host.run('digestJournal');
    expect(after.slice(0, -2)).toEqual(before.slice(2));
    const long = LONG.text.repeat(LONG.times);
    expect(after.slice(-2)).toEqual([
      { id: 'long', length: long.length, digest: await digestOf(long) },
      { id: 'first', length: 4, digest: await digestOf('anew') },
    ]);
    await host.run('putInJournal', [{ id: 'next', text: 'x' }]);
    expect((await ids()).at(-1)).toBe('next');
  });
});
