// The record of deliveries on a cluster: duplicates across replicas, what is open and who answers for it, what is dropped.

import { beforeAll, expect, it } from 'vitest';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { dropOldRecords } from '../../src/operation/delivery-sweep.ts';
import type { BehaviourCluster } from '../support/behaviours.ts';
import { createStore, pushOf, verdictsOf } from '../support/delivery-stores.ts';

export default function deliveryRecord(cluster: BehaviourCluster): void {
  let client: KubeClient;
  let namespace = '';

  beforeAll(async () => {
    client = createKubeClient(cluster.transport, { fieldManager: 'hawser' });
    namespace = cluster.freshNamespace('deliveries');
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });

  const storeOf = (identity: string) => createStore({ home: client, namespace, identity }).store;

  it('takes one of two deliveries that reach two replicas at the same instant, and answers the other with its record', async () => {
    const [one, two] = [storeOf('one'), storeOf('two')];
    for (let round = 0; round < 10; round++) {
      const push = await pushOf(`same-instant-${round}`);
      const opened = await Promise.all([one.open(push), two.open(push), one.open(push)]);
      expect(opened.filter(({ isNew }) => isNew)).toHaveLength(1);
      for (const answer of opened) {
        if (!answer.isNew) expect(answer.record.push).toEqual(push);
      }
    }
  });

  it('keeps what became of a delivery, for every replica to read by its key and by the Git server’s id', async () => {
    const [one, two] = [storeOf('one'), storeOf('two')];
    const push = await pushOf('kept');
    await one.open(push);
    await one.update(push.key, { applications: verdictsOf(2), notes: ['a gap was found'], left: ['argocd/app-1'] });
    for (const id of [push.key, 'kept']) {
      const [found] = await two.find(id);
      expect(found).toMatchObject({
        state: 'open',
        holder: 'one',
        left: ['argocd/app-1'],
        notes: ['a gap was found'],
        counts: { sync: 2 },
        applications: verdictsOf(2),
      });
    }
    await one.takeUnfinished(() => false);
    await one.update(push.key, { reason: 'all is well', left: [] });
    const [done] = await two.find(push.key);
    expect(done).toMatchObject({ state: 'done', reason: 'all is well', counts: { sync: 2 } });
    expect(done).not.toHaveProperty('left');
    expect(await two.find('no-such-delivery')).toEqual([]);
  });

  it('gives what a dead replica left open to exactly one of those that ask at the same instant', async () => {
    const pushes = await Promise.all(Array.from({ length: 20 }, (_, index) => pushOf(`left-open-${index}`)));
    const dead = storeOf('dead');
    for (const push of pushes) await dead.open(push);
    const replicas = [storeOf('three'), storeOf('four')];
    expect(await Promise.all(replicas.map((store) => store.takeUnfinished(() => false)))).toEqual([[], []]);
    const taken = await Promise.all(replicas.map((store) => store.takeUnfinished((holder) => holder === 'dead')));
    const keys = taken.flat().map(({ push }) => push.key);
    expect([...keys].sort()).toEqual(pushes.map(({ key }) => key).sort());
    // What the dead one still says counts no more.
    const [first] = pushes;
    if (first) await dead.update(first.key, { left: [] });
    expect((await storeOf('five').find(first?.key ?? ''))[0]?.state).toBe('open');
    await Promise.all(
      taken.flatMap((records, index) => records.map(({ push }) => replicas[index]?.update(push.key, { left: [] }))),
    );
    expect((await storeOf('five').find(first?.key ?? ''))[0]?.state).toBe('done');
  });

  it('drops finished records beyond the newest in bulk, and never an open one', async () => {
    const fresh = cluster.freshNamespace('dropping');
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: fresh } });
    const { store } = createStore({ home: client, namespace: fresh, identity: 'one' });
    const pushes = await Promise.all(Array.from({ length: 350 }, (_, index) => pushOf(`many-${index}`)));
    for (let from = 0; from < pushes.length; from += 50) {
      await Promise.all(pushes.slice(from, from + 50).map((push) => store.open(push)));
    }
    const [open, ...finished] = pushes;
    await Promise.all(finished.map(({ key }) => store.update(key, { left: [] })));
    const countDone = async () => {
      await dropOldRecords(client, fresh, 120);
      return (await store.list(1_000)).filter(({ state }) => state === 'done').length;
    };
    // What a busy API server has not taken yet is in the journal, and dropped later.
    await expect.poll(countDone).toBeLessThan(250);
    expect(await countDone()).toBeGreaterThanOrEqual(120);
    const left = await store.list(1_000);
    expect(left.filter(({ state }) => state === 'open').map(({ push }) => push.key)).toEqual([open?.key]);
  });
}
