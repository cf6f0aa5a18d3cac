// Accounts in workerd: the first password, sessions, and a login by an OIDC provider.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringAt } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { bundleWorker, type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { decodeSecret } from '../../src/operation/settings.ts';
import { CLIENT_ID, CLIENT_SECRET, type OidcProvider, startOidcProvider } from '../support/oidc-provider.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const NAMESPACE = 'argocd';
const JSON_TYPE = { 'content-type': 'application/json' };

describe('accounts in workerd', () => {
  let worker: RunningWorker;
  let client: KubeClient;
  let provider: OidcProvider;

  beforeAll(async () => {
    const cluster = connectSandbox();
    client = createKubeClient(cluster, { fieldManager: 'test' });
    await prepareHome(client, NAMESPACE);
    provider = await startOidcProvider();
    const config = `name: Example\nissuer: ${provider.issuer}\nclientID: ${CLIENT_ID}\nclientSecret: $oidc:secret`;
    const labels = { 'app.kubernetes.io/part-of': 'argocd' };
    const metadata = (name: string) => ({ name, namespace: NAMESPACE, labels });
    await client.create({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: metadata('oidc') },
      data: { secret: btoa(CLIENT_SECRET) },
    });
    const create = (name: string, data: Readonly<Record<string, string>>) =>
      client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data });
    await create('argocd-cm', { 'oidc.config': config });
    await create('argocd-rbac-cm', { 'policy.csv': 'g, platform, role:admin' });
    worker = await startWorker({ script: await bundleWorker(), cluster, port: 0, bindings: {} });
  });
  afterAll(async () => {
    await worker?.close();
    await provider?.close();
  });

  async function logIn(password: string): Promise<Response> {
    const body = JSON.stringify({ username: 'admin', password });
    return fetch(`${worker.url}/api/v1/session`, { method: 'POST', headers: JSON_TYPE, body });
  }

  it('begins with a first password', async () => {
    expect((await logIn('a guess')).status).toBe(401);
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: 'argocd-initial-admin-secret' };
    const { password = '' } = decodeSecret(await client.get(ref));
    const token = stringAt(await (await logIn(password)).json(), 'token') ?? '';
    const authorization = `Bearer ${token}`;
    expect((await fetch(`${worker.url}/api/v1/applications`)).status).toBe(401);
    expect((await fetch(`${worker.url}/api/v1/applications`, { headers: { authorization } })).status).toBe(200);
    const headers = { ...JSON_TYPE, authorization };
    expect((await fetch(`${worker.url}/api/v1/session`, { method: 'DELETE', headers })).status).toBe(200);
    expect((await fetch(`${worker.url}/api/v1/applications`, { headers: { authorization } })).status).toBe(401);
  });

  it('lets somebody log in by a provider', async () => {
    const follow = (url: string, cookie = '') => fetch(url, { redirect: 'manual', headers: { cookie } });
    const begun = await follow(`${worker.url}/auth/login?return_url=/applications/x`);
    const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const consent = await follow(begun.headers.get('location') ?? '');
    const back = await follow(consent.headers.get('location') ?? '', cookie);
    expect([back.status, back.headers.get('location')]).toEqual([303, '/applications/x']);
    const session = back.headers.getSetCookie().find((line) => line.startsWith('argocd.token=')) ?? '';
    const userinfo = await follow(`${worker.url}/api/v1/session/userinfo`, session.split(';')[0]);
    expect(await userinfo.json()).toMatchObject({ loggedIn: true, username: 'kim@example.com', iss: provider.issuer });
  });
});
