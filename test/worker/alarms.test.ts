// Alarms in workerd: the Durable Object's one alarm serves all of them, and a failed operation is tried again by it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { bundleWorker, type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const TOKEN = 'token-for-tests';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';
const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'app' };

describe('an operation that failed in workerd', () => {
  let worker: RunningWorker;
  let client: KubeClient;
  let gitListening: Listening;

  beforeAll(async () => {
    const cluster = connectSandbox();
    client = createKubeClient(cluster, { fieldManager: 'test' });
    await prepareHome(client, 'argocd');
    const git = createGitServer({ onPush: () => undefined });
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    const author = { name: 'Kim', email: 'kim@example.com' };
    const repository = git.create('devops/app');
    await git.commit(repository, 'main', { 'm/a.yaml': CONFIG_MAP }, { message: 'One\n', author, atMs: Date.now() });
    const repoURL = `${gitListening.url}/devops/app`;
    const options = { name: 'app', namespace: 'argocd', repoURL, path: 'm', destinationNamespace: 'later' };
    await client.create(applicationManifest({ ...options, automated: {}, syncOptions: [] }));
    const retry = { limit: 20, backoff: { duration: '500ms', factor: 1 } };
    await client.patch(APPLICATION, { spec: { syncPolicy: { retry } } }, { type: 'merge' });
    const bindings = { HAWSER_TOKEN: TOKEN, HAWSER_LOOPBACK: 'true' };
    worker = await startWorker({ script: await bundleWorker(), cluster, port: 0, bindings });
  });
  afterAll(async () => {
    await worker?.close();
    await gitListening?.close();
  });

  const state = async () => at(await client.get(APPLICATION), 'status', 'operationState');

  it('is tried again by an alarm, without any request', async () => {
    await fetch(`${worker.url}/api/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ application: 'app' }),
    });
    await expect.poll(async () => at(await state(), 'retryCount'), { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'later' } });
    await expect.poll(async () => at(await state(), 'phase'), { timeout: 30_000 }).toBe('Succeeded');
  });
});
