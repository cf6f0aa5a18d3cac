// Replicas that are killed, cut off and started anew at random, over connections that lose answers: at most one of them works on an
// Application at a time, and none is forgotten. HAWSER_STORM_SEED repeats a run.

import { describe, expect, it } from 'vitest';
import { delay } from '../../src/base/delay.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import type { LeaseTimes } from '../../src/operation/lease-times.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createReplica, Network, type Replica } from '../support/replicas.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const SEED = Number(process.env.HAWSER_STORM_SEED ?? Date.now() % 2 ** 31);
const STORM_MS = 5_000;
const NAMESPACE = 'argocd';
/** Between the last work of a holder and the first of another lie 300 ms: a machine that is busy with other tests may stop this one for longer than 100. */
const TIMES: LeaseTimes = { durationMs: 750, renewMs: 200, deadlineMs: 450 };
const NAMES = ['a', 'b', 'c'] as const;
const KEYS = Array.from({ length: 6 }, (_, index) => `${NAMESPACE}/app-${index}`);

interface Member {
  readonly replica: Replica;
  isCutOff: boolean;
}

describe(`a storm of losses, seed ${SEED}`, () => {
  it('lets at most one replica work on an Application, and every Application be worked on afterwards', async () => {
    const random = createRandom(SEED);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const sandbox = connectSandbox();
    const client = createKubeClient(sandbox, { fieldManager: 'test' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    const network = new Network();
    let isStormy = true;

    function start(identity: string): Member {
      const transport: ClusterTransport = {
        server: sandbox.server,
        fetch: async (path, init) => {
          if (isStormy && random() < 0.3) await delay(random() * 30);
          if (member.isCutOff) throw new TypeError('fetch failed');
          const answer = await sandbox.fetch(path, init);
          if (isStormy && random() < 0.03) throw new TypeError('fetch failed: the answer is lost');
          return answer;
        },
      };
      const options = { identity, namespace: NAMESPACE, times: TIMES, network };
      const member: Member = { replica: createReplica(transport, options), isCutOff: false };
      return member;
    }

    const fleet = new Map<string, Member>(NAMES.map((name) => [name, start(name)]));
    const dead: Replica[] = [];
    const inWork = new Map<string, number>();
    const seen = { works: 0, most: 0 };
    const endsAt = Date.now() + STORM_MS;

    async function work(name: string): Promise<void> {
      while (Date.now() < endsAt) {
        const key = pick(KEYS);
        const hold = fleet.get(name)?.replica.holdings.hold(key, async (held) => {
          await held.take();
          held.assertMine();
          inWork.set(key, (inWork.get(key) ?? 0) + 1);
          try {
            for (let step = 0; step < 3; step++) {
              // Between two looks it may be over; at a look it is not, or the work ends.
              await delay(random() * 40);
              held.assertMine();
              seen.most = Math.max(seen.most, inWork.get(key) ?? 0);
            }
            seen.works++;
          } finally {
            inWork.set(key, (inWork.get(key) ?? 0) - 1);
          }
        });
        // What is lost is what this is about.
        await hold?.catch(() => delay(20));
      }
    }

    async function storm(): Promise<void> {
      while (Date.now() < endsAt) {
        await delay(200 + random() * 500);
        const name = pick(NAMES);
        const member = fleet.get(name);
        if (!member) continue;
        if (random() < 0.5) {
          member.isCutOff = true;
          await delay(random() * 500);
          member.isCutOff = false;
        } else {
          member.replica.kill();
          dead.push(member.replica);
          await delay(random() * 600);
          const next = start(name);
          fleet.set(name, next);
          await next.replica.holdings.survey().catch(() => undefined);
        }
      }
    }

    await Promise.all([storm(), ...NAMES.flatMap((name) => [work(name), work(name), work(name)])]);
    isStormy = false;
    const all = [...fleet.values()].map(({ replica }) => replica);
    await Promise.all(KEYS.flatMap((key) => all.map(({ holdings }) => holdings.hold(key, (held) => held.take()))));
    await Promise.all([...all, ...dead].map((replica) => replica.stop()));
    expect(seen.works).toBeGreaterThan(20);
    expect(seen.most).toBe(1);
    const { items } = await client.list(
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
      { namespace: NAMESPACE, labelSelector: 'hawser.dev/lease=application' },
    );
    expect(items.map(({ spec }) => (spec as { holderIdentity?: string }).holderIdentity ?? '')).toEqual(
      KEYS.map(() => ''),
    );
  });
});

/** A linear congruence (Numerical Recipes): enough to repeat a run. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
