// The cache in two tiers: bounded memory in front, and behind it what outlives the object (far-cache.ts). All that is put has a use in the
// next life: packs of Git objects, archives of charts, files of Git LFS, read sets. A read set of an earlier time, where a later one was not
// written any more, is no danger: it counts for the revision that it names (operation/judge.ts, isLastRender).

import { deadlineAfter } from '../base/deadline.ts';
import { delay } from '../base/delay.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import { createLimiter, type Limiter } from '../base/limiter.ts';
import { createMemoryCache } from '../base/memory-cache.ts';
import type { Cache, Clock, Log } from '../platform.ts';
import type { FarCache } from './far-cache.ts';

export interface TieredCacheParts {
  readonly far: FarCache | undefined;
  /** Of the memory in front. */
  readonly nearBytes: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Lets a writing go on after the answer (Platform.background). */
  readonly background: (work: Promise<unknown>) => void;
  /** All that the object asks of others goes through it. */
  readonly gate?: Limiter;
}

/** They leave room for what somebody waits for; reads have the gate's. */
const WRITES_AT_ONCE = 2;
/** What waits to be written is in memory, too; what would be more is fetched anew in the next life. */
const WAITING_BYTES = 8 << 20;
/** What is larger would take too much of an isolate's 128 MB when it is read. */
const FAR_BYTES = 8 << 20;
/** R2: at most 1,024 bytes, of which some are far-cache.ts'. Keys are ASCII. */
const KEY_LENGTH = 900;
/** A read that takes longer costs more than what it spares. */
const READ_MS = 5_000;
/** A write that has not ended by then gives its place to others. */
const WRITE_MS = 30_000;
/** After a failure, nothing is asked for so long: whoever works does not wait for what is broken. */
const REST_MS = 30_000;
const WRITES_REMEMBERED = 1_000;
/** Keys that were not there are not asked for twice in one life. */
const MISSES_REMEMBERED = 4_000;

export function createTieredCache(parts: TieredCacheParts): Cache {
  const { far, nearBytes, clock, log, background, gate = (work) => work() } = parts;
  const near = createMemoryCache(nearBytes);
  const writes = createLimiter(WRITES_AT_ONCE);
  /** What is to be written; of one key, the newest value alone. */
  const waiting = new Map<string, Uint8Array>();
  let waitingBytes = 0;
  const writtenAtMs = new Map<string, number>();
  const missed = new Set<string>();
  let restsUntilMs = Number.NEGATIVE_INFINITY;
  const told = new Set<string>();

  const held = async (key: string) => (await near.get(key)) ?? waiting.get(key);
  const keepNear = async (key: string, value: Uint8Array) => {
    // One value must not drive out all others.
    if (value.byteLength <= nearBytes / 4) await near.put(key, value);
    else near.forget(key);
  };

  /** Once a life: whoever reads the log learns what is slower from now on. */
  function fail(what: string, error: unknown): void {
    restsUntilMs = clock.now() + REST_MS;
    if (told.has(what)) return;
    told.add(what);
    log.warn(`the cache cannot be ${what}; what it would spare is fetched anew`, {
      cache: far?.kind,
      reason: messageOf(error),
    });
  }

  async function readFar(store: FarCache, key: string): Promise<Uint8Array | undefined> {
    if (clock.now() < restsUntilMs) return undefined;
    try {
      const found = await gate(() => inTime(store.read(key), READ_MS));
      if (found && found.seal === (await sealOf(key, found.value))) return found.value;
    } catch (error) {
      fail('read', error);
      return undefined;
    }
    miss(key);
    return undefined;
  }

  function miss(key: string): void {
    if (missed.size >= MISSES_REMEMBERED) missed.clear();
    missed.add(key);
  }

  function writeLater(store: FarCache, key: string, value: Uint8Array): void {
    const before = waiting.get(key);
    const more = value.byteLength - (before?.byteLength ?? 0);
    if (value.byteLength > FAR_BYTES || waitingBytes + more > WAITING_BYTES || clock.now() < restsUntilMs) {
      leaveOut(key);
      return;
    }
    waiting.set(key, value);
    waitingBytes += more;
    if (!before) schedule(store, key);
  }

  function schedule(store: FarCache, key: string): void {
    const leftMs = (writtenAtMs.get(key) ?? Number.NEGATIVE_INFINITY) + store.pauseMs - clock.now();
    const write = () => writes(() => flush(store, key));
    background(leftMs > 0 ? delay(leftMs).then(write) : write());
  }

  async function flush(store: FarCache, key: string): Promise<void> {
    const value = waiting.get(key);
    if (!value) return;
    const bytes = new Uint8Array(value);
    try {
      const seal = await sealOf(key, bytes);
      if (clock.now() < restsUntilMs) miss(key);
      else await gate(() => inTime(store.write(key, bytes, seal), WRITE_MS));
    } catch (error) {
      fail('written', error);
      miss(key);
    }
    if (writtenAtMs.size >= WRITES_REMEMBERED) writtenAtMs.clear();
    writtenAtMs.set(key, clock.now());
    // What came meanwhile is newer.
    if (waiting.get(key) !== value) return schedule(store, key);
    waiting.delete(key);
    waitingBytes -= value.byteLength;
  }

  /** What waits or lies far is an earlier one at best. */
  function leaveOut(key: string): void {
    waitingBytes -= waiting.get(key)?.byteLength ?? 0;
    waiting.delete(key);
    miss(key);
  }

  return {
    get: async (key) => {
      const known = await held(key);
      if (known || !far || key.length > KEY_LENGTH || missed.has(key)) return known;
      const found = await readFar(far, key);
      // What was put while it was read is newer.
      const newer = await held(key);
      if (newer || !found) return newer;
      await keepNear(key, found);
      return found;
    },
    put: async (key, value) => {
      missed.delete(key);
      await keepNear(key, value);
      if (far && key.length <= KEY_LENGTH) writeLater(far, key, value);
    },
  };
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const deadline = deadlineAfter(ms);
  const late = deadline.passed.then((): never => {
    throw new HawserError('Timeout', `nothing within ${ms / 1_000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    deadline.end();
  }
}

/** Proves that a value is whole, and that it was put under this key. */
async function sealOf(key: string, value: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', value);
  return `sha256:${toHex(new Uint8Array(digest))} ${key}`;
}
