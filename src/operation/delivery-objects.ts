// The record of deliveries in Kubernetes objects, with the platform's journal behind it while the cluster does not answer.

import { mapConcurrent } from '../base/concurrency.ts';
import { delay } from '../base/delay.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import { sameRepository } from '../git/repository-url.ts';
import type { KubeClient } from '../kube/client.ts';
import { isConflict, isNotFound } from '../kube/refusal.ts';
import type { Clock, Journal, Log } from '../platform.ts';
import { isPassing } from './compare-application.ts';
import { type ClusterRecord, createDeliveryCluster } from './delivery-cluster.ts';
import { boundRecord, fromJournal, type KeptRecord, toJournal } from './delivery-config-map.ts';
import { applyOutcome, shownRecord, withoutSecretsInUrls } from './delivery-outcome.ts';
import type { DeliveryFilter, DeliveryRecord, DeliveryStore, Opened } from './delivery-store.ts';
import { dropOldRecords } from './delivery-sweep.ts';
import { type AnyPush, addressesOf, refOf } from './push.ts';

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

const WRITE_MS = 5_000;
const WRITE_ATTEMPTS = 5;
const AT_ONCE = 12;
const READ_AT_ONCE = 48;

/** At the bound the Git server is told that its delivery was not taken. */
const MAX_JOURNALED = 20_000;

/** Between attempts to move the journal to the cluster; after the last one, the next wake tries again. */
const DRAIN_PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

const BATCH = 100;
const SWEEP_EVERY = 1_000;

/** A delivery that this process works on, or still has to write. */
interface Entry {
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

export function createDeliveryStore(parts: DeliveryStoreParts): DeliveryStore {
  const { home, journal, clock, log, identity, namespace, background, stopping } = parts;
  const cluster = createDeliveryCluster(home, namespace, clock);
  const entries = new Map<string, Entry>();
  const openings = new Map<string, Promise<Opened>>();
  const nextBatch = createBatches();
  const inJournal = new Set<Entry>();
  let loading: Promise<void> | undefined;
  let draining: Promise<void> | undefined;
  let taking: Promise<unknown> = Promise.resolve();
  /** Finished while open records are being listed, which may be older. */
  let finishedMeanwhile: Set<string> | undefined;
  let isToldAway = false;
  let doneSinceSweep = SWEEP_EVERY;
  let isSweeping = false;

  /** What an earlier process left in the journal. */
  function loaded(): Promise<void> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  async function load(): Promise<void> {
    for (const { id, record } of await journal.list()) {
      const kept = fromJournal(record);
      if (!kept) {
        log.error('a record of the journal cannot be read and is left there', { id });
        continue;
      }
      const mine = { ...kept, record: { ...kept.record, holder: identity } };
      const entry: Entry = { kept: mine, journaled: mine, isInWork: false, writing: Promise.resolve() };
      entries.set(kept.record.push.key, entry);
      inJournal.add(entry);
    }
  }

  async function open(push: AnyPush): Promise<Opened> {
    await loaded();
    for (;;) {
      const entry = entries.get(push.key);
      if (entry) return noteAgain(entry);
      const opening = openings.get(push.key);
      if (!opening) break;
      await opening.catch(() => undefined);
    }
    const opening = openNew(withoutSecretsInUrls(push));
    openings.set(push.key, opening);
    try {
      return await opening;
    } finally {
      openings.delete(push.key);
    }
  }

  async function openNew(push: AnyPush): Promise<Opened> {
    const kept: KeptRecord = {
      record: {
        push,
        receivedAt: new Date(clock.now()).toISOString(),
        state: 'open',
        holder: identity,
        notes: [],
        applications: [],
        counts: {},
      },
      opening: crypto.randomUUID(),
      batch: nextBatch(),
    };
    const entry: Entry = { kept, isInWork: true, writing: Promise.resolve() };
    try {
      const { found, isMine } = await cluster.create(kept, OPEN_MS);
      if (!isMine) return noteAgainThere(found);
      entry.resourceVersion = found.resourceVersion;
    } catch (error) {
      await putInJournal(entry, error);
    }
    entries.set(push.key, entry);
    if (inJournal.size > 0) startDraining();
    return { isNew: true };
  }

  function noteAgain(entry: Entry): Opened {
    entry.kept = onceMore(entry.kept);
    background(write(entry, VERDICTS_MS));
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

  /** Resolves when what the entry says by then is written; writes of one record follow one another. */
  function write(entry: Entry, waitMs = 0): Promise<void> {
    if (entry.next) {
      if (waitMs === 0) entry.next.hurry();
      return entry.next.done;
    }
    let hurry: () => void = () => undefined;
    const due = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    if (waitMs === 0) hurry();
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
    const { key } = kept.record.push;
    try {
      if (!(await writeToCluster(entry))) {
        log.info('another process answers for a delivery', { delivery: kept.record.push.deliveryId });
        await forgetJournaled(entry);
        entries.delete(key);
        return;
      }
    } catch (error) {
      await putInJournal(entry, error);
      startDraining();
      return;
    }
    await forgetJournaled(entry);
    if (kept.record.state === 'done') {
      finishedMeanwhile?.add(key);
      doneSinceSweep++;
      sweepIfDue();
    }
    if (!entry.isInWork && !entry.next && !entry.journaled && entries.get(key) === entry) entries.delete(key);
  }

  /** False when the record is another process' by now. */
  async function writeToCluster(entry: Entry): Promise<boolean> {
    const { key } = entry.kept.record.push;
    for (let attempt = 1; ; attempt++) {
      try {
        if (entry.resourceVersion === undefined) {
          const { found, isMine, isCurrent } = await cluster.create(entry.kept, WRITE_MS);
          if (!isMine) return false;
          if (!accept(entry, found)) return found.record.state === 'done';
          if (isCurrent) return true;
        }
        entry.resourceVersion = await cluster.write(entry.kept, entry.resourceVersion ?? '');
        return true;
      } catch (error) {
        if (attempt === WRITE_ATTEMPTS || !(isConflict(error) || isNotFound(error))) throw error;
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
    const times = Math.max(found.again?.times ?? 0, entry.kept.again?.times ?? 0);
    const again = times === found.again?.times ? found.again : entry.kept.again;
    if (again) entry.kept = { ...entry.kept, again };
    if (found.record.holder !== identity) return false;
    return found.record.state === 'open' || entry.kept.record.state === 'done';
  }

  async function putInJournal(entry: Entry, because: unknown): Promise<void> {
    const { kept } = entry;
    if (entry.journaled === kept) return;
    if (!isToldAway) {
      isToldAway = true;
      log.warn('deliveries are recorded in the journal until the cluster takes them', { reason: messageOf(because) });
    }
    if (!entry.journaled && inJournal.size >= MAX_JOURNALED) {
      throw new HawserError(
        'Unavailable',
        `the journal holds ${MAX_JOURNALED} deliveries that the cluster did not take`,
        {
          hint: 'look whether the API server runs and lets hawser write ConfigMaps',
          cause: because,
        },
      );
    }
    try {
      await journal.put(kept.record.push.key, toJournal(kept));
    } catch (error) {
      throw new HawserError(
        'Unavailable',
        `the delivery can be recorded neither in the cluster (${messageOf(because)}) nor in the journal (${messageOf(error)})`,
        {
          hint: 'look whether the API server can be reached, and whether the data folder can be written',
          cause: error,
        },
      );
    }
    entry.journaled = kept;
    inJournal.add(entry);
  }

  async function forgetJournaled(entry: Entry): Promise<void> {
    if (!entry.journaled) return;
    await journal.remove(entry.kept.record.push.key).catch((error: unknown) => {
      // It is moved once more by the next process, which finds it in the cluster.
      warnOf('a record cannot be removed from the journal', error);
    });
    delete entry.journaled;
    inJournal.delete(entry);
    if (inJournal.size > 0) return;
    isToldAway = false;
    log.info('the deliveries of the journal are in the cluster');
  }

  /** Moves what the journal holds to the cluster, as far as it answers. */
  async function drain(): Promise<void> {
    await mapConcurrent([...inJournal], AT_ONCE, async (entry) => {
      if (!cluster.isAway()) await write(entry).catch((error: unknown) => warnOf('a delivery cannot be moved', error));
    });
  }

  function startDraining(): void {
    if (draining || stopping.aborted) return;
    draining = (async () => {
      for (const pauseMs of DRAIN_PAUSES_MS) {
        await delay(pauseMs, stopping);
        await drain();
        if (inJournal.size === 0) return;
      }
    })()
      .catch((error: unknown) => {
        if (!stopping.aborted) warnOf('the journal cannot be moved to the cluster', error);
      })
      .finally(() => {
        draining = undefined;
      });
    background(draining);
  }

  function sweepIfDue(): void {
    if (doneSinceSweep < SWEEP_EVERY || isSweeping) return;
    doneSinceSweep = 0;
    isSweeping = true;
    background(
      dropOldRecords(home, namespace)
        .catch((error: unknown) => warnOf('old deliveries cannot be dropped', error))
        .finally(() => {
          isSweeping = false;
        }),
    );
  }

  function warnOf(message: string, error: unknown): void {
    log.warn(message, { reason: messageOf(error) });
  }

  /** The entry of a record that this process answers for, read from the cluster where nothing of it is at hand. */
  async function entryOf(key: string): Promise<Entry | undefined> {
    const known = entries.get(key);
    if (known) return known;
    const found = await cluster.read(key);
    const meanwhile = entries.get(key);
    if (meanwhile || !found || found.record.holder !== identity) return meanwhile;
    const entry = entryFrom(found, false);
    entries.set(key, entry);
    return entry;
  }

  function entryFrom({ resourceVersion, ...kept }: ClusterRecord, isInWork: boolean): Entry {
    return { kept, resourceVersion, isInWork, writing: Promise.resolve() };
  }

  async function takeNow(isDead: (holder: string) => boolean): Promise<readonly DeliveryRecord[]> {
    await loaded();
    finishedMeanwhile = new Set();
    const taken: Entry[] = [];
    try {
      await drain();
      const listed = await cluster.list('open');
      await mapConcurrent(listed, AT_ONCE, async (found) => {
        const entry = await claim(found, isDead);
        if (entry) taken.push(entry);
      });
      for (const entry of inJournal) {
        if (entry.isInWork || entry.kept.record.state === 'done') continue;
        entry.isInWork = true;
        taken.push(entry);
      }
    } finally {
      finishedMeanwhile = undefined;
    }
    sweepIfDue();
    return taken.map(({ kept }) => shownRecord(kept)).sort((a, b) => compareText(a.receivedAt, b.receivedAt));
  }

  /** The entry of an open record that is this process' from now on; undefined where it is somebody's already. */
  async function claim(found: ClusterRecord, isDead: (holder: string) => boolean): Promise<Entry | undefined> {
    const { key } = found.record.push;
    const isTaken = () => entries.get(key)?.isInWork || openings.has(key) || finishedMeanwhile?.has(key);
    if (isTaken()) return undefined;
    const known = entries.get(key);
    if (known) {
      if (known.kept.record.state === 'done') return undefined;
      known.isInWork = true;
      return known;
    }
    if (found.record.holder === identity) {
      const entry = entryFrom(found, true);
      entries.set(key, entry);
      return entry;
    }
    if (!isDead(found.record.holder)) return undefined;
    const mine: ClusterRecord = { ...found, record: { ...found.record, holder: identity } };
    try {
      const resourceVersion = await cluster.write(mine, found.resourceVersion);
      const entry = entryFrom({ ...mine, resourceVersion }, true);
      entries.set(key, entry);
      return entry;
    } catch (error) {
      // Another replica took it first, or its holder has finished it after all.
      if (isConflict(error) || isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Newest first; what is at hand is newer than what the cluster has. Never more of them at once in memory than are wanted. */
  async function listNow(limit: number, filter: DeliveryFilter): Promise<readonly DeliveryRecord[]> {
    const received = new Map(await receivedThere());
    for (const [key, { kept }] of entries) received.set(key, Date.parse(kept.record.receivedAt));
    const keys = [...received].sort(([, a], [, b]) => b - a).map(([key]) => key);
    const chosen: DeliveryRecord[] = [];
    for (let from = 0; from < keys.length && chosen.length < limit; from += READ_AT_ONCE) {
      const some = await mapConcurrent(keys.slice(from, from + READ_AT_ONCE), AT_ONCE, async (key) => {
        return entries.get(key)?.kept ?? (await cluster.read(key));
      });
      // One may have been dropped meanwhile.
      const records = some.flatMap((kept) => (kept ? [shownBounded(kept)] : []));
      chosen.push(...records.filter((record) => isMeant(record, filter)));
    }
    return chosen.slice(0, limit);
  }

  async function receivedThere(): Promise<ReadonlyMap<string, number>> {
    try {
      return await cluster.keys();
    } catch (error) {
      if (isPassing(error) && entries.size > 0) return new Map();
      throw error;
    }
  }

  return {
    open,

    async update(key, outcome) {
      await loaded();
      const entry = await entryOf(key);
      if (!entry) return;
      entry.kept = { ...entry.kept, record: applyOutcome(entry.kept.record, outcome) };
      if (outcome.left) entry.isInWork = false;
      await write(entry, outcome.left ? 0 : VERDICTS_MS);
    },

    async find(id) {
      await loaded();
      const known = entries.get(id)?.kept ?? (/^[0-9a-f]{40}$/.test(id) ? await cluster.read(id) : undefined);
      if (known) return [shownBounded(known)];
      const found = new Map<string, KeptRecord>();
      const ofId = ({ record }: KeptRecord) => record.push.deliveryId === id;
      for (const [key, { kept }] of entries) if (ofId(kept)) found.set(key, kept);
      try {
        // The label of an id that is no label value is a hash.
        for (const kept of (await cluster.list({ deliveryId: id })).filter(ofId)) {
          const { key } = kept.record.push;
          if (!found.has(key)) found.set(key, kept);
        }
      } catch (error) {
        if (found.size === 0) throw error;
      }
      return [...found.values()].map(shownBounded).sort((a, b) => compareText(refOf(a.push), refOf(b.push)));
    },

    async list(limit, filter = {}) {
      await loaded();
      return listNow(limit, filter);
    },

    takeUnfinished(isDead) {
      const taken = taking.catch(() => undefined).then(() => takeNow(isDead));
      taking = taken;
      return taken;
    },
  };
}

function shownBounded(kept: KeptRecord): DeliveryRecord {
  const record = shownRecord(kept);
  return { ...record, ...boundRecord(record) };
}

function isMeant(
  { push, applications, left = [] }: DeliveryRecord,
  { application, repository }: DeliveryFilter,
): boolean {
  if (repository !== undefined && !addressesOf(push).some((address) => sameRepository(address, repository)))
    return false;
  if (application === undefined) return true;
  return applications.some(({ name }) => name === application) || left.some((key) => key.endsWith(`/${application}`));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Names of batches: a process has its own, since it alone knows in what order it made them. */
function createBatches(): () => string {
  const process = crypto.randomUUID().slice(0, 8);
  let count = 0;
  return () => `${process}-${Math.floor(count++ / BATCH)}`;
}
