// The record of deliveries in Kubernetes objects, with the platform's journal behind it while the cluster does not answer.

import type { KubeClient } from '../kube/client.ts';
import { isConflict, isNotFound } from '../kube/refusal.ts';
import type { Clock, Journal, Log } from '../platform.ts';
import { isPassing } from './compare-application.ts';
import { createDeliveryClaims, entryFrom } from './delivery-claims.ts';
import { type ClusterRecord, createDeliveryCluster } from './delivery-cluster.ts';
import type { KeptRecord } from './delivery-config-map.ts';
import { createDeliveryJournal } from './delivery-journal.ts';
import { applyOutcome, recordedPush, shownRecord } from './delivery-outcome.ts';
import { findDeliveries, listDeliveries } from './delivery-search.ts';
import type { DeliveryStore, Opened } from './delivery-store.ts';
import { createRecordSweep } from './delivery-sweep.ts';
import { createDeliveryWriter, type Entry } from './delivery-writer.ts';
import type { AnyPush } from './push.ts';

export interface DeliveryStoreParts {
  readonly home: KubeClient;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  /** Of this process, or of all that use this journal one after another (Holdings.identity). */
  readonly identity: string;
  readonly namespace: string;
  /** For what nobody waits for. Must not be waited for before an end: it pauses while the cluster is away. */
  background(work: Promise<unknown>): void;
  /** Ends the pauses. */
  readonly stopping: AbortSignal;
}

/** A Git server waits for so long for an object to be made; then the journal has to do. */
const OPEN_MS = 500;

/** Verdicts alone are written together with what follows within this time. */
const VERDICTS_MS = 1_000;

/** Records that are dropped together. */
const BATCH = 100;

export function createDeliveryStore(parts: DeliveryStoreParts): DeliveryStore {
  const { home, clock, log, identity, namespace, background, stopping } = parts;
  const cluster = createDeliveryCluster(home, namespace, clock);
  const sweep = createRecordSweep({ home, namespace, log, background });
  const writer = createDeliveryWriter({
    ...{ cluster, journal: createDeliveryJournal(parts.journal, log), identity, log, background, stopping },
    onDone: (key) => {
      claims.noteDone(key);
      sweep.noteDone();
    },
  });
  const { entries } = writer;
  /** Being recorded at this moment. */
  const openings = new Map<string, Promise<Opened>>();
  const opened = async (key: string) => openings.get(key)?.catch(() => undefined);
  const claims = createDeliveryClaims({ cluster, writer, identity, opened });
  const nextBatch = createBatches();

  async function open(push: AnyPush): Promise<Opened> {
    await writer.load();
    for (;;) {
      const entry = entries.get(push.key);
      if (entry) return noteAgain(entry);
      const earlier = openings.get(push.key);
      if (!earlier) break;
      await earlier.catch(() => undefined);
    }
    const opening = openNew(recordedPush(push));
    openings.set(push.key, opening);
    try {
      return await opening;
    } finally {
      openings.delete(push.key);
    }
  }

  async function openNew(push: AnyPush): Promise<Opened> {
    const receivedAt = new Date(clock.now()).toISOString();
    const kept: KeptRecord = {
      record: { push, receivedAt, state: 'open', holder: identity, notes: [], applications: [], counts: {} },
      opening: crypto.randomUUID(),
      batch: nextBatch(),
    };
    const entry: Entry = { kept, isInWork: true, writing: Promise.resolve() };
    try {
      const { found, isMine } = await cluster.create(kept, OPEN_MS);
      if (!isMine) return isLeft(found) ? goOnWith(found) : noteAgainThere(found);
      entry.resourceVersion = found.resourceVersion;
    } catch (error) {
      await writer.putInJournal(entry, error);
    }
    entries.set(push.key, entry);
    writer.drainSoon();
    return { isNew: true };
  }

  /** Nobody works on it but this process, which has it not at hand: it may be younger than the list of what an earlier life has left. */
  function isLeft({ record }: ClusterRecord): boolean {
    return record.state === 'open' && record.holder === identity && !entries.has(record.push.key);
  }

  function goOnWith(found: ClusterRecord): Opened {
    const entry = entryFrom(found);
    entries.set(found.record.push.key, { ...entry, kept: onceMore(entry.kept), isInWork: true });
    return { isNew: true };
  }

  function noteAgain(entry: Entry): Opened {
    entry.kept = onceMore(entry.kept);
    background(writer.write(entry, VERDICTS_MS));
    return { isNew: false, record: shownRecord(entry.kept) };
  }

  /** Of a record that another process has, or that is finished. */
  function noteAgainThere(found: ClusterRecord): Opened {
    const kept = onceMore(found);
    // Whoever wrote it meanwhile is right; that it came again may be missing then.
    const isNoMatter = (error: unknown) => isConflict(error) || isNotFound(error) || isPassing(error);
    background(
      cluster.write(kept, found.resourceVersion).catch((error: unknown) => {
        if (!isNoMatter(error)) throw error;
      }),
    );
    return { isNew: false, record: shownRecord(kept) };
  }

  function onceMore(kept: KeptRecord): KeptRecord {
    const times = (kept.again?.times ?? 0) + 1;
    return { ...kept, again: { times, last: new Date(clock.now()).toISOString() } };
  }

  /** The entry of a record that this process answers for, read from the cluster where nothing of it is at hand. */
  async function entryOf(key: string): Promise<Entry | undefined> {
    const known = entries.get(key);
    if (known) return known;
    const found = await cluster.read(key);
    const meanwhile = entries.get(key);
    if (meanwhile || !found || found.record.holder !== identity) return meanwhile;
    const entry = entryFrom(found);
    entries.set(key, entry);
    return entry;
  }

  return {
    open,

    async update(key, outcome) {
      await writer.load();
      const entry = await entryOf(key);
      if (!entry) return;
      entry.kept = { ...entry.kept, record: applyOutcome(entry.kept.record, outcome) };
      if (outcome.left) entry.isInWork = false;
      await writer.write(entry, outcome.left ? 0 : VERDICTS_MS);
    },

    async find(id) {
      await writer.load();
      return findDeliveries(cluster, entries, id);
    },

    async list(limit, filter = {}) {
      await writer.load();
      return listDeliveries(cluster, entries, limit, filter);
    },

    async takeUnfinished(isDead) {
      const taken = await claims.take(isDead);
      sweep.ifDue();
      const records = taken.map(({ kept }) => shownRecord(kept));
      return records.sort((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt));
    },
  };
}

/** Names of batches: a process has its own, since it alone knows in what order it made them. */
function createBatches(): () => string {
  const process = crypto.randomUUID().slice(0, 8);
  let count = 0;
  return () => `${process}-${Math.floor(count++ / BATCH)}`;
}
