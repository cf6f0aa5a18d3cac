// Projects, repositories, clusters and certificates by the API, kept by a real API server, whose rules for writes are stricter than it seems.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createAuthority } from '../support/certificates.ts';
import { type ControlPlane, missingControlPlane, startControlPlane } from '../support/control-plane.ts';
import { createGround, type Ground } from '../support/ground.ts';

const missing = missingControlPlane();
if (missing) console.warn(`SKIPPED: registrations at a real API server: ${missing}`);

/** What the control plane's token file holds. */
const TOKEN = 'hawser-test-token';

describe.skipIf(missing)('what is registered at a real API server', () => {
  let plane: ControlPlane;
  let ground: Ground;
  let ask: Ask;
  beforeAll(async () => {
    plane = await startControlPlane();
    ground = await createGround(await connectKubeconfig({ kubeconfig: plane.kubeconfig }));
    ask = (await openApi(ground, {})).machine;
  });
  afterAll(async () => {
    await ground?.close();
    await plane?.stop();
  });

  it('are projects: made, changed with and without a version, held to a version, and deleted', async () => {
    const projectOf = (spec: Record<string, unknown>, metadata: Record<string, unknown> = {}) => ({
      project: { metadata: { name: 'shop', ...metadata }, spec },
    });
    const finalizers = ['resources-finalizer.argocd.argoproj.io'];
    const made = await ask('POST', '/api/v1/projects', projectOf({ sourceRepos: ['*'] }, { finalizers }));
    expect(made).toMatchObject({ status: 200, body: { spec: { sourceRepos: ['*'] } } });
    const changed = await ask('PUT', '/api/v1/projects/shop', projectOf({ description: 'Shop' }, { finalizers }));
    expect(changed).toMatchObject({ status: 200, body: { spec: { description: 'Shop' } } });
    const resourceVersion = at(made.body, 'metadata', 'resourceVersion');
    const stale = await ask('PUT', '/api/v1/projects/shop', projectOf({}, { resourceVersion }));
    expect(stale).toMatchObject({ status: 409, body: { code: 10 } });
    const upserted = { ...projectOf({ description: 'Other' }), upsert: true };
    expect((await ask('POST', '/api/v1/projects', upserted)).status).toBe(200);
    expect((await ask('DELETE', '/api/v1/projects/shop')).status).toBe(200);
    expect((await ask('GET', '/api/v1/projects/shop')).status).toBe(404);
  });

  it('are repositories: made, changed, forgotten', async () => {
    await ground.createRepository('devops/app', { 'a.txt': '' }, { isPrivate: true });
    const repo = `${ground.gitUrl}/devops/app`;
    const path = `/api/v1/repositories/${encodeURIComponent(repo)}`;
    const credentials = { username: 'devops', password: 'git-password' };
    expect((await ask('POST', '/api/v1/repositories', { repo, name: 'app', ...credentials })).status).toBe(200);
    expect((await ask('PUT', path, credentials)).status).toBe(200);
    const got = await ask('GET', path);
    expect(got).toMatchObject({ body: { username: 'devops', connectionState: { status: 'Successful' } } });
    expect(at(got.body, 'name')).toBeUndefined();
    expect((await ask('DELETE', path)).status).toBe(200);
    expect((await ask('GET', path)).status).toBe(403);
  });

  it('are clusters: reached, made, changed, forgotten', async () => {
    const ca = readFileSync(join(plane.folder, 'ca.crt')).toString('base64');
    const config = { bearerToken: TOKEN, tlsClientConfig: { insecure: false, caData: ca } };
    const body = { server: plane.server, name: 'self', config };
    expect((await ask('POST', '/api/v1/clusters', { ...body, config: { ...config, bearerToken: 'no' } })).status).toBe(
      400,
    );
    expect(await ask('POST', '/api/v1/clusters', body)).toMatchObject({
      status: 200,
      body: { name: 'self', serverVersion: expect.stringMatching(/^v1\./) },
    });
    const path = '/api/v1/clusters/self?id.type=name';
    expect(await ask('PUT', `${path}&updatedFields=namespaces`, { namespaces: ['shop'] })).toMatchObject({
      status: 200,
      body: { namespaces: ['shop'] },
    });
    expect(at((await ask('PUT', path, body)).body, 'namespaces')).toBeUndefined();
    expect((await ask('DELETE', path)).status).toBe(200);
  });

  it('are certificates', async () => {
    const certData = btoa(createAuthority().ca);
    const items = [{ serverName: 'git.example.com', certType: 'https', certData }];
    expect((await ask('POST', '/api/v1/certificates', { items })).status).toBe(200);
    expect((await ask('DELETE', '/api/v1/certificates')).body).toMatchObject({
      items: [{ serverName: 'git.example.com' }],
    });
  });
});
