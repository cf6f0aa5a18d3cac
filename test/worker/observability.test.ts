// What operators see in workerd is what they see on Node: metrics with the right to see them, Events, and a trace that goes on.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationManifest } from '../../src/application/manifest.ts';
import { stringAt } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { bundleWorker, type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { parseMetrics } from '../support/metrics-parser.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const TOKEN = 'token-for-tests';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('hawser in workerd', () => {
  let worker: RunningWorker;
  let listening: Listening;
  let client: KubeClient;
  const traced: string[] = [];

  beforeAll(async () => {
    const sandbox = connectSandbox();
    const cluster: ClusterTransport = {
      ...sandbox,
      fetch: (path, init) => {
        const trace = new Headers(init?.headers).get('traceparent');
        if (trace?.includes(TRACE)) traced.push(`${init?.method ?? 'GET'} ${path}`);
        return sandbox.fetch(path, init);
      },
    };
    client = createKubeClient(cluster, { fieldManager: 'test' });
    await prepareHome(client, 'argocd');
    const git = createGitServer();
    listening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    const file = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n';
    const author = { name: 'Kim', email: 'kim@example.com' };
    const details = { message: 'Begin\n', author, atMs: Date.now() };
    await git.commit(git.create('team/deploy'), 'main', { 'app/settings.yaml': file }, details);
    const repoURL = `${listening.url}/team/deploy`;
    await client.create(
      applicationManifest({ name: 'app', namespace: 'argocd', repoURL, path: 'app', destinationNamespace: 'default' }),
    );
    worker = await startWorker({ script: await bundleWorker(), cluster, port: 0, bindings: { HAWSER_TOKEN: TOKEN } });
  });
  afterAll(async () => {
    await worker?.close();
    await listening?.close();
  });

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${worker.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...init.headers },
    });

  it('counts, writes Events, and carries a trace along', async () => {
    const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    const answer = await ask('/api/v1/applications/app/sync', { method: 'POST', body: '{}', headers });
    expect(answer.status).toBe(200);
    await expect
      .poll(
        async () => {
          const { items } = await client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace: 'argocd' });
          return items.map((item) => stringAt(item, 'reason'));
        },
        { timeout: 20_000 },
      )
      .toContain('OperationCompleted');
    expect(traced.some((line) => line.startsWith('PATCH') && line.includes('/configmaps/settings'))).toBe(true);
    const metrics = await ask('/metrics');
    expect(metrics.status).toBe(200);
    const families = parseMetrics(await metrics.text());
    expect(families.get('argocd_app_sync_total')?.samples).toMatchObject([
      { labels: { name: 'app', phase: 'Succeeded' }, value: 1 },
    ]);
    expect(families.get('argocd_app_info')?.samples).toHaveLength(1);
  });

  it('shows its metrics to nobody else', async () => {
    expect((await fetch(`${worker.url}/metrics`)).status).toBe(401);
  });
});
