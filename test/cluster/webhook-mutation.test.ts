// Admission that changes objects on its own account: no difference, however often it would do so again. A policy of the API server
// stands for webhooks: both change an object at the same point, and own nothing of it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { type CompareInput, compareTargets } from '../../src/compare/compare.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const ADMISSION = 'admissionregistration.k8s.io/v1';
const NAMESPACE = `mutation-${Date.now().toString(36)}`;
const missing = missingCluster();
if (missing) console.warn(`SKIPPED: mutations on a real API server: ${missing}`);

const deployment = (image: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
});

const POLICY = {
  matchConstraints: {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': NAMESPACE } },
    resourceRules: [
      { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] },
    ],
  },
  failurePolicy: 'Fail',
  reinvocationPolicy: 'Never',
  mutations: [
    {
      patchType: 'ApplyConfiguration',
      applyConfiguration: {
        expression:
          'Object{metadata: Object.metadata{labels: {"event": "policy"}}, spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{name: "injected", image: "side:1"}]}}}}',
      },
    },
  ],
};

describe.skipIf(missing)('what admission changes on a real API server', () => {
  let cluster: RealCluster;
  let client: KubeClient;
  beforeAll(async () => {
    cluster = await startRealCluster();
    client = createKubeClient(cluster.transport, { fieldManager: 'hawser' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  });
  afterAll(async () => {
    for (const kind of ['MutatingAdmissionPolicyBinding', 'MutatingAdmissionPolicy']) {
      await client?.remove({ apiVersion: ADMISSION, kind, name: NAMESPACE });
    }
    await cluster?.stop();
  });

  const compare = (image: string, more: Partial<CompareInput> = {}) =>
    compareTargets({
      client,
      instance: 'app',
      targets: [deployment(image)],
      inventory: [],
      destinationNamespace: NAMESPACE,
      fresh: true,
      ...more,
    });
  const containersOf = (object: unknown) => at(object, 'spec', 'template', 'spec', 'containers');

  it('is no difference, unless it is asked for', async () => {
    const [{ target } = {}] = (await compare('nginx:1')).differences;
    if (!target) throw new Error('nothing to apply');
    await client.apply(target);
    await client.create({
      apiVersion: ADMISSION,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: NAMESPACE },
      spec: POLICY,
    });
    await client.create({
      apiVersion: ADMISSION,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: NAMESPACE },
      spec: { policyName: NAMESPACE },
    });
    await expect
      .poll(async () => (await client.apply(target, { dryRun: true })).metadata.labels, { timeout: 60_000 })
      .toEqual({ event: 'policy' });

    expect((await compare('nginx:1', { fresh: false })).status).toBe('Synced');
    expect((await compare('nginx:1')).status).toBe('Synced');
    expect((await compare('nginx:1', { compareOptions: ['IncludeMutationWebhook=true'] })).status).toBe('OutOfSync');
  });

  it('is left out of what Git changes, and is no difference once it is there', async () => {
    const { status, differences } = await compare('nginx:2');
    expect(status).toBe('OutOfSync');
    expect(containersOf(differences[0]?.predicted)).toMatchObject([{ name: 'web', image: 'nginx:2' }]);

    const written = await client.apply(differences[0]?.target ?? deployment('nginx:2'));
    expect(containersOf(written)).toMatchObject([{ name: 'web' }, { name: 'injected' }]);
    expect((await compare('nginx:2')).status).toBe('Synced');
  });
});
