// Beside an Argo CD: hawser refuses to write while its controller is ready, or only compares.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { comparingOnly } from '../../src/operation/alongside.ts';
import { refuseBesideArgoCd, refusingBesideArgoCd } from '../../src/operation/beside-argo-cd.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createDemoCluster } from '../../src/sandbox/demo-cluster.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';

const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
const CONTROLLER = { apiVersion: 'apps/v1', kind: 'StatefulSet' };
const LABELS = { 'app.kubernetes.io/part-of': 'argocd', 'app.kubernetes.io/component': 'application-controller' };

function controller(name: string, labels: Record<string, string>) {
  const selector = { app: name };
  return {
    ...CONTROLLER,
    metadata: { name, namespace: NAMESPACE, labels },
    spec: {
      replicas: 0,
      serviceName: name,
      selector: { matchLabels: selector },
      template: { metadata: { labels: selector }, spec: { containers: [{ name: 'a', image: 'a' }] } },
    },
  };
}

/** Waits until the cluster's controllers have done so. */
async function scale(client: KubeClient, name: string, replicas: number): Promise<void> {
  const ref = { ...CONTROLLER, namespace: NAMESPACE, name };
  await client.patch(ref, { spec: { replicas } }, { type: 'merge' });
  await expect.poll(async () => at(await client.get(ref), 'status', 'readyReplicas') ?? 0).toBe(replicas);
}

describe('hawser beside a ready application-controller', () => {
  it.each([
    ['as its manifests label it', 'argocd-application-controller', LABELS],
    ['as its chart names it', 'prod-argocd-application-controller', LABELS],
    ['without labels, by its name', 'argocd-application-controller', {}],
  ])('is refused: %s', async (_, name, labels) => {
    const client = createKubeClient(await createDemoCluster(NAMESPACE), { fieldManager: 'test' });
    await client.create(controller(name, labels));
    await refuseBesideArgoCd(client, NAMESPACE);
    await scale(client, name, 1);
    await expect(refuseBesideArgoCd(client, NAMESPACE)).rejects.toMatchObject({
      code: 'FailedPrecondition',
      message: `Argo CD works on the Applications of the namespace ${NAMESPACE}: its StatefulSet ${name} is ready`,
      hint: expect.stringContaining(`kubectl -n ${NAMESPACE} scale statefulset ${name} --replicas=0`),
    });
    await refuseBesideArgoCd(client, 'elsewhere');
  });

  it('writes to Applications until Argo CD is started, and again when it is stopped', async () => {
    const cluster = await createDemoCluster(NAMESPACE);
    const client = createKubeClient(cluster, { fieldManager: 'test' });
    let nowMs = 0;
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const guarded = refusingBesideArgoCd(cluster, { namespace: NAMESPACE, clock: { now: () => nowMs }, log });
    const hawser = createKubeClient(guarded, { fieldManager: 'hawser' });
    await client.create(controller('argocd-application-controller', LABELS));
    const project = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'a', namespace: NAMESPACE },
    };
    await hawser.apply({ ...project, spec: {} });
    await scale(client, 'argocd-application-controller', 1);
    nowMs += 60_000;
    await expect(hawser.apply({ ...project, spec: { description: 'b' } })).rejects.toMatchObject({
      code: 'FailedPrecondition',
    });
    await hawser.apply({ ...project, spec: { description: 'b' } }, { dryRun: true });
    await hawser.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own', namespace: NAMESPACE } });
    await scale(client, 'argocd-application-controller', 0);
    nowMs += 60_000;
    await hawser.apply({ ...project, spec: { description: 'b' } });
  });
});

describe('hawser that only compares', () => {
  let ground: Ground;
  let cluster: ClusterTransport;
  let client: KubeClient;
  /** What hawser has sent to be stored. */
  const writes: string[] = [];
  const read = (name: string) => client.get({ ...APPLICATION, namespace: NAMESPACE, name });

  beforeAll(async () => {
    cluster = await createDemoCluster(NAMESPACE);
    client = createKubeClient(cluster, { fieldManager: 'argocd-controller' });
    let isWatched = false;
    const home: ClusterTransport = {
      ...cluster,
      fetch: (path, init = {}) => {
        const isRead = (init.method ?? 'GET') === 'GET' || path.includes('dryRun=All');
        if (isWatched && !isRead) writes.push(`${init.method} ${path.split('?')[0]}`);
        return cluster.fetch(path, init);
      },
    };
    ground = await createGround(home, { settings: { alongside: true } });
    isWatched = true;
    const repository = await ground.createRepository('team/web', {
      'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  a: b\n',
    });
    writes.length = 0;
    await client.create({
      ...APPLICATION,
      metadata: {
        name: 'web',
        namespace: NAMESPACE,
        finalizers: ['resources-finalizer.argocd.argoproj.io'],
      },
      spec: {
        project: 'default',
        source: { repoURL: `${ground.gitUrl}/${repository.path}`, path: '.' },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'web' },
        syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
      },
      operation: { sync: { revision: 'HEAD' } },
      status: {
        sync: { status: 'Synced', revision: 'a'.repeat(40) },
        health: { status: 'Healthy' },
        operationState: { phase: 'Running', operation: { sync: {} }, startedAt: '2026-01-01T00:00:00Z' },
      },
    });
  });
  afterAll(() => ground?.close());

  it('tells what it finds, and whose words these are, and leaves the Application as it is', async () => {
    const before = await read('web');
    const answer = await ground.refresh('web');
    expect(answer.applications).toMatchObject([
      { name: 'web', verdict: 'manual', reason: expect.stringMatching(/hawser only compares here \(--alongside\)/) },
    ]);
    const app = await ground.application('web');
    expect(app.status.sync?.status).toBe('OutOfSync');
    expect(app.status.health?.status).toBe('Missing');
    expect(app.status.resources).toMatchObject([{ kind: 'ConfigMap', name: 'web', status: 'OutOfSync' }]);
    expect(app.status.conditions?.map(({ type, message }) => `${type}: ${message}`)).toEqual([
      'HawserAlongside: hawser only compares here (--alongside): Argo CD applies, and says Synced, Healthy',
    ]);
    expect(await read('web')).toEqual(before);
    expect(await ground.get('v1', 'Namespace', '', 'web')).toBeUndefined();
  });

  it('shows the differences, in lists as well', async () => {
    const { body } = await ground.request('GET', '/api/v1/applications/web/managed-resources');
    expect(at(body, 'items', 0)).toMatchObject({ kind: 'ConfigMap', name: 'web' });
    const [listed] = await ground.hawser.listApplications();
    expect(listed?.status.sync?.status).toBe('OutOfSync');
    expect(listed?.spec.syncPolicy?.automated).toEqual({ prune: true, selfHeal: true });
  });

  it.each([
    ['a sync', 'POST', '/api/v1/applications/web/sync', {}],
    ['a deletion', 'DELETE', '/api/v1/applications/web', undefined],
  ])('refuses %s, and says why', async (_, method, path, body) => {
    const { status, body: answer } = await ground.request(method, path, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer)).toContain('hawser only compares here (--alongside): Argo CD applies');
  });

  it('tells the same to whoever watches', async () => {
    const settings = { namespace: NAMESPACE, loopback: true, insecureWebhooks: false, alongside: true };
    const { home } = comparingOnly({ home: cluster, settings, clock: { now: () => 0 } });
    const watching = createKubeClient(home, { fieldManager: 'hawser' });
    const { resourceVersion = '' } = (await read('web'))?.metadata ?? {};
    const labels = { changed: 'by-argo-cd' };
    await client.patch(
      { ...APPLICATION, namespace: NAMESPACE, name: 'web' },
      { metadata: { labels } },
      { type: 'merge' },
    );
    const place = { namespace: NAMESPACE, name: 'web', resourceVersion, timeoutMs: 10_000 };
    const seen: unknown[] = [];
    for await (const event of watching.watch(APPLICATION, place)) {
      if (event.type === 'RELISTED') continue;
      seen.push([
        event.type,
        event.object.metadata.labels,
        event.object.operation,
        at(event.object, 'status', 'conditions', 0),
      ]);
      break;
    }
    const message = 'hawser only compares here (--alongside): Argo CD applies, and says Synced, Healthy';
    const condition = { type: 'HawserAlongside', message, lastTransitionTime: '1970-01-01T00:00:00Z' };
    expect(seen).toEqual([['MODIFIED', labels, undefined, condition]]);
  });

  it('leaves an Application that is being deleted to Argo CD', async () => {
    await client.remove({ ...APPLICATION, namespace: NAMESPACE, name: 'web' });
    const before = await read('web');
    expect(before?.metadata.deletionTimestamp).toBeDefined();
    await ground.refresh('web');
    expect(await read('web')).toEqual(before);
  });

  it('has written nothing but its own records', () => {
    const own = /\/(leases|configmaps\/hawser-|secrets\/argocd-)|^POST .*\/(configmaps|leases|secrets)$/;
    expect(writes.filter((write) => !own.test(write))).toEqual([]);
  });
});
