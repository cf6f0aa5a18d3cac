// hawser with the rights that its manifests give, on a real API server: an ordinary sync is refused nothing; and scaled to zero, a Job of
// the real CronJob controller comes when it is due.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at, isObject } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { ALARM_JOB, createAlarmJob } from '../../src/operation/alarm-job.ts';
import { parseDocuments } from '../../src/render/yaml/plain.ts';
import { createGitServer, type SandboxPush } from '../../src/sandbox/git/server.ts';
import { type ControlPlane, missingControlPlane, startControlPlane } from '../support/control-plane.ts';
import { deliverGogs } from '../support/deliver-gogs.ts';
import {
  createHome,
  eventually,
  type Home,
  type RunningProcess,
  runHawser,
  startHawser,
} from '../support/hawser-process.ts';

const NAMESPACE = 'hawser-zero';
const SECRET = 'secret-for-tests';
const IMAGE = 'hawser:1';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };
const CRON_JOB = { apiVersion: 'batch/v1', kind: 'CronJob', namespace: NAMESPACE, name: ALARM_JOB };
const MINUTE_MS = 60_000;

const missing = missingControlPlane();
if (missing) console.warn(`SKIPPED: scale to zero on a real API server: ${missing}`);

describe.skipIf(missing !== undefined)('hawser with the rights of its manifests', () => {
  const auditLog = join(tmpdir(), `hawser-audit-${process.pid}.log`);
  let plane: ControlPlane;
  let home: Home;
  let admin: KubeClient;
  let kubeconfig = '';
  let gitListening: Listening;
  let server: RunningProcess | undefined;
  let url = '';
  const pushes: SandboxPush[] = [];
  const git = createGitServer({ onPush: (push) => void pushes.push(push) });
  const repository = git.create('devops/web', { defaultBranch: 'main' });

  async function commit(value: string): Promise<void> {
    const text = `{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {key: ${value}}}\n`;
    const change = { message: 'Change\n', author: AUTHOR, atMs: Date.now() };
    await git.commit(repository, 'main', { 'a.yaml': text }, change);
  }

  /** By server-side apply, as `kubectl apply --server-side` does; kinds of other projects' definitions are left out. */
  async function install(...args: string[]): Promise<readonly KubeObject[]> {
    const { stdout } = await runHawser(['install', '--namespace', NAMESPACE, '--image', IMAGE, ...args], {
      env: home.env,
    });
    const objects = parseDocuments(stdout).flatMap((document) => {
      const object = document as unknown as KubeObject;
      return isObject(document) && !/keda|knative/.test(object.apiVersion) ? [object] : [];
    });
    const applied: KubeObject[] = [];
    for (const object of objects) applied.push(await admin.apply(object, { fieldValidation: 'Strict' }));
    return applied;
  }

  async function start(): Promise<void> {
    const flags = ['--kubeconfig', kubeconfig, '--namespace', NAMESPACE, '--port', '0', '--alarm-jobs', IMAGE];
    const more = ['--alarm-url', 'http://hawser-wake.test:8080'];
    server = startHawser(['serve', ...flags, ...more], { env: home.env });
    const [, found = ''] = await server.waitFor(/"hawser serves","url":"([^"]+)"/);
    url = found;
  }

  async function isAt(name: string, path: string, value: string): Promise<void> {
    await eventually(`${name}: ${path} ${value}`, async () => {
      const app = await admin.get({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        namespace: NAMESPACE,
        name,
      });
      return at(app, ...path.split('.')) === value ? true : undefined;
    });
  }

  beforeAll(async () => {
    home = createHome();
    plane = await startControlPlane({ auditLog });
    admin = createKubeClient(await connectKubeconfig({ kubeconfig: plane.kubeconfig }), { fieldManager: 'kubectl' });
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    await commit('one');
    await install('--scale-to-zero');
    const ref = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-secret', namespace: NAMESPACE } };
    await admin.create({ ...ref, stringData: { 'webhook.gogs.secret': SECRET } } as KubeObject);
    const path = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/hawser/token`;
    const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} });
    const headers = { 'content-type': 'application/json' };
    const granted: unknown = await (await admin.request(path, { method: 'POST', headers, body })).json();
    const config = JSON.parse(readFileSync(plane.kubeconfig, 'utf8'));
    config.users = [{ name: 'admin', user: { token: at(granted, 'status', 'token') } }];
    kubeconfig = join(home.folder, 'service-account.kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  });

  afterAll(async () => {
    await server?.end();
    await gitListening?.close();
    await plane?.stop();
    rmSync(auditLog, { force: true });
    home?.remove();
  });

  it.each([{ args: ['--replicas', '3'] }, { args: ['--scale-to-zero'] }, { args: [] }])(
    'has manifests that are taken as they are, and change nothing the second time: $args',
    async ({ args }) => {
      const versions = (objects: readonly KubeObject[]) =>
        objects.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.generation ?? ''}`);
      const first = versions(await install(...args));
      expect(versions(await install(...args))).toEqual(first);
    },
  );

  it('brings a push to the cluster and is refused nothing on the way', async () => {
    await start();
    const repoURL = `${gitListening.url}/devops/web`;
    const app = { name: 'web', namespace: NAMESPACE, path: '.', destinationNamespace: 'zero-web', repoURL };
    await admin.create(applicationManifest({ ...app, automated: { prune: true } }));
    await commit('two');
    await deliverGogs(pushes.slice(-1), {
      serverUrl: gitListening.url,
      secret: SECRET,
      send: (init) => fetch(`${url}/api/webhook`, init),
    });
    await isAt('web', 'status.sync.status', 'Synced');
    const refused = readFileSync(auditLog, 'utf8')
      .split('\n')
      .filter((line) => line.includes(`system:serviceaccount:${NAMESPACE}:hawser`) && line.includes('"code":403'));
    expect(refused).toEqual([]);
  });

  it('leaves a CronJob for the edge of a sync window when it is ended', async () => {
    const opens = new Date(Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS + 30 * MINUTE_MS);
    const schedule = `${opens.getUTCMinutes()} ${opens.getUTCHours()} * * *`;
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' };
    await admin.create({
      ...project,
      metadata: { name: 'held', namespace: NAMESPACE },
      spec: {
        ...{ sourceRepos: ['*'], destinations: [{ namespace: '*', server: '*' }] },
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        syncWindows: [{ kind: 'allow', schedule, duration: '1h', applications: ['*'] }],
      },
    });
    const repoURL = `${gitListening.url}/devops/web`;
    const app = { name: 'held', namespace: NAMESPACE, path: '.', destinationNamespace: 'zero-held', repoURL };
    await admin.create(applicationManifest({ ...app, project: 'held', automated: { prune: true } }));
    const token = await hawserToken();
    const asked = { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } };
    await fetch(`${url}/api/refresh`, { ...asked, body: '{"application":"held"}' });
    const kept = async () => at(await admin.get(CRON_JOB), 'spec', 'schedule');
    const minute = new Date(opens.getTime() + MINUTE_MS);
    const due = `${minute.getUTCMinutes()} ${minute.getUTCHours()} ${minute.getUTCDate()} ${minute.getUTCMonth() + 1} *`;
    // One for something sooner may have been there, until that was done.
    await expect.poll(kept, { timeout: 100_000 }).toBe(due);
    expect((await server?.end())?.code).toBe(0);
    server = undefined;
    expect(await kept()).toBe(due);
  });

  it('is woken by a Job of that CronJob, and looks at everything', async () => {
    // Another process had something to do now, and has ended.
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const other = createAlarmJob({
      ...{ home: admin, namespace: NAMESPACE, image: IMAGE, url: 'http://hawser-wake.test:8080', identity: 'ended' },
      ...{ clock: { now: () => Date.now() }, log: silent },
    });
    const due = Date.now();
    await other.keep(due);
    await commit('three');
    const deadline = due + 100_000;
    let pod: unknown;
    while (pod === undefined && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { items } = await admin.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: NAMESPACE });
      pod = items.find(({ metadata }) => metadata.name?.startsWith(`${ALARM_JOB}-`));
    }
    const container = at(pod, 'spec', 'containers', 0);
    expect(at(container, 'args')).toEqual(['wake', 'http://hawser-wake.test:8080']);
    expect(at(container, 'image')).toBe(IMAGE);

    // As the activator and the kubelet would: hawser starts, and the Pod's command runs.
    await start();
    const ran = await runHawser(['wake', url], { env: { ...home.env, HAWSER_TOKEN: await hawserToken() } });
    expect(ran).toMatchObject({ code: 0, stdout: `${url} has done what was due\n` });
    const alarms = at(await admin.get(CRON_JOB), 'metadata', 'annotations', 'hawser.dev/alarms');
    expect(alarms).not.toContain('ended');
    expect(alarms).toMatch(/^\{"[^"]+":\d+\}$/);
  });

  async function hawserToken(): Promise<string> {
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: 'argocd-secret' };
    return atob(String(at(await admin.get(ref), 'data', 'hawser.token')));
  }
});
