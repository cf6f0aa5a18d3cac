// Accounts: the first password, sessions, tokens with fewer rights, and a login by an OIDC provider.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringAt } from '../../src/base/json.ts';
import { decodeSecret } from '../../src/operation/settings.ts';
import { CLIENT_ID, CLIENT_SECRET, type OidcProvider, startOidcProvider } from '../support/oidc-provider.ts';
import { createRuntimeGround, NAMESPACE, type RuntimeGround } from './support/ground.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('accounts', () => {
  let ground: RuntimeGround;
  let provider: OidcProvider;

  beforeAll(async () => {
    provider = await startOidcProvider();
    ground = await createRuntimeGround({
      config: {
        'argocd-cm': {
          'oidc.config': `name: Example\nissuer: ${provider.issuer}\nclientID: ${CLIENT_ID}\nclientSecret: $oidc:secret`,
          'accounts.robot': 'apiKey',
        },
        'argocd-rbac-cm': { 'policy.csv': 'g, platform, role:admin\ng, robot, role:readonly' },
      },
    });
    await ground.client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'oidc', namespace: NAMESPACE, labels: { 'app.kubernetes.io/part-of': 'argocd' } },
      data: { secret: btoa(CLIENT_SECRET) },
    });
    await ground.deploy('app', {
      'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: one}\n',
    });
  });
  afterAll(async () => {
    await ground?.close();
    await provider?.close();
  });

  const logIn = (password: string) => {
    const body = JSON.stringify({ username: 'admin', password });
    return fetch(`${ground.url}/api/v1/session`, { method: 'POST', headers: JSON_TYPE, body });
  };
  const ask = async (authorization: string, path: string, init: RequestInit = {}) => {
    const response = await fetch(`${ground.url}${path}`, { ...init, headers: { ...JSON_TYPE, authorization } });
    return { status: response.status, body: (await response.json()) as unknown };
  };

  it('begin with a first password', async () => {
    const refused = await logIn('a guess');
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: 16 }]);
    const secret = await ground.get('v1', 'Secret', NAMESPACE, 'argocd-initial-admin-secret');
    const { password = '' } = decodeSecret(secret);
    const token = stringAt(await (await logIn(password)).json(), 'token') ?? '';
    const authorization = `Bearer ${token}`;
    expect((await ask('', '/api/v1/applications')).status).toBe(401);
    expect((await ask(authorization, '/api/v1/applications')).status).toBe(200);
    expect((await ask(authorization, '/api/v1/session', { method: 'DELETE' })).status).toBe(200);
    expect((await ask(authorization, '/api/v1/applications')).status).toBe(401);
    expect(ground.logs().join('\n')).not.toContain(password);
  });

  it('have tokens for programs, which may do what their roles say', async () => {
    const made = await ground.request('POST', '/api/v1/account/robot/token', { expiresIn: 0 });
    expect(made.status).toBe(200);
    const token = stringAt(made.body, 'token') ?? '';
    const authorization = `Bearer ${token}`;
    expect((await ask(authorization, '/api/v1/applications/app')).status).toBe(200);
    expect(await ask(authorization, '/api/v1/applications/app/sync', { method: 'POST', body: '{}' })).toMatchObject({
      status: 403,
      body: {
        code: 7,
        message: 'permission denied',
      },
    });
    expect((await ask(`${authorization}x`, '/api/v1/applications/app')).status).toBe(401);
    expect(ground.logs().join('\n')).not.toContain(token);
  });

  it('let somebody log in by a provider', async () => {
    const follow = (url: string, cookie = '') => fetch(url, { redirect: 'manual', headers: { cookie } });
    const begun = await follow(`${ground.url}/auth/login?return_url=/applications/x`);
    const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const consent = await follow(begun.headers.get('location') ?? '');
    const back = await follow(consent.headers.get('location') ?? '', cookie);
    expect([back.status, back.headers.get('location')]).toEqual([303, '/applications/x']);
    const session = back.headers.getSetCookie().find((line) => line.startsWith('argocd.token=')) ?? '';
    const userinfo = await follow(`${ground.url}/api/v1/session/userinfo`, session.split(';')[0]);
    expect(await userinfo.json()).toMatchObject({ loggedIn: true, username: 'kim@example.com', iss: provider.issuer });
    expect(ground.logs().join('\n')).not.toContain(CLIENT_SECRET);
  });
});
