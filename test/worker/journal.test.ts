// A push that comes while the cluster is away lies in the Durable Object, and is done by its next life.

import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { bundleWorker, type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer, type GitServer } from '../../src/sandbox/git/server.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const TOKEN = 'token-for-tests';
const SECRET = 'secret-for-tests';
const REPOSITORY = 'devops/app';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };

const configMap = (key: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${key}\n`;

describe('a push in workerd', () => {
  let cluster: SandboxTransport;
  let client: KubeClient;
  let git: GitServer;
  let repository: SandboxRepository;
  let gitListening: Listening;
  let worker: RunningWorker;
  let storage: string;
  let script: string;

  beforeAll(async () => {
    storage = await mkdtemp(join(tmpdir(), 'hawser-worker-'));
    cluster = connectSandbox();
    client = createKubeClient(cluster, { fieldManager: 'test' });
    await prepareHome(client, 'argocd');
    await client.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-secret', namespace: 'argocd' },
      data: { 'webhook.gogs.secret': btoa(SECRET) },
    });
    git = createGitServer({ onPush: () => undefined });
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    repository = git.create(REPOSITORY);
    await commit('one');
    const repoURL = `${gitListening.url}/${REPOSITORY}`;
    const syncOptions = ['CreateNamespace=true'];
    const options = { name: 'app', namespace: 'argocd', repoURL, path: 'm', destinationNamespace: 'app', syncOptions };
    await client.create(applicationManifest({ ...options, automated: {} }));
    script = await bundleWorker();
    worker = await start();
  });
  afterAll(async () => {
    await worker?.close();
    await gitListening?.close();
    await rm(storage, { recursive: true, force: true });
  });

  const start = () =>
    startWorker({ script, cluster, port: 0, storage, bindings: { HAWSER_TOKEN: TOKEN, HAWSER_LOOPBACK: 'true' } });

  async function commit(key: string): Promise<void> {
    await git.commit(
      repository,
      'main',
      { 'm/a.yaml': configMap(key) },
      { message: 'M\n', author: AUTHOR, atMs: Date.now() },
    );
  }

  async function deliver(id: string): Promise<Response> {
    const address = `${gitListening.url}/${REPOSITORY}`;
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      repository: { html_url: address, clone_url: `${address}.git`, default_branch: 'main' },
    });
    const headers = {
      'content-type': 'application/json',
      'x-gogs-event': 'push',
      'x-gogs-delivery': id,
      'x-gogs-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
    };
    return fetch(`${worker.url}/api/webhook`, { method: 'POST', headers, body });
  }

  const headers = { authorization: `Bearer ${TOKEN}` };
  const stateOf = async (id: string) =>
    at(await (await fetch(`${worker.url}/api/deliveries/${id}`, { headers })).json(), 'state');
  const key = async () =>
    at(await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'app', name: 'settings' }), 'data', 'key');

  it('is recorded in the cluster, and done', async () => {
    expect((await deliver('first')).status).toBe(202);
    await expect.poll(() => stateOf('first'), { timeout: 20_000 }).toBe('done');
    expect(await key()).toBe('one');
  });

  it('that comes while the cluster is away outlives the object, and is done when the cluster is back', async () => {
    await commit('two');
    cluster.away = true;
    expect((await deliver('away')).status).toBe(202);
    expect((await deliver('away')).status).toBe(202);
    expect(await stateOf('away')).toBe('open');
    await worker.close();
    cluster.away = false;
    worker = await start();
    await expect.poll(() => stateOf('away'), { timeout: 30_000 }).toBe('done');
    expect(await key()).toBe('two');
  });
});
