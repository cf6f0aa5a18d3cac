// The values that charts generate by chance, for a synchronous render: what earlier deployments kept is read when the first template asks.

import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { GeneratedValues } from '../render/helm/generated.ts';

/** One value as JSON text, and the instant (ms) from which a new one is to be made. */
export interface GeneratedRecord {
  readonly value: string;
  readonly renewAt?: number;
}

/** By the key of the call that made it. */
export type GeneratedRecords = Readonly<Record<string, GeneratedRecord>>;

/** What a render used; to be kept before anything of it is applied. */
export interface Generated {
  readonly records: GeneratedRecords;
  /** Some of them are not kept yet. */
  readonly isNew: boolean;
}

/** Records that were kept as JSON; what is none is left out. */
export function parseGeneratedRecords(value: unknown): GeneratedRecords {
  const records: Record<string, GeneratedRecord> = {};
  for (const [key, record] of Object.entries(isObject(value) ? value : {})) {
    if (!isObject(record) || typeof record.value !== 'string' || !/^[0-9a-f]{64}$/.test(key)) continue;
    const { renewAt } = record;
    records[key] = { value: record.value, ...(typeof renewAt === 'number' && { renewAt }) };
  }
  return records;
}

export interface GeneratedStore {
  readonly values: GeneratedValues;
  /** Before a render: what an attempt that failed has used does not count. */
  begin(): void;
  /** Whether a template asked for kept values that have not been read. */
  isIncomplete(): boolean;
  load(): Promise<void>;
  /** undefined where nothing was generated. */
  used(): Generated | undefined;
}

/**
 * A certificate is made anew when two thirds of its life are over: charts count on each deployment making a new one, and a kept one must
 * not run out.
 */
const RENEW_AFTER = 2 / 3;

/** For all sources of one Application. `read` gives what is kept; without it nothing is. */
export function createGeneratedStore(now: () => number, read?: () => Promise<GeneratedRecords>): GeneratedStore {
  let kept: GeneratedRecords | undefined = read ? undefined : {};
  let isAsked = false;
  const fresh = new Map<string, GeneratedRecord>();
  const used = new Map<string, GeneratedRecord>();
  return {
    values: {
      recall: (key) => {
        if (!kept) {
          isAsked = true;
          throw new HawserError('Unavailable', 'the values of earlier deployments are not read yet');
        }
        const record = fresh.get(key) ?? kept[key];
        if (!record || (record.renewAt !== undefined && record.renewAt <= now())) return undefined;
        used.set(key, record);
        return record.value;
      },
      keep: (key, value, lifeMs) => {
        const record = { value, ...(lifeMs !== undefined && lifeMs > 0 && { renewAt: now() + lifeMs * RENEW_AFTER }) };
        fresh.set(key, record);
        used.set(key, record);
      },
    },
    begin: () => {
      isAsked = false;
    },
    isIncomplete: () => isAsked && !kept,
    load: async () => {
      kept ??= (await read?.()) ?? {};
      isAsked = false;
    },
    used: () => {
      if (used.size === 0) return undefined;
      const records = Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1)));
      return { records, isNew: [...used].some(([key, record]) => kept?.[key]?.value !== record.value) };
    },
  };
}
