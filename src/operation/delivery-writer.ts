// Brings what this process knows of deliveries to the cluster; while that does not answer, to the journal, and from there to the cluster.

import { mapConcurrent } from '../base/concurrency.ts';
import { delay } from '../base/delay.ts';
import { messageOf } from '../base/errors.ts';
import { isConflict, isNotFound } from '../kube/refusal.ts';
import type { Log } from '../platform.ts';
import type { ClusterRecord, DeliveryCluster } from './delivery-cluster.ts';
import type { KeptRecord } from './delivery-config-map.ts';
import type { DeliveryJournal } from './delivery-journal.ts';

/** A delivery that this process works on, or still has to write. */
export interface Entry {
  kept: KeptRecord;
  /** undefined where it is not known to be in the cluster. */
  resourceVersion?: string;
  /** As the journal has it. */
  journaled?: KeptRecord;
  isInWork: boolean;
  /** A write that has not begun: what changes until then goes with it. */
  next?: { readonly done: Promise<void>; hurry(): void };
  writing: Promise<void>;
}

export interface DeliveryWriterParts {
  readonly cluster: DeliveryCluster;
  readonly journal: DeliveryJournal;
  readonly identity: string;
  readonly log: Log;
  /** For what nobody waits for, and pauses while the cluster is away. */
  background(work: Promise<unknown>): void;
  /** Ends the pauses. */
  readonly stopping: AbortSignal;
  /** The cluster has it as finished. */
  onDone(key: string): void;
}

export interface DeliveryWriter {
  /** By their keys. */
  readonly entries: Map<string, Entry>;
  /** Takes in what an earlier process left in the journal; once, before anything else. */
  load(): Promise<void>;
  /**
   * Resolves when what the entry says after `waitMs` is in the cluster or the journal; writes of one record follow one another. Rejects where
   * neither could be written.
   */
  write(entry: Entry, waitMs?: number): Promise<void>;
  /** `because`: why the cluster does not have it. */
  putInJournal(entry: Entry, because: unknown): Promise<void>;
  /** Moves what the journal holds to the cluster, as far as it answers. */
  drain(): Promise<void>;
  /** The same, by and by; without effect where there is nothing to move. */
  drainSoon(): void;
}

const CREATE_MS = 5_000;
const ATTEMPTS = 5;
const AT_ONCE = 12;

/** Between attempts to move the journal to the cluster; after the last one, the next wake tries again. */
const DRAIN_PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

export function createDeliveryWriter(parts: DeliveryWriterParts): DeliveryWriter {
  const { cluster, journal, identity, log, background, stopping, onDone } = parts;
  const entries = new Map<string, Entry>();
  let loading: Promise<void> | undefined;
  let draining: Promise<void> | undefined;

  async function loadNow(): Promise<void> {
    for (const found of await journal.load()) {
      const kept = { ...found, record: { ...found.record, holder: identity } };
      entries.set(kept.record.push.key, { kept, journaled: kept, isInWork: false, writing: Promise.resolve() });
    }
  }

  function write(entry: Entry, waitMs = 0): Promise<void> {
    if (entry.next) {
      if (waitMs === 0) entry.next.hurry();
      return entry.next.done;
    }
    const { due, hurry } = startPause(waitMs);
    const before = entry.writing;
    const done = (async () => {
      await before.catch(() => undefined);
      await due;
      delete entry.next;
      entry.writing = flush(entry);
      await entry.writing;
    })();
    entry.next = { done, hurry };
    return done;
  }

  async function flush(entry: Entry): Promise<void> {
    const { kept } = entry;
    const { key, deliveryId } = kept.record.push;
    let isMine: boolean;
    try {
      isMine = await writeToCluster(entry);
    } catch (error) {
      await putInJournal(entry, error);
      drainSoon();
      return;
    }
    await journal.remove(key);
    delete entry.journaled;
    if (!isMine) {
      log.info('another process answers for a delivery', { delivery: deliveryId });
      entries.delete(key);
      return;
    }
    if (kept.record.state === 'done') onDone(key);
    if (!entry.isInWork && !entry.next && entries.get(key) === entry) entries.delete(key);
  }

  /** False when the record is another process' by now. */
  async function writeToCluster(entry: Entry): Promise<boolean> {
    const { key } = entry.kept.record.push;
    for (let attempt = 1; ; attempt++) {
      try {
        if (entry.resourceVersion === undefined) {
          const { found, isMine, isCurrent } = await cluster.create(entry.kept, CREATE_MS);
          if (!isMine) return false;
          if (!accept(entry, found)) return found.record.state === 'done';
          if (isCurrent) return true;
        }
        entry.resourceVersion = await cluster.write(entry.kept, entry.resourceVersion ?? '');
        return true;
      } catch (error) {
        if (attempt === ATTEMPTS || !(isConflict(error) || isNotFound(error))) throw error;
        const found = await cluster.read(key);
        if (found && !accept(entry, found)) return found.record.holder === identity;
        if (found) continue;
        // Somebody deleted it; what is finished need not come back.
        if (entry.kept.record.state === 'done') return true;
        delete entry.resourceVersion;
      }
    }
  }

  /** Takes over what others may write into a record. False when it is not this process' any more, or finished already. */
  function accept(entry: Entry, found: ClusterRecord): boolean {
    entry.resourceVersion = found.resourceVersion;
    const isAhead = (found.again?.times ?? 0) > (entry.kept.again?.times ?? 0);
    if (found.again && isAhead) entry.kept = { ...entry.kept, again: found.again };
    if (found.record.holder !== identity) return false;
    return found.record.state === 'open' || entry.kept.record.state === 'done';
  }

  async function putInJournal(entry: Entry, because: unknown): Promise<void> {
    const { kept } = entry;
    if (entry.journaled === kept) return;
    await journal.put(kept, because);
    entry.journaled = kept;
  }

  async function drain(): Promise<void> {
    const waiting = [...entries.values()].filter(({ journaled }) => journaled !== undefined);
    await mapConcurrent(waiting, AT_ONCE, async (entry) => {
      if (cluster.isAway()) return;
      await write(entry).catch((error: unknown) =>
        log.warn('a delivery cannot be moved', { reason: messageOf(error) }),
      );
    });
  }

  async function drainByAndBy(): Promise<void> {
    for (const pauseMs of DRAIN_PAUSES_MS) {
      await delay(pauseMs, stopping);
      await drain();
      if (journal.size === 0) return;
    }
  }

  function drainSoon(): void {
    if (journal.size === 0 || draining || stopping.aborted) return;
    draining = drainByAndBy()
      .catch((error: unknown) => {
        if (!stopping.aborted) throw error;
      })
      .finally(() => {
        draining = undefined;
      });
    background(draining);
  }

  return {
    entries,
    load: () => {
      loading ??= loadNow().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    },
    write,
    putInJournal,
    drain,
    drainSoon,
  };
}

/** Resolves after `ms`, or when somebody is in a hurry. */
function startPause(ms: number): { readonly due: Promise<void>; hurry(): void } {
  if (ms === 0) return { due: Promise.resolve(), hurry: () => undefined };
  let hurry: () => void = () => undefined;
  const due = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    hurry = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { due, hurry };
}
