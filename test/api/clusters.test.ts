// Clusters by the API: reached before they are saved, shown without what they are reached with.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterSecretName } from '../../src/application/cluster-shape.ts';
import { at } from '../../src/base/json.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { decodeSecret } from '../../src/operation/settings.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const HOME = 'https://kubernetes.default.svc';

let ground: Ground;
let other: Listening;
let as: Record<'machine' | 'reader' | 'shopper' | 'nobody', Ask>;
/** What the other cluster accepts. */
let tokens: string[];

beforeAll(async () => {
  ground = await createGround(connectSandbox());
  tokens = ['cluster-token'];
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  other = await listen(
    (request) =>
      tokens.some((token) => request.headers.get('authorization') === `Bearer ${token}`)
        ? sandbox.fetch(request)
        : Response.json({ kind: 'Status', status: 'Failure', message: 'Unauthorized', code: 401 }, { status: 401 }),
    { host: '127.0.0.1', port: 0 },
  );
  as = await openApi(ground, {
    reader: ['clusters, get, *, allow'],
    shopper: ['clusters, *, shop/*, allow'],
    nobody: ['projects, get, *, allow'],
  });
});
afterAll(async () => {
  await other.close();
  await ground.close();
});

const one = (server: string, more = '') => `/api/v1/clusters/${encodeURIComponent(server)}${more}`;
const clusterOf = (more: Record<string, unknown> = {}) => ({
  server: other.url,
  name: 'east',
  config: { bearerToken: 'cluster-token', tlsClientConfig: { insecure: false } },
  ...more,
});
const namesFor = async (ask: Ask, query = '') => {
  const items = at((await ask('GET', `/api/v1/clusters${query}`)).body, 'items');
  return Array.isArray(items) ? items.map((item) => at(item, 'name')) : [];
};

describe('clusters', () => {
  it('are the one that hawser works with, without anybody’s doing', async () => {
    const { body } = await as.reader('GET', '/api/v1/clusters');
    expect(body).toMatchObject({
      metadata: {},
      items: [
        {
          server: HOME,
          name: 'in-cluster',
          config: { tlsClientConfig: { insecure: false } },
          connectionState: { status: 'Successful' },
          serverVersion: expect.stringMatching(/^v1\.\d+/),
          info: {
            connectionState: { status: 'Successful' },
            applicationsCount: 0,
            cacheInfo: { apisCount: expect.any(Number) },
          },
        },
      ],
    });
    expect(await namesFor(as.nobody)).toEqual([]);
  });

  it('are told of by what is known of late where nobody shall wait', async () => {
    const { body } = await as.reader('GET', '/api/v1/clusters?connection=known');
    expect(at(body, 'items', '0', 'info')).toMatchObject({
      applicationsCount: 0,
      connectionState: { status: 'Successful' },
    });
    await as.machine('POST', one(HOME, '/invalidate-cache'), {});
  });

  it('that cannot be reached are not saved', async () => {
    const config = { bearerToken: 'wrong' };
    expect(await as.machine('POST', '/api/v1/clusters', clusterOf({ config }))).toMatchObject({
      status: 400,
      body: { code: 9, message: expect.stringContaining('error getting server version: ') },
    });
    expect(
      await as.machine('POST', '/api/v1/clusters', clusterOf({ config: { bearerToken: 'a', username: 'b' } })),
    ).toMatchObject({
      status: 400,
      body: { code: 3, message: expect.stringContaining('username/password or bearer token may be set, but not both') },
    });
    expect((await as.machine('POST', '/api/v1/clusters', clusterOf({ server: '' }))).status).toBe(400);
    expect(await namesFor(as.machine)).toEqual(['in-cluster']);
  });

  it('are saved as Argo CD saves them, and shown without their token', async () => {
    expect((await as.reader('POST', '/api/v1/clusters', clusterOf())).status).toBe(403);
    const made = await as.machine('POST', '/api/v1/clusters', clusterOf({ labels: { region: 'east' }, shard: '3' }));
    expect(made).toMatchObject({
      status: 200,
      body: {
        server: other.url,
        name: 'east',
        shard: 3,
        labels: { region: 'east' },
        config: { tlsClientConfig: { insecure: false } },
        info: { connectionState: { status: 'Successful' } },
      },
    });
    const list = await as.machine('GET', '/api/v1/clusters');
    expect(JSON.stringify([made, list])).not.toContain('cluster-token');
    const secret = await ground.get('v1', 'Secret', ground.namespace, clusterSecretName(other.url));
    expect(secret?.metadata).toMatchObject({
      name: expect.stringMatching(/^cluster-127\.0\.0\.1-\d+$/),
      labels: { region: 'east', 'argocd.argoproj.io/secret-type': 'cluster' },
      annotations: { 'managed-by': 'argocd.argoproj.io' },
    });
    expect(decodeSecret(secret)).toMatchObject({ server: other.url, name: 'east', shard: '3' });
  });

  it('are the same when they are made again, and other settings need upsert', async () => {
    const body = clusterOf({ labels: { region: 'east' }, shard: 3 });
    expect((await as.machine('POST', '/api/v1/clusters', body)).status).toBe(200);
    expect(await as.machine('POST', '/api/v1/clusters', { ...body, namespaces: ['shop'] })).toMatchObject({
      status: 400,
      body: {
        message: 'existing cluster spec is different; use upsert flag to force update; difference in keys "namespaces"',
      },
    });
    const forced = await as.machine('POST', '/api/v1/clusters?upsert=true', { ...body, namespaces: ['shop'] });
    expect(forced).toMatchObject({ status: 200, body: { namespaces: ['shop'] } });
  });

  it.each([
    ['its address', (url: string) => one(url)],
    ['its name', () => '/api/v1/clusters/east?id.type=name'],
    ['its name, escaped once more', () => '/api/v1/clusters/e%2561st?id.type=name_escaped'],
  ])('are found by %s', async (_, path) => {
    expect(await as.reader('GET', path(other.url))).toMatchObject({ status: 200, body: { name: 'east' } });
  });

  it('are filtered by address and name', async () => {
    expect(await namesFor(as.reader, '?name=east')).toEqual(['east']);
    expect(await namesFor(as.reader, `?server=${encodeURIComponent(HOME)}`)).toEqual(['in-cluster']);
    expect(await namesFor(as.reader, '?id.type=name&id.value=east')).toEqual(['east']);
    expect(await namesFor(as.reader, '?name=nosuch')).toEqual([]);
  });

  it('that are unknown, or not to be seen, are 403', async () => {
    for (const [ask, server] of [
      [as.machine, 'https://none.example.com'],
      [as.nobody, HOME],
    ] as const) {
      for (const method of ['GET', 'DELETE'] as const) {
        expect(await ask(method, one(server))).toMatchObject({
          status: 403,
          body: { code: 7, message: expect.stringContaining('permission denied') },
        });
      }
    }
  });

  it('change in the fields that are named, and keep the others', async () => {
    const update = (query: string, body: Record<string, unknown>, ask = as.machine) =>
      ask('PUT', one(other.url, query), body);
    const updated = await update('?updatedFields=name&updatedFields=labels', { name: 'west', labels: { a: 'b' } });
    expect(updated).toMatchObject({
      status: 200,
      body: { name: 'west', labels: { a: 'b' }, namespaces: ['shop'], shard: 3 },
    });
    expect((await update('', clusterOf({ config: { bearerToken: 'wrong' } }))).status).toBe(400);
    expect((await update('', clusterOf(), as.reader)).status).toBe(403);
    expect(await update('', clusterOf({ server: 'https://elsewhere.example.com' }))).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('the address of a cluster cannot be changed') },
    });
    const whole = await update('', clusterOf({ project: 'shop' }));
    expect(whole).toMatchObject({ status: 200, body: { name: 'east', project: 'shop' } });
    expect(at(whole.body, 'namespaces')).toBeUndefined();
    // Whoever may do everything within a project may not take a cluster out of it.
    expect((await update('?updatedFields=project', { project: '' }, as.shopper)).status).toBe(403);
    expect((await update('?updatedFields=name', { name: 'east' }, as.shopper)).status).toBe(200);
    expect(await namesFor(as.shopper)).toEqual(['east']);
  });

  it('forget what is remembered of them', async () => {
    expect(await as.machine('POST', one(other.url, '/invalidate-cache'))).toMatchObject({
      status: 200,
      body: { name: 'east', info: { connectionState: { status: 'Successful' } } },
    });
    expect((await as.reader('POST', one(other.url, '/invalidate-cache'))).status).toBe(403);
  });

  it('get another token of their service account, and the one before ends', async () => {
    const account = { namespace: 'kube-system', name: 'manager' };
    const claims = {
      'kubernetes.io/serviceaccount/namespace': account.namespace,
      'kubernetes.io/serviceaccount/secret.name': 'manager-token-1',
      'kubernetes.io/serviceaccount/service-account.name': account.name,
    };
    const old = `e30.${btoa(JSON.stringify(claims)).replace(/=+$/, '')}.c2ln`;
    tokens.push(old, 'new-token');
    const { createKubeClient } = await import('../../src/kube/client.ts');
    const init = (more: RequestInit = {}) => ({
      ...more,
      headers: { ...Object.fromEntries(new Headers(more.headers)), authorization: `Bearer ${old}` },
    });
    const client = createKubeClient(
      { server: other.url, fetch: (path, more) => fetch(`${other.url}${path}`, init(more)) },
      { fieldManager: 'test' },
    );
    const annotations = { 'kubernetes.io/service-account.name': 'manager' };
    const metadata = { namespace: account.namespace, name: 'manager-token-1', annotations };
    await client.create({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: account,
      secrets: [{ name: 'manager-token-1' }],
    });
    await client.create({ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata });
    const config = { bearerToken: old, tlsClientConfig: { insecure: false } };
    expect((await as.machine('PUT', one(other.url), clusterOf({ config }))).status).toBe(200);
    // What the controller of a real cluster does.
    const filling = (async () => {
      for await (const event of client.watch(
        { apiVersion: 'v1', kind: 'Secret' },
        { namespace: 'kube-system', timeoutMs: 20_000 },
      )) {
        for (const { metadata } of event.type === 'RELISTED' ? event.objects : [event.object]) {
          const { name = '' } = metadata;
          if (name === 'manager-token-1' || !name.startsWith('manager-token-')) continue;
          const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'kube-system', name };
          return client.patch(ref, { data: { token: btoa('new-token') } }, { type: 'merge' });
        }
      }
      return undefined;
    })();
    expect(await as.machine('POST', one(other.url, '/rotate-auth'))).toEqual({ status: 200, body: {} });
    const made = await filling;
    const secret = decodeSecret(await ground.get('v1', 'Secret', ground.namespace, clusterSecretName(other.url)));
    expect(JSON.parse(secret.config ?? '')).toMatchObject({ bearerToken: 'new-token' });
    expect(await client.get({ apiVersion: 'v1', kind: 'Secret', ...metadata })).toBeUndefined();
    const found = await client.get({ apiVersion: 'v1', kind: 'ServiceAccount', ...account });
    expect(found?.secrets).toEqual([{ name: made?.metadata.name }]);
    expect(await as.machine('POST', one(HOME, '/rotate-auth'))).toMatchObject({
      status: 400,
      body: { message: `Cluster '${HOME}' does not use bearer token authentication` },
    });
  });

  it('are forgotten, by address or by name', async () => {
    expect((await as.reader('DELETE', one(other.url))).status).toBe(403);
    expect(await as.machine('DELETE', '/api/v1/clusters/east?id.type=name')).toEqual({ status: 200, body: {} });
    expect(await namesFor(as.machine)).toEqual(['in-cluster']);
    expect(await as.machine('DELETE', one(HOME))).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining(`cluster "${HOME}" not found`) },
    });
  });
});

describe('the name of a cluster’s Secret', () => {
  // Argo CD's own cases (util/db/cluster_test.go).
  it.each([
    ['http://foo', 'cluster-foo-752281925'],
    [
      'http://thelongestdomainnameintheworld.argocd-project.com:3000',
      'cluster-thelongestdomainnameintheworld.argocd-project.com-2721640553',
    ],
    ['http://[fe80::1ff:fe23:4567:890a]:8000', 'cluster-fe80--1ff-fe23-4567-890a-664858999'],
    ['http://[FE80::1FF:FE23:4567:890A]:8000', 'cluster-fe80--1ff-fe23-4567-890a-682802007'],
  ])('of %s is %s', (server, name) => {
    expect(clusterSecretName(server)).toBe(name);
  });
});
