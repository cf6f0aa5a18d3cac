// Which open deliveries are this process' to finish: its own of an earlier life, and those of processes that are dead.

import { mapConcurrent } from '../base/concurrency.ts';
import { isConflict, isNotFound } from '../kube/refusal.ts';
import type { ClusterRecord, DeliveryCluster } from './delivery-cluster.ts';
import type { DeliveryWriter, Entry } from './delivery-writer.ts';

export interface DeliveryClaims {
  /** What nobody works on, which this process does from then on. One after another: no two get the same. */
  take(isDead: (holder: string) => boolean): Promise<readonly Entry[]>;
  /** A delivery was finished: a list that is on its way may not know. */
  noteDone(key: string): void;
}

export interface DeliveryClaimsParts {
  readonly cluster: DeliveryCluster;
  readonly writer: DeliveryWriter;
  readonly identity: string;
  /** Where it is being recorded at this moment: resolves when it is known whether that makes a new record. Never rejects. */
  opened(key: string): Promise<unknown>;
}

const AT_ONCE = 12;

export function createDeliveryClaims({ cluster, writer, identity, opened }: DeliveryClaimsParts): DeliveryClaims {
  const { entries } = writer;
  const doneMeanwhile = new Set<string>();
  let taking: Promise<unknown> | undefined;

  async function takeNow(isDead: (holder: string) => boolean): Promise<readonly Entry[]> {
    await writer.load();
    await writer.drain();
    const listed = await cluster.list('open');
    const claimed = await mapConcurrent(listed, AT_ONCE, (found) => claim(found, isDead));
    const taken = claimed.filter((entry) => entry !== undefined);
    for (const entry of entries.values()) {
      if (!entry.journaled || entry.isInWork || entry.kept.record.state === 'done') continue;
      entry.isInWork = true;
      taken.push(entry);
    }
    return taken;
  }

  /** undefined where it is somebody's already. */
  async function claim(found: ClusterRecord, isDead: (holder: string) => boolean): Promise<Entry | undefined> {
    const { key } = found.record.push;
    // The Git server may send once more what an earlier process has left.
    await opened(key);
    if (doneMeanwhile.has(key)) return undefined;
    const known = entries.get(key);
    if (known) {
      if (known.isInWork || known.kept.record.state === 'done') return undefined;
      known.isInWork = true;
      return known;
    }
    if (found.record.holder === identity) return keep(found);
    if (!isDead(found.record.holder)) return undefined;
    const mine: ClusterRecord = { ...found, record: { ...found.record, holder: identity } };
    try {
      return keep({ ...mine, resourceVersion: await cluster.write(mine, found.resourceVersion) });
    } catch (error) {
      // Another replica took it first, or its holder has finished it after all.
      if (isConflict(error) || isNotFound(error)) return undefined;
      throw error;
    }
  }

  function keep(found: ClusterRecord): Entry {
    const entry = { ...entryFrom(found), isInWork: true };
    entries.set(found.record.push.key, entry);
    return entry;
  }

  return {
    take(isDead) {
      const before = taking?.catch(() => undefined) ?? Promise.resolve();
      const taken = before
        .then(() => takeNow(isDead))
        .finally(() => {
          if (taking !== taken) return;
          taking = undefined;
          doneMeanwhile.clear();
        });
      taking = taken;
      return taken;
    },
    noteDone: (key) => {
      if (taking) doneMeanwhile.add(key);
    },
  };
}

/** Of a record that nothing is at hand of; nobody works on it yet. */
export function entryFrom({ resourceVersion, ...kept }: ClusterRecord): Entry {
  return { kept, resourceVersion, isInWork: false, writing: Promise.resolve() };
}
