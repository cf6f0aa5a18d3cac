// Accounts on a real API server: the first password as kubectl shows it, another one, and a token for programs.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringAt } from '../../src/base/json.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { createHome, type Home, runProcess } from '../support/hawser-process.ts';
import { findPeer } from '../support/peers.ts';
import { missingCluster, type RealCluster, startRealCluster } from '../support/real-cluster.ts';

const NAMESPACE = 'hawser-accounts';

const kubectl = findPeer('kubectl') ?? '';
const missing = kubectl === '' ? 'no kubectl (bash .ci/peers.sh kubernetes builds it)' : missingCluster();
if (missing) console.warn(`SKIPPED: accounts on a real API server: ${missing}`);

describe.skipIf(missing !== undefined)('accounts on a real API server', () => {
  let cluster: RealCluster;
  let ground: Ground;
  let home: Home;

  beforeAll(async () => {
    home = createHome();
    cluster = await startRealCluster();
    ground = await createGround(cluster.transport, { namespace: NAMESPACE });
    const metadata = { name: 'argocd-cm', namespace: NAMESPACE };
    const data = { 'accounts.admin': 'apiKey' };
    await ground.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    await ground.hawser.resume();
    await ground.hawser.idle();
  });
  afterAll(async () => {
    await ground?.close();
    await cluster?.stop();
    home.remove();
  });

  const session = async (password: string) => {
    const { status, body } = await ground.request('POST', '/api/v1/session', { username: 'admin', password });
    return { status, token: stringAt(body, 'token') ?? '' };
  };

  it('begin with the password that kubectl shows, which ends with another one', async () => {
    const secret = `get secret argocd-initial-admin-secret -n ${NAMESPACE} -o jsonpath='{.data.password}'`;
    const env = { ...home.env, KUBECONFIG: cluster.kubeconfig };
    const shown = await runProcess('sh', ['-c', `${kubectl} ${secret} | base64 -d`], { env });
    expect(shown.stderr).toBe('');
    expect(shown.stdout).toMatch(/^[0-9A-Za-z-]{16}$/);
    expect((await session(shown.stdout)).status).toBe(200);
    const change = { name: 'admin', newPassword: 'another password' };
    expect((await ground.request('PUT', '/api/v1/account/password', change)).status).toBe(200);
    expect((await session(shown.stdout)).status).toBe(401);
    expect((await session('another password')).status).toBe(200);
  });

  it('have tokens', async () => {
    const made = await ground.request('POST', '/api/v1/account/admin/token', { id: 'ci', expiresIn: 600 });
    expect(stringAt(made.body, 'token')?.split('.')).toHaveLength(3);
    const { body } = await ground.request('GET', '/api/v1/account/admin');
    expect(body).toMatchObject({ capabilities: ['login', 'apiKey'], tokens: [{ id: 'ci' }] });
    expect((await ground.request('DELETE', '/api/v1/account/admin/token/ci')).status).toBe(200);
  });

  it('of projects stand in the AppProject, where Argo CD looks for them', async () => {
    const role = { name: 'ci', policies: ['p, proj:shop:ci, applications, get, shop/*, allow'] };
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'shop', namespace: NAMESPACE },
      spec: { roles: [role, { name: 'other' }] },
    });
    const path = '/api/v1/projects/shop/roles/ci/token';
    expect((await ground.request('POST', path, { id: 'one' })).status).toBe(200);
    expect((await ground.request('POST', path, { id: 'one' })).status).toBe(400);
    const read = () => ground.get('argoproj.io/v1alpha1', 'AppProject', NAMESPACE, 'shop');
    const token = { id: 'one', iat: expect.any(Number) };
    expect(await read()).toMatchObject({
      spec: { roles: [{ ...role, jwtTokens: [token] }, { name: 'other' }] },
      status: { jwtTokensByRole: { ci: { items: [token] } } },
    });
    expect((await ground.request('DELETE', `${path}/0?id=one`)).status).toBe(200);
    expect(await read()).toMatchObject({ spec: { roles: [role, { name: 'other' }] } });
    expect(JSON.stringify(await read())).not.toContain('"one"');
  });
});
