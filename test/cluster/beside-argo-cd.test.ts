// An Argo CD in the same namespace of a real API server: hawser refuses to work beside it, compares beside it, takes its place, and leaves
// everything to it again, or to nobody, by the commands of the documentation.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at, isObject } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { type ControlPlane, missingControlPlane, startControlPlane } from '../support/control-plane.ts';
import { NAMESPACE, TOKEN } from '../support/ground.ts';
import {
  createHome,
  eventually,
  type Home,
  type RunningProcess,
  runHawser,
  runProcess,
  startHawser,
} from '../support/hawser-process.ts';
import { type Installed, installHawser } from '../support/installed.ts';
import { findPeer } from '../support/peers.ts';

const API = 'argoproj.io/v1alpha1';
const CONTROLLER = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  namespace: NAMESPACE,
  name: 'argocd-application-controller',
};
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'web', name: 'cm' };

/** What docs say of leaving. */
const REMOVE_HAWSER = `
kubectl delete validatingwebhookconfiguration hawser-argocd
kubectl -n argocd delete deployment,statefulset,service,poddisruptionbudget,lease,configmap -l app.kubernetes.io/part-of=hawser
kubectl -n argocd delete serviceaccount/hawser role/hawser rolebinding/hawser
kubectl delete clusterrole,clusterrolebinding hawser-argocd hawser-argocd-applications
`;

const HAND_OVER_FIELDS = `
kubectl -n argocd get applications -o json |
  jq -r '.items[].status.resources[]? | [.kind + "." + .version + "." + (.group // ""), .namespace // "default", .name] | @tsv' |
  while read -r kind namespace name; do
    kubectl -n "$namespace" get "$kind" "$name" --show-managed-fields -o json |
      jq '{metadata: {resourceVersion: .metadata.resourceVersion, managedFields: (.metadata.managedFields | map(if .manager == "hawser" then .manager = "argocd-controller" else . end))}}' |
      kubectl -n "$namespace" patch "$kind" "$name" --type=merge --patch-file=/dev/stdin
  done
`;

const LET_GO = `
kubectl -n argocd get applications -o name | while read -r app; do
  kubectl -n argocd patch "$app" --type=merge -p '{"metadata":{"finalizers":null}}'
done
kubectl delete crd applications.argoproj.io applicationsets.argoproj.io appprojects.argoproj.io
`;

const kubectl = findPeer('kubectl');
const absent = ['kubectl', 'jq'].find((name) => findPeer(name) === undefined);
const missing = absent ? `no ${absent}` : missingControlPlane();
if (missing) console.warn(`SKIPPED: beside an Argo CD on a real API server: ${missing}`);

describe.skipIf(missing !== undefined)('beside an Argo CD on a real API server', () => {
  let plane: ControlPlane;
  let home: Home;
  let client: KubeClient;
  let gitListening: Listening;
  let server: { readonly url: string; readonly process: RunningProcess } | undefined;
  const git = createGitServer({});

  beforeAll(async () => {
    home = createHome();
    plane = await startControlPlane({ auditLog: join(home.folder, 'audit.log') });
    client = createKubeClient(await connectKubeconfig({ kubeconfig: plane.kubeconfig }), { fieldManager: 'test' });
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    const repository = git.create('team/web', { defaultBranch: 'main' });
    const files = { 'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {a: b, c: d}\n' };
    const author = { name: 'Kim', email: 'kim@example.com' };
    await git.commit(repository, 'main', files, { message: 'One\n', author, atMs: Date.now() });
  });
  afterAll(async () => {
    await server?.process.end('SIGKILL');
    await gitListening?.close();
    await plane?.stop();
    home?.remove();
  });

  const application = () => client.get({ apiVersion: API, kind: 'Application', namespace: NAMESPACE, name: 'web' });

  /** There is no kubelet: its Pod is what the test says that it is. */
  async function scaleController(replicas: number): Promise<void> {
    await client.patch(CONTROLLER, { spec: { replicas } }, { type: 'merge' });
    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: NAMESPACE, name: `${CONTROLLER.name}-0` };
    if (replicas > 0) {
      await eventually('the Pod', () => client.get(pod));
      const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
      await client.patch(pod, { status }, { type: 'merge', subresource: 'status' });
    } else await client.remove(pod, { gracePeriodSeconds: 0 });
    await expect
      .poll(async () => at(await client.get(CONTROLLER), 'status', 'readyReplicas') ?? 0, { timeout: 30_000 })
      .toBe(replicas);
  }

  const serveArgs = ({ kubeconfig }: Installed, ...more: string[]) => {
    const data = join(home.folder, `data-${more.join('')}`);
    return ['serve', '--kubeconfig', kubeconfig, '--namespace', NAMESPACE, '--port', '0', '--data', data, ...more];
  };

  async function serve(installed: Installed, ...more: string[]): Promise<void> {
    const process = startHawser(serveArgs(installed, ...more), { env: { ...home.env, HAWSER_TOKEN: TOKEN } });
    const [, url = ''] = await process.waitFor(/"hawser serves","url":"([^"]+)"/);
    server = { url, process };
  }

  async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${server?.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  function run(script: string) {
    const env = { ...home.env, KUBECONFIG: plane.kubeconfig, PATH: `${join(kubectl ?? '', '..')}:${home.env.PATH}` };
    return runProcess('sh', ['-euc', script], { env });
  }

  async function output(script: string): Promise<string> {
    const { code, stdout, stderr } = await run(script);
    expect(code, stderr).toBe(0);
    return stdout;
  }

  it('refuses to work, and says what to do', async () => {
    const installed = await installHawser(plane, home, NAMESPACE, ['--alongside']);
    const labels = { 'app.kubernetes.io/name': CONTROLLER.name, 'app.kubernetes.io/part-of': 'argocd' };
    await client.create({
      apiVersion: CONTROLLER.apiVersion,
      kind: CONTROLLER.kind,
      metadata: { name: CONTROLLER.name, namespace: NAMESPACE, labels },
      spec: {
        replicas: 0,
        serviceName: CONTROLLER.name,
        selector: { matchLabels: { app: 'controller' } },
        template: { metadata: { labels: { app: 'controller' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
      },
    });
    await scaleController(1);
    const { code, stderr } = await runHawser(serveArgs(installed), { env: home.env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: .*\n$/);
    expect(stderr).toContain(`its StatefulSet ${CONTROLLER.name} is ready (kubectl -n ${NAMESPACE} scale statefulset`);
  });

  it('compares with --alongside and the rights of hawser install --alongside, and stores nothing of it', async () => {
    const installed = await installHawser(plane, home, NAMESPACE, ['--alongside']);
    const { metadata, ...rest } = applicationManifest({
      ...{ name: 'web', namespace: NAMESPACE, repoURL: `${gitListening.url}/team/web`, path: '.' },
      ...{ destinationNamespace: 'web', automated: {} },
    });
    const finalizers = ['resources-finalizer.argocd.argoproj.io'];
    await client.create({
      ...rest,
      metadata: { ...metadata, finalizers },
      status: { sync: { status: 'Synced' }, health: { status: 'Healthy' } },
    });
    const before = await application();
    await serve(installed, '--alongside');
    await call('POST', '/api/refresh', { application: 'web', wait: true });
    const shown = async () => (await call('GET', '/api/v1/applications/web')).body;
    await expect.poll(async () => at(await shown(), 'status', 'sync', 'status'), { timeout: 30_000 }).toBe('OutOfSync');
    const conditions = at(await shown(), 'status', 'conditions');
    expect(JSON.stringify(conditions)).toContain('Argo CD applies, and says Synced, Healthy');
    expect((await call('POST', '/api/v1/applications/web/sync', {})).status).toBeGreaterThanOrEqual(400);
    await server?.process.end('SIGTERM');
    expect(await application()).toEqual(before);
    expect(await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'web' })).toBeUndefined();
    // What its rights would have let it do as well is not what it has done.
    const lines = readFileSync(join(home.folder, 'audit.log'), 'utf8').split('\n').filter(Boolean);
    const stored = lines
      .map((line): unknown => JSON.parse(line))
      .filter((event) => isObject(event) && at(event, 'user', 'username') === installed.user)
      .filter((event) => ['create', 'update', 'patch', 'delete'].includes(String(at(event, 'verb'))))
      .filter((event) => !String(at(event, 'requestURI')).includes('dryRun=All'))
      .map((event) => `${at(event, 'objectRef', 'resource')} ${at(event, 'objectRef', 'name')}`);
    const own = /^(leases|configmaps hawser-|secrets (hawser-|argocd-)|selfsubject)/;
    expect(stored.filter((what) => !own.test(what))).toEqual([]);
    expect(stored.length).toBeGreaterThan(0);
  });

  it('takes its place once it is scaled down', async () => {
    await scaleController(0);
    const installed = await installHawser(plane, home, NAMESPACE);
    await serve(installed);
    await call('POST', '/api/refresh', { application: 'web' });
    const phase = async () => at(await application(), 'status', 'operationState', 'phase');
    await expect.poll(phase, { timeout: 30_000 }).toBe('Succeeded');
    expect(at(await client.get(CONFIG_MAP), 'data')).toEqual({ a: 'b', c: 'd' });
    await server?.process.end('SIGTERM');
  });

  it('leaves by what the documentation says: its own objects go, and all that Applications have made stays', async () => {
    await output(REMOVE_HAWSER);
    const kinds = 'deployment,statefulset,service,lease,configmap,serviceaccount,role,rolebinding,secret';
    const left = (await output(`kubectl -n ${NAMESPACE} get ${kinds} -o name`))
      .split('\n')
      .filter((name) => /\/hawser/.test(name));
    expect(left).toEqual([]);
    const wide = await output('kubectl get clusterrole,clusterrolebinding,validatingwebhookconfiguration -o name');
    expect(wide).not.toContain('hawser');
    expect(await application()).toBeDefined();
    expect(await client.get(CONFIG_MAP)).toBeDefined();
  });

  it('leaves fields to Argo CD’s server-side apply, which removes them when Git does', async () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cm', namespace: 'web' } };
    const applied = async (data: Record<string, string>, dryRun = false) =>
      at(await client.apply({ ...object, data }, { fieldManager: 'argocd-controller', dryRun }), 'data');
    // As long as hawser is the manager of fields, they stay.
    expect(await applied({ a: 'b' }, true)).toEqual({ a: 'b', c: 'd' });
    await output(HAND_OVER_FIELDS);
    expect(await applied({ a: 'b' })).toEqual({ a: 'b' });
  });

  it('leaves the objects to nobody, where the Applications are to go without them', async () => {
    await output(LET_GO);
    expect(
      await client.get({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: 'applications.argoproj.io',
      }),
    ).toBeUndefined();
    expect(await client.get(CONFIG_MAP)).toBeDefined();
  });
});
