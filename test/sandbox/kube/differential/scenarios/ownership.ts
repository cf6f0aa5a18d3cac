// Who owns which field: server-side apply, updates, conflicts.

import {
  apply,
  configMap,
  create,
  deployment,
  get,
  PATHS,
  patch,
  podTemplate,
  remove,
  type Scenario,
  update,
} from '../scenario.ts';

const { configmaps, deployments, services, secrets } = PATHS;

export const OWNERSHIP: readonly Scenario[] = [
  {
    title: 'apply creates, and applying the same again changes nothing',
    steps: [
      apply(`${configmaps}/a`, configMap('a', { x: '1' }), 'one'),
      apply(`${configmaps}/a`, configMap('a', { x: '1' }), 'one'),
      apply(`${configmaps}/a`, configMap('a', { x: '1' }), 'two'),
      get(`${configmaps}/a`),
    ],
  },
  {
    title: 'a field that its only applier leaves out goes, a shared one stays',
    steps: [
      apply(`${configmaps}/a`, configMap('a', { x: '1', y: '2', z: '3' }, { labels: { l: '1', m: '2' } }), 'one'),
      apply(`${configmaps}/a`, configMap('a', { y: '2' }, { labels: { m: '2' } }), 'two'),
      apply(`${configmaps}/a`, configMap('a', { z: '3' }), 'one'),
      apply(`${configmaps}/a`, configMap('a', {}), 'two'),
      apply(`${configmaps}/a`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, 'one'),
    ],
  },
  {
    title: 'conflicts name fields and managers, and force takes over',
    steps: [
      apply(`${configmaps}/a`, configMap('a', { x: '1', y: '1' }), 'one'),
      create(configmaps, configMap('b', { x: '1' })),
      apply(`${configmaps}/a`, configMap('a', { x: '2' }), 'two'),
      apply(`${configmaps}/a`, configMap('a', { x: '2', y: '2' }), 'two'),
      apply(`${configmaps}/a`, configMap('a', { x: '2', y: '2' }), 'two', 'force=true'),
      apply(`${configmaps}/b`, configMap('b', { x: '2' }), 'two'),
      apply(`${configmaps}/b`, configMap('b', { x: '2' }), 'two', 'force=true'),
    ],
  },
  {
    title: 'an update takes the fields that it changes',
    steps: [
      apply(`${configmaps}/a`, configMap('a', { x: '1', y: '1' }), 'one'),
      update(`${configmaps}/a`, configMap('a', { x: '2', y: '1', z: '1' })),
      patch('merge', `${configmaps}/a`, { data: { y: null, w: '1' } }, { agent: 'other/2.0 (linux)' }),
      patch(
        'merge',
        `${configmaps}/a`,
        { metadata: { labels: { a: 'b' } } },
        { path: `${configmaps}/a?fieldManager=labeller` },
      ),
      patch('json', `${configmaps}/a`, [{ op: 'remove', path: '/metadata/labels' }]),
      apply(`${configmaps}/a`, configMap('a', { x: '1' }), 'one'),
    ],
  },
  {
    title: 'an object without owners is owned by before-first-apply',
    steps: [
      create(configmaps, configMap('a', { x: '1' }, { managedFields: [{}] })),
      update(`${configmaps}/a`, configMap('a', { x: '1' }, { managedFields: [{}] })),
      get(`${configmaps}/a`),
      apply(`${configmaps}/a`, configMap('a', { x: '1', y: '2' }), 'one'),
      update(`${configmaps}/a`, configMap('a', { x: '1', y: '2' }, { managedFields: [] })),
    ],
  },
  {
    title: 'lists by key: containers, ports, env of several managers',
    steps: [
      apply(
        `${deployments}/web`,
        deployment(
          'web',
          {},
          { env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] },
        ),
        'one',
      ),
      apply(
        `${deployments}/web`,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          spec: {
            template: {
              spec: {
                containers: [
                  { name: 'main', env: [{ name: 'B', value: '2' }] },
                  { name: 'side', image: 'side:2' },
                ],
              },
            },
          },
        },
        'two',
      ),
      apply(`${deployments}/web`, deployment('web', {}, { env: [{ name: 'C', value: '3' }] }), 'one'),
      apply(
        `${deployments}/web`,
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 3 } },
        'two',
      ),
      patch('strategic-merge', `${deployments}/web`, {
        spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.27' }] } } },
      }),
      apply(`${deployments}/web`, deployment('web'), 'one'),
    ],
  },
  {
    title: 'replicas may be left to another manager',
    steps: [
      apply(`${deployments}/web`, deployment('web', { replicas: 2 }), 'one'),
      apply(
        `${deployments}/web`,
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 2 } },
        'scaler',
      ),
      apply(`${deployments}/web`, deployment('web'), 'one'),
      patch('merge', `${deployments}/web/scale`, { spec: { replicas: 5 } }),
      get(`${deployments}/web`),
      apply(`${deployments}/web`, deployment('web', { replicas: 2 }), 'one'),
    ],
  },
  {
    title: 'atomic values belong to one manager: selectors, args, resource claims',
    steps: [
      apply(`${deployments}/web`, deployment('web', {}, { args: ['a', 'b'], command: ['c'] }), 'one'),
      apply(
        `${deployments}/web`,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          spec: { template: { spec: { containers: [{ name: 'main', args: ['a'] }], nodeSelector: { x: 'y' } } } },
        },
        'two',
      ),
      apply(
        `${deployments}/web`,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          spec: { template: { spec: { containers: [{ name: 'main', args: ['a'] }], nodeSelector: { x: 'y' } } } },
        },
        'two',
        'force=true',
      ),
      apply(`${deployments}/web`, deployment('web', {}, { command: ['c'] }), 'one'),
    ],
  },
  {
    title: 'sets: finalizers of two appliers',
    steps: [
      apply(`${configmaps}/a`, configMap('a', {}, { finalizers: ['example.com/one'] }), 'one'),
      apply(`${configmaps}/a`, configMap('a', {}, { finalizers: ['example.com/two', 'example.com/one'] }), 'two'),
      apply(`${configmaps}/a`, configMap('a', {}, { finalizers: [] }), 'one'),
      apply(`${configmaps}/a`, configMap('a', {}), 'two'),
    ],
  },
  {
    title: 'service ports by number and protocol',
    steps: [
      apply(
        `${services}/s`,
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's' },
          spec: { selector: { a: 'b' }, ports: [{ port: 80 }] },
        },
        'one',
      ),
      apply(
        `${services}/s`,
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's' },
          spec: {
            selector: { a: 'b' },
            ports: [
              { port: 80, name: 'http', targetPort: 'http' },
              { port: 443, name: 'https' },
            ],
          },
        },
        'one',
      ),
      apply(
        `${services}/s`,
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 443, name: 'https' }] } },
        'one',
      ),
      apply(
        `${services}/s`,
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's' },
          spec: { type: 'NodePort', ports: [{ port: 443, name: 'https', nodePort: 30021 }] },
        },
        'one',
      ),
    ],
  },
  {
    title: 'the order of merged lists follows the applied one where it must',
    steps: [
      apply(
        `${deployments}/web`,
        deployment('web', {}, { env: ['A', 'B', 'C', 'D'].map((name) => ({ name, value: '1' })) }),
        'one',
      ),
      apply(
        `${deployments}/web`,
        deployment('web', {}, { env: ['D', 'X', 'A', 'C'].map((name) => ({ name, value: '1' })) }),
        'one',
      ),
      apply(
        `${deployments}/web`,
        deployment('web', {}, { env: ['C', 'B'].map((name) => ({ name, value: '2' })) }),
        'two',
        'force=true',
      ),
      apply(
        `${deployments}/web`,
        deployment('web', {}, { env: ['Y', 'B', 'D'].map((name) => ({ name, value: '2' })) }),
        'two',
        'force=true',
      ),
    ],
  },
  {
    title: 'apply of kubectl takes over what its client-side apply set',
    steps: [
      create(
        `${configmaps}?fieldManager=kubectl-client-side-apply`,
        configMap(
          'a',
          { x: '1', y: '1' },
          {
            annotations: {
              'kubectl.kubernetes.io/last-applied-configuration':
                '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{},"name":"a"},"data":{"x":"1","y":"1"}}\n',
            },
          },
        ),
      ),
      apply(`${configmaps}/a`, configMap('a', { x: '2', y: '1' }), 'kubectl'),
      update(`${configmaps}/a`, configMap('a', { x: '9', y: '9' })),
      apply(`${configmaps}/a`, configMap('a', { x: '3' }), 'kubectl'),
    ],
  },
  {
    title: 'status and its endpoint have owners of their own',
    steps: [
      apply(`${deployments}/web`, { ...deployment('web'), status: { replicas: 3 } }, 'one'),
      apply(
        `${deployments}/web/status`,
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          status: { conditions: [{ type: 'Test', status: 'True' }] },
        },
        'two',
      ),
      get(`${deployments}/web`),
    ],
  },
  {
    title: 'more than ten updaters become ancient changes',
    steps: [
      create(configmaps, configMap('a', {})),
      ...Array.from({ length: 12 }, (_, index) =>
        patch(
          'merge',
          `${configmaps}/a?fieldManager=m${String(index).padStart(2, '0')}`,
          { data: { [`k${index}`]: '1' } },
          { silent: index < 11 },
        ),
      ),
    ],
  },
  {
    title: 'a secret and its stringData',
    steps: [
      apply(
        `${secrets}/s`,
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' }, data: { c: 'ZA==' } },
        'one',
      ),
      apply(
        `${secrets}/s`,
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'c' } },
        'one',
      ),
      patch('merge', `${secrets}/s`, { stringData: { z: 'y' } }),
      create(secrets, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 't' },
        type: 'kubernetes.io/tls',
        stringData: { 'tls.crt': 'x', 'tls.key': 'y' },
      }),
      update(`${secrets}/t`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 't' }, type: 'Opaque' }),
    ],
  },
  {
    title: 'dry runs say what would be, and leave nothing behind',
    steps: [
      apply(`${configmaps}/a`, configMap('a', { x: '1' }), 'one', 'dryRun=All'),
      get(`${configmaps}/a`),
      apply(`${configmaps}/a`, configMap('a', { x: '1' }), 'one'),
      apply(`${configmaps}/a`, configMap('a', { x: '2' }), 'one', 'dryRun=All'),
      create(`${configmaps}?dryRun=All`, configMap('a', {})),
      create(`${configmaps}?dryRun=All`, configMap('b', {})),
      remove(`${configmaps}/a?dryRun=All`),
      get(`${configmaps}/a`),
      create(`${configmaps}?dryRun=Some`, configMap('b', {})),
    ],
  },
  {
    title: 'apply that is none',
    steps: [
      apply(`${configmaps}/a`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }, 'one'),
      apply(`${configmaps}/a`, { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'a' } }, 'one'),
      apply(`${configmaps}/a`, configMap('b', {}), 'one'),
      apply(`${configmaps}/a`, configMap('a', { x: 1 }), 'one'),
      apply(`${configmaps}/a`, configMap('a', { x: true }), 'one'),
      apply(`${configmaps}/a`, { ...configMap('a', {}), data: ['x'] }, 'one'),
      apply(`${configmaps}/a`, { ...configMap('a', {}), extra: 1 }, 'one'),
      apply(`${configmaps}/a`, configMap('a', {}, { managedFields: [] }), 'one'),
      apply(`${configmaps}/a`, configMap('a', {}, { namespace: 'elsewhere' }), 'one'),
      apply(`${configmaps}/a`, configMap('a', {}, { uid: '11111111-1111-1111-1111-111111111111' }), 'one'),
      apply(`${configmaps}/a`, 'a: b: c', 'one'),
      apply(`${configmaps}/a`, '[]', 'one'),
      apply(`${deployments}/d`, deployment('d', { replicas: 'two' }), 'one'),
      apply(`${deployments}/d`, deployment('d', { template: { ...podTemplate('d'), unknown: true } }), 'one'),
      apply(`${deployments}/d`, deployment('d', {}, { env: [{ name: 'A' }, { name: 'A' }] }), 'one'),
      apply(`${deployments}/d`, deployment('d', {}, { env: [{ value: 'A' }] }), 'one'),
      apply(`${deployments}/d`, deployment('d', { selector: { matchLabels: { other: 'label' } } }), 'one'),
    ],
  },
  {
    title: 'apply of YAML',
    steps: [
      apply(
        `${configmaps}/a`,
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n  y: |\n    two\n    lines\n',
        'one',
      ),
      apply(
        `${configmaps}/a`,
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n  x: "2"\n',
        'one',
      ),
      apply(
        `${configmaps}/a`,
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1"\n  x: "2"\n',
        'one',
        'fieldValidation=Strict',
      ),
    ],
  },
  {
    title: 'adoption by moving managedFields',
    steps: [
      create(`${configmaps}?fieldManager=kubectl-client-side-apply`, configMap('a', { x: '1', y: '2' })),
      patch('json', `${configmaps}/a`, [
        {
          op: 'replace',
          path: '/metadata/managedFields',
          value: [
            {
              manager: 'hawser',
              operation: 'Apply',
              apiVersion: 'v1',
              time: '2020-01-01T00:00:00Z',
              fieldsType: 'FieldsV1',
              fieldsV1: { 'f:data': { 'f:x': {}, 'f:y': {} } },
            },
          ],
        },
      ]),
      apply(`${configmaps}/a`, configMap('a', { x: '1' }), 'hawser'),
    ],
  },
];
