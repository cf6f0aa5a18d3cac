// What was seen of repositories, on a cluster: replicas that write it at the same instant, and a push that nobody was told of.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { parseApplication } from '../../src/application/parse.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { addressesOf, type Push } from '../../src/operation/push.ts';
import type { RefsSeen } from '../../src/operation/refs-seen.ts';
import { createRefsSeen } from '../../src/operation/refs-seen-record.ts';
import { repositoriesInUse } from '../../src/operation/repositories-in-use.ts';
import type { BehaviourCluster } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const REPOSITORY = 'https://git.example.com/team/deploy';

export default function catchUp(cluster: BehaviourCluster): void {
  let client: KubeClient;
  let namespace = '';
  const grounds: Ground[] = [];

  beforeAll(async () => {
    client = createKubeClient(cluster.transport, { fieldManager: 'hawser' });
    namespace = cluster.freshNamespace('seen');
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });
  afterAll(async () => {
    for (const ground of grounds) await ground.close();
  });

  /** As one of several replicas has it. */
  function replica(): RefsSeen {
    const app = applicationManifest({
      ...{ name: 'app', namespace, repoURL: REPOSITORY, path: '.', destinationNamespace: 'app' },
      targetRevision: 'main',
    });
    const inUse = repositoriesInUse([parseApplication(app)]);
    return createRefsSeen({
      ...{ home: client, namespace, clock: Date, addressesOf, inUse: () => inUse, patienceMs: 10 },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      background: () => undefined,
      stopping: new AbortController().signal,
    });
  }

  function push(ref: string, before: number, after: number): Push {
    const commit = (number: number) => String(number).padStart(40, '0');
    return {
      ...{ kind: 'git', key: `${ref}${after}`, deliveryId: String(after), provider: 'gitea', ref },
      ...{ webUrls: [REPOSITORY], otherUrls: [], before: commit(before), after: commit(after) },
    };
  }

  it('loses nothing of what several replicas note and write at the same instant', async () => {
    const replicas = [replica(), replica(), replica()];
    for (let round = 1; round <= 5; round++) {
      await Promise.all(replicas.map((one, index) => one.note(push(`refs/heads/main-${index}`, round, round + 1))));
      await Promise.all(replicas.map((one) => one.flush()));
    }
    const later = replica();
    for (const index of [0, 1, 2]) expect(await later.note(push(`refs/heads/main-${index}`, 6, 7))).toBeUndefined();
    expect(await later.note(push('refs/heads/main-1', 9, 10))).toMatchObject({ ref: 'refs/heads/main-1' });
  });

  it('a push that came while no process ran is found by the next one, and its Application follows', async () => {
    const ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
    grounds.push(ground);
    const of = (value: string) => ({
      'app/settings.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  of: ${value}\n`,
    });
    const repository = await ground.createRepository('team/missed', of('first'));
    const destinationNamespace = cluster.freshNamespace('missed');
    await ground.createApplication({ name: 'missed', repository, path: 'app', destinationNamespace, automated: {} });
    await ground.refresh('missed');
    await ground.restart();
    await ground.commit(repository, of('second'));
    ground.clock.moveTo(ground.clock.now() + 3_600_000);
    await ground.restart();
    await ground.hawser.idle();
    const found = await ground.get('v1', 'ConfigMap', destinationNamespace, 'settings');
    expect(found?.data).toEqual({ of: 'second' });
  });
}
