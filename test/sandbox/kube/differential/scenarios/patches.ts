// JSON, merge and strategic merge patches, updates, and their refusals.

import { configMap, create, deployment, get, PATHS, patch, podTemplate, type Scenario, update } from '../scenario.ts';

const { configmaps, deployments, services, secrets, serviceaccounts } = PATHS;

const container = (body: object) => ({ spec: { template: { spec: { containers: [body] } } } });

export const PATCHES: readonly Scenario[] = [
  {
    title: 'strategic merge: containers by name, ports by number, args whole',
    steps: [
      create(
        deployments,
        deployment(
          'web',
          {},
          {
            args: ['a'],
            ports: [{ containerPort: 80, name: 'http' }],
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
          },
        ),
      ),
      patch(
        'strategic-merge',
        `${deployments}/web`,
        container({ name: 'main', args: ['b', 'c'], env: [{ name: 'C', value: '3' }] }),
      ),
      patch(
        'strategic-merge',
        `${deployments}/web`,
        container({ name: 'main', env: [{ name: 'A', $patch: 'delete' }] }),
      ),
      patch(
        'strategic-merge',
        `${deployments}/web`,
        container({ name: 'main', env: [{ $patch: 'replace' }, { name: 'Z', value: '9' }] }),
      ),
      patch('strategic-merge', `${deployments}/web`, container({ name: 'main', ports: [{ containerPort: 443 }] })),
      patch('strategic-merge', `${deployments}/web`, container({ name: 'side', image: 'side:1' })),
      patch('strategic-merge', `${deployments}/web`, {
        spec: {
          template: {
            spec: {
              '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }],
              containers: [{ name: 'main', image: 'nginx:1.27' }],
            },
          },
        },
      }),
      patch('strategic-merge', `${deployments}/web`, {
        spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } },
      }),
      patch('strategic-merge', `${deployments}/web`, {
        spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      }),
      patch('strategic-merge', `${deployments}/web`, {
        spec: { template: { spec: { nodeSelector: { $patch: 'replace', a: 'b' } } } },
      }),
      patch('strategic-merge', `${deployments}/web`, { spec: { template: { spec: { nodeSelector: null } } } }),
      patch('strategic-merge', `${deployments}/web`, container({ image: 'nameless' })),
      patch('strategic-merge', `${deployments}/web`, { spec: { $patch: 'unheard' } }),
    ],
  },
  {
    title: 'strategic merge: sets of scalars',
    steps: [
      create(configmaps, configMap('a', {}, { finalizers: ['example.com/a', 'example.com/b'] })),
      patch('strategic-merge', `${configmaps}/a`, { metadata: { finalizers: ['example.com/c'] } }),
      patch('strategic-merge', `${configmaps}/a`, {
        metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] },
      }),
      patch('strategic-merge', `${configmaps}/a`, {
        metadata: { '$setElementOrder/finalizers': ['example.com/c', 'example.com/b'], finalizers: ['example.com/c'] },
      }),
      patch('merge', `${configmaps}/a`, { metadata: { finalizers: null } }),
    ],
  },
  {
    title: 'strategic merge: service account secrets, volumes, tolerations',
    steps: [
      create(serviceaccounts, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'sa' },
        imagePullSecrets: [{ name: 'a' }],
      }),
      patch('strategic-merge', `${serviceaccounts}/sa`, { imagePullSecrets: [{ name: 'b' }] }),
      create(
        deployments,
        deployment('web', {
          template: {
            ...podTemplate('web'),
            spec: {
              containers: [{ name: 'main', image: 'nginx:1.26' }],
              volumes: [
                { name: 'v', configMap: { name: 'c' } },
                { name: 'w', emptyDir: {} },
              ],
              tolerations: [{ key: 'a', operator: 'Exists' }],
            },
          },
        }),
      ),
      patch('strategic-merge', `${deployments}/web`, {
        spec: {
          template: {
            spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'secret'], secret: { secretName: 's' } }] },
          },
        },
      }),
      patch('strategic-merge', `${deployments}/web`, {
        spec: {
          template: {
            spec: { volumes: [{ name: 'v', $patch: 'delete' }], tolerations: [{ key: 'b', operator: 'Exists' }] },
          },
        },
      }),
    ],
  },
  {
    title: 'merge patches replace lists and remove by null',
    steps: [
      create(deployments, deployment('web', {}, { env: [{ name: 'A', value: '1' }] })),
      patch('merge', `${deployments}/web`, {
        metadata: { labels: { a: 'b' }, annotations: { c: 'd' } },
        spec: { replicas: 3 },
      }),
      patch('merge', `${deployments}/web`, {
        metadata: { labels: null, annotations: { c: null } },
        spec: { replicas: null, minReadySeconds: 5 },
      }),
      patch('merge', `${deployments}/web`, container({ name: 'other', image: 'x:1' })),
      patch('merge', `${deployments}/web`, container({ name: 'other' })),
      patch('merge', `${deployments}/web`, { spec: { template: null } }),
      patch('merge', `${deployments}/nope`, { spec: {} }),
      patch('merge', `${deployments}/web`, 'nonsense'),
      patch('merge', `${deployments}/web`, []),
    ],
  },
  {
    title: 'JSON patches and what does not apply',
    steps: [
      create(configmaps, configMap('a', { x: '1' }, { annotations: { 'k/l': '2' } })),
      patch('json', `${configmaps}/a`, [
        { op: 'add', path: '/data/y', value: '2' },
        { op: 'replace', path: '/data/x', value: '9' },
        { op: 'remove', path: '/metadata/annotations/k~1l' },
      ]),
      patch('json', `${configmaps}/a`, [
        { op: 'test', path: '/data/x', value: '9' },
        { op: 'copy', from: '/data/x', path: '/data/z' },
        { op: 'move', from: '/data/y', path: '/data/w' },
      ]),
      patch('json', `${configmaps}/a`, [{ op: 'test', path: '/data/x', value: '1' }]),
      patch('json', `${configmaps}/a`, [{ op: 'remove', path: '/data/nope' }]),
      patch('json', `${configmaps}/a`, [{ op: 'replace', path: '/data/nope', value: '1' }]),
      patch('json', `${configmaps}/a`, [{ op: 'add', path: '/nope/nope', value: '1' }]),
      patch('json', `${configmaps}/a`, [{ op: 'unheard', path: '/data' }]),
      patch('json', `${configmaps}/a`, { op: 'add' }),
      patch('json', `${configmaps}/a`, [
        { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
        { op: 'add', path: '/metadata/labels/c', value: 'd' },
      ]),
    ],
  },
  {
    title: 'updates are guarded by resourceVersion, uid and name',
    steps: [
      create(configmaps, configMap('a', { x: '1' })),
      update(`${configmaps}/a`, configMap('a', { x: '2' }, { resourceVersion: '1' })),
      update(`${configmaps}/a`, configMap('a', { x: '2' }, { uid: '11111111-1111-1111-1111-111111111111' })),
      update(`${configmaps}/a`, configMap('b', { x: '2' })),
      update(`${configmaps}/b`, configMap('b', { x: '2' })),
      update(`${configmaps}/a`, configMap('a', { x: '2' })),
      update(`${configmaps}/a`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }),
      patch('merge', `${configmaps}/a`, { metadata: { resourceVersion: '1' }, data: { y: '1' } }),
      patch('merge', `${configmaps}/a`, { metadata: { name: 'b' } }),
      patch('merge', `${configmaps}/a`, { metadata: { namespace: 'elsewhere' } }),
      patch('merge', `${configmaps}/a`, { metadata: { uid: '11111111-1111-1111-1111-111111111111' } }),
      patch('merge', `${configmaps}/a`, { kind: 'Secret' }),
      patch('merge', `${configmaps}/a`, {
        metadata: {
          creationTimestamp: '2020-01-01T00:00:00Z',
          generation: 7,
          deletionTimestamp: '2020-01-01T00:00:00Z',
        },
      }),
      get(`${configmaps}/a`),
    ],
  },
  {
    title: 'unknown and repeated fields: told, refused or ignored',
    steps: [
      create(
        configmaps,
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1","x":"2"},"nope":1}',
      ),
      create(
        `${configmaps}?fieldValidation=Ignore`,
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"},"data":{"x":"1","x":"2"},"nope":1}',
      ),
      create(
        `${configmaps}?fieldValidation=Strict`,
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","labels":{"a":"b","a":"c"}},"data":{"x":"1"},"nope":{"a":1}}',
      ),
      create(`${configmaps}?fieldValidation=Harsh`, configMap('d', {})),
      create(
        `${deployments}?fieldValidation=Strict`,
        deployment('d', {}, { nope: 1, ports: [{ containerPort: 80, host: 1 }] }),
      ),
      patch('merge', `${configmaps}/a?fieldValidation=Strict`, { data: { y: '1' }, nope: 1 }),
      patch('merge', `${configmaps}/a`, '{"data":{"y":"1","y":"2"}}'),
      patch('strategic-merge', `${configmaps}/a`, { nope: 1 }),
      patch('json', `${configmaps}/a`, [{ op: 'add', path: '/nope', value: 1 }]),
      patch('json', `${configmaps}/a`, [{ op: 'add', path: '/data/q', value: '1', extra: 2 }]),
    ],
  },
  {
    title: 'wrong types in bodies and patches',
    steps: [
      create(configmaps, configMap('a', { x: 1 })),
      create(services, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's' },
        spec: { ports: [{ port: '80' }] },
      }),
      create(services, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's' },
        spec: { ports: [{ port: 80.5 }] },
      }),
      create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'not base64' } }),
      create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'abc' } }),
      create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'YQ=' } }),
      create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'YQ===' } }),
      create(deployments, deployment('d', {}, { resources: { limits: { cpu: 'much' } } })),
      create(deployments, deployment('d', {}, { readinessProbe: { httpGet: { port: true } } })),
      create(deployments, deployment('d', { paused: 'yes' })),
      create(deployments, deployment('d', { template: [] })),
      create(deployments, deployment('d', { replicas: 99999999999 })),
      create(configmaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'x', creationTimestamp: 'yesterday' },
      }),
      create(configmaps, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } }),
      create(configmaps, { apiVersion: 'apps/v1', kind: 'ConfigMap', metadata: { name: 'x' } }),
      create(configmaps, { apiVersion: 'v1', kind: 'Nope', metadata: { name: 'x' } }),
      create(configmaps, { kind: 'ConfigMap', metadata: { name: 'no-version' } }),
      create(configmaps, '[]'),
      create(configmaps, '"text"'),
      create(configmaps, 'nonsense'),
      create(configmaps, ''),
      create(configmaps, '{"a":'),
      create(configmaps, configMap('a', {}), { type: 'text/plain' }),
      create(configmaps, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-yaml}\ndata: {a: "1"}\n', {
        type: 'application/yaml',
      }),
      create(configmaps, configMap('p', {})),
      patch('strategic-merge', `${configmaps}/p`, { data: { x: 1 } }),
      patch('strategic-merge', `${configmaps}/p`, { data: 'x' }),
      patch('strategic-merge', `${configmaps}/p`, { metadata: { labels: { a: 1 } } }),
      { method: 'PATCH', path: `${configmaps}/p`, type: 'application/json', body: {} },
    ],
  },
  {
    title: 'scale',
    steps: [
      create(deployments, deployment('web', { replicas: 2 })),
      get(`${deployments}/web/scale`),
      update(`${deployments}/web/scale`, {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'web' },
        spec: { replicas: 4 },
      }),
      patch('merge', `${deployments}/web/scale`, { spec: { replicas: 1 } }),
      patch('merge', `${deployments}/web/scale`, { spec: { replicas: -1 } }),
      patch('json', `${deployments}/web/scale`, [{ op: 'replace', path: '/spec/replicas', value: 6 }]),
      update(`${deployments}/web/scale`, {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'web', resourceVersion: '1' },
        spec: { replicas: 4 },
      }),
      get(`${deployments}/web`),
      get(`${deployments}/nope/scale`),
      get(`${configmaps}/nope/scale`),
    ],
  },
];
