// The API in workerd: addresses as parts of paths, as on Node.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { bundleWorker, type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { createUiAssets } from '../../src/node/ui-assets.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { describeEncodedPaths } from '../support/encoded-paths.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const TOKEN = 'token-for-tests';

describe('hawser in workerd', () => {
  let worker: RunningWorker;
  let listening: Listening;
  const assets = createUiAssets();
  beforeAll(async () => {
    const cluster = connectSandbox();
    await prepareHome(createKubeClient(cluster, { fieldManager: 'test' }), 'argocd');
    const git = createGitServer();
    listening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    await git.commit(
      git.create('devops/a b'),
      'main',
      { 'a.txt': '' },
      {
        message: 'Begin\n',
        author: { name: 'Kim', email: 'kim@example.com' },
        atMs: Date.now(),
      },
    );
    worker = await startWorker({
      script: await bundleWorker(),
      cluster,
      port: 0,
      bindings: { HAWSER_TOKEN: TOKEN },
      assets,
    });
  });
  afterAll(async () => {
    await worker?.close();
    await listening?.close();
  });

  it('serves the UI as it was built', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const page = await fetch(`${worker.url}/deliveries`, { headers });
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'; script-src 'self'"),
    ]);
    const names = [...(await page.text()).matchAll(/\/assets\/([\w.-]+)"/g)].map(([, name = '']) => name);
    expect(names).toHaveLength(3);
    for (const name of names) {
      const file = await fetch(`${worker.url}/assets/${name}`);
      expect([name, file.status]).toEqual([name, 200]);
      expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array((await assets(name)) ?? []));
    }
  });

  it('describes itself, and checks and makes Applications', async () => {
    const call = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
      const answer = await fetch(`${worker.url}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as unknown };
    };
    expect(await call('GET', '/openapi.json')).toMatchObject({
      status: 200,
      body: { paths: { '/api/v1/applications/{name}/sync': { post: { requestBody: expect.anything() } } } },
    });
    const source = { repoURL: `${listening.url}/devops/a%20b`, path: '.', targetRevision: 'main' };
    const destination = { server: 'https://kubernetes.default.svc', namespace: 'default' };
    const app = { metadata: { name: 'made' }, spec: { project: 'default', source, destination } };
    expect(await call('POST', '/api/v1/applications', app)).toMatchObject({ status: 200, body: { spec: { source } } });
    const patch = JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }]);
    expect(await call('PATCH', '/api/v1/applications/made', { patch })).toMatchObject({
      status: 200,
      body: { metadata: { labels: { a: 'b' } } },
    });
    expect(await call('POST', '/api/v1/applications', { metadata: {} })).toMatchObject({
      status: 400,
      body: { code: 3 },
    });
    expect(await call('DELETE', '/api/v1/applications/made')).toEqual({ status: 200, body: {} });
  });

  describeEncodedPaths(() => ({ url: worker.url, token: TOKEN, gitUrl: listening.url }));
});
