// The journal in a Durable Object: one key of its storage a record.

import { HawserError } from '../base/errors.ts';
import type { Journal } from '../platform.ts';
import type { DurableStorage } from './bindings.ts';

const RECORD = 'journal/';
const NUMBER = 'journal-number';

const MAX_ID = 256;

interface JournalEntry {
  readonly id: string;
  readonly record: string;
  /** Order of arrival. */
  readonly number: number;
}

/** `put` and `remove` resolve once they are on the disk. */
export function createDurableJournal(storage: DurableStorage): Journal {
  /** One object is one actor: nobody else counts. */
  let last: Promise<number> | undefined;

  function nextNumber(): Promise<number> {
    const before = last ?? storage.get<number>(NUMBER).then((number = 0) => number);
    last = before.then((number) => number + 1);
    // A read that failed is done anew.
    last.catch(() => {
      last = undefined;
    });
    return last;
  }

  return {
    put: async (id, record) => {
      if (id.length > MAX_ID)
        throw new HawserError('InvalidInput', `the journal takes ids of ${MAX_ID} characters at most`);
      const number = await nextNumber();
      const entry: JournalEntry = { id, record, number };
      await Promise.all([storage.put(NUMBER, number), storage.put(`${RECORD}${id}`, entry)]);
      await storage.sync();
    },
    remove: async (id) => {
      await storage.delete(`${RECORD}${id}`);
      await storage.sync();
    },
    list: async () => {
      const entries = [...(await storage.list<JournalEntry>({ prefix: RECORD })).values()];
      return entries.sort((a, b) => a.number - b.number).map(({ id, record }) => ({ id, record }));
    },
  };
}
