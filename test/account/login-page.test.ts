// The pages as a browser meets them: the way to the login and back, what is shown to whom, and the way out.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountGround, createAccountGround, ORIGIN, PASSWORD } from '../support/account-ground.ts';
import { NAMESPACE } from '../support/ground.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-site': 'same-origin' };
const FORM = { ...BROWSER, 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN };

let here: AccountGround;
beforeAll(async () => {
  here = await createAccountGround({ accounts: { alice: 'login', bob: 'login' } });
  await here.set('argocd-rbac-cm', { 'policy.csv': 'p, alice, applications, get, shop/*, allow' });
  const { ground } = here;
  await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'shop', namespace: NAMESPACE },
    spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] },
  });
  const repository = await ground.createRepository('devops/app', { 'm/a.yaml': '' });
  const app = { repository, path: 'm', destinationNamespace: 'app' };
  await ground.createApplication({ ...app, name: 'till', project: 'shop' });
  await ground.createApplication({ ...app, name: 'vault' });
});
afterAll(() => here.close());

const get = (path: string, cookie?: string) =>
  here.request('GET', path, { headers: BROWSER, ...(cookie !== undefined && { cookie }) });
const send = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = FORM) =>
  here.request('POST', '/login', { headers, body: new URLSearchParams(fields).toString() });

async function textOf(answer: Promise<Response>): Promise<string> {
  return (await answer).text();
}

describe('a page', () => {
  it('leads to the login and back', async () => {
    const away = await get('/applications/till?a=b&c=d');
    expect(away.status).toBe(303);
    const login = away.headers.get('location') ?? '';
    expect(login).toBe(`/login?return_url=${encodeURIComponent('/applications/till?a=b&c=d')}`);
    const page = await textOf(get(login));
    const [, returnUrl = ''] = /name="return_url" value="([^"]*)"/.exec(page) ?? [];
    expect(returnUrl).toBe('/applications/till?a=b&amp;c=d');
    const done = await send({ username: 'alice', password: PASSWORD, return_url: returnUrl.replace('&amp;', '&') });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/applications/till?a=b&c=d']);
    const [, cookie = ''] = /^argocd\.token=([^;]+);.*HttpOnly/.exec(done.headers.get('set-cookie') ?? '') ?? [];
    expect((await get('/applications/till', cookie)).status).toBe(200);
  });

  it('says who one is, and nothing of Applications: these are asked for by the API, which shows what one may see', async () => {
    const page = await textOf(get('/applications', await here.login('alice')));
    expect(page).toContain('&quot;name&quot;:&quot;alice&quot;');
    expect(page).not.toContain('till');
    const list = await here.request('GET', '/api/v1/applications', { cookie: await here.login('alice') });
    const names = ((await list.json()) as { items: { metadata: { name: string } }[] }).items;
    expect(names.map(({ metadata }) => metadata.name)).toEqual(['till']);
  });

  it.each([
    ['alice', '/applications/argocd/till', 200],
    ['alice', '/applications/argocd/till/diff', 200],
    ['alice', '/deliveries', 200],
    ['alice', '/projects/shop', 200],
    ['alice', '/settings', 200],
    ['alice', '/nowhere', 404],
  ])('%s goes to %s: %d', async (name, path, status) => {
    expect((await get(path, await here.login(name))).status).toBe(status);
  });

  it('ends the session where one logs out', async () => {
    const cookie = await here.login('alice');
    const out = await get('/auth/logout', cookie);
    expect([out.status, out.headers.get('location')]).toEqual([303, '/login']);
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await get('/', cookie)).status).toBe(303);
  });

  it('says once that one has logged out', async () => {
    const out = await get('/auth/logout', await here.login('alice'));
    expect(out.headers.getSetCookie()).toContain('hawser.left=1; Path=/login; Max-Age=60; SameSite=Lax; HttpOnly');
    const told = await here.request('GET', '/login', { headers: { ...BROWSER, cookie: 'hawser.left=1' } });
    expect(told.headers.get('set-cookie')).toContain('hawser.left=; Path=/login; Max-Age=0');
    expect(await told.text()).toContain('You are logged out.');
    expect(await textOf(get('/login'))).not.toContain('You are logged out.');
  });

  it('is no way to log somebody out from another site', async () => {
    const cookie = await here.login('alice');
    const headers = { ...BROWSER, 'sec-fetch-site': 'cross-site' };
    await here.request('GET', '/auth/logout', { cookie, headers });
    expect((await get('/', cookie)).status).toBe(200);
  });
});

describe('the login', () => {
  it('says that name or password is wrong, and keeps the name', async () => {
    const answer = await send({ username: 'alice', password: 'wrong', return_url: '/x' });
    const page = await answer.text();
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    expect(page).toContain('role="alert">Invalid username or password');
    expect(page).toContain('value="alice"');
    expect(page).toContain('name="return_url" value="/x"');
    expect(page).not.toContain('wrong"');
  });

  it('writes what was typed as text', async () => {
    const page = await textOf(send({ username: '"><script>alert(1)</script>', password: 'x' }));
    expect(page).not.toContain('<script>');
  });

  it('is not kept, and not shown in a frame of another site', async () => {
    const { headers } = await get('/login');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['the browser prefers', { 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8' }, 'ko', '비밀번호'],
    ['one has chosen', { 'accept-language': 'ko', cookie: 'hawser.language=en' }, 'en', 'Password'],
    ['is left where neither is known', { 'accept-language': 'fr' }, 'en', 'Password'],
  ])('is in the language that %s', async (_, headers, language, label) => {
    const answer = await here.request('GET', '/login', { headers: { ...BROWSER, ...headers } });
    const page = await answer.text();
    expect(page).toContain(`<html lang="${language}"`);
    expect(page).toContain(`<label for="password">${label}</label>`);
  });

  it('says in Korean that name or password is wrong', async () => {
    const answer = await send({ username: 'alice', password: 'x' }, { ...FORM, 'accept-language': 'ko' });
    expect(await answer.text()).toContain('role="alert">이름 또는 비밀번호가 올바르지 않습니다.');
  });

  it('keeps the language that is chosen there, and the way back', async () => {
    const answer = await get('/login?language=ko&return_url=/x');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login?return_url=%2Fx']);
    expect(answer.headers.get('set-cookie')).toMatch(/^hawser\.language=ko; Path=\/; Max-Age=\d+; SameSite=Lax$/);
    expect((await get('/login?language=ko&return_url=https://evil.example.com')).status).toBe(400);
  });

  it.each(['light', 'dark'])('is %s where one has chosen that', async (theme) => {
    const answer = await here.request('GET', '/login', { headers: { ...BROWSER, cookie: `hawser.theme=${theme}` } });
    expect(await answer.text()).toContain(`data-theme="${theme}"`);
  });

  it('has neither script nor style in itself', async () => {
    const answer = await get('/login');
    expect(await answer.text()).not.toMatch(/<script|<style|style=|onload=/);
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'");
  });

  it.each([
    ['another site', { ...FORM, 'sec-fetch-site': 'cross-site' }],
    ['a neighbour', { ...FORM, 'sec-fetch-site': 'same-site' }],
    ['another origin', { 'content-type': FORM['content-type'], origin: 'https://evil.example.com' }],
  ])('is not for a form of %s', async (_, headers) => {
    const answer = await send({ username: 'alice', password: PASSWORD }, headers);
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
  });

  it('is by the provider alone where there are no passwords', async () => {
    await here.set('argocd-cm', { 'oidc.config': 'name: Example\nissuer: https://id.example.com\nclientID: hawser' });
    const both = await textOf(get('/login?return_url=/x'));
    expect(both).toContain('href="/auth/login?return_url=%2Fx"');
    expect(both).toContain('Log in with Example');
    expect(both).toContain('type="password"');
    await here.set('argocd-cm', {
      'admin.enabled': 'false',
      'accounts.alice.enabled': 'false',
      'accounts.bob.enabled': 'false',
    });
    expect(await textOf(get('/login'))).not.toContain('type="password"');
  });
});
