// The API by HTTP: the page, what describes it, addresses as parts of paths, what operators see, and the same words for what is refused.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringAt } from '../../src/base/json.ts';
import { createUiAssets } from '../../src/node/ui-assets.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { describeEncodedPaths } from '../support/encoded-paths.ts';
import { parseMetrics } from '../support/metrics-parser.ts';
import { createRuntimeGround, NAMESPACE, type RuntimeGround, TOKEN } from './support/ground.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n';

let ground: RuntimeGround;
const traced: string[] = [];

beforeAll(async () => {
  const through = (sandbox: ClusterTransport): ClusterTransport => ({
    server: sandbox.server,
    fetch: (path, init) => {
      if (new Headers(init?.headers).get('traceparent')?.includes(TRACE))
        traced.push(`${init?.method ?? 'GET'} ${path}`);
      return sandbox.fetch(path, init);
    },
  });
  ground = await createRuntimeGround({ through });
  await ground.createRepository('devops/a b', { 'a.txt': '' });
  await ground.deploy('app', { 'settings.yaml': CONFIG_MAP }, { isSynced: false });
});
afterAll(() => ground?.close());

const anonymously = async (path: string, init: RequestInit = {}) => fetch(`${ground.url}${path}`, init);

describe('the page', () => {
  it('is served with its files as they were built, to whoever may see it', async () => {
    const page = await ground.open('/deliveries');
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'; script-src 'self'"),
    ]);
    const names = [...(await page.text()).matchAll(/\/assets\/([\w.-]+)"/g)].map(([, name = '']) => name);
    expect(names).toHaveLength(3);
    const assets = createUiAssets();
    for (const name of names) {
      const file = await anonymously(`/assets/${name}`);
      expect([name, file.status]).toEqual([name, 200]);
      expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array((await assets(name)) ?? []));
    }
    expect((await anonymously('/')).status).toBe(401);
    expect(await (await anonymously('/healthz')).text()).toBe('ok');
  });
});

describe('the API', () => {
  describeEncodedPaths(() => ({ url: ground.url, token: TOKEN, gitUrl: ground.gitUrl }));

  it('describes itself, and checks, makes, changes and deletes Applications', async () => {
    expect(await ground.request('GET', '/openapi.json')).toMatchObject({
      status: 200,
      body: { paths: { '/api/v1/applications/{name}/sync': { post: { requestBody: expect.anything() } } } },
    });
    const source = { repoURL: `${ground.gitUrl}/devops/a%20b`, path: '.', targetRevision: 'main' };
    const destination = { server: 'https://kubernetes.default.svc', namespace: 'default' };
    const app = { metadata: { name: 'made' }, spec: { project: 'default', source, destination } };
    expect(await ground.request('POST', '/api/v1/applications', app)).toMatchObject({
      status: 200,
      body: { spec: { source } },
    });
    const patch = JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }]);
    expect(await ground.request('PATCH', '/api/v1/applications/made', { patch })).toMatchObject({
      status: 200,
      body: { metadata: { labels: { a: 'b' } } },
    });
    expect(await ground.request('DELETE', '/api/v1/applications/made')).toEqual({ status: 200, body: {} });
  });

  const spec = { project: 'default', source: { repoURL: 'GIT/devops/a%20b', path: '.' } };
  const other = { ...spec, destination: { server: 'https://kubernetes.default.svc', namespace: 'default' } };
  it.each<[string, string, unknown, number, number, RegExp]>([
    ['GET', '/api/nothing', undefined, 404, 5, /^Not Found$/],
    ['GET', '/api/v1/applications/nobody', undefined, 404, 5, /^applications\.argoproj\.io "nobody" not found/],
    ['POST', '/api/v1/applications', { metadata: {} }, 400, 3, /./],
    [
      'POST',
      '/api/v1/applications',
      { metadata: { name: 'app' }, spec: other },
      400,
      3,
      /existing application spec is different/,
    ],
    ['POST', '/api/v1/applications/app/sync', { prune: 'yes' }, 400, 3, /prune/],
    ['POST', '/api/v1/applications/app/sync', [], 400, 3, /./],
    ['POST', '/api/v1/applications/nobody/sync', {}, 404, 5, /"nobody" not found/],
    ['POST', '/api/v1/applications/app/rollback', { id: 7 }, 400, 3, /7/],
    ['POST', '/api/refresh', {}, 400, 3, /^name what to refresh: one of application, repoURL and all/],
    ['GET', '/api/deliveries?limit=many', undefined, 400, 3, /limit/],
    ['GET', '/api/deliveries/nobody', undefined, 404, 5, /^there is no delivery nobody/],
    [
      'POST',
      '/api/v1/projects',
      { project: { metadata: { name: 'default' }, spec: { description: 'x' } } },
      400,
      3,
      /existing project spec is different/,
    ],
    ['GET', '/api/v1/repositories/https%3A%2F%2Fnowhere.example.com', undefined, 403, 7, /^permission denied$/],
  ])('answers %s %s with %j as it is', async (method, path, body, status, code, message) => {
    const sent = body && JSON.parse(JSON.stringify(body).replaceAll('GIT', ground.gitUrl));
    const answer = await ground.request(method, path, sent);
    expect(answer).toMatchObject({ status, body: { code, message: expect.stringMatching(message) } });
    expect(JSON.stringify(answer.body)).not.toMatch(/\.[jt]s:\d+|at Object\./);
  });

  const JSON_TYPE = { 'content-type': 'application/json' };
  const OWN = { ...JSON_TYPE, authorization: `Bearer ${TOKEN}` };
  it.each<[string, string, RequestInit, number, RegExp]>([
    ['nobody', '/api/v1/applications', {}, 401, /^no session information \(log in/],
    [
      'a wrong token',
      '/api/v1/applications',
      { headers: { authorization: 'Bearer guessed' } },
      401,
      /^invalid session/,
    ],
    ['no JSON', '/api/refresh', { method: 'POST', headers: OWN, body: '{' }, 400, /^the body is not valid JSON$/],
    [
      'another content type',
      '/api/refresh',
      { method: 'POST', headers: { ...OWN, 'content-type': 'text/plain' }, body: '{}' },
      415,
      /^Invalid content type/,
    ],
    [
      'a body that is too large for anybody',
      '/api/v1/session',
      { method: 'POST', headers: JSON_TYPE, body: `"${'x'.repeat(2 << 20)}"` },
      413,
      /^the body is larger than \d+ KiB$/,
    ],
  ])('refuses %s', async (_, path, init, status, message) => {
    const response = await anonymously(path, init);
    const body: unknown = await response.json();
    expect({ status: response.status, message: stringAt(body, 'message') }).toEqual({
      status,
      message: expect.stringMatching(message),
    });
    expect((await anonymously('/healthz')).status).toBe(200);
  });
});

describe('an operator', () => {
  it('sees numbers, Events, and a trace that goes on', async () => {
    const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, 'content-type': 'application/json' };
    const answer = await ground.open('/api/v1/applications/app/sync', { method: 'POST', body: '{}', headers });
    expect(answer.status).toBe(200);
    await answer.text();
    await vi.waitFor(async () => {
      const { items } = await ground.client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace: NAMESPACE });
      expect(items.map((item) => stringAt(item, 'reason'))).toContain('OperationCompleted');
    }, 30_000);
    expect(traced.some((line) => line.startsWith('PATCH') && line.includes('/configmaps/settings'))).toBe(true);
    const metrics = await ground.open('/metrics');
    expect(metrics.status).toBe(200);
    const families = parseMetrics(await metrics.text());
    expect(families.get('argocd_app_sync_total')?.samples).toMatchObject([
      { labels: { name: 'app', phase: 'Succeeded' }, value: 1 },
    ]);
    expect(families.get('argocd_app_info')?.samples).toHaveLength(1);
    expect((await anonymously('/metrics')).status).toBe(401);
  });

  it('reads a log of JSON lines that name what they are about', async () => {
    const lines = ground.logs().map((line) => {
      expect(line).toMatch(/^\{.*\}$/);
      return JSON.parse(line) as Record<string, unknown>;
    });
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines)
      expect(line).toMatchObject({ time: expect.stringMatching(/^\d{4}-.*Z$/), level: expect.any(String) });
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(JSON.stringify(lines)).not.toContain(TOKEN);
  });
});
