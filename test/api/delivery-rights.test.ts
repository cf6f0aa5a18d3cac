// Pushes are told to those alone who may see the Applications that they concern, and worked on again by those who may sync all of these.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, stringAt } from '../../src/base/json.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const configMap = (key: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: ${key}\n`;

let ground: Ground;
let as: Record<'machine' | 'all' | 'notShop' | 'shop' | 'shopper' | 'nobody', Ask>;
let key: string;

beforeAll(async () => {
  ground = await createGround(connectSandbox());
  as = await openApi(ground, {
    all: ['applications, get, */*, allow', 'applications, sync, */*, allow'],
    notShop: ['*, *, */*, allow', 'applications, *, shop/*, deny'],
    shop: ['applications, get, shop/*, allow', 'applications, sync, shop/*, allow'],
    shopper: ['applications, get, shop/*, allow'],
    nobody: ['projects, get, *, allow'],
  });
  await as.machine('POST', '/api/v1/projects', {
    project: {
      metadata: { name: 'shop' },
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] },
    },
  });
  const repository = await ground.createRepository('devops/app', { 'm/a.yaml': configMap('one') });
  const more = { repository, path: 'm' };
  await ground.createApplication({ ...more, name: 'front', destinationNamespace: 'front', project: 'shop' });
  await ground.createApplication({ ...more, name: 'bank', destinationNamespace: 'bank' });
  await ground.push(repository, { 'm/a.yaml': configMap('two') });
  await ground.hawser.idle();
  key = stringAt((await as.machine('GET', '/api/deliveries')).body, 'items', 0, 'key') ?? '';
});
afterAll(() => ground.close());

const namesIn = (body: unknown) => {
  const applications = at(body, 'applications');
  return Array.isArray(applications) ? applications.map((application) => at(application, 'name')).sort() : [];
};

describe('a push to two Applications', () => {
  it.each([
    ['machine', ['bank', 'front'], 2],
    ['all', ['bank', 'front'], 2],
    ['notShop', ['bank'], 1],
    ['shop', ['front'], 1],
    ['shopper', ['front'], 1],
  ] as const)('shows %s %j', async (name, applications, count) => {
    const { status, body } = await as[name]('GET', `/api/deliveries/${key}`);
    expect([status, namesIn(body)]).toEqual([200, applications]);
    expect(Object.values(Object(at(body, 'counts'))).reduce((sum: number, value) => sum + Number(value), 0)).toBe(
      count,
    );
    const list = await as[name]('GET', '/api/deliveries?limit=1');
    expect(namesIn(at(list.body, 'items', 0))).toEqual(applications);
  });

  it('is not there for those who may see neither', async () => {
    expect((await as.nobody('GET', '/api/deliveries')).body).toEqual({ items: [] });
    expect(await as.nobody('GET', `/api/deliveries/${key}`)).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining(`there is no delivery ${key}`) },
    });
    expect((await as.nobody('GET', '/api/deliveries/nosuch')).status).toBe(404);
    expect((await as.all('GET', '/api/deliveries/nosuch')).status).toBe(404);
  });

  it('is worked on again by those who may sync both', async () => {
    for (const ask of [as.shop, as.shopper, as.notShop]) {
      expect((await ask('POST', `/api/deliveries/${key}/replay`)).status).toBe(403);
    }
    expect((await as.nobody('POST', `/api/deliveries/${key}/replay`)).status).toBe(404);
    const replayed = await as.all('POST', `/api/deliveries/${key}/replay`);
    expect([replayed.status, namesIn(replayed.body)]).toEqual([202, ['bank', 'front']]);
    await ground.hawser.idle();
  });

  it.each(['/api/peer', '/api/wake'])('lets nobody but hawser itself ask for %s', async (path) => {
    expect((await as.all('POST', path, { kind: 'leaving', identity: 'a' })).status).toBe(403);
  });
});

describe('a refresh', () => {
  it.each([
    ['shopper', { application: 'front' }, 202],
    ['shopper', { application: 'bank' }, 403],
    ['shopper', { application: 'nosuch' }, 403],
    ['shop', { all: true }, 403],
    ['shop', { repoURL: 'https://git.example.com/devops/app' }, 403],
    ['notShop', { all: true }, 403],
    ['notShop', { application: 'front' }, 403],
    ['notShop', { application: 'bank' }, 202],
    ['all', { all: true }, 202],
    ['all', { application: 'nosuch' }, 202],
  ] as const)('lets %s ask for %j: %i', async (name, body, status) => {
    expect((await as[name]('POST', '/api/refresh', body)).status).toBe(status);
    await ground.hawser.idle();
  });
});
