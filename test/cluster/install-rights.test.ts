// The rights that hawser install gives suffice for what hawser does, and hold nothing that it does not do: hawser runs as its own
// ServiceAccount on a real API server, whose audit log tells what it asked for.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { dropOldRecords } from '../../src/operation/delivery-sweep.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { formatRule, permits, readAudit, singleRules } from '../support/audit.ts';
import { type ControlPlane, freePort, missingControlPlane, startControlPlane } from '../support/control-plane.ts';
import { createGround, NAMESPACE, TOKEN } from '../support/ground.ts';
import { createHome, eventually, type Home, type RunningProcess, startHawser } from '../support/hawser-process.ts';
import { type Installed, installHawser } from '../support/installed.ts';
import { describeWalkThrough } from '../walk-through/walk-through.ts';

/** Rights that only what is not done here needs, and what that is. */
const NOT_USED_HERE: Readonly<Record<string, string>> = {
  'get /api/*': 'the discovery of API servers before 1.26, a group at a time (test/kube)',
  'get /apis/*': 'the same',
  'create appprojects': 'POST /api/v1/projects (test/api)',
  'update appprojects': 'PUT /api/v1/projects/{name} (test/api)',
  'delete appprojects': 'DELETE /api/v1/projects/{name} (test/api)',
  'patch appprojects': 'tokens of project roles, and the finalizer of a deleted project (test/operation)',
  'create applications': 'POST /api/v1/applications (test/api)',
  'delete applications': 'DELETE /api/v1/applications/{name} (test/api)',
  'update secrets': 'PUT /api/v1/repositories/{repo} and clusters (test/api)',
  'delete secrets': 'DELETE /api/v1/repositories/{repo} and clusters (test/api)',
  'watch appprojects': 'a notice that comes long before what it tells of can be seen (test/behaviours/kubectl-wakes)',
  'watch secrets': 'the same',
  'watch configmaps': 'GET /api/v1/stream/deliveries (test/api)',
  'list events': 'GET /api/v1/applications/{name}/events (test/api)',
};

const missing = missingControlPlane();
if (missing) console.warn(`SKIPPED: the rights of hawser install: ${missing}`);

describe.skipIf(missing !== undefined)('hawser as the ServiceAccount that hawser install makes', () => {
  let plane: ControlPlane;
  let home: Home;
  let admin: ClusterTransport;
  let client: KubeClient;
  let installed: Installed;
  let noticePort = 0;
  const auditLog = () => join(home.folder, 'audit.log');
  const read = (apiVersion: string, kind: string, namespace: string, name: string) =>
    client.get({ apiVersion, kind, namespace, name });

  beforeAll(async () => {
    home = createHome();
    plane = await startControlPlane({ auditLog: auditLog() });
    admin = await connectKubeconfig({ kubeconfig: plane.kubeconfig });
    client = createKubeClient(admin, { fieldManager: 'test' });
    noticePort = await freePort();
    const url = `https://127.0.0.1:${noticePort}/notice`;
    installed = await installHawser(plane, home, NAMESPACE, ['--drift', '--notice-url', url]);
  });
  afterAll(async () => {
    await plane?.stop();
    home?.remove();
  });

  describeWalkThrough(
    'a real API server, with the rights of hawser install',
    async () => admin,
    async () => ({ as: installed.transport }),
  );

  describe('as processes, beyond the walk-through', () => {
    const git = createGitServer({});
    let gitListening: Listening;
    let replicas: readonly { readonly url: string; readonly process: RunningProcess }[] = [];

    beforeAll(async () => {
      gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
      const ports = await Promise.all([freePort(), freePort()]);
      const urls = ports.map((port) => `http://127.0.0.1:${port}`);
      replicas = ports.map((port, index) => ({
        url: urls[index] ?? '',
        process: startHawser(
          [
            ...['serve', '--kubeconfig', installed.kubeconfig, '--namespace', NAMESPACE, '--port', String(port)],
            ...['--data', join(home.folder, `data-${index}`), '--peers', urls.join(',')],
            ...(index === 0 ? ['--notice-port', String(noticePort)] : []),
          ],
          { env: { ...home.env, HAWSER_TOKEN: TOKEN } },
        ),
      }));
      await Promise.all(replicas.map(({ process }) => process.waitFor(/"hawser serves"/)));
    });
    afterAll(async () => {
      await Promise.all(replicas.map(({ process }) => process.end('SIGKILL')));
      await gitListening?.close();
    });

    const status = async (name: string, ...path: string[]) =>
      at(await read('argoproj.io/v1alpha1', 'Application', NAMESPACE, name), 'status', ...path);

    async function deploy(name: string, files: Readonly<Record<string, string>>, index = 0): Promise<void> {
      const repository = git.create(`devops/${name}`, { defaultBranch: 'main' });
      const author = { name: 'Kim', email: 'kim@example.com' };
      await git.commit(repository, 'main', files, { message: 'One\n', author, atMs: Date.now() });
      const repoURL = `${gitListening.url}/devops/${name}`;
      const made = applicationManifest({
        ...{ name, namespace: NAMESPACE, repoURL, path: '.', destinationNamespace: `rights-${name}`, automated: {} },
      });
      const finalizers = ['resources-finalizer.argocd.argoproj.io'];
      await client.create({ ...made, metadata: { ...made.metadata, finalizers } });
      const answer = await fetch(`${replicas[index]?.url}/api/refresh`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ application: name }),
      });
      expect(answer.status).toBe(202);
    }

    it('keep what a chart generates, and tell what becomes of the Application by Events', async () => {
      await deploy('generated', {
        'Chart.yaml': 'apiVersion: v2\nname: generated\nversion: 1.0.0\n',
        'templates/s.yaml':
          'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: {{ randAlphaNum 12 }}}\n',
      });
      await expect.poll(() => status('generated', 'sync', 'status'), { timeout: 30_000 }).toBe('Synced');
    });

    it('see drift by the API server’s notices, and record whose it is', async () => {
      await deploy('drifting', { 'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {a: b}\n' });
      await expect.poll(() => status('drifting', 'sync', 'status'), { timeout: 30_000 }).toBe('Synced');
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'rights-drifting', name: 'cm' };
      await client.patch(ref, { data: { a: 'by hand' } }, { type: 'merge', fieldManager: 'kubectl-edit' });
      await expect.poll(() => status('drifting', 'sync', 'status'), { timeout: 30_000 }).toBe('OutOfSync');
      await eventually('the record', () => read('v1', 'ConfigMap', NAMESPACE, 'hawser-drift-drifting'));
    });

    it('mark an ApplicationSet, which hawser does not carry out', async () => {
      const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet' };
      await client.create({
        ...type,
        metadata: { name: 'each', namespace: NAMESPACE },
        spec: { generators: [], template: { metadata: {}, spec: { project: 'default', destination: {} } } },
      });
      await fetch(`${replicas[0]?.url}/api/refresh`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: '{"all":true}',
      });
      await eventually('the condition', async () =>
        at(await read(type.apiVersion, type.kind, NAMESPACE, 'each'), 'status', 'conditions', 0),
      );
    });

    it('delete what an Application has made with it', async () => {
      await client.remove({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        namespace: NAMESPACE,
        name: 'drifting',
      });
      await expect
        .poll(() => read('argoproj.io/v1alpha1', 'Application', NAMESPACE, 'drifting'), { timeout: 30_000 })
        .toBeUndefined();
      expect(await read('v1', 'ConfigMap', 'rights-drifting', 'cm')).toBeUndefined();
    });

    it('finish what one that was killed had begun', async () => {
      await deploy('handed', {
        'lb.yaml':
          'apiVersion: v1\nkind: Service\nmetadata: {name: lb, annotations: {argocd.argoproj.io/sync-wave: "-1"}}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n',
        'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\n',
      });
      await expect
        .poll(() => status('handed', 'operationState', 'message'), { timeout: 30_000 })
        .toBe('waiting for healthy state of /Service/lb');
      await replicas[0]?.process.end('SIGKILL');
      await client.patch(
        { apiVersion: 'v1', kind: 'Service', namespace: 'rights-handed', name: 'lb' },
        { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
        { type: 'merge', subresource: 'status' },
      );
      await expect
        .poll(() => status('handed', 'operationState', 'phase'), { timeout: 60_000, interval: 100 })
        .toBe('Succeeded');
    }, 120_000);

    it('drop old records of pushes', async () => {
      const own = createKubeClient(installed.transport, { fieldManager: 'hawser' });
      await dropOldRecords(own, NAMESPACE, 0);
    });
  });

  describe('what it asked for', () => {
    const asked = () => readAudit(auditLog(), installed.user);

    it('was permitted', () => {
      expect(asked().length).toBeGreaterThan(50);
      expect(asked().filter(({ status }) => status === 403 || status === 401)).toEqual([]);
    });

    it('in its own namespace and of the cluster was permitted without the rights of what Applications deploy', () => {
      const own = installed.rules('Role', 'hawser');
      const ofCluster = installed.rules('ClusterRole', `hawser-${NAMESPACE}`);
      const others = asked().filter((one) => {
        const isOwn = one.namespace === NAMESPACE && own.some((rule) => permits(rule, one));
        return !isOwn && !ofCluster.some((rule) => permits(rule, one));
      });
      // Of the rest, each is about an object that an Application has made, or would make.
      expect(others.filter(({ namespace }) => namespace === NAMESPACE)).toEqual([]);
      expect(others.filter(({ resource }) => resource === '')).toEqual([]);
      expect(others.filter(({ group }) => group.startsWith('admissionregistration'))).toEqual([]);
      expect(others.length).toBeGreaterThan(20);
    });

    it('used every right that there is, apart from those that other suites use', () => {
      const all = [
        ...installed.rules('Role', 'hawser'),
        ...installed.rules('ClusterRole', `hawser-${NAMESPACE}`),
      ].flatMap(singleRules);
      const unused = all.filter((rule) => !asked().some((one) => permits(rule, one))).map(formatRule);
      expect(unused.filter((rule) => !Object.hasOwn(NOT_USED_HERE, rule))).toEqual([]);
      const known = all.map(formatRule);
      expect(Object.keys(NOT_USED_HERE).filter((rule) => !known.includes(rule))).toEqual([]);
    });
  });

  describe('with --destination-namespaces', () => {
    const CONTROL = 'rights-gitops';
    const DESTINATION = 'rights-team';
    const APPLICATIONS = 'rights-applications';

    it('deploys there and nowhere else, and needs no more for it', async () => {
      for (const name of [DESTINATION, APPLICATIONS]) {
        await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      }
      const flags = ['--destination-namespaces', DESTINATION, '--application-namespaces', APPLICATIONS];
      const narrow = await installHawser(plane, home, CONTROL, flags);
      const ground = await createGround(admin, { namespace: CONTROL, as: narrow.transport });
      try {
        const files = { 'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {a: b}\n' };
        const repository = await ground.createRepository('team/web', files);
        const place = { repository, path: '.', syncOptions: [] };
        await ground.createApplication({ ...place, name: 'inside', destinationNamespace: DESTINATION });
        const inside = await ground.sync('inside');
        expect(inside.status.operationState?.message).toContain('successfully synced');
        expect(inside.status.sync?.status).toBe('Synced');
        await ground.createApplication({ ...place, name: 'outside', destinationNamespace: 'default' });
        await ground.refresh('outside');
        const outside = await ground.application('outside');
        expect(outside.status.conditions?.[0]?.message).toContain('namespace "default"');
        await ground.request('DELETE', '/api/v1/applications/inside');
        await ground.hawser.idle();
        expect(await read('v1', 'ConfigMap', DESTINATION, 'cm')).toBeUndefined();
        // An Application of another namespace, with the rights in that and no others.
        const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace: CONTROL, name: 'default' };
        await client.patch(project, { spec: { sourceNamespaces: [APPLICATIONS] } }, { type: 'merge' });
        const repoURL = `${ground.gitUrl}/team/web`;
        const of = { name: 'theirs', namespace: APPLICATIONS, repoURL, path: '.', destinationNamespace: DESTINATION };
        await ground.hawser.listApplications();
        await client.create(applicationManifest(of));
        const asked = { appNamespace: APPLICATIONS };
        const { status, body } = await ground.request('POST', '/api/v1/applications/theirs/sync', asked);
        expect(status, JSON.stringify(body)).toBe(200);
        await ground.hawser.idle();
        const theirs = await read('argoproj.io/v1alpha1', 'Application', APPLICATIONS, 'theirs');
        expect(at(theirs, 'status', 'operationState', 'phase')).toBe('Succeeded');
      } finally {
        await ground.close();
      }
      const refused = readAudit(auditLog(), narrow.user).filter(({ status }) => status === 403);
      expect(refused.filter(({ namespace }) => namespace !== 'default')).toEqual([]);
    });
  });
});
