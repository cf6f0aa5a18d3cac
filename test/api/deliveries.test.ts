// The record of deliveries by the API: what came, what it meant, having it worked on again, and after an end of the process.

import { createHmac } from 'node:crypto';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { at, stringAt } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { appPlatform } from '../support/app-platform.ts';
import { createGround, type Ground, TOKEN, WEBHOOK_SECRET } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const configMap = (key: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${key}\n`;
const BEARER = { authorization: `Bearer ${TOKEN}` };

let cluster: SandboxTransport;
let ground: Ground;
let exposed: Hono;
let repository: SandboxRepository;

beforeAll(async () => {
  cluster = connectSandbox();
  ground = await createGround(cluster);
  exposed = createApp(ground.hawser, appPlatform({ loopback: false }));
  repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
  const more = { repository, path: 'm', automated: {}, syncOptions: ['CreateNamespace=true'] };
  await ground.createApplication({ ...more, name: 'app', destinationNamespace: 'app' });
  await ground.refresh('app');
});
afterAll(() => ground.close());

async function get(path: string): Promise<unknown> {
  const { status, body } = await ground.request('GET', path);
  expect(status).toBe(200);
  return body;
}

async function list(query = ''): Promise<readonly unknown[]> {
  const items = at(await get(`/api/deliveries${query}`), 'items');
  return Array.isArray(items) ? items : [];
}

async function keyAt(namespace: string): Promise<unknown> {
  return at(await ground.get('v1', 'ConfigMap', namespace, 'settings'), 'data', 'key');
}

describe('the record of deliveries', () => {
  it('shows a push, what it meant for each Application, and that it is done', async () => {
    const { deliveryId } = await ground.push(repository, { 'm/a.yaml': configMap('two') });
    await ground.hawser.idle();
    const [newest] = await list('?limit=1');
    expect(newest).toMatchObject({
      deliveryId,
      provider: 'gogs',
      repository: `${ground.gitUrl}/devops/app`,
      ref: 'refs/heads/main',
      state: 'done',
      counts: { sync: 1 },
      applications: [{ name: 'app', verdict: 'sync' }],
    });
    expect(await get(`/api/deliveries/${deliveryId}`)).toEqual(newest);
    expect(await get(`/api/deliveries/${stringAt(newest, 'key')}`)).toEqual(newest);
  });

  it('is chosen from by Application and repository', async () => {
    expect((await list('?application=app')).length).toBeGreaterThan(0);
    expect(await list('?application=other')).toEqual([]);
    expect((await list(`?repository=${ground.gitUrl}/devops/app.git`)).length).toBeGreaterThan(0);
    expect(await list('?repository=http://git.test/other')).toEqual([]);
  });

  it.each(['0', '-1', 'many', '1.5'])('refuses limit=%s', async (limit) => {
    expect((await ground.request('GET', `/api/deliveries?limit=${limit}`)).status).toBe(400);
  });

  it('has a push worked on again, under a name of its own: the ref decides what is deployed', async () => {
    const { deliveryId } = await ground.push(repository, { 'm/a.yaml': configMap('three') });
    // Nobody is told of this one.
    await ground.commit(repository, { 'm/a.yaml': configMap('four') });
    await ground.hawser.idle();
    expect(await keyAt('app')).toBe('three');
    const replayed = await ground.request('POST', `/api/deliveries/${deliveryId}/replay`);
    expect(replayed.status).toBe(202);
    await ground.hawser.idle();
    expect(await keyAt('app')).toBe('four');
    const id = stringAt(replayed.body, 'deliveryId') ?? '';
    expect(id).toMatch(new RegExp(`^${deliveryId}-replay-[0-9a-f]{8}$`));
    expect(await get(`/api/deliveries/${id}`)).toMatchObject({ state: 'done' });
    const again = await ground.request('POST', `/api/deliveries/${id}/replay`);
    expect(stringAt(again.body, 'deliveryId')).toMatch(new RegExp(`^${deliveryId}-replay-[0-9a-f]{8}$`));
    await ground.hawser.idle();
  });

  it.each(['GET /api/deliveries/nobody', 'POST /api/deliveries/nobody/replay'])('%s is not found', async (line) => {
    const [method = '', path = ''] = line.split(' ');
    const { status, body } = await ground.request(method, path);
    expect({ status, message: at(body, 'message') }).toMatchObject({
      status: 404,
      message: expect.stringContaining('there is no delivery nobody'),
    });
  });

  it.each(['GET /api/deliveries', 'GET /api/deliveries/x', 'POST /api/deliveries/x/replay'])(
    '%s needs the token',
    async (line) => {
      const [method = '', path = ''] = line.split(' ');
      expect((await exposed.request(path, { method })).status).toBe(401);
    },
  );

  it('lets nobody replay without the token, on loopback either', async () => {
    const local = createApp(ground.hawser, appPlatform());
    expect((await local.request('http://127.0.0.1/api/deliveries')).status).toBe(401);
    expect((await local.request('http://127.0.0.1/api/deliveries/x/replay', { method: 'POST' })).status).toBe(401);
    const allowed = { method: 'POST', headers: { ...BEARER, 'content-type': 'application/json' } };
    expect((await local.request('http://127.0.0.1/api/deliveries/x/replay', allowed)).status).toBe(404);
  });

  it('answers a delivery that comes twice with what became of it, and repeats nothing', async () => {
    await ground.commit(repository, { 'm/a.yaml': configMap('five') });
    const body = payload();
    const headers = {
      'content-type': 'application/json',
      'x-gogs-event': 'push',
      'x-gogs-delivery': 'the-same-delivery',
      'x-gogs-signature': createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex'),
    };
    expect((await ground.webhook(headers, body)).status).toBe(202);
    await ground.hawser.idle();
    const second = await ground.webhook(headers, body);
    expect(second.status).toBeLessThan(300);
    expect(await second.json()).toMatchObject({
      deliveryId: 'the-same-delivery',
      applications: [{ name: 'app', verdict: 'sync' }],
    });
    expect((await list('?limit=500')).filter((item) => at(item, 'deliveryId') === 'the-same-delivery')).toHaveLength(1);
  });

  it('is not lost with the cluster: a push that came meanwhile is done by the next process', async () => {
    await ground.commit(repository, { 'm/a.yaml': configMap('six') });
    const body = payload();
    const headers = {
      'content-type': 'application/json',
      'x-gogs-event': 'push',
      'x-gogs-delivery': 'while-away',
      'x-gogs-signature': createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex'),
    };
    cluster.away = true;
    const answer = await ground.webhook(headers, body);
    expect(answer.status).toBe(202);
    expect(await ground.hawser.deliveries.get('while-away')).toMatchObject([{ state: 'open' }]);
    cluster.away = false;
    await ground.restart();
    await ground.hawser.idle();
    expect(await keyAt('app')).toBe('six');
    expect(await get('/api/deliveries/while-away')).toMatchObject({ state: 'done' });
  });
});

/** As Gogs sends it, without commits: the ref is read at the Git server. */
function payload(): string {
  return JSON.stringify({
    ref: 'refs/heads/main',
    repository: {
      html_url: `${ground.gitUrl}/devops/app`,
      clone_url: `${ground.gitUrl}/devops/app.git`,
      default_branch: 'main',
    },
  });
}
