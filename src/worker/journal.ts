// The journal in a Durable Object: one key of its storage a record, and more for a record that is too large for one.

import { HawserError } from '../base/errors.ts';
import { createLocks } from '../base/locks.ts';
import type { Journal } from '../platform.ts';

/** What of a Durable Object's storage the journal uses. */
export interface JournalStorage {
  get<T>(key: string): Promise<T | undefined>;
  /** In one transaction; at most 128. */
  put(entries: Readonly<Record<string, unknown>>): Promise<void>;
  delete(keys: string[]): Promise<number>;
  /** In the order of keys. */
  list<T>(options: {
    readonly prefix: string;
    readonly limit?: number;
    readonly startAfter?: string;
  }): Promise<Map<string, T>>;
  /** Resolves when everything written before is on the disk. */
  sync(): Promise<void>;
}

interface JournalEntry {
  readonly id: string;
  /** Order of arrival. */
  readonly number: number;
  /** All of it, or … */
  readonly record?: string;
  /** … under how many keys it lies. */
  readonly pieces?: number;
}

const RECORD = 'journal/';
/** Followed by the record's number, which no other record ever has. */
const PIECE = 'journal-piece/';
const NUMBER = 'journal-number';

const MAX_ID = 256;

/**
 * UTF-16 units. A key with its value has 2 MB at most (Durable Objects: limits, "Key and value combined"), and a unit is stored in up to two
 * bytes.
 */
const PIECE_LENGTH = 500_000;
/** With the entry and the number in one transaction. */
const MAX_PIECES = 100;

/** Read at once. */
const PAGE = 64;

/** `put` and `remove` resolve once they are on the disk. */
export function createDurableJournal(storage: JournalStorage): Journal {
  /** Two works on one record would not know of each other's pieces. */
  const locks = createLocks();
  /** One object is one actor: nobody else counts. */
  let last: Promise<number> | undefined;
  let highest = 0;

  async function nextNumber(): Promise<number> {
    const before = last ?? storage.get<number>(NUMBER).then((number = 0) => number);
    last = before.then((number) => number + 1);
    // A read that failed is done anew.
    last.catch(() => {
      last = undefined;
    });
    const number = await last;
    highest = Math.max(highest, number);
    return number;
  }

  async function put(id: string, record: string, number: number): Promise<void> {
    const key = `${RECORD}${id}`;
    const before = await storage.get<JournalEntry>(key);
    const pieces = cut(record);
    const isWhole = pieces.length <= 1;
    const entry: JournalEntry = { id, number, ...(isWhole ? { record } : { pieces: pieces.length }) };
    const more = isWhole ? [] : pieces.map((piece, index) => [pieceKey(number, index), piece] as const);
    // Nothing is waited for in between, which makes one transaction of them.
    await Promise.all([
      storage.put({ [NUMBER]: highest, [key]: entry, ...Object.fromEntries(more) }),
      before?.pieces && storage.delete(pieceKeys(before)),
    ]);
    await storage.sync();
  }

  async function remove(id: string): Promise<void> {
    const key = `${RECORD}${id}`;
    const before = await storage.get<JournalEntry>(key);
    if (!before) return;
    await storage.delete([key, ...pieceKeys(before)]);
    await storage.sync();
  }

  async function read({ id, number, record, pieces = 0 }: JournalEntry): Promise<{ id: string; record: string }> {
    if (record !== undefined) return { id, record };
    let whole = '';
    for (let index = 0; index < pieces; index++) whole += (await storage.get<string>(pieceKey(number, index))) ?? '';
    return { id, record: whole };
  }

  return {
    put: async (id, record) => {
      if (id.length > MAX_ID)
        throw new HawserError('InvalidInput', `the journal takes ids of ${MAX_ID} characters at most`);
      if (record.length > PIECE_LENGTH * MAX_PIECES) {
        const most = `${(PIECE_LENGTH * MAX_PIECES) / 1e6} million characters`;
        throw new HawserError('TooLarge', `the journal takes records of ${most} at most`);
      }
      const number = await nextNumber();
      await locks.run(id, () => put(id, record, number));
    },
    remove: (id) => locks.run(id, () => remove(id)),
    list: async () => {
      const found: JournalEntry[] = [];
      for (let after: string | undefined, isMore = true; isMore; ) {
        const page = await storage.list<JournalEntry>({
          ...{ prefix: RECORD, limit: PAGE },
          ...(after !== undefined && { startAfter: after }),
        });
        for (const [key, entry] of page) {
          found.push(entry);
          after = key;
        }
        isMore = page.size === PAGE;
      }
      found.sort((a, b) => a.number - b.number);
      const records: { id: string; record: string }[] = [];
      for (const entry of found) records.push(await read(entry));
      return records;
    },
  };
}

function cut(record: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < record.length; at += PIECE_LENGTH) pieces.push(record.slice(at, at + PIECE_LENGTH));
  return pieces;
}

function pieceKey(number: number, index: number): string {
  return `${PIECE}${number}/${index}`;
}

function pieceKeys({ number, pieces = 0 }: JournalEntry): string[] {
  return Array.from({ length: pieces }, (_, index) => pieceKey(number, index));
}
