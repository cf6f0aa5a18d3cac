// Holdings over Leases: in this process by a lock, among processes by a Lease per Application and one per process.

import { awakeMs, createAsleepTooMs, type Elapsed } from '../base/elapsed-time.ts';
import { messageOf } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Platform } from '../platform.ts';
import { createApplicationHolds } from './application-holds.ts';
import { createApplicationLeases } from './application-leases.ts';
import { createLeases, isLeaseRefused } from './lease.ts';
import { LEASE_TIMES, type LeaseTimes } from './lease-times.ts';
import { createLeaseWatch } from './lease-watch.ts';
import { createPeerLives } from './peer-lives.ts';
import { createPeers } from './peers.ts';
import { createReplicaLease } from './replica-lease.ts';
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

/** Where Leases are refused, that is tried again after this time. */
const REFUSED_MS = 60_000;

export function createHoldings(parts: HoldingsParts): SharedHoldings {
  const { home, platform, background, stopping, times = LEASE_TIMES } = parts;
  const { settings, clock, log, alarms, locks } = platform;
  const { namespace } = settings;
  const lasting = (work: Promise<unknown>) => platform.background(work);
  const randomName = () => toHex(platform.random(8));
  const identity = platform.identity ?? `hawser-${randomName()}`;
  const leases = createLeases({ home, namespace, now: () => clock.now(), durationMs: times.durationMs });
  const peers = createPeers({
    ...{ home, namespace, identity, fetch: platform.fetch, token: parts.token, elapsed: awakeMs, log },
    named: settings.peers ?? [],
  });
  const replica = createReplicaLease({
    ...{ leases, identity, newLife: randomName, times, log, background: lasting },
    elapsed: parts.elapsed ?? createAsleepTooMs(),
    onRenewed: ({ resourceVersion }) =>
      lasting(peers.tell({ kind: 'busy', identity, version: resourceVersion, forMs: times.durationMs })),
  });
  const lives = createPeerLives({ leases, identity, times, platform });
  const watch = createLeaseWatch(leases.follow, awakeMs, (reason) =>
    log.warn('the watch of the Leases has ended', { reason }),
  );
  const applications = createApplicationLeases({
    ...{ leases, identity, namespace, times, watch, elapsed: awakeMs, log, stopping },
    isDeadLife: lives.isDeadLife,
    declareDead: async (lease) => {
      const declared = await lives.declareDead(lease);
      // What else it has left is taken over by the way.
      if (declared) await alarms.set(lookAlarm(lease.holder), clock.now());
      return declared;
    },
  });
  const holds = createApplicationHolds({
    ...{ applications, replica, locks, log, stopping, background, lasting, refused },
    isAlone: () => refusedAtMs !== undefined && awakeMs() - refusedAtMs < REFUSED_MS,
    tell: (application, after) =>
      peers.tell({ kind: 'application', identity, application, ...(after !== undefined && { after }) }),
  });
  let refusedAtMs: number | undefined;

  stopping.addEventListener(
    'abort',
    () => {
      replica.stop();
      background(peers.tell({ kind: 'leaving', identity }));
    },
    { once: true },
  );

  function refused(error: unknown): boolean {
    if (!isLeaseRefused(error)) return false;
    if (refusedAtMs === undefined) {
      log.warn('hawser may not use Leases, and works as if it were alone: run no second process for this namespace', {
        reason: messageOf(error),
        hint: 'hawser install prints the rights that it needs',
      });
    }
    refusedAtMs = awakeMs();
    return true;
  }

  function busy(): () => void {
    const done = replica.occupy();
    // Whoever needs the Lease is told what keeps it from being had.
    if (refusedAtMs === undefined) lasting(replica.term().catch(refused));
    return done;
  }

  async function survey(): Promise<(peer: string) => boolean> {
    try {
      const all = await leases.list();
      applications.learn(all.filter(({ kind }) => kind === 'application'));
      for (const lease of all) {
        if (lease.holder !== identity) continue;
        // Of earlier lives: peers see by its Lease that this process goes on.
        if (lease.kind === 'replica') busy()();
        else if (holds.isFree(lease.application)) {
          holds.release(lease.application, lease.life, lease, replica.occupy());
        }
      }
      const working = await lives.lookAtAll(all);
      return (peer) => peer !== identity && !working.has(peer);
    } catch (error) {
      if (!refused(error)) throw error;
      return (peer) => peer !== identity;
    }
  }

  return {
    identity,
    hold: holds.hold,
    isFree: holds.isFree,
    announce: holds.announce,
    giveWay: holds.giveWay,
    busy,
    survey,
    isDead: lives.isDead,
    look: lives.look,
    heardOf: lives.heardOf,
    hasLeft: lives.hasLeft,
    leftBy: lives.leftBy,
    forget: lives.forget,
  };
}
