// A change of managedNamespaceMetadata alone: the Application is OutOfSync until a sync has written it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  const namespace = cluster.freshNamespace('labelled');
  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  });
  afterAll(async () => ground.close());

  it('turns the Application OutOfSync, and automated sync acts on it', async () => {
    const repository = await ground.createRepository('devops/labelled', {
      'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    });
    const syncOptions = ['CreateNamespace=true'];
    await ground.createApplication({
      name: 'labelled',
      path: '.',
      repository,
      destinationNamespace: namespace,
      syncOptions,
    });
    await ground.sync('labelled');
    const patch = async (syncPolicy: Record<string, Json>) => {
      const ref = {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        namespace: ground.namespace,
        name: 'labelled',
      };
      await ground.client.patch(ref, { spec: { syncPolicy } }, { type: 'merge' });
    };
    const labels = async () =>
      (await ground.client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }))?.metadata.labels;

    await patch({ managedNamespaceMetadata: { labels: { team: 'a' } } });
    await ground.refresh('labelled');
    expect((await ground.application('labelled')).status.sync?.status).toBe('OutOfSync');
    const { status } = await ground.sync('labelled');
    expect(status.sync?.status).toBe('Synced');
    expect(status.operationState?.syncResult?.managedNamespaceMetadata).toEqual({ labels: { team: 'a' } });
    expect(await labels()).toMatchObject({ team: 'a' });

    await patch({ automated: {}, managedNamespaceMetadata: { labels: { team: 'b' } } });
    await ground.refresh('labelled');
    expect((await ground.application('labelled')).status.sync?.status).toBe('Synced');
    expect(await labels()).toMatchObject({ team: 'b' });
  });
};

export default behaviour;
