// A replica count that an autoscaler sets: Git's number is no difference then, and no sync resets it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const deployment = (image: string, replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "${image}"}]}
`;

const AUTOSCALER = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 9 },
};

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  async function deploy(name: string, files: Record<string, string>, syncOptions: readonly string[] = []) {
    const namespace = cluster.freshNamespace(name);
    const repository = await ground.createRepository(`devops/${name}`, files);
    await ground.createApplication({
      name,
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions: ['CreateNamespace=true', ...syncOptions],
    });
    await ground.refresh(name);
    await ground.sync(name);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
    return {
      namespace,
      /** As the autoscaler's controller, or a person with kubectl, writes it. */
      scale: (replicas: number, fieldManager: string) =>
        ground.client.patch(ref, { spec: { replicas } }, { type: 'merge', subresource: 'scale', fieldManager }),
      live: () => ground.client.get(ref),
      push: async (files: Record<string, string>) => {
        await ground.push(repository, files);
        await ground.application(name);
        await ground.sync(name);
      },
      status: async () => {
        await ground.refresh(name);
        return (await ground.application(name)).status.sync?.status;
      },
    };
  }
  const replicasOf = (object: unknown) => at(object, 'spec', 'replicas');
  const imageOf = (object: unknown) => at(object, 'spec', 'template', 'spec', 'containers', 0, 'image');

  it('leaves the count to an autoscaler of Git, in comparisons and in syncs', async () => {
    const autoscaler = `${JSON.stringify(AUTOSCALER)}\n`;
    const app = await deploy('hpa-in-git', { 'hpa.json': autoscaler, 'web.yaml': deployment('nginx:1', 2) });
    expect(replicasOf(await app.live())).toBe(2);

    await app.scale(5, 'kube-controller-manager');
    expect(await app.status()).toBe('Synced');
    await app.push({ 'web.yaml': deployment('nginx:2', 2) });

    const live = await app.live();
    expect([replicasOf(live), imageOf(live)]).toEqual([5, 'nginx:2']);
    expect(await app.status()).toBe('Synced');
  });

  it('leaves it to an autoscaler that Git does not know, also before its first change', async () => {
    const app = await deploy('hpa-live', { 'web.yaml': deployment('nginx:1', 3) });
    await ground.client.create({ ...AUTOSCALER, metadata: { name: 'web', namespace: app.namespace } });

    await app.push({ 'web.yaml': deployment('nginx:2', 4) });
    let live = await app.live();
    expect([replicasOf(live), imageOf(live)]).toEqual([3, 'nginx:2']);

    await app.scale(7, 'kube-controller-manager');
    await app.push({ 'web.yaml': deployment('nginx:3', 4) });
    live = await app.live();
    expect([replicasOf(live), imageOf(live)]).toEqual([7, 'nginx:3']);
    expect(await app.status()).toBe('Synced');
  });

  it.each(['ServerSideApply=false', 'Replace=true'])('leaves it as it is with %s, too', async (option) => {
    const name = `hpa-${option.toLowerCase().replace('=', '-')}`;
    const app = await deploy(name, { 'web.yaml': deployment('nginx:1', 3) }, [option]);
    await ground.client.create({ ...AUTOSCALER, metadata: { name: 'web', namespace: app.namespace } });
    await app.scale(6, 'kube-controller-manager');
    await app.push({ 'web.yaml': deployment('nginx:2', 3) });
    const live = await app.live();
    expect([replicasOf(live), imageOf(live)]).toEqual([6, 'nginx:2']);
    expect(await app.status()).toBe('Synced');
  });

  it('counts it where no autoscaler does it: what a person has scaled is OutOfSync, and a sync restores it', async () => {
    const app = await deploy('no-hpa', { 'web.yaml': deployment('nginx:1', 2) });
    await app.scale(6, 'kubectl');
    expect(await app.status()).toBe('OutOfSync');
    await ground.sync('no-hpa');
    expect(replicasOf(await app.live())).toBe(2);
  });
};

export default behaviour;
