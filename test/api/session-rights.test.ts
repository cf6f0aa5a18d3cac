// What one may do at all, as a table: everywhere, in some projects, nowhere.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
let as: Record<'machine' | 'shopper' | 'looker' | 'nobody', Ask>;

beforeAll(async () => {
  ground = await createGround(connectSandbox());
  for (const name of ['shop', 'bank']) {
    await ground.client.create({
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name, namespace: ground.namespace } },
      spec: {},
    });
  }
  as = await openApi(ground, {
    shopper: ['applications, *, shop/*, allow', 'projects, get, shop, allow', 'repositories, create, shop/*, allow'],
    looker: ['applications, get, */*, allow', 'accounts, get, *, allow'],
    nobody: ['exec, create, shop/*, allow'],
  });
});
afterAll(() => ground.close());

async function table(ask: Ask): Promise<Record<string, unknown>> {
  const { body } = await ask('GET', '/api/v1/session/rights');
  const items = at(body, 'items');
  return Object.fromEntries(
    (Array.isArray(items) ? items : []).map((item) => [
      `${at(item, 'resource')} ${at(item, 'action')}`,
      at(item, 'everywhere') === true ? 'everywhere' : at(item, 'projects'),
    ]),
  );
}

it('is everything for whoever has hawser’s own token', async () => {
  const rights = await table(as.machine);
  expect(rights).toMatchObject({ 'applications sync': 'everywhere', 'certificates create': 'everywhere' });
  expect(new Set(Object.values(rights))).toEqual(new Set(['everywhere']));
});

it('names the projects where it is not everywhere', async () => {
  expect(await table(as.shopper)).toMatchObject({
    'applications sync': ['shop'],
    'applications action/*': ['shop'],
    'applications rollback': ['shop'],
    'projects get': ['shop'],
    'projects update': [],
    'repositories create': ['shop'],
    'repositories get': [],
    'clusters get': [],
  });
  expect(await table(as.looker)).toMatchObject({
    'applications get': 'everywhere',
    'applications sync': [],
    'accounts get': 'everywhere',
    'accounts update': [],
  });
});

it('is nothing for whoever may do nothing', async () => {
  expect(Object.values(await table(as.nobody)).flat()).toEqual([]);
});
