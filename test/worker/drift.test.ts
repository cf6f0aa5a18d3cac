// Drift in workerd: the API server reaches the Worker by a name that it trusts, on the one port that there is, by the secret path that hawser
// has put into the registration.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticeConfiguration } from '../../src/application/install-notices.ts';
import { applicationManifest } from '../../src/application/manifest.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { bundleWorker, type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { readRegistration } from '../../src/operation/notice-registration.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

const TOKEN = 'token-for-tests';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {key: git}\n';
const APPLICATION = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name: 'app' };
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'drifting', name: 'settings' };
const WORKER = 'https://hawser.example.com';

describe('drift in workerd', () => {
  let worker: RunningWorker;
  let sandbox: Sandbox;
  let cluster: ClusterTransport;
  let client: KubeClient;
  let gitListening: Listening;

  beforeAll(async () => {
    sandbox = createSandbox({
      clock: { now: () => Date.now() },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      callWebhook: (url, init) => fetch(url.replace(WORKER, worker?.url ?? WORKER), init),
    });
    const server = 'http://sandbox.test';
    cluster = { server, fetch: (path, init) => sandbox.fetch(new Request(`${server}${path}`, init)) };
    client = createKubeClient(cluster, { fieldManager: 'kubectl-edit' });
    await prepareHome(client, 'argocd');
    const git = createGitServer({ onPush: () => undefined });
    gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    const author = { name: 'Kim', email: 'kim@example.com' };
    const repository = git.create('devops/app');
    await git.commit(repository, 'main', { 'a.yaml': CONFIG_MAP }, { message: 'One\n', author, atMs: Date.now() });
    const repoURL = `${gitListening.url}/devops/app`;
    const place = { name: 'app', namespace: 'argocd', repoURL, path: '.', destinationNamespace: 'drifting' };
    await client.create(applicationManifest({ ...place, automated: {}, syncOptions: ['CreateNamespace=true'] }));
    await client.create(noticeConfiguration({ namespace: 'argocd', url: `${WORKER}/notice`, drift: 'warn' }));
    const bindings = { HAWSER_TOKEN: TOKEN, HAWSER_LOOPBACK: 'true' };
    worker = await startWorker({ script: await bundleWorker(), cluster, port: 0, bindings });
    await call('POST', '/api/refresh', { application: 'app' });
  });
  afterAll(async () => {
    await worker?.close();
    await gitListening?.close();
    sandbox?.close();
  });

  const status = async () => at(await client.get(APPLICATION), 'status', 'sync', 'status');
  const call = (method: string, path: string, body?: object) =>
    fetch(`${worker.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });

  it('puts the secret into every path of the registration', async () => {
    const urls = async () => {
      const webhooks = (await readRegistration(client, 'argocd'))?.webhooks;
      return Array.isArray(webhooks) ? webhooks.map((webhook) => String(at(webhook, 'clientConfig', 'url'))) : [];
    };
    await expect.poll(urls, { timeout: 30_000 }).toSatisfy((found: string[]) => {
      return found.length === 4 && found.every((url) => /\/(notice|api\/drift)\/[0-9a-f]{40}$/.test(url));
    });
  });

  it('warns, shows it, and says who it was', async () => {
    await expect.poll(status, { timeout: 30_000 }).toBe('Synced');
    const { namespace, name } = SETTINGS;
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}?fieldManager=kubectl-edit`;
    const response = await cluster.fetch(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ data: { key: 'hand' } }),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('warning')).toContain('belongs to the Application app');
    await response.text();
    await expect.poll(status, { timeout: 30_000 }).toBe('OutOfSync');
    const record = async () => at(await (await call('GET', '/api/v1/applications/app/drift')).json(), 'items', 0);
    await expect.poll(record, { timeout: 30_000 }).toMatchObject({
      ...{ manager: 'kubectl-edit', kind: 'ConfigMap', name: 'settings' },
      fields: [{ path: '/data/key', before: 'git', after: 'hand' }],
    });
  });

  it.each(['/notice', '/api/drift', '/api/drift/guessed', '/notice/guessed'])('%s is not there', async (path) => {
    const response = await fetch(`${worker.url}${path}`, { method: 'POST', body: '{"request":{"uid":"u"}}' });
    expect([401, 404]).toContain(response.status);
    await response.text();
  });
});
