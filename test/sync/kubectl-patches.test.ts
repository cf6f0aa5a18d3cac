// The patches of a client-side apply are those that the real kubectl sends: every row is applied by kubectl to a sandbox that keeps
// what it is sent.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { withLastApplied } from '../../src/kube/last-applied.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { refOf } from '../../src/kube/resource.ts';
import { formatKubeconfig } from '../../src/sandbox/listen/kubeconfig.ts';
import { type Listening, listen } from '../../src/sandbox/listen/listen.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { clientSidePatch } from '../../src/sync/client-side-apply.ts';
import { createHome, type Home, runProcess } from '../support/hawser-process.ts';
import { findPeer } from '../support/peers.ts';

interface Row {
  readonly title: string;
  /** Without metadata: each row has an object of its own. */
  readonly kind: readonly [apiVersion: string, kind: string];
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** What somebody else does in between: a merge patch. */
  readonly between?: JsonObject;
}

const CONTAINER = { name: 'web', image: 'nginx:1.27' };
const DEPLOYMENT = ['apps/v1', 'Deployment'] as const;
const CONFIG = ['v1', 'ConfigMap'] as const;
const WIDGET = ['example.com/v1', 'Widget'] as const;

function pods(spec: JsonObject, more: JsonObject = {}): JsonObject {
  const labels = { app: 'web' };
  return { spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec }, ...more } };
}
const container = (fields: JsonObject) => pods({ containers: [{ ...CONTAINER, ...fields }] });

const ROWS: readonly Row[] = [
  { title: 'a value changes', kind: CONFIG, before: { data: { a: '1' } }, after: { data: { a: '<2>&' } } },
  {
    title: 'a key goes, and another stays that somebody added',
    kind: CONFIG,
    before: { data: { a: '1', b: '2' } },
    between: { data: { c: '3' } },
    after: { data: { a: '1' } },
  },
  { title: 'a whole map goes', kind: CONFIG, before: { data: { a: '1' }, immutable: false }, after: {} },
  {
    title: 'somebody changed what Git says',
    kind: CONFIG,
    before: { data: { a: '1' } },
    between: { data: { a: '9' } },
    after: { data: { a: '1' } },
  },
  {
    title: 'labels and annotations come and go',
    kind: CONFIG,
    before: { metadata: { labels: { a: '1', b: '2' }, annotations: { x: '1' } } },
    after: { metadata: { labels: { b: '3' } } },
  },
  {
    title: 'a list of plain values that is merged: finalizers',
    kind: CONFIG,
    before: { metadata: { finalizers: ['example.com/b', 'example.com/a', 'example.com/c'] } },
    between: { metadata: { finalizers: ['example.com/b', 'example.com/a', 'example.com/c', 'example.com/other'] } },
    after: { metadata: { finalizers: ['example.com/d', 'example.com/a'] } },
  },
  { title: 'an image changes', kind: DEPLOYMENT, before: container({}), after: container({ image: 'nginx:1.28' }) },
  {
    title: 'a container comes, another goes, and a third is somebody else’s',
    kind: DEPLOYMENT,
    before: pods({ containers: [CONTAINER, { name: 'old', image: 'old:1' }] }),
    after: pods({ containers: [{ name: 'new', image: 'new:1' }, CONTAINER] }),
  },
  {
    title: 'containers change places',
    kind: DEPLOYMENT,
    before: pods({ containers: [CONTAINER, { name: 'other', image: 'other:1' }] }),
    after: pods({ containers: [{ name: 'other', image: 'other:1' }, CONTAINER] }),
  },
  {
    title: 'variables change, go and come',
    kind: DEPLOYMENT,
    before: container({
      env: [
        { name: 'A', value: 'a' },
        { name: 'B', value: 'b' },
        { name: 'C', value: 'c' },
      ],
    }),
    after: container({
      env: [
        { name: 'C', value: 'c' },
        { name: 'B', value: 'x' },
        { name: 'D', value: 'd' },
      ],
    }),
  },
  {
    title: 'a variable takes its value from elsewhere',
    kind: DEPLOYMENT,
    before: container({ env: [{ name: 'A', value: 'a' }] }),
    after: container({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
  },
  {
    title: 'the last variable goes',
    kind: DEPLOYMENT,
    before: container({ env: [{ name: 'A', value: 'a' }] }),
    after: container({}),
  },
  {
    title: 'two ports of one number',
    kind: DEPLOYMENT,
    before: container({ ports: [{ containerPort: 53, protocol: 'UDP' }] }),
    after: container({
      ports: [
        { containerPort: 53, protocol: 'UDP' },
        { containerPort: 53, protocol: 'TCP' },
      ],
    }),
  },
  {
    title: 'a volume gets another source: keys that are not retained',
    kind: DEPLOYMENT,
    before: pods({ containers: [CONTAINER], volumes: [{ name: 'v', configMap: { name: 'c' } }] }),
    after: pods({ containers: [CONTAINER], volumes: [{ name: 'v', secret: { secretName: 's' } }] }),
  },
  {
    title: 'another strategy',
    kind: DEPLOYMENT,
    before: pods({ containers: [CONTAINER] }, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2 } } }),
    after: pods({ containers: [CONTAINER] }, { strategy: { type: 'Recreate' } }),
  },
  {
    title: 'lists that are whole: arguments and tolerations',
    kind: DEPLOYMENT,
    before: pods({ containers: [{ ...CONTAINER, args: ['a', 'b'] }], tolerations: [{ operator: 'Exists', key: 'a' }] }),
    after: pods({ containers: [{ ...CONTAINER, args: ['b'] }], tolerations: [{ operator: 'Exists', key: 'b' }] }),
  },
  {
    title: 'a probe of another kind',
    kind: DEPLOYMENT,
    before: container({ livenessProbe: { httpGet: { port: 80 }, periodSeconds: 5 } }),
    after: container({ livenessProbe: { tcpSocket: { port: 80 } } }),
  },
  {
    title: 'replicas leave Git, and quantities have another form',
    kind: DEPLOYMENT,
    before: pods({ containers: [{ ...CONTAINER, resources: { limits: { cpu: '1' } } }] }, { replicas: 2 }),
    after: pods({ containers: [{ ...CONTAINER, resources: { limits: { cpu: '1000m', memory: '1Gi' } } }] }),
  },
  {
    title: 'an explicit null',
    kind: DEPLOYMENT,
    before: pods({ containers: [CONTAINER] }, { replicas: 2 }),
    after: pods({ containers: [CONTAINER] }, { replicas: null }),
  },
  {
    title: 'spread over topologies, which is merged by two names',
    kind: DEPLOYMENT,
    before: pods({
      containers: [CONTAINER],
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
    }),
    after: pods({
      containers: [CONTAINER],
      topologySpreadConstraints: [{ maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
    }),
  },
  {
    title: 'claims of a StatefulSet, which have defaults inside',
    kind: ['apps/v1', 'StatefulSet'],
    before: {
      spec: {
        serviceName: 'web',
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [CONTAINER] } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
    after: {
      spec: {
        replicas: 2,
        serviceName: 'web',
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [CONTAINER] } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
  },
  {
    title: 'ports of a Service',
    kind: ['v1', 'Service'],
    before: {
      spec: {
        selector: { app: 'web' },
        ports: [
          { name: 'http', port: 80 },
          { name: 'tls', port: 443 },
        ],
      },
    },
    after: { spec: { selector: { app: 'api' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] } },
  },
  {
    title: 'rules of a Role',
    kind: ['rbac.authorization.k8s.io/v1', 'Role'],
    before: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
    after: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] },
  },
  {
    title: 'metrics of an autoscaler',
    kind: ['autoscaling/v2', 'HorizontalPodAutoscaler'],
    before: { spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } },
    after: {
      spec: {
        maxReplicas: 5,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        metrics: [
          { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
      },
    },
  },
  {
    title: 'secrets of a ServiceAccount',
    kind: ['v1', 'ServiceAccount'],
    before: { imagePullSecrets: [{ name: 'a' }, { name: 'b' }] },
    after: { imagePullSecrets: [{ name: 'b' }] },
  },
  {
    title: 'a custom resource: lists are whole, and what the other side added stays',
    kind: WIDGET,
    before: { spec: { parts: [{ name: 'a' }, { name: 'b' }], color: 'red', size: { x: 1, y: 2 } } },
    between: { spec: { added: true, size: { z: 3 } } },
    after: { spec: { parts: [{ name: 'b' }], size: { x: 1 }, empty: {} } },
  },
];

const DEFINITION: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Widget', listKind: 'WidgetList', plural: 'widgets', singular: 'widget' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
};

const kubectl = findPeer('kubectl');
if (!kubectl) console.warn('SKIPPED: no kubectl on this machine: client-side patches are not compared with its own');

describe.skipIf(!kubectl)('a client-side apply sends what kubectl sends', () => {
  let sandbox: Sandbox;
  let listening: Listening;
  let home: Home;
  let client: KubeClient;
  let kubeconfig: string;
  let sent: { method: string; type: string; body: string }[] = [];

  beforeAll(async () => {
    sandbox = createSandbox({
      clock: { now: () => Date.now() },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    listening = await listen(async (request) => {
      if (request.method === 'PATCH' || request.method === 'POST') {
        const body = await request.clone().text();
        sent.push({ method: request.method, type: request.headers.get('content-type') ?? '', body });
      }
      return sandbox.fetch(request);
    });
    home = createHome();
    kubeconfig = join(home.folder, 'kubeconfig');
    writeFileSync(kubeconfig, formatKubeconfig(listening.url));
    const { url } = listening;
    client = createKubeClient(
      { server: url, fetch: (path, init) => fetch(`${url}${path}`, init) },
      { fieldManager: 'x' },
    );
    await client.create(DEFINITION);
  });
  afterAll(async () => {
    sandbox?.close();
    await listening?.close();
    home?.remove();
  });

  async function apply(object: KubeObject) {
    sent = [];
    const env = { ...home.env, KUBECONFIG: kubeconfig };
    const input = JSON.stringify(object);
    const { code, stderr } = await runProcess(kubectl ?? '', ['apply', '-f', '-'], { env, input });
    if (code !== 0) throw new Error(stderr);
    return sent.filter(({ body }) => !body.includes('SelfSubject'));
  }

  it.each(ROWS.map((row, index) => ({ ...row, name: `row-${index}` })))('$title', async (row) => {
    const [apiVersion, kind] = row.kind;
    const object = (fields: JsonObject): KubeObject => {
      const metadata = { ...(fields.metadata as JsonObject | undefined), name: row.name, namespace: 'default' };
      return { ...fields, apiVersion, kind, metadata };
    };
    const [made] = await apply(object(row.before));
    expect(JSON.parse(made?.body ?? '')).toEqual(withLastApplied(object(row.before)));

    const ref = refOf(object({}));
    if (row.between) await client.patch(ref, row.between, { type: 'merge' });
    const live = await client.get(ref);
    if (!live) throw new Error('it was not made');
    const [patched] = await apply(object(row.after));
    const own = clientSidePatch(object(row.after), live);

    expect(own?.patch).toEqual(JSON.parse(patched?.body ?? 'null'));
    expect(CONTENT_TYPES[own?.type ?? '']).toBe(patched?.type);
  });
});
