// Finding deliveries in the record: what is at hand is newer than what the cluster has.

import { mapConcurrent } from '../base/concurrency.ts';
import { withTimeLimit } from '../base/time-limit.ts';
import { sameRepository } from '../git/repository-url.ts';
import { isPassing } from './compare-application.ts';
import { type DeliveryCluster, noAnswer } from './delivery-cluster.ts';
import { boundRecord, type KeptRecord } from './delivery-config-map.ts';
import { shownRecord } from './delivery-outcome.ts';
import type { DeliveryFilter, DeliveryRecord } from './delivery-store.ts';
import type { DeliveryWriter } from './delivery-writer.ts';
import { addressesOf, refOf, shortRef } from './push.ts';

type AtHand = DeliveryWriter['entries'];

const AT_ONCE = 12;
/** Never more of them at once in memory than are wanted, and these. */
const CHUNK = 48;

/** Somebody waits for what is found; a cluster that hangs has no more to say. */
const LIST_MS = 5_000;

const KEY = /^[0-9a-f]{40}$/;

/** By its key, or all of a delivery id, by their refs. */
export async function findDeliveries(
  cluster: DeliveryCluster,
  atHand: AtHand,
  id: string,
): Promise<readonly DeliveryRecord[]> {
  const known = atHand.get(id)?.kept ?? (KEY.test(id) ? await cluster.read(id) : undefined);
  if (known) return [present(known)];
  const found = new Map<string, KeptRecord>();
  const isMeant = ({ record }: KeptRecord) => record.push.deliveryId === id;
  for (const [key, { kept }] of atHand) if (isMeant(kept)) found.set(key, kept);
  try {
    // The label of an id that is no label value is a hash.
    const listed = await bounded((signal) => cluster.list({ deliveryId: id }, signal));
    for (const kept of listed.filter(isMeant)) {
      const { key } = kept.record.push;
      if (!found.has(key)) found.set(key, kept);
    }
  } catch (error) {
    if (found.size === 0) throw error;
  }
  return [...found.values()].map(present).sort((a, b) => (refOf(a.push) < refOf(b.push) ? -1 : 1));
}

/** Newest first. While the cluster does not answer, what is at hand. */
export async function listDeliveries(
  cluster: DeliveryCluster,
  atHand: AtHand,
  limit: number,
  filter: DeliveryFilter,
): Promise<readonly DeliveryRecord[]> {
  const received = new Map(await receivedThere(cluster, atHand));
  for (const [key, { kept }] of atHand) received.set(key, Date.parse(kept.record.receivedAt));
  const keys = [...received].sort(([, a], [, b]) => b - a).map(([key]) => key);
  const chosen: DeliveryRecord[] = [];
  for (let from = 0; from < keys.length && chosen.length < limit; from += CHUNK) {
    const chunk = keys.slice(from, from + CHUNK);
    const found = await mapConcurrent(chunk, AT_ONCE, async (key) => atHand.get(key)?.kept ?? cluster.read(key));
    // One may have been dropped meanwhile.
    const records = found.flatMap((kept) => (kept ? [present(kept)] : []));
    chosen.push(...records.filter((record) => isChosen(record, filter)));
  }
  return chosen.slice(0, limit);
}

async function receivedThere(cluster: DeliveryCluster, atHand: AtHand): Promise<ReadonlyMap<string, number>> {
  try {
    return await bounded((signal) => cluster.keys(signal));
  } catch (error) {
    if (isPassing(error) && atHand.size > 0) return new Map();
    throw error;
  }
}

async function bounded<T>(list: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withTimeLimit(LIST_MS, undefined, async (signal, expired) => {
    try {
      return await list(signal);
    } catch (error) {
      if (!expired()) throw error;
      throw noAnswer(`the deliveries cannot be listed: the cluster did not answer within ${LIST_MS / 1_000} s`);
    }
  });
}

function present(kept: KeptRecord): DeliveryRecord {
  const record = shownRecord(kept);
  return { ...record, ...boundRecord(record) };
}

export function isChosen(record: DeliveryRecord, filter: DeliveryFilter): boolean {
  const { application, repository, ref, verdict, state } = filter;
  const { push, applications, left = [] } = record;
  if (state !== undefined && record.state !== state) return false;
  if (verdict !== undefined && !record.counts[verdict]) return false;
  if (ref !== undefined && refOf(push) !== ref && shortRef(refOf(push)) !== ref) return false;
  if (repository !== undefined && !addressesOf(push).some((url) => sameRepository(url, repository))) return false;
  if (application === undefined) return true;
  return applications.some(({ name }) => name === application) || left.some((key) => key.endsWith(`/${application}`));
}
