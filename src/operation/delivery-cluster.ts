// The cluster's side of the record of deliveries: one request each, bounded in time and number, and none at all for a moment after the
// cluster did not answer.

import { HawserError } from '../base/errors.ts';
import { createLimiter } from '../base/limiter.ts';
import { orAborted } from '../base/or-aborted.ts';
import { withTimeLimit } from '../base/time-limit.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isAlreadyExists } from '../kube/refusal.ts';
import type { Clock } from '../platform.ts';
import { isPassing } from './compare-application.ts';
import {
  fromConfigMap,
  ID_LABEL,
  idLabel,
  type KeptRecord,
  RECORD_SELECTOR,
  recordRef,
  STATE_LABEL,
  toConfigMap,
  toPatch,
} from './delivery-config-map.ts';
import { receivedMs } from './delivery-sweep.ts';

/** A record as the cluster has it. */
export interface ClusterRecord extends KeptRecord {
  readonly resourceVersion: string;
}

export interface DeliveryCluster {
  /** `isCurrent`: it was made just now and is as given. Otherwise there is one already, of another delivery's opening or of this one's. */
  create(
    kept: KeptRecord,
    withinMs: number,
  ): Promise<{ readonly found: ClusterRecord; readonly isMine: boolean; readonly isCurrent: boolean }>;
  /** Throws `ClusterRefused` with 409 when the object is of another version by now, with 404 when it is gone. Gives the new version. */
  write(kept: KeptRecord, resourceVersion: string): Promise<string>;
  read(key: string): Promise<ClusterRecord | undefined>;
  /** Of one delivery id, or all that are open. */
  list(selector: { readonly deliveryId: string } | 'open', signal?: AbortSignal): Promise<readonly ClusterRecord[]>;
  /** The key of each, and when it was received. */
  keys(signal?: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** It did not answer a moment ago: nothing is sent. */
  isAway(): boolean;
}

/** Those that a Git server waits for. */
const CREATES_AT_ONCE = 48;
const WRITES_AT_ONCE = 12;
const WRITE_MS = 5_000;

/** For so long after the cluster did not answer, no delivery waits for it. */
const AWAY_MS = 1_000;

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const KEY = /-([0-9a-f]+)$/;

export function createDeliveryCluster(home: KubeClient, namespace: string, clock: Clock): DeliveryCluster {
  const creates = createLimiter(CREATES_AT_ONCE);
  const writes = createLimiter(WRITES_AT_ONCE);
  let awaySinceMs = Number.NEGATIVE_INFINITY;

  /** A clock that is set back meanwhile must not make it long. */
  const isAway = () => {
    const sinceMs = clock.now() - awaySinceMs;
    return sinceMs >= 0 && sinceMs < AWAY_MS;
  };

  /** What waits for its turn counts for the time, and is never sent when that is over. */
  async function within<T>(ms: number, limiter: typeof creates, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (isAway()) throw noAnswer('the cluster did not answer a moment ago');
    return withTimeLimit(ms, undefined, async (signal, expired) => {
      const work = limiter(async () => {
        signal.throwIfAborted();
        return send(signal);
      });
      work.catch(() => undefined);
      try {
        return await orAborted(work, signal);
      } catch (error) {
        const failure = expired() ? noAnswer(`the cluster did not answer within ${ms} ms`) : error;
        if (isPassing(failure)) awaySinceMs = clock.now();
        throw failure;
      }
    });
  }

  const get = async (key: string, signal?: AbortSignal) => {
    const object = await home.get(recordRef(namespace, key), { signal });
    return object && parse(object);
  };

  return {
    isAway,

    async create(kept, withinMs) {
      const object = await toConfigMap(namespace, kept);
      const { key } = kept.record.push;
      return within(withinMs, creates, async (signal) => {
        for (let attempt = 1; ; attempt++) {
          try {
            // A client that lost the connection gives what it found, which may be another replica's.
            const found = parse(await home.create(object, { signal })) ?? unreadable(key);
            const isMine = found.opening === kept.opening;
            return { found, isMine, isCurrent: isMine };
          } catch (error) {
            if (!isAlreadyExists(error)) throw error;
            const object = await home.get(recordRef(namespace, key), { signal });
            const found = object && (parse(object) ?? unreadable(key));
            if (found) return { found, isMine: found.opening === kept.opening, isCurrent: false };
            // It was dropped between the two requests.
            if (attempt > 1) throw error;
          }
        }
      });
    },

    write: (kept, resourceVersion) =>
      within(WRITE_MS, writes, async (signal) => {
        const ref = recordRef(namespace, kept.record.push.key);
        const patched = await home.patch(ref, toPatch(kept, resourceVersion), { type: 'merge', signal });
        return patched.metadata.resourceVersion ?? '';
      }),

    read: (key) => within(WRITE_MS, writes, (signal) => get(key, signal)),

    async list(selector, signal) {
      const label = selector === 'open' ? `${STATE_LABEL}=open` : `${ID_LABEL}=${await idLabel(selector.deliveryId)}`;
      const labelSelector = `${RECORD_SELECTOR},${label}`;
      const { items } = await home.list(CONFIG_MAP, { namespace, labelSelector, signal });
      return items.flatMap((item) => parse(item) ?? []);
    },

    async keys(signal) {
      const { items } = await home.list(CONFIG_MAP, {
        namespace,
        labelSelector: RECORD_SELECTOR,
        metadataOnly: true,
        signal,
      });
      return new Map(items.map((item) => [KEY.exec(item.metadata.name ?? '')?.[1] ?? '', receivedMs(item)]));
    },
  };
}

function parse(object: KubeObject): ClusterRecord | undefined {
  const kept = fromConfigMap(object);
  return kept && { ...kept, resourceVersion: object.metadata.resourceVersion ?? '' };
}

/** Passing (isPassing). */
export function noAnswer(message: string): HawserError {
  return new HawserError('Unavailable', message, {
    hint: 'look whether the API server runs and can be reached from here',
  });
}

function unreadable(key: string): never {
  throw new HawserError('Conflict', `the ConfigMap of delivery ${key} does not hold what hawser wrote`, {
    hint: 'delete it to have the delivery recorded anew',
  });
}
