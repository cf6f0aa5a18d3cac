// Logging in by a real OIDC provider on loopback, and everything that may be wrong with what comes back from it.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { type AccountGround, createAccountGround, ORIGIN } from '../support/account-ground.ts';
import { createAuthority } from '../support/certificates.ts';
import { NAMESPACE } from '../support/ground.ts';
import { CLIENT_ID, CLIENT_SECRET, type OidcProvider, startOidcProvider } from '../support/oidc-provider.ts';

const LIST = '/api/v1/applications';

let provider: OidcProvider;
let here: AccountGround;

let isUsual = false;

async function start(
  options: Parameters<typeof startOidcProvider>[0] = {},
  config: readonly string[] = [],
): Promise<void> {
  await provider?.close();
  provider = await startOidcProvider(options);
  isUsual = Object.keys(options).length + config.length === 0;
  await configure(options.isPublic ? [] : ['clientSecret: $oidc.clientSecret'], config);
}

async function configure(secret: readonly string[], config: readonly string[] = []): Promise<void> {
  const lines = ['name: Example', `issuer: ${provider.issuer}`, `clientID: ${CLIENT_ID}`, 'cliClientID: hawser-cli'];
  await here.set('argocd-rbac-cm', {
    'policy.csv': 'g, platform, role:admin\ng, kim-1, role:readonly',
    scopes: null,
  });
  await here.set('argocd-cm', {
    'oidc.config': [...lines, ...secret, ...config].join('\n'),
    url: null,
    additionalUrls: null,
  });
}

beforeAll(async () => {
  here = await createAccountGround();
  await here.set('argocd-secret', { 'oidc.clientSecret': CLIENT_SECRET });
});
beforeEach(async () => {
  if (!isUsual) return start();
  provider.person = { sub: 'kim-1', email: 'kim@example.com', groups: ['platform'] };
  provider.claims = {};
  provider.signing = 'own';
  return configure(['clientSecret: $oidc.clientSecret']);
});
afterAll(async () => {
  await here.close();
  await provider.close();
});

interface Begun {
  readonly location: URL;
  readonly cookie: string;
}

async function begin(returnUrl = ''): Promise<Begun> {
  const answer = await here.request('GET', `/auth/login?return_url=${encodeURIComponent(returnUrl)}`);
  expect(answer.status).toBe(303);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^argocd\.oauthstate=[^;]+; Path=\/; Max-Age=300; SameSite=Lax; HttpOnly$/);
  return { location: new URL(answer.headers.get('location') ?? ''), cookie: cookie.split(';')[0] ?? '' };
}

/** At the provider; where the browser is sent back to. */
async function consent({ location }: Begun): Promise<URL> {
  const answer = await fetch(location, { redirect: 'manual' });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get('location') ?? '');
}

async function comeBack(url: URL, { cookie }: Begun): Promise<Response> {
  expect(url.origin).toBe(ORIGIN);
  return here.request('GET', `${url.pathname}${url.search}`, { headers: { cookie } });
}

function sessionOf(answer: Response): string {
  const [, token = ''] = /argocd\.token=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '') ?? [];
  return token;
}

async function logIn(): Promise<string> {
  const begun = await begin();
  const answer = await comeBack(await consent(begun), begun);
  expect(answer.status).toBe(303);
  return sessionOf(answer);
}

async function userinfo(options: object): Promise<unknown> {
  return (await here.request('GET', '/api/v1/session/userinfo', options)).json();
}

describe('a login', () => {
  it('goes by the provider, with PKCE, and back to the page that was wanted', async () => {
    const begun = await begin('/applications/shop?view=tree');
    expect(begun.location.origin).toBe(provider.issuer);
    expect(Object.fromEntries(begun.location.searchParams)).toMatchObject({
      redirect_uri: `${ORIGIN}/auth/callback`,
      scope: 'openid profile email groups',
      code_challenge_method: 'S256',
    });
    const answer = await comeBack(await consent(begun), begun);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/applications/shop?view=tree']);
    expect(answer.headers.get('set-cookie')).toContain('argocd.oauthstate=; Path=/; Max-Age=0');
    const session = sessionOf(answer);
    expect(await userinfo({ cookie: session })).toEqual({
      ...{ loggedIn: true, username: 'kim@example.com', iss: provider.issuer, groups: ['platform'] },
    });
    expect((await here.request('GET', '/api/v1/account/admin', { cookie: session })).status).toBe(200);
    expect(provider.shown.method).toBe('basic');
    expect(here.audit.at(-1)).toMatchObject({ user: `kim-1 of ${provider.issuer}`, status: 303 });
  });

  it('has the rights of the person and of the groups', async () => {
    const canI = async (question: string, token: string) =>
      at(await (await here.request('GET', `/api/v1/account/can-i/${question}`, { token })).json(), 'value');
    expect(await canI('applications/sync/shop/app', await logIn())).toBe('yes');
    provider.person = { sub: 'kim-1', groups: ['others'] };
    const plain = await logIn();
    expect(await canI('applications/get/shop/app', plain)).toBe('yes');
    expect(await canI('applications/sync/shop/app', plain)).toBe('no');
    provider.person = { sub: 'admin', groups: ['role:admin', 'admin'] };
    expect(await canI('applications/get/shop/app', await logIn())).toBe('no');
  });

  it('takes the groups from the claims that scopes names', async () => {
    await here.set('argocd-rbac-cm', { scopes: '[teams, email]', 'policy.csv': 'g, kim@example.com, role:readonly' });
    provider.person = { sub: 'x', email: 'kim@example.com', teams: 'one', groups: ['platform'] };
    const session = await logIn();
    expect(await userinfo({ token: session })).toMatchObject({ groups: ['one', 'kim@example.com'] });
    expect((await here.request('GET', '/api/v1/account/admin', { token: session })).status).toBe(200);
  });

  it('ends where the session is ended, and where the provider is taken out of the settings', async () => {
    const [first, second] = [await logIn(), await logIn()];
    const out = await here.request('GET', '/auth/logout', { cookie: first });
    expect([out.status, out.headers.get('location')]).toEqual([303, '/login']);
    expect((await here.request('GET', LIST, { token: first })).status).toBe(401);
    expect((await here.request('GET', LIST, { token: second })).status).toBe(200);
    await here.set('argocd-cm', { 'oidc.config': null });
    expect((await here.request('GET', LIST, { token: second })).status).toBe(401);
    expect((await here.request('GET', '/auth/login')).status).toBe(404);
  });

  it('is asked for again with each code', async () => {
    const begun = await begin();
    const back = await consent(begun);
    expect((await comeBack(back, begun)).status).toBe(303);
    expect((await comeBack(back, begun)).status).toBe(401);
  });
});

/** What is other than it should be when the browser comes back. */
interface Change {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly cookie?: (own: string) => string;
}

describe('what does not belong together', () => {
  it.each([
    ['a wrong nonce', { nonce: 'another' }],
    ['no nonce', { nonce: undefined }],
    ['another audience', { aud: 'somebody-else' }],
    ['another issuer', { iss: 'https://evil.example.com' }],
    ['a time that has passed', { iat: 1_000_000_000, exp: 1_000_000_300 }],
    ['no end', { exp: undefined }],
  ])('a token with %s is no login', async (_, claims) => {
    provider.claims = claims;
    const begun = await begin();
    const answer = await comeBack(await consent(begun), begun);
    expect([answer.status, sessionOf(answer)]).toEqual([401, '']);
  });

  it.each(['other', 'none', 'public-as-secret'] as const)(
    'a token that is signed by %s is no login',
    async (signing) => {
      provider.signing = signing;
      const begun = await begin();
      const answer = await comeBack(await consent(begun), begun);
      expect([answer.status, sessionOf(answer)]).toEqual([401, '']);
    },
  );

  it("somebody else's code is of no use, for the provider wants the verifier that belongs to it", async () => {
    const [attacker, victim] = [await begin(), await begin()];
    const back = await consent(attacker);
    back.searchParams.set('state', victim.location.searchParams.get('state') ?? '');
    const answer = await comeBack(back, victim);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('the code is not yours');
  });

  it.each([
    ['another state', { query: { state: 'x' } }],
    ['no state', { query: { state: undefined } }],
    ['no cookie', { cookie: () => '' }],
    ['a cookie that was changed', { cookie: (own: string) => `${own}x` }],
    ['no code', { query: { code: undefined } }],
    ['a refusal of the provider', { query: { code: undefined, error: 'access_denied' } }],
  ] as readonly (readonly [string, Change])[])('%s is no login', async (_, { query = {}, cookie = (own) => own }) => {
    const begun = await begin();
    const back = await consent(begun);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) back.searchParams.delete(name);
      else back.searchParams.set(name, value);
    }
    const answer = await comeBack(back, { ...begun, cookie: cookie(begun.cookie) });
    expect([answer.status, sessionOf(answer)]).toEqual([401, '']);
  });

  it('a login that takes more than five minutes is to be begun again', async () => {
    const begun = await begin();
    const back = await consent(begun);
    here.sleep(301);
    expect((await comeBack(back, begun)).status).toBe(401);
    here.sleep(-301);
  });

  it("a session's cookie is no state, and a state is no session", async () => {
    const begun = await begin();
    const session = await logIn();
    const back = await consent(begun);
    expect((await comeBack(back, { ...begun, cookie: `argocd.oauthstate=${session}` })).status).toBe(401);
    const state = begun.cookie.replace('argocd.oauthstate=', '');
    expect((await here.request('GET', LIST, { token: state })).status).toBe(401);
  });
});

describe('where one comes back to', () => {
  it.each([
    'https://evil.example.com/',
    '//evil.example.com',
    '/\\evil.example.com',
    '/\t/evil.example.com',
    `${ORIGIN}@evil.example.com/`,
    `${ORIGIN}//evil.example.com/`,
    'javascript:alert(1)',
    'data:text/html,x',
  ])('%s is refused, at both logins', async (url) => {
    const query = `return_url=${encodeURIComponent(url)}`;
    expect((await here.request('GET', `/auth/login?${query}`)).status).toBe(400);
    expect((await here.request('GET', `/login?${query}`)).status).toBe(400);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await here.request('POST', '/login', { headers, body: query })).status).toBe(400);
  });

  it.each(['', '/', '/applications/a?b=c#d', 'applications', `${ORIGIN}/x`])('%j is fine', async (url) => {
    expect((await here.request('GET', `/auth/login?return_url=${encodeURIComponent(url)}`)).status).toBe(303);
  });

  it('is what url of argocd-cm says', async () => {
    await here.set('argocd-cm', { url: 'https://hawser.example.com/', additionalUrls: `- ${ORIGIN}` });
    expect((await begin('https://hawser.example.com/x')).location.searchParams.get('redirect_uri')).toBe(
      `${ORIGIN}/auth/callback`,
    );
    const host = { host: 'hawser.example.com' };
    const answer = await here.request('GET', '/auth/login', { headers: host });
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.searchParams.get('redirect_uri')).toBe('https://hawser.example.com/auth/callback');
    expect(answer.headers.get('set-cookie')).toContain('; Secure');
  });
});

describe("the provider's own ID tokens", () => {
  const statusWith = async (token: string) => (await here.request('GET', LIST, { token })).status;

  it.each([
    ['for us', {}, 200],
    ['for our command line', { aud: 'hawser-cli' }, 200],
    ['for us among others', { aud: ['x', CLIENT_ID] }, 200],
    ['for somebody else', { aud: 'x' }, 401],
    ['for nobody', { aud: undefined }, 401],
    ['of another issuer', { iss: 'https://evil.example.com' }, 401],
    ['of the past', { exp: 1_000_000_000 }, 401],
    ['without an end', { exp: undefined }, 401],
    ['of nobody', { sub: undefined }, 401],
  ])('%s', async (_, claims, status) => {
    expect(await statusWith(await provider.idToken(claims))).toBe(status);
  });

  it.each(['other', 'none', 'public-as-secret'] as const)('signed by %s are refused', async (signing) => {
    provider.signing = signing;
    expect(await statusWith(await provider.idToken())).toBe(401);
  });

  it('are accepted by a new key at once, and forged ones make nobody ask the provider without end', async () => {
    expect(await statusWith(await provider.idToken())).toBe(200);
    await here.set('argocd-cm', { url: null });
    await provider.rotate();
    expect(await statusWith(await provider.idToken())).toBe(200);
    await provider.rotate();
    provider.requests.length = 0;
    const token = await provider.idToken();
    for (let i = 0; i < 5; i++) expect(await statusWith(token)).toBe(401);
    expect(provider.requests).toEqual([]);
  });

  it('can be ended before their time', async () => {
    const token = await provider.idToken({ jti: 'one/of:these' });
    expect(await statusWith(token)).toBe(200);
    expect((await here.request('DELETE', '/api/v1/session', { token })).status).toBe(200);
    expect(await statusWith(token)).toBe(401);
  });
});

describe('other providers', () => {
  it('take the secret in the body', async () => {
    await start({ secretIn: 'client_secret_post' });
    await logIn();
    expect(provider.shown.method).toBe('post');
  });

  it('have public clients, whom PKCE alone protects', async () => {
    await start({ isPublic: true });
    await logIn();
    expect(provider.shown.method).toBe('none');
  });

  it('tell the groups by userinfo', async () => {
    await start({}, ['enableUserInfoGroups: true', 'userInfoPath: /userinfo']);
    provider.person = { sub: 'lee' };
    provider.info = { groups: ['platform'], sub: 'lee', email: 'admin@example.com' };
    const session = await logIn();
    expect(await userinfo({ token: session })).toMatchObject({ username: 'lee', groups: ['platform'] });
    provider.info = { groups: ['platform'], sub: 'somebody else' };
    const begun = await begin();
    expect((await comeBack(await consent(begun), begun)).status).toBe(401);
  });

  it('have an address that ends the session there', async () => {
    const logout = 'https://id.example.com/logout?id_token_hint={{token}}&back={{logoutRedirectURL}}';
    await start({}, [`logoutURL: ${logout}`]);
    const session = await logIn();
    const out = await here.request('GET', '/auth/logout', { cookie: session });
    const location = new URL(out.headers.get('location') ?? '');
    expect(location.searchParams.get('back')).toBe(`${ORIGIN}/login`);
    expect(location.searchParams.get('id_token_hint')?.split('.')).toHaveLength(3);
  });

  it('are trusted by rootCA, or not at all', async () => {
    const authority = createAuthority();
    const tls = authority.issue('127.0.0.1');
    const pem = authority.ca.trim().replaceAll(/\r?\n/g, '\n  ');
    await start({ tls }, [`rootCA: |\n  ${pem}`]);
    expect(provider.issuer).toMatch(/^https:/);
    const begun = await begin();
    // The browser trusts it.
    const trusting = createConnectedFetch({});
    const consented = await trusting(begun.location.href, { redirect: 'manual' }, { ca: authority.ca });
    const answer = await comeBack(new URL(consented.headers.get('location') ?? ''), begun);
    expect([answer.status, sessionOf(answer).split('.').length]).toEqual([303, 3]);
    await configure(['clientSecret: $oidc.clientSecret']);
    expect((await here.request('GET', '/auth/login')).status).toBe(503);
    expect((await here.request('GET', LIST, { token: await provider.idToken() })).status).toBe(503);
    await here.set('argocd-cm', { 'oidc.tls.insecure.skip.verify': 'true' });
    expect((await here.request('GET', '/auth/login')).status).toBe(303);
    await here.set('argocd-cm', { 'oidc.tls.insecure.skip.verify': null });
  });

  it('are told of where they do not answer', async () => {
    await here.set('argocd-cm', { 'oidc.config': `issuer: http://127.0.0.1:1\nclientID: ${CLIENT_ID}` });
    const answer = await here.request('GET', '/auth/login');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('http://127.0.0.1:1');
  });
});

describe('a secret of the client', () => {
  const config = (reference: string) => ({
    'oidc.config': `issuer: ${provider.issuer}\nclientID: ${CLIENT_ID}\nclientSecret: ${reference}`,
  });
  const create = (name: string, labels: Readonly<Record<string, string>>) =>
    here.ground.client.apply({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: NAMESPACE, labels } },
      data: { key: btoa(CLIENT_SECRET) },
    });

  it("may stand in another Secret of Argo CD's", async () => {
    await create('login', { 'app.kubernetes.io/part-of': 'argocd' });
    await here.set('argocd-cm', config('$login:key'));
    await logIn();
  });

  it.each([
    ['a Secret that is none of them', '$foreign:key', '$foreign:key: no Secret foreign with the key key'],
    ['a Secret that is not there', '$nowhere:key', 'no Secret nowhere'],
    ['a key that is not there', '$oidc.nosuch', 'argocd-secret has no key oidc.nosuch'],
  ])('is not taken from %s', async (_, reference, message) => {
    await create('foreign', {});
    await here.set('argocd-cm', config(reference));
    const answer = await here.request('GET', '/auth/login');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain(message);
  });
});
