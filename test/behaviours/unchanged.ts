// Objects that are as Git says: Synced whatever their kind, and after the first dry run a read each is enough to know.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CompareInput, compareTargets } from '../../src/compare/compare.ts';
import { resourceStatuses } from '../../src/compare/resource-status.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { refOf } from '../../src/kube/resource.ts';
import type { Behaviour } from '../support/behaviours.ts';

const object = (apiVersion: string, kind: string, fields: object, name = 'web'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...fields,
});

const SELECTOR = { selector: { matchLabels: { app: 'web' } } };
const POD = {
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [
      { name: 'web', image: 'nginx', resources: { limits: { cpu: '1000m' } }, ports: [{ containerPort: 80 }] },
    ],
  },
};
const ONCE = { spec: { ...POD.spec, restartPolicy: 'Never' } };
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } };
const RULES = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];

/** In forms that the API server does not keep: quantities, defaults, text of Secrets. */
const OBJECTS: readonly KubeObject[] = [
  object('v1', 'ConfigMap', { data: { a: 'b' } }),
  object('v1', 'Secret', { stringData: { a: 'b' } }),
  object('v1', 'ServiceAccount', {}),
  object('v1', 'Service', { spec: { ports: [{ port: 80 }], selector: { app: 'web' } } }),
  object('v1', 'PersistentVolumeClaim', { spec: CLAIM }),
  object('v1', 'ResourceQuota', { spec: { hard: { pods: '100' } } }),
  object('v1', 'LimitRange', { spec: { limits: [{ type: 'Container', default: { cpu: '2000m' } }] } }),
  object('apps/v1', 'Deployment', { spec: { ...SELECTOR, replicas: 1, template: POD } }),
  object('apps/v1', 'DaemonSet', { spec: { ...SELECTOR, template: POD } }),
  object('apps/v1', 'StatefulSet', {
    spec: {
      ...SELECTOR,
      serviceName: 'web',
      template: POD,
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: CLAIM }],
    },
  }),
  object('batch/v1', 'Job', { spec: { suspend: true, template: ONCE } }),
  object('batch/v1', 'CronJob', {
    spec: { schedule: '* * * * *', suspend: true, jobTemplate: { spec: { template: ONCE } } },
  }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 3 },
  }),
  object('policy/v1', 'PodDisruptionBudget', { spec: { maxUnavailable: 1, ...SELECTOR } }),
  object('networking.k8s.io/v1', 'Ingress', {
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  }),
  object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {} } }),
  object('rbac.authorization.k8s.io/v1', 'Role', { rules: RULES }),
];

const behaviour: Behaviour = (cluster) => {
  const namespace = cluster.freshNamespace('unchanged');
  let client: KubeClient;
  let sent: string[] = [];
  beforeAll(async () => {
    const { transport } = cluster;
    client = createKubeClient(
      {
        server: transport.server,
        fetch: (path, init) => {
          sent.push(`${init?.method ?? 'GET'} ${path}`);
          return transport.fetch(path, init);
        },
      },
      { fieldManager: 'hawser' },
    );
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });
  afterAll(async () => {
    await client.remove({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, { propagationPolicy: 'Background' });
  });

  it('objects that were applied are Synced, and the next comparison reads each of them once', async () => {
    const input: CompareInput = {
      client,
      instance: 'app',
      targets: OBJECTS,
      inventory: [],
      destinationNamespace: namespace,
    };
    sent = [];
    const { differences } = await compareTargets(input);
    expect(sent.filter((line) => !/\/apis?(\?|$)/.test(line))).toHaveLength(OBJECTS.length);
    for (const { target } of differences) if (target) await client.apply(target, { fieldValidation: 'Strict' });
    const again = { ...input, inventory: resourceStatuses(differences, []) };

    // Controllers write at first; a dry run beside such a write has to be made again.
    await expect
      .poll(
        async () => {
          const compared = await compareTargets({ ...again, fresh: true });
          expect(compared.differences.filter(({ status }) => status !== 'Synced')).toEqual([]);
          sent = [];
          expect((await compareTargets(again)).status).toBe('Synced');
          return sent.filter((line) => !line.startsWith('GET '));
        },
        { timeout: 30_000, interval: 200 },
      )
      .toEqual([]);
    expect(sent).toHaveLength(OBJECTS.length);
    const [first = object('v1', 'ConfigMap', {})] = differences.flatMap(({ target }) => target ?? []);
    await client.patch(refOf(first), { metadata: { labels: { by: 'hand' } } }, { type: 'merge' });
    sent = [];
    expect((await compareTargets(again)).status).toBe('Synced');
    expect(sent.filter((line) => line.includes('/configmaps/') && line.includes('dryRun=All'))).toHaveLength(1);
  });

  it('objects whose namespace is still to come are not tried one by one, once it is known not to be there', async () => {
    const targets = Array.from({ length: 100 }, (_, index) => object('v1', 'ConfigMap', { data: {} }, `cm-${index}`));
    sent = [];
    const { differences } = await compareTargets({
      client,
      instance: 'app',
      targets,
      inventory: [],
      destinationNamespace: cluster.freshNamespace('to-come'),
      syncOptions: ['CreateNamespace=true'],
      concurrency: 10,
    });
    expect(differences.every(({ dryRun }) => dryRun.outcome === 'deferred')).toBe(true);
    expect(sent.filter((line) => line.includes('/configmaps/')).length).toBeLessThanOrEqual(10);
  });

  it('objects that were missing at the last comparison are tried, and not looked for beside that', async () => {
    const targets = Array.from({ length: 5 }, (_, index) => object('v1', 'ConfigMap', { data: {} }, `cm-${index}`));
    const input: CompareInput = { client, instance: 'app', targets, inventory: [], destinationNamespace: namespace };
    const { differences } = await compareTargets(input);
    const inventory = resourceStatuses(
      differences,
      differences.map(() => ({ status: 'Missing' })),
    );
    sent = [];
    await compareTargets({ ...input, inventory });
    expect(sent.filter((line) => line.startsWith('GET '))).toEqual([]);
    expect(sent).toHaveLength(5);
  });
};

export default behaviour;
