// The HTTP surface: who may do what, shapes that Argo CD's clients know, errors that say what to do.

import { createHmac } from 'node:crypto';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { at } from '../../src/base/json.ts';
import { appPlatform } from '../support/app-platform.ts';
import { createGround, type Ground, NAMESPACE, TOKEN, WEBHOOK_SECRET } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n';

let ground: Ground;
let app: Hono;
let exposed: Hono;
beforeAll(async () => {
  ground = await createGround(connectSandbox());
  app = createApp(ground.hawser, appPlatform());
  exposed = createApp(ground.hawser, appPlatform({ loopback: false }));
  const repository = await ground.createRepository('devops/app', { 'm/a.yaml': CONFIG_MAP });
  await ground.createApplication({ name: 'app', repository, path: 'm', destinationNamespace: 'app' });
  await ground.refresh('app');
});
afterAll(() => ground.close());

const BEARER = { authorization: `Bearer ${TOKEN}` };
const JSON_TYPE = { 'content-type': 'application/json' };

describe('reading', () => {
  it.each([
    '/',
    '/applications/app',
    '/applications/argocd/app/diff',
    '/deliveries',
    '/api/v1/applications',
    '/api/v1/applications/app',
    '/api/v1/applications/app/managed-resources',
  ])('%s needs a session or the token, on loopback as elsewhere', async (path) => {
    for (const server of [app, exposed]) {
      expect((await server.request(`http://127.0.0.1${path}`)).status).toBe(401);
      expect((await server.request(`http://127.0.0.1${path}`, { headers: BEARER })).status).toBe(200);
    }
  });

  it('/healthz is open everywhere', async () => {
    expect(await (await exposed.request('/healthz')).text()).toBe('ok');
  });

  it('gives Applications in the shape of Argo CD', async () => {
    const body: unknown = await (await app.request('http://localhost/api/v1/applications', { headers: BEARER })).json();
    expect(body).toMatchObject({
      metadata: {},
      items: [
        {
          metadata: { name: 'app', namespace: 'argocd' },
          spec: { project: 'default' },
          status: { sync: { status: 'OutOfSync' } },
        },
      ],
    });
    expect(at(body, 'items', 0, 'metadata', 'managedFields')).toBeUndefined();
  });

  it('gives managed resources as Argo CD does: states as JSON text', async () => {
    const body: unknown = await (
      await app.request('http://localhost/api/v1/applications/app/managed-resources', { headers: BEARER })
    ).json();
    expect(body).toMatchObject({ items: [{ kind: 'ConfigMap', namespace: 'app', name: 'settings' }] });
    expect(JSON.parse(String(at(body, 'items', 0, 'targetState')))).toMatchObject({ data: { key: 'one' } });
  });
});

describe('the page', () => {
  it('is one document, whose scripts and styles come from here alone', async () => {
    const answer = await app.request('http://localhost/applications', { headers: BEARER });
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    const page = await answer.text();
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !link.startsWith('/assets/') && !link.startsWith('/api/v1/'))).toEqual([]);
    // None with anything in it.
    expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toHaveLength(1);
    expect(page).toContain('></script>');
    for (const link of links.filter((found) => found.startsWith('/assets/'))) {
      const file = await app.request(`http://localhost${link}`);
      expect([link, file.status, (await file.text()).length > 0]).toEqual([link, 200, true]);
    }
  });

  it('has nothing of what others wrote as markup', async () => {
    const page = await (
      await app.request('http://localhost/applications/x/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E', {
        headers: { ...BEARER, cookie: 'hawser.theme="><script>; hawser.language=<script>; hawser.density=x' },
      })
    ).text();
    expect(page).not.toContain('<script>');
    expect(page).toContain('data-density="comfortable"');
  });

  it('is written in the language and the look that were chosen', async () => {
    const ask = async (headers: Record<string, string>) =>
      (await app.request('http://localhost/', { headers: { ...BEARER, ...headers } })).text();
    expect(await ask({})).toContain('<html lang="en"');
    expect(await ask({ 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8' })).toContain('<html lang="ko"');
    const chosen = await ask({
      'accept-language': 'ko',
      cookie: 'hawser.language=en; hawser.theme=dark; hawser.rail=true',
    });
    expect(chosen).toMatch(/<html lang="en" data-theme="dark" data-density="comfortable" data-rail="pinned">/);
  });

  it('has no file but those that were built', async () => {
    for (const name of ['manifest.json', '..%2fpackage.json', 'nosuch.js', 'app.js.map']) {
      expect([name, (await app.request(`http://localhost/assets/${name}`)).status]).toEqual([name, 404]);
    }
  });

  it('says so where the UI is not part of the build', async () => {
    const bare = createApp(ground.hawser, { ...appPlatform(), assets: async () => undefined });
    const answer = await bare.request('http://localhost/', { headers: BEARER });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html; charset=UTF-8']);
    expect(await answer.text()).toContain('npm run build makes it');
  });
});

describe('writing', () => {
  it.each([
    ['/api/refresh', '{"all":true}'],
    ['/api/v1/applications/app/sync', '{}'],
  ])('%s needs the token, on loopback too', async (path, body) => {
    const send = (headers: Record<string, string>) =>
      app.request(`http://127.0.0.1${path}`, { method: 'POST', body, headers: { ...JSON_TYPE, ...headers } });
    expect((await send({})).status).toBe(401);
    expect((await send({ authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await send({ authorization: `Basic ${btoa(`admin:${TOKEN}`)}` })).status).toBe(401);
    expect([200, 202]).toContain((await send(BEARER)).status);
    await ground.hawser.idle();
  });

  it.each([
    ['no choice', '{}', JSON_TYPE, 400, 'name what to refresh'],
    ['two choices', '{"all":true,"application":"app"}', JSON_TYPE, 400, 'name what to refresh'],
    ['a wrong type', '{"application":1}', JSON_TYPE, 400, 'application: must be a string'],
    ['no JSON', 'hello', JSON_TYPE, 400, 'not valid JSON'],
    [
      'JSON that is nested too deep',
      '['.repeat(100_000) + ']'.repeat(100_000),
      JSON_TYPE,
      400,
      'more than 1000 levels',
    ],
    ['a list', '[]', JSON_TYPE, 400, 'expected object'],
    ['another content type', '{"all":true}', { 'content-type': 'text/plain' }, 415, 'Invalid content type'],
  ])('a refresh with %s is refused by name', async (_, body, headers, status, message) => {
    const response = await app.request('http://localhost/api/refresh', {
      method: 'POST',
      body,
      headers: { ...BEARER, ...headers },
    });
    expect(response.status).toBe(status);
    const answer: unknown = await response.json();
    expect(at(answer, 'message')).toContain(message);
    expect(at(answer, 'error')).toBe(at(answer, 'message'));
    expect(at(answer, 'code')).toBe(3);
  });

  it('a refresh of an Application that does not exist is accepted with the reason', async () => {
    const response = await app.request('http://localhost/api/refresh', {
      method: 'POST',
      body: '{"application":"nosuch"}',
      headers: { ...BEARER, ...JSON_TYPE },
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ applications: [], reason: 'no Application matches nosuch' });
  });

  it('a sync without a body is a plain sync', async () => {
    const response = await app.request('http://localhost/api/v1/applications/app/sync', {
      method: 'POST',
      headers: { ...BEARER, ...JSON_TYPE },
    });
    expect(response.status).toBe(200);
    expect((await ground.application('app')).status.sync?.status).toBe('Synced');
  });

  it('a second sync beside one that has not begun is refused', async () => {
    const send = () =>
      app.request('http://localhost/api/v1/applications/app/sync', {
        method: 'POST',
        body: '{}',
        headers: { ...BEARER, ...JSON_TYPE },
      });
    const statuses = (await Promise.all([send(), send()])).map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect([200, 400]).toContain(statuses[1]);
    await ground.hawser.idle();
  });

  it('a dry run changes nothing', async () => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'app', name: 'settings' };
    await ground.client.patch(ref, { data: { key: 'by hand' } }, { type: 'merge' });
    const done = await ground.sync('app', { dryRun: true });
    expect(done.status.operationState).toMatchObject({ phase: 'Succeeded', operation: { sync: { dryRun: true } } });
    expect(at(await ground.client.get(ref), 'data', 'key')).toBe('by hand');
    await ground.sync('app');
    expect(at(await ground.client.get(ref), 'data', 'key')).toBe('one');
  });

  it('an unknown Application is 404 with what to do', async () => {
    const response = await app.request('http://localhost/api/v1/applications/nosuch/sync', {
      method: 'POST',
      headers: { ...BEARER, ...JSON_TYPE },
    });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 5, message: expect.stringContaining('"nosuch" not found') });
  });
});

describe('the webhook', () => {
  const send = (body: string, headers: Record<string, string>) =>
    exposed.request('/api/webhook', { method: 'POST', body, headers });
  const sign = (body: string) => createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex');
  const push = JSON.stringify({ ref: 'refs/heads/main', repository: { html_url: 'http://example.com/a/b' } });

  it('needs no token but a signature', async () => {
    const response = await send(push, {
      'x-gogs-event': 'push',
      'x-gogs-delivery': 'd-7',
      'x-gogs-signature': sign(push),
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ deliveryId: 'd-7', ref: 'refs/heads/main', applications: [] });
  });

  it.each([
    ['a wrong signature', push, { 'x-gogs-event': 'push', 'x-gogs-signature': 'no' }, 401],
    ['an unknown event', push, {}, 400],
    ['a body that is no JSON', 'x', { 'x-gogs-event': 'push', 'x-gogs-signature': sign('x') }, 400],
  ])('%s is refused', async (_, body, headers: Record<string, string>, status) => {
    expect((await send(body, headers)).status).toBe(status);
  });

  it('honours webhook.maxPayloadSizeMB, a second after it was written', async () => {
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace: NAMESPACE },
      data: { 'webhook.maxPayloadSizeMB': '1' },
    });
    const large = JSON.stringify({ padding: 'x'.repeat(2 << 20) });
    const headers = { 'x-gogs-event': 'push', 'x-gogs-signature': sign(large) };
    await expect.poll(async () => (await send(large, headers)).status).toBe(413);
    expect(at(await (await send(large, headers)).json(), 'message')).toContain('under 1 MB');
  });

  it('a path that is not there is 404 in JSON', async () => {
    const response = await app.request('http://localhost/nosuch', { headers: BEARER });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: 'Not Found' });
  });
});
