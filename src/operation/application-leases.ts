// One Lease per Application in work. Its holder's life is judged by the holder's own Lease (replica-lease.ts), so that a thousand
// Applications in work cost one renewal.

import { delay } from '../base/delay.ts';
import type { Elapsed } from '../base/elapsed-time.ts';
import { messageOf } from '../base/errors.ts';
import { orAborted } from '../base/or-aborted.ts';
import type { OwnerReference } from '../kube/object.ts';
import type { Log } from '../platform.ts';
import { isLost, type Lease, type Leases, nameOfApplication, nameOfReplica } from './lease.ts';
import type { LeaseTimes } from './lease-times.ts';
import type { LeaseView, LeaseWatch } from './lease-watch.ts';

export interface TakenLease {
  readonly lease: Lease;
  /** Nobody else can have had it since this process had it last, or ever. */
  readonly isUntouched: boolean;
}

export interface ApplicationLeases {
  /** Waits while another living process has it. `onWait` is called once when it must. Rejects with the signal's reason. */
  take(request: TakeRequest): Promise<TakenLease>;
  /** `lease`: as it was taken, where that is known. */
  release(key: string, life: string, lease: Lease | undefined): Release;
  /** What a list shows, so that taking needs no look. Newer knowledge is kept. */
  learn(leases: readonly Lease[]): void;
}

export interface Release {
  /** Tried once, whatever came of it. */
  readonly tried: Promise<void>;
  /** Nobody can take it for held in that life any more. It is tried until then, or until the process ends. */
  readonly done: Promise<void>;
}

export interface TakeRequest {
  readonly key: string;
  /** Of the term in which it is taken, which must be known to live. */
  readonly life: string;
  readonly owner?: OwnerReference | undefined;
  readonly signal: AbortSignal;
  readonly onWait: () => void;
}

export interface ApplicationLeaseParts {
  readonly leases: Leases;
  readonly identity: string;
  readonly namespace: string;
  readonly times: LeaseTimes;
  readonly watch: LeaseWatch;
  /** Must not leap. */
  readonly elapsed: Elapsed;
  readonly log: Log;
  readonly stopping: AbortSignal;
  /** This process has said so in the Lease of the holder. */
  readonly isDeadLife: (life: string) => boolean;
  /** Says so in its Lease, where it is still as it was seen: undefined where it is not. */
  readonly declareDead: (replica: Lease) => Promise<Lease | undefined>;
}

interface Known {
  readonly lease: Lease;
  /** This process wrote it: as long as the version stays, nobody else has had it. */
  readonly isOwn: boolean;
}

/** Connections that are lost in a row. */
const MOST_LOSSES = 2;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

export function createApplicationLeases(parts: ApplicationLeaseParts): ApplicationLeases {
  const { leases, identity, namespace, times, watch, elapsed, log, stopping, isDeadLife, declareDead } = parts;
  const known = new Map<string, Known>();
  /** By key. What is being released is taken afterwards: the two would be told apart by nothing. */
  const releasing = new Map<string, Promise<void>>();

  /** Free, this process' own from an earlier hold, or of somebody who is dead. */
  const isToBeHad = ({ holder, life }: Lease) => holder === '' || holder === identity || isDeadLife(life);

  async function take({ key, life, owner, signal, onWait }: TakeRequest): Promise<TakenLease> {
    // While the cluster is away, that may take long.
    await orAborted(releasing.get(key) ?? Promise.resolve(), signal);
    const name = await nameOfApplication(key, namespace);
    let before = known.get(name);
    let isUntouched = before === undefined || before.isOwn;
    for (let losses = 0; ; ) {
      signal.throwIfAborted();
      if (before && !isToBeHad(before.lease)) {
        isUntouched = false;
        const free = await waitUntilToBeHad(name, signal, onWait);
        before = free && { lease: free, isOwn: false };
      }
      known.delete(name);
      if (before && isOfAnother(before.lease, owner)) {
        // The garbage collector may be about to delete it, with its Application that was: a new one it leaves alone.
        await leases.remove(before.lease);
        before = undefined;
        isUntouched = false;
      }
      const content = { ...contentOf(name, key), holder: identity, life, owner: owner ?? before?.lease.owner };
      let lease: Lease | undefined;
      try {
        lease = before ? await leases.replace(before.lease, content) : await leases.create(content);
      } catch (error) {
        if (!isLost(error) || losses++ === MOST_LOSSES) throw error;
      }
      if (lease) return keep(lease, isUntouched);
      const found = await leases.read(name);
      // The answer was lost, and nothing else.
      if (found?.holder === identity && found.life === life) return keep(found, isUntouched);
      isUntouched = false;
      before = found && { lease: found, isOwn: false };
    }
  }

  function isOfAnother({ owner: before }: Lease, owner: OwnerReference | undefined): boolean {
    return before !== undefined && owner !== undefined && before.uid !== owner.uid;
  }

  function keep(lease: Lease, isUntouched: boolean): TakenLease {
    known.set(lease.name, { lease, isOwn: true });
    return { lease, isUntouched };
  }

  /** The Lease as it is to be had, or undefined where there is none any more. */
  async function waitUntilToBeHad(name: string, signal: AbortSignal, onWait: () => void): Promise<Lease | undefined> {
    const view = await watch.open(signal);
    try {
      for (let round = 0; ; round++) {
        const { lease } = view.see(name);
        if (!lease || isToBeHad(lease)) return lease;
        if (round === 0) onWait();
        const leftMs = deathOf(view, lease) - elapsed();
        if (leftMs > 0) await view.change(leftMs, signal);
        else if (await buryHolder(view, lease)) return lease;
        else await view.change(times.renewMs, signal);
      }
    } finally {
      view.close();
    }
  }

  /**
   * When its holder is dead, as seen from here: when the holder's own Lease was not renewed for long enough; where that is gone or of
   * another term, when this one has stayed as it is for as long.
   */
  function deathOf(view: LeaseView, lease: Lease): number {
    const own = view.see(lease.name);
    const replica = view.see(nameOfReplica(lease.holder));
    const sinceMs = replica.lease?.life === lease.life ? replica.sinceMs : own.sinceMs;
    return sinceMs + times.durationMs;
  }

  /** False where it lives after all, or where another process takes over what it has left. */
  async function buryHolder(view: LeaseView, { holder, life }: Lease): Promise<boolean> {
    const name = nameOfReplica(holder);
    // A watch may be behind.
    const seen = view.see(name).lease;
    const replica = seen?.life === life ? seen : await leases.read(name);
    if (replica?.life !== life) return true;
    if (replica.heir !== '' && replica.heir !== identity && isAlive(view, replica.heir)) return false;
    return (await declareDead(replica)) !== undefined;
  }

  function isAlive(view: LeaseView, heir: string): boolean {
    const { lease, sinceMs } = view.see(nameOfReplica(heir));
    return lease !== undefined && sinceMs + times.durationMs > elapsed();
  }

  function release(key: string, life: string, lease: Lease | undefined): Release {
    const { promise: tried, resolve } = Promise.withResolvers<void>();
    const done = (releasing.get(key) ?? Promise.resolve())
      .then(() => free(key, life, lease, resolve))
      .finally(() => {
        resolve();
        if (releasing.get(key) === done) releasing.delete(key);
      });
    releasing.set(key, done);
    return { tried, done };
  }

  async function free(key: string, life: string, lease: Lease | undefined, onTried: () => void): Promise<void> {
    const name = await nameOfApplication(key, namespace);
    let before = lease;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        before ??= await leases.read(name);
        if (!before || before.holder !== identity || before.life !== life) return;
        const { owner } = before;
        const freed = await leases.replace(before, { ...contentOf(name, key), holder: '', life: '', owner });
        if (freed) {
          known.set(name, { lease: freed, isOwn: true });
          return;
        }
      } catch (error) {
        log.warn('the Lease of an Application could not be released; it is tried again', {
          application: key,
          reason: messageOf(error),
        });
        onTried();
        if (stopping.aborted) return;
        await delay(pauseMs);
      }
      before = undefined;
    }
  }

  function contentOf(name: string, key: string) {
    return { name, kind: 'application', application: key } as const;
  }

  return {
    take,
    release,
    learn: (found) => {
      for (const lease of found) if (!known.has(lease.name)) known.set(lease.name, { lease, isOwn: false });
    },
  };
}
