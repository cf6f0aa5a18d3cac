import { expect, it } from 'vitest';
import { createKubeClient } from '../../src/kube/client.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';
import { describeWalkThrough } from './walk-through.ts';

const cluster = connectSandbox();

describeWalkThrough(
  'a sandbox that knows no Applications, which are files',
  async () => cluster,
  async () => ({ hasFiles: true }),
);

it('leaves nothing of hawser’s in the cluster but what Applications have made', async () => {
  const client = createKubeClient(cluster, { fieldManager: 'test' });
  expect(await client.resourceFor('argoproj.io/v1alpha1', 'Application')).toBeUndefined();
  expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'argocd' })).toBeUndefined();
});
