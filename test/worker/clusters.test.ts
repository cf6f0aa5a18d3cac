// A cluster that workerd cannot reach by itself, with the reason.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { bundleWorker } from '../../src/node/worker-bundle.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { type ClusterGate, openClusterGate } from '../support/cluster-gate.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const TOKEN = 'token-for-tests';
const EAST_TOKEN = 'token-of-east';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: one}\n';

describe('hawser in workerd', () => {
  const home = connectSandbox();
  const far = connectSandbox();
  const client = createKubeClient(home, { fieldManager: 'test' });
  let worker: RunningWorker;
  let gitListening: Listening;
  let east: ClusterGate;

  beforeAll(async () => {
    await prepareHome(client, 'argocd');
    east = await openClusterGate(() => far, EAST_TOKEN);
    const git = createGitServer({});
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    const author = { name: 'Kim', email: 'kim@example.com' };
    const repository = git.create('devops/app');
    await git.commit(repository, 'main', { 'a.yaml': CONFIG_MAP }, { message: 'Begin\n', author, atMs: Date.now() });
    await register('private', { bearerToken: EAST_TOKEN, proxyUrl: 'http://127.0.0.1:9' });
    await create(client, 'private', `${gitListening.url}/devops/app`);
    worker = await startWorker({
      script: await bundleWorker(),
      cluster: home,
      port: 0,
      outbound: false,
      bindings: { HAWSER_TOKEN: TOKEN, HAWSER_LOOPBACK: 'true' },
    });
  });
  afterAll(async () => {
    await worker?.close();
    await gitListening?.close();
    await east?.close();
  });

  async function register(name: string, config: unknown) {
    await client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `cluster-${name}`,
        namespace: 'argocd',
        labels: { 'argocd.argoproj.io/secret-type': 'cluster' },
      },
      data: { name: btoa(name), server: btoa(east.url), config: btoa(JSON.stringify(config)) },
    });
  }

  async function create(kube: KubeClient, name: string, repoURL: string) {
    const manifest = applicationManifest({
      name,
      namespace: 'argocd',
      repoURL,
      path: '.',
      destinationNamespace: 'default',
      automated: {},
    });
    const spec = { ...Object(manifest.spec), destination: { name, namespace: 'default' } };
    await kube.create({ ...manifest, spec });
  }

  async function refresh(name: string) {
    const response = await fetch(`${worker.url}/api/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ application: name }),
    });
    expect(response.status).toBe(202);
  }

  const statusOf = async (name: string) =>
    (await client.get({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name }))?.status;

  it('says what it cannot do for another', async () => {
    await refresh('private');
    await expect
      .poll(async () => at(await statusOf('private'), 'conditions', 0, 'message'), { timeout: 30_000 })
      .toContain('is configured with proxyUrl, which workerd cannot do');
  });
});
