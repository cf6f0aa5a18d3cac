// Reading: lists, selectors, tables, metadata alone, paths that are none.

import { configMap, create, deployment, get, PATHS, type Scenario } from '../scenario.ts';

const { configmaps, secrets, services, deployments } = PATHS;

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const METADATA = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';
const labelled = (name: string, labels: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels },
});

export const READING: readonly Scenario[] = [
  {
    title: 'selectors',
    steps: [
      create(secrets, labelled('a', { app: 'x', tier: 'front' }), { silent: true }),
      create(secrets, labelled('b', { app: 'x', tier: 'back' }), { silent: true }),
      create(secrets, { ...labelled('c', { app: 'y' }), type: 'example.com/own' }, { silent: true }),
      ...[
        'labelSelector=app%3Dx',
        'labelSelector=app%3D%3Dx,tier!%3Dback',
        'labelSelector=app%20in%20(x,y),!tier',
        'labelSelector=tier%20notin%20(front)',
        'labelSelector=tier',
        'labelSelector=app%3D%3D%3D',
        'labelSelector=a%20b',
        'fieldSelector=metadata.name%3Da',
        'fieldSelector=metadata.name!%3Da,type%3Dexample.com/own',
        'fieldSelector=metadata.unheard%3Da',
        'fieldSelector=nonsense',
        'limit=2',
        'limit=2&labelSelector=app',
        'resourceVersion=nonsense',
        'resourceVersion=0',
      ].map((query) => get(`${secrets}?${query}`, query.startsWith('limit') ? { accept: METADATA_LIST } : {})),
    ],
  },
  {
    title: 'tables and metadata',
    steps: [
      create(configmaps, configMap('a', { x: '1', y: '2' }), { silent: true }),
      create(secrets, labelled('s', {}), { silent: true }),
      create(
        services,
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's' },
          spec: { selector: { a: 'b' }, type: 'NodePort', ports: [{ port: 80, nodePort: 30025 }] },
        },
        { silent: true },
      ),
      create(deployments, deployment('d'), { silent: true }),
      get(`${configmaps}/a`, { accept: METADATA }),
      get(secrets, { accept: METADATA_LIST }),
      get(`${secrets}?includeObject=None`, { accept: TABLE }),
      get(`${secrets}/s?includeObject=Object`, { accept: TABLE }),
      get(`${configmaps}/a`, { accept: 'text/html' }),
      get(`${configmaps}/nope`, { accept: TABLE }),
    ],
  },
  {
    title: 'paths that are none',
    steps: [
      get('/api/v1/nope'),
      get('/apis/nope.example.com/v1'),
      get('/apis/nope.example.com'),
      get('/apis/nope.example.com/v1/things'),
      get('/apis/apps/v9'),
      get('/apis/apps/v9/deployments'),
      get('/nope'),
      get('/api/v1/namespaces/$NS/configmaps/nope'),
      get('/api/v1/namespaces/nope-$NS/configmaps'),
      get('/api/v1/namespaces/nope-$NS'),
      get('/api/v1/namespaces/$NS/configmaps/nope/status'),
      get('/api/v1/namespaces/$NS/nodes'),
      create('/api/v1/configmaps', configMap('a', {})),
      create('/api/v1/namespaces/nope-$NS/configmaps', configMap('a', {})),
      { method: 'PUT', path: '/api/v1/namespaces/$NS/configmaps', type: 'application/json', body: {} },
      {
        method: 'POST',
        path: '/api/v1/namespaces/$NS/configmaps/a',
        type: 'application/json',
        body: configMap('a', {}),
      },
      { method: 'DELETE', path: '/api/v1/namespaces' },
      { method: 'PATCH', path: '/api/v1/namespaces/$NS/configmaps', type: 'application/merge-patch+json', body: {} },
      get('/healthz'),
      get('/readyz'),
      get('/livez'),
    ],
  },
  {
    title: 'reviews',
    steps: [
      create(
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace: '$NS' } },
        },
        { silent: true },
      ),
      create(secrets, labelled('exists', {}), { silent: true }),
      create(secrets, labelled('exists', {})),
    ],
  },
];
