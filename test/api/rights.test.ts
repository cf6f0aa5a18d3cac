// The table of rights: every route of the API, asked by everybody, answers as rows.ts says.

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Accounts } from '../../src/account/accounts.ts';
import { routesOf } from '../../src/api/routes.ts';
import { createApiAndPages } from '../../src/app.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { type AccountGround, createAccountGround, SIGNING_KEY } from '../support/account-ground.ts';
import { appPlatform } from '../support/app-platform.ts';
import { NAMESPACE, TOKEN } from '../support/ground.ts';
import { deployment } from '../support/objects.ts';
import { COLUMNS, type Column, ROWS, type Row } from './rights/rows.ts';

const KNOWN_TOKEN = 'shop-ci-1';
const ROLE_POLICIES = [
  'p, proj:shop:ci, applications, get, shop/*, allow',
  'p, proj:shop:ci, applications, sync, shop/*, allow',
  'p, proj:shop:ci, logs, get, shop/*, allow',
];

let here: AccountGround;
let delivery = '';
let revision = '';
/** As much of another cluster as a test of its connection asks for. */
let apiServer: Listening;

beforeAll(async () => {
  const version = { major: '1', minor: '36', gitVersion: 'v1.36.0' };
  apiServer = await listen(() => Response.json(version), { host: '127.0.0.1', port: 0 });
  here = await createAccountGround({
    accounts: { reader: 'login', robot: 'apiKey', sleeper: 'login', changed: 'login' },
  });
  const { ground } = here;
  await here.set('argocd-rbac-cm', { 'policy.csv': 'g, reader, role:readonly' });
  await here.set('argocd-cm', { 'accounts.sleeper.enabled': 'false' });
  await here.set('argocd-secret', {
    'accounts.robot.tokens': JSON.stringify(['gone-admin', 'gone-machine'].map((id) => ({ id, iat: 1 }))),
    'accounts.changed.passwordMtime': '2100-01-01T00:00:00Z',
  });
  for (const name of ['shop', 'other', 'spare', 'gone-admin', 'gone-machine']) await createProject(name);
  const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
  const maps = ['settings', 'gone-admin', 'gone-machine'].map(map).join('---\n');
  const files = { 'm/maps.yaml': maps, 'm/web.yaml': JSON.stringify(deployment('nginx:1')) };
  const repository = await ground.createRepository('devops/app', files);
  const create = (name: string, project: string, destinationNamespace: string) =>
    ground.createApplication({
      name,
      project,
      repository,
      path: 'm',
      destinationNamespace,
      syncOptions: ['CreateNamespace=true'],
    });
  await create('mine', 'shop', 'app');
  await create('theirs', 'other', 'theirs');
  await create('gone-admin', 'shop', 'gone');
  await create('gone-machine', 'shop', 'gone');
  await ground.sync('mine');
  for (const type of ['repository', 'repository-write', 'repo-creds', 'repo-write-creds']) {
    for (const name of ['known', 'gone-admin', 'gone-machine']) {
      await createSecret(`${type}-${name}`, type, { url: `http://127.0.0.1:1/${name}`, type: 'git' });
    }
  }
  for (const name of ['spare', 'gone-admin', 'gone-machine']) {
    await createSecret(`cluster-${name}`, 'cluster', { server: `${apiServer.url}/${name}`, name, config: '{}' });
  }
  delivery = (await ground.push(repository, { 'm/web.yaml': JSON.stringify(deployment('nginx:2')) })).deliveryId;
  revision = (await ground.application('mine')).status.sync?.revision ?? '';
}, 60_000);
afterAll(async () => {
  await here.close();
  await apiServer.close();
});

async function createProject(name: string): Promise<void> {
  await here.ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      roles: [{ name: 'ci', policies: name === 'shop' ? ROLE_POLICIES : [] }],
    },
    ...(name === 'shop' && { status: { jwtTokensByRole: { ci: { items: [{ id: KNOWN_TOKEN, iat: 1 }] } } } }),
  });
}

async function createSecret(name: string, type: string, values: Readonly<Record<string, string>>): Promise<void> {
  await here.ground.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NAMESPACE, labels: { 'argocd.argoproj.io/secret-type': type } },
    data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)])),
  });
}

type Claims = Readonly<Record<string, unknown>>;

/** Signed by hand, so that what is forged differs from what is not in one thing alone. */
function sign(claims: Claims, { key = SIGNING_KEY, alg = 'HS256' } = {}): string {
  const now = Math.floor(here.now() / 1000);
  const all = { iss: 'argocd', iat: now, nbf: now, exp: now + 3600, jti: crypto.randomUUID(), ...claims };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg, typ: 'JWT' })}.${encode(all)}`;
  if (alg === 'none') return `${text}.`;
  return `${text}.${createHmac(alg.replace('HS', 'sha'), key).update(text).digest('base64url')}`;
}

const ADMIN = { sub: 'admin:login' };

const TOKENS: Readonly<Record<Column, () => string | undefined>> = {
  nobody: () => undefined,
  open: () => undefined,
  readonly: () => sign({ sub: 'reader:login' }),
  role: () => sign({ sub: 'proj:shop:ci', jti: KNOWN_TOKEN, exp: undefined }),
  other: () => sign({ sub: 'proj:shop:ci', jti: KNOWN_TOKEN, exp: undefined }),
  admin: () => sign(ADMIN),
  machine: () => TOKEN,
};

/** As `nobody`: what is wrong with each is one thing. */
const BAD: readonly (readonly [title: string, token: () => string])[] = [
  ['an expired session', () => sign({ ...ADMIN, exp: Math.floor(here.now() / 1000) - 1 })],
  ['a session that was ended', () => revoked],
  ['a session of a disabled account', () => sign({ sub: 'sleeper:login' })],
  ['a session from before the password was changed', () => sign({ sub: 'changed:login' })],
  ['a session of an account that there is not', () => sign({ sub: 'mallory:login' })],
  ['a session of an account that may not log in', () => sign({ sub: 'robot:login' })],
  ['a session without an id', () => sign({ ...ADMIN, jti: undefined })],
  ['a session of nobody', () => sign({ sub: undefined })],
  ['a session that does not say since when', () => sign({ ...ADMIN, iat: undefined })],
  ['a session of another time', () => sign({ ...ADMIN, nbf: Math.floor(here.now() / 1000) + 3600 })],
  ['an API token that was not given out', () => sign({ sub: 'robot:apiKey' })],
  ['an API token of admin, who has none', () => sign({ sub: 'admin:apiKey' })],
  ['a token of a role that was not given out', () => sign({ sub: 'proj:shop:ci' })],
  ['a token of a role that there is not', () => sign({ sub: 'proj:shop:boss', jti: KNOWN_TOKEN })],
  ['a token of a project that there is not', () => sign({ sub: 'proj:nosuch:ci', jti: KNOWN_TOKEN })],
  ['a session that nobody has signed (alg none)', () => sign(ADMIN, { alg: 'none' })],
  ['a session with a wrong key', () => sign(ADMIN, { key: `${SIGNING_KEY}x` })],
  ['a session with an empty key', () => sign(ADMIN, { key: '' })],
  ['a session with HS512', () => sign(ADMIN, { alg: 'HS512' })],
  ['a session with HS384', () => sign(ADMIN, { alg: 'HS384' })],
  ['a session of a wrong issuer', () => sign({ ...ADMIN, iss: 'https://evil.example.com' })],
  ['a session of no issuer', () => sign({ ...ADMIN, iss: undefined })],
  ['a session of a provider that is not configured', () => sign({ sub: 'kim', iss: 'hawser-sso', idp: 'https://x' })],
  ['the state of a login', () => sign({ ...ADMIN, iss: 'hawser-oidc-state' })],
  ['a session whose claims were changed', () => tampered()],
  ['no token at all', () => 'a.b.c'],
  ["a wrong token of hawser's own", () => `${TOKEN}x`],
];

let revoked = '';

/** reader's signature under admin's name. */
function tampered(): string {
  const [header, , signature] = sign({ sub: 'reader:login' }).split('.');
  return `${header}.${sign(ADMIN).split('.')[1]}.${signature}`;
}

function fill(text: string, column: Column): string {
  const isOther = column === 'other';
  return text
    .replaceAll('{app}', isOther ? 'theirs' : 'mine')
    .replaceAll('{project}', isOther ? 'other' : 'shop')
    .replaceAll('{who}', column)
    .replaceAll('{delivery}', delivery)
    .replaceAll('{revision}', revision)
    .replaceAll('{git}', here.ground.gitUrl)
    .replaceAll('{cluster}', apiServer.url)
    .replaceAll(encodeURIComponent('{cluster}'), encodeURIComponent(apiServer.url))
    .replaceAll(encodeURIComponent('{git}'), encodeURIComponent(here.ground.gitUrl));
}

interface Answer {
  readonly status: number;
  /** For whoever reads why a test fails. */
  readonly said: string;
}

async function ask(row: Row, column: Column, token: string | undefined): Promise<Answer> {
  const [method = 'GET'] = row.route.split(' ');
  const body =
    row.body === undefined
      ? undefined
      : fill(typeof row.body === 'string' ? row.body : JSON.stringify(row.body), column);
  const response = await here.request(method, fill(row.path, column), {
    ...(token !== undefined && { token }),
    ...(body !== undefined && { body }),
  });
  const { status } = response;
  // A stream has no end.
  const isText = row.path.includes('/stream/') === false;
  const said = isText ? (await response.text()).slice(0, 300) : '';
  if (!isText) await response.body?.cancel();
  // What one has begun must not be what the next one meets.
  if (method !== 'GET' && response.ok) await here.ground.hawser.idle();
  return { status, said };
}

describe('the table of rights', () => {
  it('has one row for each route, and none for what is no route', () => {
    const routes = routesOf({ hawser: here.ground.hawser, accounts: {} as Accounts, platform: appPlatform() });
    const known = routes.map(({ method, path }) => `${method} ${path}`).sort();
    expect(ROWS.map(({ route }) => route).sort()).toEqual(known);
  });

  it('leaves nothing outside of it but pages, webhooks and what is nowhere', async () => {
    const inTable = new Set(ROWS.map(({ route }) => route));
    const inner = await createApiAndPages(here.ground.hawser, appPlatform());
    const others = [...here.app.routes, ...inner.routes]
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !inTable.has(route) && (!route.startsWith('ALL ') || route === 'ALL /api/webhook'));
    expect([...new Set(others)].sort()).toEqual([
      'ALL /api/webhook', // signed
      'GET /', // pages: below
      'GET /*', // an address that leads nowhere
      'GET /accounts',
      'GET /accounts/*',
      'GET /applications',
      'GET /applications/*',
      'GET /assets/:name', // what the pages are made of, for the login
      'GET /clusters',
      'GET /clusters/*',
      'GET /deliveries',
      'GET /deliveries/*',
      'GET /healthz',
      'GET /login',
      'GET /projects',
      'GET /projects/*',
      'GET /repositories',
      'GET /repositories/*',
      'GET /settings',
      'GET /settings/*',
      'POST /api/drift/:secret/:mode?', // for who knows the secret
      'POST /login',
      'POST /notice/:secret/:mode?',
    ]);
    for (const path of ['/', '/applications', '/applications/argocd/mine/diff', '/deliveries', '/nosuch']) {
      expect((await here.request('GET', path)).status, path).toBe(401);
      const leading = await here.request('GET', path, { headers: { accept: 'text/html' } });
      expect([leading.status, leading.headers.get('location')]).toEqual([
        303,
        `/login?return_url=${encodeURIComponent(path)}`,
      ]);
    }
    for (const path of [
      '/nosuch',
      '/api/v1/nosuch',
      '/api/v1/applications/mine/nosuch',
      '/api',
      '/notice/x',
      '/api/drift/x',
    ]) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        expect((await here.request(method, path)).status, `${method} ${path}`).toBe(401);
        expect((await here.request(method, path, { token: sign(ADMIN) })).status, `${method} ${path}`).toBe(404);
      }
    }
  });

  it.each(ROWS.filter(({ route }) => !route.startsWith('GET ')))('$route takes nothing but JSON', async (row) => {
    const [method = ''] = row.route.split(' ');
    const headers = { 'content-type': 'text/plain' };
    const answer = await here.request(method, fill(row.path, 'admin'), { token: sign(ADMIN), headers, body: '{}' });
    // Of what only hawser's own token may do there is nothing to be forged.
    expect(answer.status).toBe(row.statuses.admin === 403 ? 403 : 415);
  });

  it.each(ROWS.filter(({ route }) => !route.startsWith('GET ')))('$route is not for other sites', async (row) => {
    const [method = ''] = row.route.split(' ');
    const headers = { 'sec-fetch-site': 'cross-site' };
    const options = { cookie: sign(ADMIN), headers, body: row.body === undefined ? '{}' : JSON.stringify(row.body) };
    expect((await here.request(method, fill(row.path, 'admin'), options)).status).toBe(403);
  });

  const closed = COLUMNS.filter((column) => column !== 'open');
  describe.each(closed)('%s', (column) => {
    it.each(ROWS)('$route', async (row) => {
      const { status, said } = await ask(row, column, TOKENS[column]());
      expect(status, said).toBe(row.statuses[column]);
    });
  });

  describe('as nobody', () => {
    beforeAll(async () => {
      revoked = sign(ADMIN);
      expect((await here.request('DELETE', '/api/v1/session', { token: revoked })).status).toBe(200);
    });

    it.concurrent.each(BAD)('%s', async (_, make) => {
      const token = make();
      const answers = await Promise.all(
        ROWS.map(async (row) => {
          const { status } = await ask(row, 'nobody', token);
          return `${row.route} ${status}`;
        }),
      );
      expect(answers).toEqual(ROWS.map(({ route, statuses }) => `${route} ${statuses.nobody}`));
    });
  });

  describe('open', () => {
    beforeAll(async () => {
      await here.set('argocd-cm', { 'users.anonymous.enabled': 'true' });
      const policy = { 'policy.default': 'role:readonly', 'policy.csv': null };
      await here.set('argocd-rbac-cm', policy);
    });

    it.each(ROWS)('$route', async (row) => {
      const { status, said } = await ask(row, 'open', undefined);
      expect(status, said).toBe(row.statuses.open);
    });
  });
});
