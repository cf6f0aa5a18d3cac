// How the journal lies in a Durable Object's storage: within its limits, and whole or not at all when the object ends in between.

import { describe, expect, it } from 'vitest';
import { createDurableJournal, type JournalStorage } from '../../src/worker/journal.ts';

/** Of a key with its value (Durable Objects: limits). */
const MAX_BYTES = 2_000_000;
const MAX_KEYS = 128;

/** Storage as a Durable Object has it: what is written without a pause between is one transaction. It ends after so many of them. */
function createStorage(kept = new Map<string, unknown>(), transactions = Number.POSITIVE_INFINITY) {
  let left = transactions;
  let edits: (() => void)[] = [];
  let committing: Promise<void> | undefined;
  let mostListed = 0;

  function write(edit: () => void): Promise<void> {
    edits.push(edit);
    committing ??= Promise.resolve().then(() => {
      const all = edits;
      edits = [];
      committing = undefined;
      if (left-- <= 0) throw new Error('the object was ended');
      for (const one of all) one();
    });
    return committing;
  }

  const storage: JournalStorage = {
    get: async <T>(key: string) => kept.get(key) as T | undefined,
    put: (entries) => {
      const all = Object.entries(entries);
      if (all.length > MAX_KEYS) throw new Error(`${all.length} keys at once`);
      for (const [key, value] of all) {
        const size = sizeOf(key) + sizeOf(JSON.stringify(value));
        if (size > MAX_BYTES) throw new Error(`${size} bytes under one key`);
      }
      return write(() => {
        for (const [key, value] of all) kept.set(key, value);
      });
    },
    delete: async (keys) => {
      if (keys.length > MAX_KEYS) throw new Error(`${keys.length} keys at once`);
      await write(() => {
        for (const key of keys) kept.delete(key);
      });
      return keys.length;
    },
    list: async <T>({
      prefix,
      limit = Number.POSITIVE_INFINITY,
      startAfter = '',
    }: Parameters<JournalStorage['list']>[0]) => {
      const found = [...kept].filter(([key]) => key.startsWith(prefix) && key > startAfter);
      const page = found.toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit);
      mostListed = Math.max(mostListed, page.length);
      return new Map(page) as Map<string, T>;
    },
    sync: async () => undefined,
  };
  return { storage, kept, mostListed: () => mostListed };
}

/** V8 takes two bytes a letter as soon as one of them is not Latin. */
function sizeOf(text: string): number {
  return [...text].some((letter) => letter > '\u{ff}') ? 2 * text.length : text.length;
}

const LARGE = 'zażółć 🚢 '.repeat(300_000);

describe('the journal in a Durable Object', () => {
  it('keeps a record that is larger than one key may be, and leaves nothing of it when it is removed', async () => {
    const { storage, kept } = createStorage();
    const journal = createDurableJournal(storage);
    await journal.put('large', LARGE);
    await journal.put('small', 'small');
    expect(await createDurableJournal(storage).list()).toEqual([
      { id: 'large', record: LARGE },
      { id: 'small', record: 'small' },
    ]);
    await journal.put('large', 'not any more');
    expect([...kept.keys()].sort()).toEqual(['journal-number', 'journal/large', 'journal/small']);
    await journal.put('small', LARGE);
    await journal.put('small', LARGE.toUpperCase());
    await journal.remove('small');
    await journal.remove('large');
    expect([...kept.keys()]).toEqual(['journal-number']);
  });

  it('refuses what would need more keys than one transaction takes', async () => {
    const { storage, kept } = createStorage();
    const refusing = createDurableJournal(storage).put('huge', 'x'.repeat(50_000_001));
    await expect(refusing).rejects.toMatchObject({ code: 'TooLarge' });
    expect(kept.size).toBe(0);
  });

  it.each([0, 1, 2, 3, 4])(
    'has each record whole or not at all where the object ends after %i transactions',
    async (count) => {
      const { storage, kept } = createStorage(new Map(), count);
      const journal = createDurableJournal(storage);
      const steps = [
        () => journal.put('a', LARGE),
        () => journal.put('a', 'small'),
        () => journal.put('a', LARGE.toUpperCase()),
        () => journal.remove('a'),
      ];
      const states = [[], [LARGE], ['small'], [LARGE.toUpperCase()], []];
      let done = 0;
      for (const step of steps) {
        const isDone = await step().then(
          () => true,
          () => false,
        );
        if (!isDone) break;
        done++;
      }
      expect(done).toBe(count);
      const left = await createDurableJournal(createStorage(kept).storage).list();
      expect(left.map(({ record }) => record)).toEqual(states[count]);
      const pieces = [...kept.keys()].filter((key) => key.startsWith('journal-piece/'));
      expect(pieces.length > 0).toBe((left[0]?.record.length ?? 0) > 1_000);
    },
  );

  it('keeps the order of arrival in the next life, however many come at once, and reads a page after the other', async () => {
    const { storage, kept, mostListed } = createStorage();
    const ids = Array.from({ length: 300 }, (_, index) => `${(index * 7) % 300}`);
    const journal = createDurableJournal(storage);
    await Promise.all(ids.map((id) => journal.put(id, id)));
    const next = createDurableJournal(createStorage(kept).storage);
    await next.put('last', 'last');
    expect((await createDurableJournal(storage).list()).map(({ id }) => id)).toEqual([...ids, 'last']);
    expect(mostListed()).toBeLessThanOrEqual(64);
  });
});
