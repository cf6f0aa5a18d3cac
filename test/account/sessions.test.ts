// Local accounts as people and programs use them: the first password, sessions, API tokens, cookies, and what takes them away.

import { compare } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, isObject, stringAt } from '../../src/base/json.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { ensureAccountSecrets } from '../../src/operation/account-secrets.ts';
import { decodeSecret } from '../../src/operation/settings.ts';
import { type AccountGround, createAccountGround, ORIGIN, PASSWORD } from '../support/account-ground.ts';
import { appPlatform } from '../support/app-platform.ts';
import { NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const LIST = '/api/v1/applications';
const ACCOUNTS = { alice: 'login, apiKey', ci: 'apiKey', bob: 'login', carol: 'login, apiKey' };

async function statusOf(answer: Promise<Response>): Promise<number> {
  return (await answer).status;
}

async function messageOf(answer: Promise<Response>): Promise<string> {
  return stringAt(await (await answer).json(), 'message') ?? '';
}

describe('the first password of admin', () => {
  let here: AccountGround;
  beforeAll(async () => {
    here = await createAccountGround({ isBare: true });
  });
  afterAll(() => here.close());

  const secret = async (name: string) => decodeSecret(await here.ground.get('v1', 'Secret', NAMESPACE, name));

  it('is made once, by whichever replica somebody logs in to first', async () => {
    const body = { username: 'admin', password: 'a guess' };
    const answers = [here.app, here.other].map((app) => here.request('POST', '/api/v1/session', { body, app }));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401]);
    const { password = '' } = await secret('argocd-initial-admin-secret');
    expect(password).toMatch(/^[0-9A-Za-z-]{16}$/);
    const kept = await secret('argocd-secret');
    expect(kept['admin.password']).toMatch(/^\$2[ab]\$10\$/);
    expect(kept['admin.passwordMtime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(kept['webhook.gogs.secret']).not.toBe(undefined);
    const token = await here.login('admin', password);
    expect(await statusOf(here.request('GET', LIST, { token }))).toBe(200);
    expect(await statusOf(here.request('GET', LIST, { token, app: here.other }))).toBe(200);
  });

  it('is not made again when it was changed, and its Secret stays', async () => {
    const { password = '' } = await secret('argocd-initial-admin-secret');
    const token = await here.login('admin', password);
    here.sleep(2);
    const body = { currentPassword: password, newPassword: 'another one' };
    expect(await statusOf(here.request('PUT', '/api/v1/account/password', { token, body }))).toBe(200);
    expect(await statusOf(here.request('GET', LIST, { token }))).toBe(401);
    await here.ground.restart();
    await here.ground.hawser.idle();
    expect((await secret('argocd-initial-admin-secret')).password).toBe(password);
    expect(await statusOf(here.request('GET', LIST, { token: await here.login('admin', 'another one') }))).toBe(200);
  });
});

describe('the first password', () => {
  it('is made at the start', async () => {
    const here = await createAccountGround({ isBare: true });
    await here.ground.hawser.resume();
    await here.ground.hawser.idle();
    const made = await here.ground.get('v1', 'Secret', NAMESPACE, 'argocd-initial-admin-secret');
    await here.login('admin', decodeSecret(made).password);
    await here.close();
  });

  it('is not made where admin is switched off', async () => {
    const here = await createAccountGround({ isBare: true });
    await here.set('argocd-cm', { 'admin.enabled': 'false' });
    await here.ground.hawser.resume();
    await here.ground.hawser.idle();
    expect(await here.ground.get('v1', 'Secret', NAMESPACE, 'argocd-initial-admin-secret')).toBe(undefined);
    await here.close();
  });
});

describe('accounts', () => {
  let here: AccountGround;
  beforeAll(async () => {
    here = await createAccountGround({ accounts: ACCOUNTS });
    await here.set('argocd-rbac-cm', {
      'policy.csv': [
        'g, alice, role:readonly\ng, ci, role:readonly\ng, carol, role:admin',
        'p, bob, applications, sync, shop/*, allow',
      ].join('\n'),
    });
  });
  afterAll(() => here.close());

  describe('logging in', () => {
    it.each([
      ['a wrong password', { username: 'alice', password: 'wrong' }, 401, 'Invalid username or password'],
      ['a name that nobody has', { username: 'mallory', password: PASSWORD }, 401, 'Invalid username or password'],
      ['no password', { username: 'alice', password: '' }, 401, 'no credentials supplied'],
      ['nothing', {}, 401, 'no credentials supplied'],
      ['an account that may not', { username: 'ci', password: PASSWORD }, 401, 'does not have login capability'],
      ['a name that is too long', { username: 'a'.repeat(33), password: 'x' }, 400, 'Username is too long'],
      ['a body that is none', 'hello', 400, 'not valid JSON'],
      ['a body that is too large', { username: 'a'.repeat(100_000) }, 413, 'larger than 64 KiB'],
    ])('with %s is refused', async (_, body, status, message) => {
      const answer = await here.request('POST', '/api/v1/session', { body });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('set-cookie')).toBe(null);
      expect(stringAt(await answer.json(), 'message')).toContain(message);
    });

    it('is over for a name after five wrong passwords, for others not, and for five minutes', async () => {
      const tryOut = (password: string) =>
        statusOf(here.request('POST', '/api/v1/session', { body: { username: 'bob', password } }));
      expect(await Promise.all(['1', '2', '3', '4', '5'].map(tryOut))).toEqual([401, 401, 401, 401, 401]);
      expect(await tryOut(PASSWORD)).toBe(401);
      await here.login('alice');
    });

    it('from a page of another site is refused', async () => {
      const body = { username: 'alice', password: PASSWORD };
      const headers = { 'sec-fetch-site': 'cross-site' };
      expect(await statusOf(here.request('POST', '/api/v1/session', { body, headers }))).toBe(403);
    });
  });

  describe('a session', () => {
    it('tells who one is, and only with itself', async () => {
      const token = await here.login('alice');
      const info = async (options: object) => (await here.request('GET', '/api/v1/session/userinfo', options)).json();
      expect(await info({ token })).toEqual({ loggedIn: true, username: 'alice', iss: 'argocd', groups: [] });
      expect(await info({ cookie: token })).toMatchObject({ loggedIn: true, username: 'alice' });
      expect(await info({})).toEqual({ loggedIn: false });
      expect(await info({ token: `${token}x` })).toEqual({ loggedIn: false });
    });

    it('comes as a cookie that scripts cannot read', async () => {
      const body = { username: 'alice', password: PASSWORD };
      const answer = await here.request('POST', '/api/v1/session', { body });
      expect(answer.headers.get('set-cookie')).toMatch(/^argocd\.token=[\w.-]+; Path=\/; SameSite=Lax; HttpOnly$/);
      await here.set('argocd-cm', { url: `${ORIGIN.replace('http', 'https')}` });
      const secure = await here.request('POST', '/api/v1/session', { body });
      expect(secure.headers.get('set-cookie')).toMatch(/; HttpOnly; Secure$/);
      await here.set('argocd-cm', { url: null });
    });

    it('ends with a logout, here at once and at every other replica', async () => {
      const token = await here.login('alice');
      expect(await statusOf(here.request('GET', LIST, { token }))).toBe(200);
      const out = await here.request('DELETE', '/api/v1/session', { cookie: token });
      expect(await out.json()).toEqual({ token: '' });
      expect(out.headers.get('set-cookie')).toMatch(/^argocd\.token=; .*Max-Age=0/);
      expect(await messageOf(here.request('GET', LIST, { token }))).toContain('token is revoked');
      expect(await statusOf(here.request('GET', LIST, { token, app: here.other }))).toBe(401);
      const kept = await here.ground.get('v1', 'ConfigMap', NAMESPACE, 'hawser-revoked-sessions');
      expect(JSON.stringify(kept)).not.toContain(token);
    });

    it('lasts a day, and is renewed in its last minutes where a browser uses it', async () => {
      const token = await here.login('alice');
      here.sleep(23.5 * 3_600);
      const early = await here.request('GET', LIST, { cookie: token });
      expect([early.status, early.headers.get('set-cookie')]).toEqual([200, null]);
      here.sleep(26 * 60);
      expect((await here.request('GET', LIST, { token })).headers.get('set-cookie')).toBe(null);
      const late = await here.request('GET', LIST, { cookie: token });
      const renewed = /^argocd\.token=([^;]+);/.exec(late.headers.get('set-cookie') ?? '')?.[1] ?? '';
      here.sleep(5 * 60);
      expect(await messageOf(here.request('GET', LIST, { token }))).toContain('expired');
      expect(await statusOf(here.request('GET', LIST, { token: renewed }))).toBe(200);
    });

    it('lasts as long as users.session.duration says', async () => {
      await here.set('argocd-cm', { 'users.session.duration': '1h30m' });
      const token = await here.login('alice');
      here.sleep(89 * 60);
      expect(await statusOf(here.request('GET', LIST, { token }))).toBe(200);
      here.sleep(2 * 60);
      expect(await statusOf(here.request('GET', LIST, { token }))).toBe(401);
      await here.set('argocd-cm', { 'users.session.duration': null });
    });

    it('in several cookies is put together again', async () => {
      const token = await here.login('alice');
      const [head, tail] = [token.slice(0, 50), token.slice(50)];
      const headers = { cookie: `argocd.token-1=${tail}; argocd.token=2:${head}; other=1` };
      expect(await statusOf(here.request('GET', LIST, { headers }))).toBe(200);
    });
  });

  describe('a cookie', () => {
    it.each([
      ['this site', { 'sec-fetch-site': 'same-origin' }, 200],
      ['a bookmark', { 'sec-fetch-site': 'none' }, 200],
      ['a neighbour', { 'sec-fetch-site': 'same-site' }, 403],
      ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
      ['this origin', { origin: ORIGIN }, 200],
      ['another origin', { origin: 'https://evil.example.com' }, 403],
      ['no origin at all', { origin: 'null' }, 403],
      ['no browser', {}, 200],
    ])('of a request from %s', async (_, headers: Record<string, string>, status) => {
      const cookie = await here.login('carol');
      const body = { all: true };
      const answer = await statusOf(here.request('POST', '/api/v1/account/carol/token', { cookie, headers, body }));
      expect(answer).toBe(status);
      // A token is never sent by a browser of itself.
      const token = cookie;
      expect(await statusOf(here.request('POST', '/api/v1/account/carol/token', { token, headers, body }))).toBe(200);
    });

    it('does not make a request with anything but JSON', async () => {
      const cookie = await here.login('carol');
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
        const headers = { 'content-type': type };
        expect(await statusOf(here.request('DELETE', '/api/v1/session', { cookie, headers }))).toBe(415);
      }
      const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
      expect(await statusOf(here.request('DELETE', '/api/v1/session', { cookie, headers }))).toBe(200);
    });
  });

  describe('an API token', () => {
    const make = async (name: string, body: object, token: string) =>
      here.request('POST', `/api/v1/account/${name}/token`, { token, body });

    it('is made, listed without itself, used, and taken back', async () => {
      const session = await here.login('carol');
      const answer = await make('ci', { id: 'build', expiresIn: '3600' }, session);
      const token = stringAt(await answer.json(), 'token') ?? '';
      expect(await statusOf(here.request('GET', LIST, { token, app: here.other }))).toBe(200);
      const account: unknown = await (await here.request('GET', '/api/v1/account/ci', { token: session })).json();
      expect(account).toMatchObject({ name: 'ci', enabled: true, capabilities: ['apiKey'], tokens: [{ id: 'build' }] });
      expect(Number(at(account, 'tokens', 0, 'expiresAt')) - Number(at(account, 'tokens', 0, 'issuedAt'))).toBe(3600);
      expect(JSON.stringify(account)).not.toContain(token);
      expect((await make('ci', { id: 'build' }, session)).status).toBe(409);
      expect(await statusOf(here.request('DELETE', '/api/v1/account/ci/token/build', { token: session }))).toBe(200);
      expect(await messageOf(here.request('GET', LIST, { token }))).toContain('does not have token with id build');
      expect(await statusOf(here.request('DELETE', '/api/v1/account/ci/token/build', { token: session }))).toBe(404);
    });

    it('ends by itself', async () => {
      const answer = await make('ci', { id: 'short', expiresIn: 60 }, await here.login('carol'));
      const token = stringAt(await answer.json(), 'token') ?? '';
      expect(await statusOf(here.request('GET', LIST, { token }))).toBe(200);
      here.sleep(61);
      expect(await statusOf(here.request('GET', LIST, { token }))).toBe(401);
    });

    it.each([
      ['of an account without the capability', 'bob', 'carol', 400],
      ['of somebody else, without the right', 'ci', 'alice', 403],
      ['of the own account', 'alice', 'alice', 200],
      ['of nobody', 'nobody', 'carol', 404],
    ])('%s', async (_, name, by, status) => {
      expect((await make(name, {}, await here.login(by))).status).toBe(status);
    });

    it('ends with the password that was there when it was made, and with the account', async () => {
      const session = await here.login('carol');
      const token = stringAt(await (await make('alice', {}, session)).json(), 'token') ?? '';
      here.sleep(2);
      const body = { name: 'alice', currentPassword: PASSWORD, newPassword: PASSWORD };
      expect(await statusOf(here.request('PUT', '/api/v1/account/password', { token: session, body }))).toBe(200);
      expect(await messageOf(here.request('GET', LIST, { token }))).toContain('password has changed');
      const next = stringAt(await (await make('alice', {}, session)).json(), 'token') ?? '';
      expect(await statusOf(here.request('GET', LIST, { token: next }))).toBe(200);
      await here.set('argocd-cm', { 'accounts.alice.enabled': 'false' });
      expect(await messageOf(here.request('GET', LIST, { token: next }))).toContain('disabled');
      await here.set('argocd-cm', { 'accounts.alice.enabled': null });
    });
  });

  describe('a password', () => {
    const change = async (by: string, body: object) =>
      here.request('PUT', '/api/v1/account/password', { token: await here.login(by), body });

    it.each([
      ['with a wrong one before', 'alice', { currentPassword: 'no', newPassword: 'long enough' }, 400],
      ['to one that is too short', 'alice', { currentPassword: PASSWORD, newPassword: 'short' }, 400],
      [
        'of somebody else without the right',
        'alice',
        { name: 'carol', currentPassword: PASSWORD, newPassword: 'x' },
        403,
      ],
      ['of nobody', 'carol', { name: 'nobody', currentPassword: PASSWORD, newPassword: 'long enough' }, 404],
    ])('is not changed %s', async (_, by, body, status) => {
      expect((await change(by, body)).status).toBe(status);
    });

    it('must match passwordPattern', async () => {
      await here.set('argocd-cm', { passwordPattern: '^[a-z]{4}$' });
      const body = { currentPassword: PASSWORD, newPassword: 'long enough' };
      expect(await messageOf(change('alice', body))).toContain('^[a-z]{4}$');
      await here.set('argocd-cm', { passwordPattern: null });
    });
  });

  describe('what one may do', () => {
    it.each([
      ['alice', 'applications/get/shop/app', 'yes'],
      ['alice', 'applications/sync/shop/app', 'no'],
      ['carol', 'applications/sync/*/*', 'yes'],
      ['alice', 'applications/get/shop/argocd/app', 'yes'],
      ['alice', 'projects/get/', 'yes'],
      ['bob', 'applications/rollback/shop/app', 'yes'],
    ])('%s asks for %s: %s', async (name, question, value) => {
      const answer = await here.request('GET', `/api/v1/account/can-i/${question}`, { token: await here.login(name) });
      expect(await answer.json()).toEqual({ value });
    });

    it.each(['nosuch/get/a', 'applications/nosuch/a'])('%s is no question', async (question) => {
      const token = await here.login('alice');
      expect(await statusOf(here.request('GET', `/api/v1/account/can-i/${question}`, { token }))).toBe(400);
    });

    it('decides which accounts are shown; the own one always is', async () => {
      const names = async (by: string) => {
        const list: unknown = await (
          await here.request('GET', '/api/v1/account', { token: await here.login(by) })
        ).json();
        const items = at(list, 'items');
        return (Array.isArray(items) ? items : []).filter(isObject).map(({ name }) => name);
      };
      expect(await names('carol')).toEqual(['admin', 'alice', 'bob', 'carol', 'ci']);
      await here.set('argocd-rbac-cm', { 'policy.csv': 'g, carol, role:admin' });
      expect(await names('alice')).toEqual(['alice']);
    });
  });

  it('writes down who did what, and no secret of it', async () => {
    here.audit.length = 0;
    const token = await here.login('carol');
    await here.request('POST', '/api/v1/account/ci/token', { token, body: { id: 'audited' } });
    await here.request('POST', '/api/v1/session', { body: { username: 'carol', password: 'not this one' } });
    await here.request('GET', LIST, { token });
    await here.request('GET', LIST, {});
    expect(here.audit.map(({ user, method, path, status }) => `${user} ${method} ${path} ${status}`)).toEqual([
      'carol POST /api/v1/session 200',
      'carol POST /api/v1/account/ci/token 200',
      'carol POST /api/v1/session 401',
      'unknown GET /api/v1/applications 401',
    ]);
    expect(JSON.stringify(here.audit)).not.toMatch(new RegExp(`${token}|${PASSWORD}|not this one`));
  });
});

describe('anonymous reading', () => {
  let here: AccountGround;
  beforeAll(async () => {
    here = await createAccountGround();
  });
  afterAll(() => here.close());

  it('is off where nothing is said', async () => {
    expect(await statusOf(here.request('GET', LIST))).toBe(401);
    expect(await statusOf(here.request('GET', '/'))).toBe(401);
  });

  it('is what policy.default gives, and no writing', async () => {
    await here.set('argocd-cm', { 'users.anonymous.enabled': 'true' });
    expect(await (await here.request('GET', LIST)).json()).toMatchObject({ items: [] });
    expect(await statusOf(here.request('GET', '/api/v1/account/admin'))).toBe(403);
    await here.set('argocd-rbac-cm', { 'policy.default': 'role:readonly' });
    expect(await statusOf(here.request('GET', '/api/v1/account/admin'))).toBe(200);
    expect(await statusOf(here.request('GET', '/'))).toBe(200);
    expect(await statusOf(here.request('POST', '/api/v1/account/admin/token', { body: {} }))).toBe(403);
  });

  it('is what a session comes to that has ended, but not a bad token', async () => {
    expect(await statusOf(here.request('GET', LIST, { cookie: 'a.b.c' }))).toBe(200);
    expect(await statusOf(here.request('GET', LIST, { token: 'a.b.c' }))).toBe(401);
    expect(await statusOf(here.request('GET', LIST, { token: 'wrong' }))).toBe(401);
  });

  it('tells whoever wants more to log in', async () => {
    const answer = here.request('POST', '/api/v1/account/admin/token', { body: {} });
    expect(await messageOf(answer)).toBe(
      'permission denied: accounts, update, admin (nobody is logged in: log in, or send a token, such as HAWSER_TOKEN)',
    );
  });

  it('is not for a page of another site whose name leads to a loopback address', async () => {
    const headers = { host: 'evil.example.com' };
    expect(await statusOf(here.request('GET', LIST, { headers }))).toBe(401);
    await here.set('argocd-cm', { url: 'https://evil.example.com' });
    expect(await statusOf(here.request('GET', LIST, { headers }))).toBe(200);
  });
});

describe('replicas that start together', () => {
  it('make one first password and one key', async () => {
    const cluster = connectSandbox();
    const client = createKubeClient(cluster, { fieldManager: 'test' });
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    const platform = appPlatform();
    const start = () => ensureAccountSecrets(createKubeClient(cluster, { fieldManager: 'hawser' }), platform);
    await Promise.all([start(), start(), start()]);
    const read = async (name: string) =>
      decodeSecret(await client.get({ apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name }));
    const { password = '' } = await read('argocd-initial-admin-secret');
    const kept = await read('argocd-secret');
    expect(await compare(password, kept['admin.password'] ?? '')).toBe(true);
    expect(kept['server.secretkey']).toMatch(/^[\w+/]{43}=$/);
    await start();
    expect(await read('argocd-secret')).toEqual(kept);
  });
});
