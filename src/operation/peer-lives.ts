// Whether the other replicas live, as far as this one has seen it on its own clock, and what those have left that do not.

import { awakeMs } from '../base/elapsed-time.ts';
import type { Platform } from '../platform.ts';
import { type Lease, type Leases, nameOfReplica } from './lease.ts';
import type { LeaseTimes } from './lease-times.ts';
import { lookAlarm, type PeerMessage } from './replicas.ts';

export interface PeerLives {
  /** This process has found it dead. */
  isDead(peer: string): boolean;
  /** The same of one term of it. */
  isDeadLife(life: string): boolean;
  /** Says so in its Lease, where that is still as it was read: undefined where it is not. */
  declareDead(replica: Lease): Promise<Lease | undefined>;
  /** The peers that work, by all Leases as they are now; each of them is looked at again. */
  lookAtAll(all: readonly Lease[]): Promise<ReadonlySet<string>>;
  heardOf(message: PeerMessage & { readonly kind: 'busy' }): Promise<void>;
  hasLeft(peer: string): Promise<void>;
  look(peer: string): Promise<boolean>;
  leftBy(peer: string): Promise<readonly string[]>;
  forget(peer: string): Promise<void>;
}

export interface PeerLivesParts {
  readonly leases: Leases;
  readonly identity: string;
  readonly times: LeaseTimes;
  readonly platform: Pick<Platform, 'clock' | 'alarms' | 'log'>;
}

/** The alarm comes a little later than what it looks for. */
const LATE_MS = 100;

export function createPeerLives({ leases, identity, times, platform }: PeerLivesParts): PeerLives {
  const { clock, alarms, log } = platform;
  const dead = new Set<string>();
  const deadLives = new Set<string>();
  /** Until when a peer's Lease may stay at its version. */
  const seen = new Map<string, { readonly version: string; readonly untilMs: number }>();
  const left = new Set<string>();

  async function lookIn(peer: string, version: string, forMs: number): Promise<void> {
    seen.set(peer, { version, untilMs: awakeMs() + forMs });
    await alarms.set(lookAlarm(peer), clock.now() + forMs + LATE_MS);
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

  async function look(peer: string): Promise<boolean> {
    const lease = await leases.read(nameOfReplica(peer));
    if (!lease) {
      seen.delete(peer);
      if (left.delete(peer)) dead.add(peer);
      return dead.has(peer);
    }
    if (lease.heir === identity) return true;
    const before = seen.get(peer);
    const isSame = before?.version === lease.resourceVersion;
    const leftMs = isSame ? before.untilMs - awakeMs() : times.durationMs;
    if (leftMs > 0) {
      await lookIn(peer, lease.resourceVersion, leftMs);
      return false;
    }
    // An heir is looked at by itself.
    const hasLivingHeir = lease.heir !== '' && (await leases.read(nameOfReplica(lease.heir))) !== undefined;
    if (!hasLivingHeir && (await declareDead(lease))) return true;
    await lookIn(peer, lease.resourceVersion, times.durationMs);
    return false;
  }

  /** The replica Leases of the dead one and of those whose heir it was. */
  function deadBy(all: readonly Lease[], peer: string): ReadonlyMap<string, Lease> {
    const declared = all.filter(({ kind, heir }) => kind === 'replica' && heir !== '');
    const own = declared.find(({ holder, heir }) => holder === peer && heir === identity);
    const found = new Map(own && [[peer, own]]);
    for (let size = 0; size !== found.size; ) {
      size = found.size;
      for (const lease of declared) {
        if (found.has(lease.heir) && lease.holder !== identity) found.set(lease.holder, lease);
      }
    }
    return found;
  }

  return {
    isDead: (peer) => dead.has(peer),
    isDeadLife: (life) => deadLives.has(life),
    declareDead,
    look,
    lookAtAll: async (all) => {
      const busy = new Set<string>();
      for (const { kind, holder, heir, resourceVersion } of all) {
        if (kind !== 'replica' || holder === identity) continue;
        // Taken over in an earlier life of this process, or just now.
        if (heir === identity) await alarms.set(lookAlarm(holder), clock.now());
        else {
          busy.add(holder);
          await lookIn(holder, resourceVersion, times.durationMs);
        }
      }
      return busy;
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
        if (kind !== 'application' || !gone.has(holder)) continue;
        await leases.replace(lease, { name, kind, holder: '', life: '', application, owner });
      }
      for (const lease of gone.values()) await leases.remove(lease);
    },
  };
}
