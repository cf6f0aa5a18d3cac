// Deleting: at once, with finalizers, with dependents, of collections, under conditions.

import { configMap, create, deployment, get, PATHS, patch, remove, type Scenario } from '../scenario.ts';

const { configmaps, secrets, services, deployments, pods } = PATHS;

const options = (more: object) => ({ apiVersion: 'v1', kind: 'DeleteOptions', ...more });

export const DELETION: readonly Scenario[] = [
  {
    title: 'an object goes at once',
    steps: [
      create(configmaps, configMap('a', { x: '1' }), { silent: true }),
      remove(`${configmaps}/a`),
      remove(`${configmaps}/a`),
      get(`${configmaps}/a`),
      create(
        services,
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } },
        { silent: true },
      ),
      remove(`${services}/s`),
      create(deployments, deployment('d'), { silent: true }),
      remove(`${deployments}/d`),
    ],
  },
  {
    title: 'finalizers hold an object',
    steps: [
      create(configmaps, configMap('a', { x: '1' }, { finalizers: ['example.com/hold'] }), { silent: true }),
      remove(`${configmaps}/a`),
      remove(`${configmaps}/a`),
      get(`${configmaps}/a`),
      patch('merge', `${configmaps}/a`, { data: { y: '2' } }),
      patch('merge', `${configmaps}/a`, { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } }),
      patch('merge', `${configmaps}/a`, { metadata: { finalizers: null } }),
      get(`${configmaps}/a`),
    ],
  },
  {
    title: 'conditions on uid and resourceVersion',
    steps: [
      create(configmaps, configMap('a', { x: '1' }), { silent: true }),
      remove(`${configmaps}/a`, options({ preconditions: { uid: '11111111-1111-1111-1111-111111111111' } })),
      remove(`${configmaps}/a`, options({ preconditions: { resourceVersion: '1' } })),
      remove(`${configmaps}/a`, options({ dryRun: ['All'] })),
      remove(`${configmaps}/a`, options({ propagationPolicy: 'Unheard' })),
      remove(`${configmaps}/a`, options({ gracePeriodSeconds: 0 })),
    ],
  },
  {
    title: 'foreground and orphan are finalizers at first',
    steps: [
      create(deployments, deployment('d', { paused: true }, {}), { silent: true }),
      remove(`${deployments}/d?dryRun=All`, undefined, {
        path: `${deployments}/d?dryRun=All&propagationPolicy=Foreground`,
      }),
      remove(`${deployments}/d?dryRun=All`, undefined, {
        path: `${deployments}/d?dryRun=All&propagationPolicy=Orphan`,
      }),
      remove(`${deployments}/d`, options({ propagationPolicy: 'Foreground' })),
    ],
  },
  {
    title: 'collections by selector',
    steps: [
      create(
        secrets,
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', labels: { x: '1' } } },
        { silent: true },
      ),
      create(
        secrets,
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b', labels: { x: '2' } } },
        { silent: true },
      ),
      remove(`${secrets}?labelSelector=x%3D1`),
      get(secrets),
      remove(secrets),
      get(secrets),
      remove('/api/v1/secrets'),
      remove('/api/v1/namespaces'),
    ],
  },
  {
    title: 'a Pod that runs nowhere',
    steps: [
      create(
        pods,
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'p' },
          spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'x' }] },
        },
        { silent: true },
      ),
      remove(`${pods}/p`, options({ gracePeriodSeconds: 0 })),
    ],
  },
  {
    title: 'namespaces that cannot go, and writing into one that goes',
    steps: [
      remove('/api/v1/namespaces/default'),
      remove('/api/v1/namespaces/kube-system'),
      create(configmaps, configMap('hold', {}, { finalizers: ['example.com/hold'] }), { silent: true }),
      remove('/api/v1/namespaces/$NS', undefined, { silent: true }),
      create(configmaps, configMap('late', {})),
      patch('merge', `${configmaps}/hold`, { metadata: { finalizers: null } }, { silent: true }),
    ],
  },
];
