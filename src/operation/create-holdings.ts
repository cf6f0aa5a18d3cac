// Holdings over Leases: in this process by a lock, among processes by a Lease per Application and one per process.

import { awakeMs, createAsleepTooMs, type Elapsed } from '../base/elapsed-time.ts';
import { messageOf } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { OwnerReference } from '../kube/object.ts';
import type { Platform } from '../platform.ts';
import { createApplicationLeases } from './application-leases.ts';
import type { Held, Taken } from './holding.ts';
import { createLeases, isLeaseRefused, type Lease, nameOfReplica } from './lease.ts';
import { LEASE_TIMES, type LeaseTimes } from './lease-times.ts';
import { createLeaseWatch } from './lease-watch.ts';
import { createPeers } from './peers.ts';
import { createReplicaLease, type Term } from './replica-lease.ts';
import { lookAlarm, type SharedHoldings } from './replicas.ts';

export interface HoldingsParts {
  readonly home: KubeClient;
  readonly platform: Pick<
    Platform,
    'settings' | 'clock' | 'log' | 'alarms' | 'locks' | 'fetch' | 'random' | 'identity' | 'background'
  >;
  /** Work that has an end of its own, which somebody may wait for. */
  readonly background: (work: Promise<unknown>) => void;
  /** For what is told to peers. */
  readonly token: () => Promise<string>;
  /** The process is to end. */
  readonly stopping: AbortSignal;
  readonly times?: LeaseTimes;
  /** For tests: a process that stands still. */
  readonly elapsed?: Elapsed;
}

/** Of an Application that this process works on, or is about to. */
interface Hold {
  /** Works that run or wait. */
  count: number;
  /** Kept between two works. */
  kept?: { readonly term: Term; readonly lease: Lease; readonly done: () => void };
  isWantedElsewhere: boolean;
  isWaiting: boolean;
}

/** Where Leases are refused, that is tried again after this time. */
const REFUSED_MS = 60_000;
/** The alarm comes a little later than what it looks for. */
const LATE_MS = 100;

export function createHoldings(parts: HoldingsParts): SharedHoldings {
  const { home, platform, background, stopping, times = LEASE_TIMES } = parts;
  const { settings, clock, log, alarms, locks } = platform;
  const { namespace } = settings;
  const randomName = () => Array.from(platform.random(8), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const identity = platform.identity ?? `hawser-${randomName()}`;
  const leases = createLeases({ home, namespace, now: () => clock.now(), durationMs: times.durationMs });
  const peers = createPeers({
    ...{ home, namespace, identity, fetch: platform.fetch, token: parts.token, elapsed: awakeMs, log },
    named: settings.peers ?? [],
  });
  const replica = createReplicaLease({
    ...{ leases, identity, newLife: randomName, times, log, background: (work) => platform.background(work) },
    elapsed: parts.elapsed ?? createAsleepTooMs(),
    onRenewed: ({ resourceVersion }) =>
      platform.background(peers.tell({ kind: 'busy', identity, version: resourceVersion, forMs: times.durationMs })),
  });
  /** Lives that this process has declared to be over. */
  const deadLives = new Set<string>();
  const dead = new Set<string>();
  const watch = createLeaseWatch(leases.follow, awakeMs, (reason) =>
    log.warn('the watch of the Leases has ended', { reason }),
  );
  const applications = createApplicationLeases({
    ...{ leases, identity, namespace, times, watch, elapsed: awakeMs, log, stopping },
    isDeadLife: (life) => deadLives.has(life),
    declareDead: async (lease) => {
      const declared = await declareDead(lease);
      // What else it has left is taken over by the way.
      if (declared) await alarms.set(lookAlarm(lease.holder), clock.now());
      return declared;
    },
  });
  const holds = new Map<string, Hold>();
  /** The newest commit that a push named, of Applications that this process is about to work on. */
  const announced = new Map<string, string>();
  /** When a peer's Lease was first seen at its version. */
  const peersSeen = new Map<string, { readonly version: string; readonly untilMs: number }>();
  const left = new Set<string>();
  let refusedAtMs: number | undefined;

  stopping.addEventListener(
    'abort',
    () => {
      replica.stop();
      background(peers.tell({ kind: 'leaving', identity }));
    },
    { once: true },
  );

  function hold<T>(key: string, work: (held: Held) => Promise<T>): Promise<T> {
    const own: Hold = holds.get(key) ?? { count: 0, isWantedElsewhere: false, isWaiting: false };
    holds.set(key, own);
    own.count++;
    return locks.run(key, async () => {
      const held = createHeld(key, own);
      try {
        return await work(held);
      } finally {
        own.count--;
        held.end();
        if (own.count === 0) {
          holds.delete(key);
          announced.delete(key);
        }
      }
    });
  }

  function createHeld(key: string, own: Hold): Held & { end(): void } {
    const lost = new AbortController();
    let term: Term | undefined;
    let taking: Promise<Taken> | undefined;
    const lose = () => lost.abort(term?.signal.reason);

    function follow(next: Term): void {
      term?.signal.removeEventListener('abort', lose);
      term = next;
      if (next.signal.aborted) lose();
      else next.signal.addEventListener('abort', lose, { once: true });
    }

    return {
      signal: lost.signal,
      assertMine: () => {
        lost.signal.throwIfAborted();
        term?.assertLives();
        lost.signal.throwIfAborted();
      },
      take: (owner) => {
        taking ??= takeLease(key, own, ownerOf(key, owner?.uid), follow);
        return taking;
      },
      end: () => {
        term?.signal.removeEventListener('abort', lose);
        if (own.count === 0 || own.isWantedElsewhere) letGo(key, own);
      },
    };
  }

  async function takeLease(
    key: string,
    own: Hold,
    owner: OwnerReference | undefined,
    follow: (term: Term) => void,
  ): Promise<Taken> {
    const { kept } = own;
    if (kept && !kept.term.signal.aborted) {
      follow(kept.term);
      return { isUntouched: true };
    }
    letGo(key, own);
    if (refusedAtMs !== undefined && awakeMs() - refusedAtMs < REFUSED_MS) return { isUntouched: true };
    const done = replica.occupy();
    let isUntouched = true;
    try {
      for (;;) {
        stopping.throwIfAborted();
        // The term comes first: whoever sees the Application's Lease can tell by it whether its holder lives.
        const term = await replica.term();
        const taken = await takeIn(term, key, own, owner);
        if (taken) {
          own.kept = { term, lease: taken.lease, done };
          follow(term);
          return { isUntouched: isUntouched && taken.isUntouched };
        }
        isUntouched = false;
      }
    } catch (error) {
      done();
      if (!isLeaseRefused(error)) throw error;
      goOnAlone(error);
      return { isUntouched: true };
    } finally {
      own.isWaiting = false;
    }
  }

  /** undefined when the term has ended meanwhile. */
  async function takeIn(term: Term, key: string, own: Hold, owner: OwnerReference | undefined) {
    const { life } = term;
    try {
      const signal = AbortSignal.any([term.signal, stopping]);
      return await applications.take({ key, life, owner, signal, onWait: () => waitFor(key, own) });
    } catch (error) {
      // It may be stored all the same: the answer was lost.
      if (!isLeaseRefused(error)) letGoInBackground(key, life, undefined, replica.occupy());
      if (term.signal.aborted && !stopping.aborted) return undefined;
      throw error;
    }
  }

  /** The holder is asked to give way to what is newer. */
  function waitFor(key: string, own: Hold): void {
    own.isWaiting = true;
    log.info('another process works on the Application; its end is waited for', { application: key });
    platform.background(tellOf(key));
  }

  function tellOf(application: string): Promise<void> {
    const after = announced.get(application);
    return peers.tell({ kind: 'application', identity, application, ...(after !== undefined && { after }) });
  }

  function letGo(key: string, own: Hold): void {
    const { kept } = own;
    delete own.kept;
    own.isWantedElsewhere = false;
    if (kept) letGoInBackground(key, kept.term.life, kept.lease, kept.done);
  }

  function letGoInBackground(key: string, life: string, lease: Lease | undefined, done: () => void): void {
    const release = applications.release(key, life, lease);
    background(release.tried);
    platform.background(release.done.finally(done));
  }

  function goOnAlone(error: unknown): void {
    if (refusedAtMs === undefined) {
      log.warn('hawser may not use Leases, and works as if it were alone: run no second process for this namespace', {
        reason: messageOf(error),
        hint: 'hawser install prints the Role that it needs',
      });
    }
    refusedAtMs = awakeMs();
  }

  async function declareDead(lease: Lease): Promise<Lease | undefined> {
    const { name, holder, life } = lease;
    const declared = await leases.replace(lease, { name, kind: 'replica', holder, life, heir: identity });
    if (!declared) return undefined;
    log.warn('another replica is dead; what it worked on is taken over', { replica: holder });
    deadLives.add(life);
    dead.add(holder);
    return declared;
  }

  async function lookIn(peer: string, version: string, forMs: number): Promise<void> {
    peersSeen.set(peer, { version, untilMs: awakeMs() + forMs });
    await alarms.set(lookAlarm(peer), clock.now() + forMs + LATE_MS);
  }

  /** The dead one and those whose heir it was, by what their Leases say now: identity → its replica Lease. */
  function deadBy(all: readonly Lease[], peer: string): ReadonlyMap<string, Lease> {
    const replicas = all.filter(({ kind, heir }) => kind === 'replica' && heir !== '');
    const found = new Map<string, Lease>();
    for (const lease of replicas) if (lease.holder === peer && lease.heir === identity) found.set(peer, lease);
    for (let size = 0; size !== found.size; ) {
      size = found.size;
      for (const lease of replicas)
        if (found.has(lease.heir) && lease.holder !== identity) found.set(lease.holder, lease);
    }
    return found;
  }

  async function survey(): Promise<(peer: string) => boolean> {
    const busyPeers = new Set<string>();
    try {
      const all = await leases.list();
      applications.learn(all.filter(({ kind }) => kind === 'application'));
      for (const lease of all) {
        const isOwn = lease.holder === identity;
        if (lease.kind === 'application') {
          if (isOwn && !holds.has(lease.application)) {
            letGoInBackground(lease.application, lease.life, lease, replica.occupy());
          }
        } else if (isOwn) {
          // Of an earlier life: peers see that it goes on.
          platform.background(replica.term().finally(replica.occupy()));
        } else if (lease.heir === identity) {
          // Begun in an earlier life, or just now.
          await alarms.set(lookAlarm(lease.holder), clock.now());
        } else {
          busyPeers.add(lease.holder);
          await lookIn(lease.holder, lease.resourceVersion, times.durationMs);
        }
      }
    } catch (error) {
      if (!isLeaseRefused(error)) throw error;
      goOnAlone(error);
    }
    return (peer) => peer !== identity && !busyPeers.has(peer);
  }

  async function look(peer: string): Promise<boolean> {
    const lease = await leases.read(nameOfReplica(peer));
    if (!lease) {
      peersSeen.delete(peer);
      if (left.delete(peer)) dead.add(peer);
      return dead.has(peer);
    }
    if (lease.heir === identity) return true;
    const seen = peersSeen.get(peer);
    const leftMs = seen?.version === lease.resourceVersion ? seen.untilMs - awakeMs() : times.durationMs;
    if (leftMs > 0) {
      await (seen?.version === lease.resourceVersion
        ? alarms.set(lookAlarm(peer), clock.now() + leftMs + LATE_MS)
        : lookIn(peer, lease.resourceVersion, leftMs));
      return false;
    }
    // Its heir is looked at by itself.
    if (lease.heir !== '' && (await leases.read(nameOfReplica(lease.heir)))) {
      await lookIn(peer, lease.resourceVersion, times.durationMs);
      return false;
    }
    if (await declareDead(lease)) return true;
    await lookIn(peer, '', times.durationMs);
    return false;
  }

  return {
    identity,
    hold,
    isFree: (key) => !holds.has(key),
    isDead: (peer) => dead.has(peer),
    announce: async (key, after) => {
      announced.set(key, after);
      if (holds.get(key)?.isWaiting) await tellOf(key);
    },
    busy: () => {
      const done = replica.occupy();
      if (refusedAtMs === undefined) {
        platform.background(
          replica.term().catch((error: unknown) => {
            if (isLeaseRefused(error)) goOnAlone(error);
          }),
        );
      }
      return done;
    },
    survey,
    look,
    giveWay: (key) => {
      const own = holds.get(key);
      if (own) own.isWantedElsewhere = true;
    },
    heardOf: async ({ identity: peer, version, forMs }) => {
      if (peer === identity) return;
      dead.delete(peer);
      left.delete(peer);
      await lookIn(peer, version, forMs);
    },
    hasLeft: async (peer) => {
      if (peer === identity) return;
      left.add(peer);
      await alarms.set(lookAlarm(peer), clock.now() + times.durationMs);
    },
    leftBy: async (peer) => {
      const all = await leases.list();
      const gone = deadBy(all, peer);
      return all.flatMap(({ kind, holder, application }) =>
        kind === 'application' && gone.has(holder) ? [application] : [],
      );
    },
    forget: async (peer) => {
      dead.delete(peer);
      const all = await leases.list();
      const gone = deadBy(all, peer);
      for (const { name, kind, holder, application, owner, ...lease } of all) {
        if (kind === 'application' && gone.has(holder)) {
          await leases.replace(lease, { name, kind, holder: '', life: '', application, owner });
        }
      }
      for (const lease of gone.values()) await leases.remove(lease);
    },
  };
}

function ownerOf(key: string, uid: string | undefined): OwnerReference | undefined {
  if (uid === undefined) return undefined;
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', name: key.slice(key.indexOf('/') + 1), uid };
}
