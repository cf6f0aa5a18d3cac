// An Application's objects by Argo CD's API: their tree, each of them, what can be done with them, and what the cluster tells of them.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at, isObject } from '../../src/base/json.ts';
import type { ResourceNode } from '../../src/operation/tree/node.ts';
import type { ApplicationTree } from '../../src/operation/tree/read-tree.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { type StandInNode, startStandInNode } from '../support/stand-in-node.ts';

const SOON = { timeout: 30_000, interval: 100 };

const TEMPLATE = (app: string) => `
    metadata: {labels: {app: ${app}}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: c, image: 'nginx:1.29', resources: {requests: {cpu: 50m, memory: 1Mi}}}]}`;

const FILES = {
  'm/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {link.argocd.argoproj.io/wiki: 'https://wiki.example.com/web'}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:${TEMPLATE('web')}
`,
  'm/db.yaml': `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:${TEMPLATE('db')}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`,
  'm/nightly.yaml': `apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: 0 3 31 2 *
  jobTemplate:
    spec:
      suspend: true
      template:
        metadata: {labels: {app: nightly}}
        spec: {restartPolicy: Never, containers: [{name: c, image: 'busybox:1', command: ['true']}]}
`,
  'm/service.yaml': `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`,
  'm/ingress.yaml': `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  tls: [{hosts: [web.example.com], secretName: web-tls}]
  rules:
    - host: web.example.com
      http: {paths: [{path: /shop, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`,
  'm/secret.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: s3cr3t-value}\n',
  'm/role.yaml':
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: CLUSTER-ROLE}\nrules: []\n',
};

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let node: StandInNode;
  const namespace = cluster.freshNamespace('live');
  const role = `${namespace}-reader`;

  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
    await ground.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    node = await startStandInNode(ground.client, namespace);
    // Foreign objects of the same kinds, more than a page.
    for (let i = 0; i < 30; i++) {
      const metadata = { name: `foreign-${i}`, namespace };
      await ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    }
    const files = { ...FILES, 'm/role.yaml': FILES['m/role.yaml'].replace('CLUSTER-ROLE', role) };
    const repository = await ground.createRepository('devops/live', files);
    await ground.createApplication({ name: 'live', repository, path: 'm', destinationNamespace: namespace });
    await ground.refresh('live');
    await ground.sync('live');
    await vi.waitFor(async () => {
      const pods = podsOf(await readTree());
      expect(pods.map(({ health }) => health?.status)).toEqual(['Healthy', 'Healthy', 'Healthy']);
    }, SOON);
  });
  afterAll(async () => {
    await node.stop();
    await ground.client.remove({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: role });
    await ground.close();
  });

  const get = async (path: string) => {
    const { status, body } = await ground.request('GET', `/api/v1/applications/live/${path}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const readTree = async () => (await get('resource-tree')) as ApplicationTree;
  const podsOf = ({ nodes }: ApplicationTree) => nodes.filter(({ kind }) => kind === 'Pod');
  const find = (nodes: readonly ResourceNode[], kind: string, name?: string) => {
    const found = nodes.find((one) => one.kind === kind && (name === undefined || one.name === name));
    if (!found) throw new Error(`no ${kind} ${name ?? ''} in ${nodes.map((one) => `${one.kind}/${one.name}`)}`);
    return found;
  };
  const query = (group: string, version: string, kind: string, name: string, place = namespace) =>
    new URLSearchParams({ namespace: place, resourceName: name, group, version, kind }).toString();
  const WEB = query('apps', 'v1', 'Deployment', 'web');

  describe('the tree', () => {
    it('holds what controllers have made, below what made it', async () => {
      const { nodes } = await readTree();
      const web = find(nodes, 'Deployment', 'web');
      const set = nodes.find((one) => one.kind === 'ReplicaSet' && one.parentRefs?.[0]?.name === 'web');
      expect(web.parentRefs).toBeUndefined();
      expect(set).toMatchObject({
        group: 'apps',
        version: 'v1',
        parentRefs: [{ group: 'apps', kind: 'Deployment', namespace, name: 'web', uid: web.uid }],
        info: [{ name: 'Revision', value: 'Rev:1' }],
        health: { status: 'Healthy' },
      });
      const pods = nodes.filter(({ kind, parentRefs }) => kind === 'Pod' && parentRefs?.[0]?.uid === set?.uid);
      expect(pods).toHaveLength(2);
      expect(pods[0]).toMatchObject({
        version: 'v1',
        images: ['nginx:1.29'],
        networkingInfo: { labels: { app: 'web' } },
        resourceVersion: expect.stringMatching(/^\d+$/),
        createdAt: expect.stringMatching(/^\d{4}-/),
      });
      expect(pods[0]?.info).toEqual(
        expect.arrayContaining([
          { name: 'Status Reason', value: 'Running' },
          { name: 'Containers', value: '1/1' },
          { name: 'cpu', value: '50' },
          { name: 'memory', value: '1048576000' },
        ]),
      );
    });

    it('infers owners that Kubernetes writes nowhere', async () => {
      const { nodes } = await readTree();
      const db = find(nodes, 'StatefulSet', 'db');
      expect(find(nodes, 'PersistentVolumeClaim', 'data-db-0').parentRefs).toMatchObject([
        { group: 'apps', kind: 'StatefulSet', name: 'db', uid: db.uid },
      ]);
      const service = find(nodes, 'Service', 'web');
      expect(find(nodes, 'Endpoints', 'web').parentRefs).toMatchObject([{ kind: 'Service', uid: service.uid }]);
      expect(
        nodes.find(({ kind, parentRefs }) => kind === 'EndpointSlice' && parentRefs?.[0]?.uid === service.uid),
      ).toBeDefined();
    });

    it('knows how traffic comes in, and the links that people have noted', async () => {
      const { nodes } = await readTree();
      expect(find(nodes, 'Service', 'web').networkingInfo).toEqual({ targetLabels: { app: 'web' } });
      expect(find(nodes, 'Ingress', 'web').networkingInfo).toEqual({
        targetRefs: [{ kind: 'Service', namespace, name: 'web' }],
        externalURLs: ['https://web.example.com/shop'],
      });
      expect(find(nodes, 'Deployment', 'web').networkingInfo).toEqual({
        externalURLs: ['https://wiki.example.com/web'],
      });
    });

    it('has cluster-scoped objects, and none of anybody else', async () => {
      const { nodes, orphanedNodes } = await readTree();
      const reader = find(nodes, 'ClusterRole');
      expect(reader).toMatchObject({ name: role, group: 'rbac.authorization.k8s.io' });
      expect(reader.namespace).toBeUndefined();
      expect(nodes.filter(({ kind }) => kind === 'ConfigMap')).toEqual([]);
      expect(orphanedNodes).toEqual([]);
    });

    it('tells which nodes its Pods run on', async () => {
      const { hosts } = await readTree();
      expect(hosts).toHaveLength(1);
      expect(hosts[0]?.resourcesInfo.find(({ resourceName }) => resourceName === 'cpu')).toMatchObject({
        requestedByApp: 150,
      });
    });
  });

  describe('one object', () => {
    it.each([
      ['a root', 'apps', 'v1', 'Deployment', 'web'],
      ['a root, of whichever version', 'apps', '', 'Deployment', 'web'],
      ['what is inferred', '', 'v1', 'PersistentVolumeClaim', 'data-db-0'],
      ['a Pod of a StatefulSet', '', 'v1', 'Pod', 'db-0'],
    ])('is shown as it is live: %s', async (_, group, version, kind, name) => {
      const body = await get(`resource?${query(group, version, kind, name)}`);
      expect(JSON.parse(String(at(body, 'manifest')))).toMatchObject({ kind, metadata: { name, namespace } });
    });

    it('is shown where it is cluster-scoped', async () => {
      const body = await get(`resource?${query('rbac.authorization.k8s.io', 'v1', 'ClusterRole', role, '')}`);
      expect(JSON.parse(String(at(body, 'manifest')))).toMatchObject({ metadata: { name: role } });
    });

    it.each([
      ['another’s object', '', 'ConfigMap', 'foreign-1'],
      ['what is not there', '', 'ConfigMap', 'nowhere'],
      ['a kind that nobody serves', 'example.com', 'Widget', 'web'],
    ])('is refused for %s', async (_, group, kind, name) => {
      const path = `/api/v1/applications/live/resource?${query(group, 'v1', kind, name)}`;
      const { status, body } = await ground.request('GET', path);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 3,
        message: `${kind} ${group} ${name} not found as part of application live`,
      });
    });

    it('never shows the values of a Secret, whether it is read, patched or refused', async () => {
      const place = query('', 'v1', 'Secret', 'login');
      const read = await get(`resource?${place}`);
      const path = `/api/v1/applications/live/resource?${place}`;
      const merge = '&patchType=application/merge-patch%2Bjson';
      const patched = await ground.request(
        'POST',
        `${path}${merge}`,
        JSON.stringify({ metadata: { labels: { a: 'b' } } }),
      );
      const refused = await ground.request(
        'POST',
        `${path}${merge}`,
        JSON.stringify({ data: { password: 'n0-base64!' } }),
      );
      expect(JSON.parse(String(at(read, 'manifest')))).toMatchObject({ data: { password: '++++++++' } });
      expect(JSON.parse(String(at(patched.body, 'manifest')))).toMatchObject({ metadata: { labels: { a: 'b' } } });
      expect(refused.body).toMatchObject({ message: `failed to patch Secret ${namespace}/login` });
      const all = JSON.stringify([read, patched, refused]);
      for (const secret of ['s3cr3t-value', btoa('s3cr3t-value'), 'n0-base64!']) expect(all).not.toContain(secret);
    });

    it.each([
      ['application/merge-patch+json', { metadata: { annotations: { one: '1' } } }],
      ['application/json-patch+json', [{ op: 'add', path: '/metadata/annotations/two', value: '2' }]],
      ['application/strategic-merge-patch+json', { metadata: { annotations: { three: '3' } } }],
    ])('is patched by %s', async (type, patch) => {
      const path = `/api/v1/applications/live/resource?${WEB}&patchType=${encodeURIComponent(type)}`;
      const { status, body } = await ground.request('POST', path, JSON.stringify(patch));
      expect(status).toBe(200);
      const manifest: unknown = JSON.parse(String(at(body, 'manifest')));
      expect(at(manifest, 'metadata', 'annotations')).toMatchObject(
        { merge: { one: '1' }, json: { two: '2' }, strategic: { three: '3' } }[type.split(/[/-]/)[1] ?? ''] ?? {},
      );
    });

    it.each([
      ['application/nonsense', '{}', 'patchType application/nonsense is not supported'],
      ['application/merge-patch+json', '{broken', 'the patch is not valid JSON'],
      ['application/json-patch+json', '{}', 'the patch is no JSON list of steps'],
    ])('is not patched by %s with %s', async (type, text, message) => {
      const path = `/api/v1/applications/live/resource?${WEB}&patchType=${encodeURIComponent(type)}`;
      const { status, body } = await ground.request('POST', path, text);
      expect(status).toBe(400);
      expect(at(body, 'message')).toContain(message);
    });

    it('is deleted, and what made it makes it again', async () => {
      const before = podsOf(await readTree()).filter(({ name }) => name.startsWith('web-'));
      const [victim] = before;
      const path = `/api/v1/applications/live/resource?${query('', 'v1', 'Pod', victim?.name ?? '')}&force=true`;
      expect((await ground.request('DELETE', path)).status).toBe(200);
      await expect
        .poll(
          async () =>
            podsOf(await readTree())
              .filter(({ name }) => name.startsWith('web-'))
              .map(({ uid }) => uid),
          SOON,
        )
        .not.toContain(victim?.uid);
    });
  });

  describe('actions', () => {
    const actionsOf = async (place: string) => {
      const actions = at(await get(`resource/actions?${place}`), 'actions');
      return Array.isArray(actions) ? actions.filter(isObject) : [];
    };
    const run = (body: Record<string, unknown>) =>
      ground.request('POST', '/api/v1/applications/live/resource/actions/v2', body);
    const on = (group: string, kind: string, name: string) => ({
      ...{ namespace, resourceName: name, group, kind, version: 'v1' },
    });
    const live = (apiVersion: string, kind: string, name: string) => ground.get(apiVersion, kind, namespace, name);

    it('are offered as the object is', async () => {
      expect(await actionsOf(WEB)).toMatchObject([
        { name: 'restart' },
        { name: 'pause', disabled: false },
        { name: 'resume', disabled: true },
        { name: 'scale', params: [{ name: 'replicas' }] },
      ]);
      expect(await actionsOf(query('', 'v1', 'Secret', 'login'))).toEqual([]);
    });

    it('restart a Deployment: its Pods are others afterwards', async () => {
      const path = `/api/v1/applications/live/resource/actions?${WEB}`;
      const before = podsOf(await readTree()).map(({ uid }) => uid);
      expect((await ground.request('POST', path, 'restart')).status).toBe(200);
      const web = await live('apps/v1', 'Deployment', 'web');
      const annotations = at(web, 'spec', 'template', 'metadata', 'annotations');
      expect(annotations).toMatchObject({ 'kubectl.kubernetes.io/restartedAt': expect.stringMatching(/Z$/) });
      const newPods = async () =>
        podsOf(await readTree()).filter(({ name, uid, health }) => {
          return name.startsWith('web-') && !before.includes(uid) && health?.status === 'Healthy';
        }).length;
      await expect.poll(newPods, SOON).toBe(2);
      // It is no drift, and a sync leaves it as it is.
      await ground.refresh('live');
      expect((await ground.application('live')).status.sync?.status).toBe('Synced');
      await ground.sync('live');
      const after = await live('apps/v1', 'Deployment', 'web');
      expect(at(after, 'spec', 'template', 'metadata', 'annotations')).toEqual(annotations);
    });

    it('pause, resume and scale', async () => {
      const web = on('apps', 'Deployment', 'web');
      expect((await run({ ...web, action: 'pause' })).status).toBe(200);
      expect(at(await live('apps/v1', 'Deployment', 'web'), 'spec', 'paused')).toBe(true);
      expect(await actionsOf(WEB)).toMatchObject([{}, { disabled: true }, { disabled: false }, {}]);
      expect((await run({ ...web, action: 'resume' })).status).toBe(200);
      expect(at(await live('apps/v1', 'Deployment', 'web'), 'spec', 'paused')).toBeUndefined();
      const resourceActionParameters = [{ name: 'replicas', value: '3' }];
      expect((await run({ ...web, action: 'scale', resourceActionParameters })).status).toBe(200);
      expect(at(await live('apps/v1', 'Deployment', 'web'), 'spec', 'replicas')).toBe(3);
    });

    it.each([
      ['scale', [{ name: 'replicas', value: 'many' }], 'invalid number: many'],
      ['explode', [], 'there is no action explode for Deployment'],
    ])('refuse %s with %j', async (action, resourceActionParameters, message) => {
      const { status, body } = await run({ ...on('apps', 'Deployment', 'web'), action, resourceActionParameters });
      expect(status).toBe(400);
      expect(at(body, 'message')).toContain(message);
    });

    it('make a Job of a CronJob, which is below it in the tree, and end it', async () => {
      expect((await run({ ...on('batch', 'CronJob', 'nightly'), action: 'create-job' })).status).toBe(200);
      const { nodes } = await readTree();
      const job = find(nodes, 'Job');
      expect(job.parentRefs).toMatchObject([{ kind: 'CronJob', name: 'nightly' }]);
      const place = query('batch', 'v1', 'Job', job.name);
      const names = async () => (await actionsOf(place)).map(({ name }) => name);
      await expect.poll(names, SOON).toEqual(['resume', 'terminate']);
      expect((await run({ ...on('batch', 'Job', job.name), action: 'terminate' })).body).toEqual({});
      await expect.poll(names, SOON).toEqual([]);
      expect(at(await live('batch/v1', 'Job', job.name), 'status', 'conditions')).toEqual(
        expect.arrayContaining([expect.objectContaining({ type: 'FailureTarget', reason: 'ManuallyTerminated' })]),
      );
    });

    it('suspend a CronJob and let it go on', async () => {
      const nightly = on('batch', 'CronJob', 'nightly');
      const isSuspended = async () => at(await live('batch/v1', 'CronJob', 'nightly'), 'spec', 'suspend');
      expect((await run({ ...nightly, action: 'suspend' })).status).toBe(200);
      expect(await isSuspended()).toBe(true);
      expect((await run({ ...nightly, action: 'resume' })).status).toBe(200);
      expect(await isSuspended()).toBe(false);
    });

    it('are those of argocd-cm, in Lua, beside the built-in ones', async () => {
      await ground.client.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'argocd-cm', namespace: ground.namespace },
        data: {
          'resource.customizations.actions.apps_StatefulSet': [
            'mergeBuiltinActions: true',
            'discovery.lua: |',
            '  return { label = { displayName = "Label it", params = {{ name = "value" }} } }',
            'definitions:',
            '  - name: label',
            '    action.lua: |',
            '      obj.metadata.labels = obj.metadata.labels or {}',
            '      obj.metadata.labels["by-hand"] = actionParams["value"]',
            '      return obj',
          ].join('\n'),
        },
      });
      const place = query('apps', 'v1', 'StatefulSet', 'db');
      expect(await actionsOf(place)).toMatchObject([
        { name: 'label', displayName: 'Label it', params: [{ name: 'value' }] },
        { name: 'restart' },
        { name: 'scale' },
      ]);
      const resourceActionParameters = [{ name: 'value', value: 'yes' }];
      const done = await run({ ...on('apps', 'StatefulSet', 'db'), action: 'label', resourceActionParameters });
      expect(done.body).toEqual({});
      expect((await live('apps/v1', 'StatefulSet', 'db'))?.metadata.labels).toMatchObject({ 'by-hand': 'yes' });
    });

    it('are there for the Application itself', async () => {
      const self = { ...on('argoproj.io', 'Application', 'live'), version: 'v1alpha1', namespace: ground.namespace };
      expect((await run({ ...self, action: 'toggle-auto-sync' })).status).toBe(200);
      expect((await ground.application('live')).spec.syncPolicy?.automated).toEqual({ enabled: true });
      expect((await run({ ...self, action: 'toggle-auto-sync' })).status).toBe(200);
      expect((await ground.application('live')).spec.syncPolicy?.automated).toEqual({ enabled: false });
    });
  });

  describe('events', () => {
    const eventsOf = async (subject: { namespace: string; name: string; uid: string }) => {
      const asked = new URLSearchParams({
        resourceNamespace: subject.namespace,
        resourceName: subject.name,
        resourceUID: subject.uid,
      });
      const items = at(await get(`events?${asked}`), 'items');
      return Array.isArray(items) ? items.map((item) => at(item, 'reason')) : [];
    };

    it('tell what was done with an object, and with nothing else', async () => {
      const { nodes } = await readTree();
      const { name, uid = '' } = find(nodes, 'Deployment', 'web');
      expect(await eventsOf({ namespace, name, uid })).toContain('ScalingReplicaSet');
      const set = nodes.find(({ kind, parentRefs }) => kind === 'ReplicaSet' && parentRefs?.[0]?.uid === uid);
      expect(await eventsOf({ namespace, name: set?.name ?? '', uid: set?.uid ?? '' })).toContain('SuccessfulCreate');
    });

    it('are refused for what is not the Application’s', async () => {
      const path = 'events?resourceName=foreign-1&resourceUID=123&resourceNamespace=';
      const { status, body } = await ground.request('GET', `/api/v1/applications/live/${path}${namespace}`);
      expect(status).toBe(400);
      expect(at(body, 'message')).toContain('foreign-1 not found as part of application live');
    });

    it('are there of Applications and projects', async () => {
      expect(at(await get('events'), 'items')).toEqual(expect.any(Array));
      const { status, body } = await ground.request('GET', '/api/v1/projects/default/events');
      expect(status).toBe(200);
      expect(at(body, 'items')).toEqual(expect.any(Array));
    });
  });

  it('the logs of Pods that nobody has started are a line that says why, or none', async () => {
    const response = await ground.open(`/api/v1/applications/live/logs?${WEB}&tailLines=5`);
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(response.status).toBe(200);
    expect(at(lines.at(-1), 'result')).toMatchObject({ last: true, content: '', podName: '' });
    for (const line of lines.slice(0, -1)) expect(at(line, 'result', 'podName')).toMatch(/^web-/);
  });
};

export default behaviour;
