// Which Applications there are is told to those alone who may know: 403 for whom it is none of their business, 404 for the others.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountGround, createAccountGround } from '../support/account-ground.ts';
import { NAMESPACE } from '../support/ground.ts';

let here: AccountGround;
beforeAll(async () => {
  here = await createAccountGround({ accounts: { dev: 'login', lead: 'login' } });
  await here.set('argocd-rbac-cm', {
    'policy.csv': ['get', 'sync', 'update']
      .flatMap((action) => [
        `p, dev, applications, ${action}, shop/*, allow`,
        `p, lead, applications, ${action}, */*, allow`,
      ])
      .join('\n'),
  });
  const { ground } = here;
  for (const name of ['shop', 'other']) {
    await ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace: NAMESPACE },
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] },
    });
  }
  const repository = await ground.createRepository('devops/app', { 'm/a.yaml': '' });
  const app = { repository, path: 'm', destinationNamespace: 'app' };
  await ground.createApplication({ ...app, name: 'till', project: 'shop' });
  await ground.createApplication({ ...app, name: 'vault', project: 'other' });
});
afterAll(() => here.close());

async function statusOf(name: string, method: string, path: string, body?: unknown): Promise<number> {
  const token = await here.login(name);
  const options = { token, ...(body !== undefined && { body }) };
  return (await here.request(method, `/api/v1/applications/${path}`, options)).status;
}

describe('an Application', () => {
  it.each([
    ['dev', 'till', 200],
    ['dev', 'vault', 403],
    ['dev', 'nosuch', 403],
    ['dev', 'till?project=shop', 200],
    ['dev', 'till?project=other', 403],
    ['dev', 'vault?project=other', 403],
    // It is there, but not in the project that they may see all of.
    ['dev', 'vault?project=shop', 404],
    ['dev', 'nosuch?project=shop', 404],
    ['dev', `till?appNamespace=${NAMESPACE}`, 200],
    ['dev', 'till?appNamespace=kube-system', 403],
    ['lead', 'vault', 200],
    ['lead', 'nosuch', 404],
    ['lead', 'till?project=other', 404],
    ['lead', 'nosuch?project=other', 404],
    ['lead', 'till?appNamespace=kube-system', 403],
  ])('%s reads %s: %d', async (name, path, status) => {
    expect(await statusOf(name, 'GET', path)).toBe(status);
  });

  it.each([
    ['dev', { dryRun: true }, 'till', 200],
    ['dev', { dryRun: true, project: 'shop', appNamespace: NAMESPACE }, 'till', 200],
    ['dev', { dryRun: true, project: 'other' }, 'till', 403],
    ['dev', { dryRun: true, project: 'shop' }, 'vault', 404],
    ['dev', { dryRun: true, appNamespace: 'kube-system' }, 'till', 403],
    ['lead', { dryRun: true, project: 'other' }, 'till', 404],
  ])('%s syncs with %j %s: %d', async (name, body, path, status) => {
    expect(await statusOf(name, 'POST', `${path}/sync`, body)).toBe(status);
    await here.ground.hawser.idle();
  });

  it('moves to another project by a spec that names it', async () => {
    const repoURL = `${here.ground.gitUrl}/devops/app`;
    const destination = { server: 'https://kubernetes.default.svc', namespace: 'app' };
    const spec = (project: string) => ({ project, source: { repoURL, path: 'm' }, destination });
    expect(await statusOf('dev', 'PUT', 'till/spec', spec('other'))).toBe(403);
    expect(await statusOf('lead', 'PUT', 'vault/spec', spec('other'))).toBe(200);
    expect(await statusOf('admin', 'PUT', 'vault/spec', spec('shop'))).toBe(200);
    expect(await statusOf('dev', 'GET', 'vault')).toBe(200);
  });
});
