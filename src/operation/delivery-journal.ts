// The journal's side of the record of deliveries: what the cluster has not taken yet.

import { HawserError, messageOf } from '../base/errors.ts';
import type { Journal, Log } from '../platform.ts';
import { fromJournal, type KeptRecord, toJournal } from './delivery-config-map.ts';

export interface DeliveryJournal {
  /** How many records it holds. */
  readonly size: number;
  has(key: string): boolean;
  /** What an earlier process left in it. */
  load(): Promise<readonly KeptRecord[]>;
  /** `because`: why the cluster does not have it. Throws `Unavailable`. */
  put(kept: KeptRecord, because: unknown): Promise<void>;
  /** The cluster has it. Never rejects. */
  remove(key: string): Promise<void>;
}

/** At the bound the Git server is told that its delivery was not taken. */
const MAX_RECORDS = 20_000;

export function createDeliveryJournal(journal: Journal, log: Log): DeliveryJournal {
  const keys = new Set<string>();
  let isTold = false;
  return {
    get size() {
      return keys.size;
    },

    has: (key) => keys.has(key),

    async load() {
      const records: KeptRecord[] = [];
      for (const { id, record } of await journal.list()) {
        const kept = fromJournal(record);
        if (kept) {
          records.push(kept);
          keys.add(kept.record.push.key);
        } else log.error('a record of the journal cannot be read and is left there', { id });
      }
      return records;
    },

    async put(kept, because) {
      const { key } = kept.record.push;
      if (!isTold) {
        isTold = true;
        log.warn('deliveries are recorded in the journal until the cluster takes them', { reason: messageOf(because) });
      }
      if (!keys.has(key) && keys.size >= MAX_RECORDS) {
        throw new HawserError(
          'Unavailable',
          `the journal holds ${MAX_RECORDS} deliveries that the cluster did not take`,
          {
            hint: 'look whether the API server runs and lets hawser write ConfigMaps',
            cause: because,
          },
        );
      }
      try {
        await journal.put(key, toJournal(kept));
      } catch (error) {
        const reasons = `neither in the cluster (${messageOf(because)}) nor in the journal (${messageOf(error)})`;
        throw new HawserError('Unavailable', `the delivery can be recorded ${reasons}`, {
          hint: 'look whether the API server can be reached, and whether the data folder can be written',
          cause: error,
        });
      }
      keys.add(key);
    },

    async remove(key) {
      if (!keys.has(key)) return;
      try {
        await journal.remove(key);
      } catch (error) {
        // The next process moves it once more, and finds it in the cluster.
        log.warn('a record cannot be removed from the journal', { reason: messageOf(error) });
      }
      keys.delete(key);
      if (keys.size > 0) return;
      isTold = false;
      log.info('the deliveries of the journal are in the cluster');
    },
  };
}
