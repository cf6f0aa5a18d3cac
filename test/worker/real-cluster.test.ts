// workerd against a real API server: the signed webhook of a push brings a chart to the cluster, through a service binding.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { bundleWorker } from '../../src/node/worker-bundle.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { DEMO_FILES } from '../../src/sandbox/demo-repository.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer, type GitServer, type SandboxPush } from '../../src/sandbox/git/server.ts';
import { deliverGogs } from '../support/deliver-gogs.ts';
import { missingCluster, startRealCluster } from '../support/real-cluster.ts';

const TOKEN = 'token-for-tests';
const SECRET = 'secret-for-tests';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };

const missing = missingCluster();
if (missing) console.warn(`SKIPPED: workerd against a real API server: ${missing}`);

describe.skipIf(missing)('hawser in workerd against a real API server with a client certificate', () => {
  let worker: RunningWorker;
  let client: KubeClient;
  let git: GitServer;
  let gitListening: Listening;
  let repository: SandboxRepository;
  let stop: () => Promise<void>;
  let announced: SandboxPush[] = [];

  beforeAll(async () => {
    const cluster = await startRealCluster();
    stop = cluster.stop;
    client = createKubeClient(cluster.transport, { fieldManager: 'test' });
    await prepareHome(client, 'argocd');
    git = createGitServer({
      onPush: (push) => {
        announced.push(push);
      },
    });
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    repository = git.create('devops/ops-deploy');
    await git.commit(repository, 'main', DEMO_FILES, { message: 'Begin\n', author: AUTHOR, atMs: Date.now() });
    await client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-secret', namespace: 'argocd' },
      data: { 'webhook.gogs.secret': btoa(SECRET) },
    });
    await client.create(
      applicationManifest({
        name: 'dev-nginx',
        namespace: 'argocd',
        repoURL: `${gitListening.url}/devops/ops-deploy`,
        path: 'nginx-chart',
        valueFiles: ['values-dev.yaml'],
        destinationNamespace: 'dev-nginx',
        automated: {},
      }),
    );
    worker = await startWorker({
      script: await bundleWorker(),
      cluster: cluster.transport,
      port: 0,
      bindings: { HAWSER_TOKEN: TOKEN, HAWSER_LOOPBACK: 'true' },
    });
  });
  afterAll(async () => {
    await worker?.close();
    await gitListening?.close();
    await stop?.();
  });

  const application = () =>
    client.get({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'dev-nginx' });
  const untilSynced = (revision: () => string | undefined) =>
    expect
      .poll(
        async () => {
          const app = await application();
          const isThere = at(app, 'status', 'sync', 'revision') === revision();
          return isThere ? [at(app, 'status', 'sync', 'status'), at(app, 'status', 'conditions') ?? []] : [];
        },
        { timeout: 30_000 },
      )
      .toEqual(['Synced', []]);

  it('brings what is in Git to the cluster at a refresh', async () => {
    const response = await fetch(`${worker.url}/api/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ application: 'dev-nginx' }),
    });
    expect(response.status).toBe(202);
    await untilSynced(() => repository.refs.get('refs/heads/main'));
    const configMap = await client.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'dev-nginx',
      name: 'dev-nginx-html',
    });
    expect(at(configMap, 'data', 'index.html')).toContain('Hello from DEV');
  });

  it('follows the signed webhook of a push', async () => {
    announced = [];
    const values = (DEMO_FILES['nginx-chart/values-dev.yaml'] ?? '').replace('replicaCount: 1', 'replicaCount: 2');
    await git.commit(
      repository,
      'main',
      { 'nginx-chart/values-dev.yaml': values },
      { message: 'Two\n', author: AUTHOR, atMs: Date.now() },
    );
    const { applications } = await deliverGogs(announced, {
      serverUrl: gitListening.url,
      secret: SECRET,
      send: (init) => fetch(`${worker.url}/api/webhook`, init),
      record: async (id) => {
        const headers = { authorization: `Bearer ${TOKEN}` };
        return (await fetch(`${worker.url}/api/deliveries/${id}`, { headers })).json();
      },
    });
    // An alarm that looks after health may have found the commit a moment earlier.
    const verdict = expect.stringMatching(/^(sync|already deployed)$/);
    expect(applications).toMatchObject([{ name: 'dev-nginx', verdict }]);
    await untilSynced(() => repository.refs.get('refs/heads/main'));
    const live = await client.get({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'dev-nginx',
      name: 'dev-nginx',
    });
    expect(at(live, 'spec', 'replicas')).toBe(2);
  });
});
