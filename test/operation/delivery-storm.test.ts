// Three replicas record deliveries while requests and answers are lost and processes die: whatever was acknowledged is in the record once,
// and is finished in the end.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { RECORD_SELECTOR, STATE_LABEL } from '../../src/operation/delivery-config-map.ts';
import type { DeliveryRecord, DeliveryStore } from '../../src/operation/delivery-store.ts';
import type { Push } from '../../src/operation/push.ts';
import type { Journal } from '../../src/platform.ts';
import { createChance } from '../crash/random.ts';
import { createStore, memoryJournal, pushOf, verdictsOf } from '../support/delivery-stores.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const NAMESPACE = 'argocd';
const DELIVERIES = 120;
const REPLICAS = ['one', 'two', 'three'];

interface Life {
  readonly store: DeliveryStore;
  /** From then on it reaches nothing, as a process that was killed. */
  kill(): Promise<void>;
  readonly isDead: () => boolean;
}

describe.each([21, 24])('deliveries in a storm of seed %i', (seed) => {
  it('are each recorded once, and finished', { timeout: 60_000 }, async () => {
    const { next: random } = createChance(seed);
    const transport = connectSandbox();
    const calm = createKubeClient(transport, { fieldManager: 'hawser' });
    await calm.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    let isStormy = true;
    const journals = REPLICAS.map(() => memoryJournal());
    const works: Promise<void>[] = [];

    function live(replica: number): Life {
      let isDead = false;
      const home: KubeClient = createKubeClient(
        {
          server: transport.server,
          fetch: async (path, init) => {
            await sleep(random() * 3);
            if (isDead || (isStormy && random() < 0.08)) throw new TypeError('fetch failed');
            const response = await transport.fetch(path, init);
            if (isDead || (isStormy && random() < 0.08)) throw new TypeError('socket hang up');
            return response;
          },
        },
        { fieldManager: 'hawser' },
      );
      const kept = journals[replica] ?? memoryJournal();
      const journal: Journal = {
        put: async (...args) => {
          if (isDead) throw new Error('killed');
          await kept.put(...args);
        },
        remove: async (id) => {
          if (isDead) throw new Error('killed');
          await kept.remove(id);
        },
        list: kept.list,
      };
      const { store, stop } = createStore({ home, namespace: NAMESPACE, identity: REPLICAS[replica] ?? '', journal });
      return {
        store,
        isDead: () => isDead,
        kill: async () => {
          isDead = true;
          await stop();
        },
      };
    }

    async function work({ store, isDead }: Life, { push }: Pick<DeliveryRecord, 'push'>): Promise<void> {
      await sleep(random() * 20);
      const verdicts = store.update(push.key, { applications: verdictsOf(2) });
      await sleep(random() * 20);
      const left = isStormy && random() < 0.2 ? ['argocd/app-1'] : [];
      await Promise.allSettled([verdicts, isDead() ? undefined : store.update(push.key, { left })]);
    }

    const lives = REPLICAS.map((_, replica) => live(replica));
    const acknowledged = new Map<string, Push>();
    for (let number = 0; number < DELIVERIES; number++) {
      const push = await pushOf(`storm-${number}`);
      const replica = Math.floor(random() * REPLICAS.length);
      // Some come twice, to any replica.
      for (const target of random() < 0.3 ? [replica, Math.floor(random() * REPLICAS.length)] : [replica]) {
        const life = lives[target];
        if (!life) continue;
        works.push(
          life.store.open(push).then(
            async ({ isNew }) => {
              if (life.isDead()) return;
              acknowledged.set(push.key, push);
              if (isNew) await work(life, { push });
            },
            () => undefined,
          ),
        );
      }
      await sleep(random() * 6);
      if (random() < 0.04) {
        const killed = lives[replica];
        lives[replica] = live(replica);
        await killed?.kill();
      }
    }
    isStormy = false;
    await Promise.all(works);
    await expect
      .poll(
        async () => {
          for (const life of lives) {
            const taken = await life.store.takeUnfinished(() => false).catch(() => []);
            await Promise.all(taken.map((record) => work(life, record)));
          }
          return (await open()) + journals.reduce((sum, { records }) => sum + records.size, 0);
        },
        { timeout: 30_000, interval: 200 },
      )
      .toBe(0);

    async function open(): Promise<number> {
      const labelSelector = `${RECORD_SELECTOR},${STATE_LABEL}=open`;
      return (await calm.list({ apiVersion: 'v1', kind: 'ConfigMap' }, { namespace: NAMESPACE, labelSelector })).items
        .length;
    }

    expect(acknowledged.size).toBeGreaterThan(DELIVERIES * 0.5);
    const reader = createStore({ home: calm, namespace: NAMESPACE, identity: 'reader' }).store;
    for (const { key } of acknowledged.values()) {
      expect(await reader.find(key)).toMatchObject([{ state: 'done', counts: { sync: 2 } }]);
    }
    for (const life of lives) await life.kill();
  });
});
