import type { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { PeerMessage } from '../../src/operation/replicas.ts';
import { appPlatform } from '../support/app-platform.ts';
import { createGround, type Ground, TOKEN } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

describe('POST /api/peer', () => {
  let heard: PeerMessage[];
  let ground: Ground;
  let app: Hono;
  beforeAll(async () => {
    ground = await createGround(connectSandbox());
    const peer = async (message: PeerMessage) => {
      heard.push(message);
    };
    app = createApp({ ...ground.hawser, identity: 'me', peer }, appPlatform({ namespace: ground.namespace }));
  });
  afterAll(() => ground.close());
  const post = (body: unknown) =>
    app.request('/api/peer', {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  beforeEach(() => {
    heard = [];
  });

  it.each([
    { kind: 'busy', identity: 'hawser-0-ab12', version: '17', forMs: 15_000 },
    { kind: 'application', identity: 'hawser-0-ab12', application: 'argocd/web', after: 'c0ffee' },
    { kind: 'application', identity: 'hawser-0-ab12', application: 'argocd/web' },
    { kind: 'leaving', identity: 'hawser-0-ab12' },
  ])('takes $kind and answers with its own name', async (message) => {
    const response = await post({ ...message, more: 'of a later version' });
    expect([response.status, await response.json()]).toEqual([202, { identity: 'me' }]);
    expect(heard).toEqual([message]);
  });

  it('waits for nobody for days, whatever a message says', async () => {
    await post({ kind: 'busy', identity: 'a', version: '1', forMs: 9e12 });
    expect(heard).toMatchObject([{ forMs: 3_600_000 }]);
  });

  it.each([
    { title: 'an unknown kind', body: { kind: 'else', identity: 'a' } },
    { title: 'no identity', body: { kind: 'leaving' } },
    { title: 'an identity that is no name', body: { kind: 'leaving', identity: '../a' } },
    { title: 'no Application', body: { kind: 'application', identity: 'a' } },
    { title: 'no version', body: { kind: 'busy', identity: 'a', forMs: 1 } },
    { title: 'a time that is none', body: { kind: 'busy', identity: 'a', version: '1', forMs: 'soon' } },
  ])('refuses $title', async ({ body }) => {
    expect((await post(body)).status).toBe(400);
    expect(heard).toEqual([]);
  });
});

describe('POST /api/peer of a whole hawser', () => {
  let ground: Ground;
  beforeEach(async () => {
    ground = await createGround(connectSandbox());
  });
  afterEach(() => ground.close());

  it('needs the token, and a well-formed message', async () => {
    const app = createApp(ground.hawser, appPlatform({ namespace: ground.namespace }));
    expect((await app.request('/api/peer', { method: 'POST', body: '{"kind":"leaving","identity":"a"}' })).status).toBe(
      401,
    );
    expect((await ground.request('POST', '/api/peer', { kind: 'else', identity: 'a' })).status).toBe(400);
  });

  it('has the sender looked at when its Lease ends', async () => {
    const message = { kind: 'busy', identity: 'hawser-1', version: '17', forMs: 15_000 };
    expect((await ground.request('POST', '/api/peer', message)).status).toBe(202);
    expect(ground.alarms()).toContain('lease/hawser-1');
    ground.clock.moveTo(ground.clock.now() + 20_000);
    await expect.poll(() => ground.alarms()).not.toContain('lease/hawser-1');
  });
});
