// Programs about the journal.

import { digestOf } from '../../support/pattern.ts';
import { outcomeOf, type PortContext } from './program.ts';

/** A record in few words: the text, repeated. */
export interface JournalPut {
  readonly id: string;
  readonly text: string;
  readonly times?: number;
}

const put = ({ platform }: PortContext, { id, text, times = 1 }: JournalPut) =>
  platform.journal.put(id, text.repeat(times));

export const JOURNAL_PROGRAMS = {
  putInJournal: async (context: PortContext, records: readonly JournalPut[]) => {
    for (const record of records) await put(context, record);
  },
  putInJournalAtOnce: async (context: PortContext, records: readonly JournalPut[]) => {
    await Promise.all(records.map((record) => put(context, record)));
  },
  tryToPutInJournal: (context: PortContext, record: JournalPut) => outcomeOf(() => put(context, record)),
  removeFromJournal: async ({ platform }: PortContext, ids: readonly string[]) => {
    for (const id of ids) await platform.journal.remove(id);
  },
  listJournal: ({ platform }: PortContext) => platform.journal.list(),
  /** Of records that are long. */
  digestJournal: async ({ platform }: PortContext) => {
    const found: { id: string; length: number; digest: string }[] = [];
    for (const { id, record } of await platform.journal.list())
      found.push({ id, length: record.length, digest: await digestOf(record) });
    return found;
  },
  clearJournal: async ({ platform }: PortContext) => {
    for (const { id } of await platform.journal.list()) await platform.journal.remove(id);
  },
};
