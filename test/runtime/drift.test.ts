// The API server tells hawser of writes: what somebody changes by hand is warned of, shown with who it was, and repaired where that is asked
// for; and what a person writes to an Application by kubectl is followed.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { at } from '../../src/base/json.ts';
import { readRegistration } from '../../src/operation/notice-registration.ts';
import { createRuntimeGround, NAMESPACE, type RuntimeGround } from './support/ground.ts';

const SOON = { timeout: 30_000, interval: 50 };
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {key: git}\n';

let ground: RuntimeGround;
beforeAll(async () => {
  ground = await createRuntimeGround({ notices: 'warn' });
});
afterAll(() => ground?.close());

const dataOf = async (namespace: string) => at(await ground.get('v1', 'ConfigMap', namespace, 'settings'), 'data');
const edit = async (namespace: string, data: object) => {
  const path = `/api/v1/namespaces/${namespace}/configmaps/settings?fieldManager=kubectl-edit`;
  const headers = { 'content-type': 'application/merge-patch+json' };
  const response = await ground.sandbox.fetch(path, { method: 'PATCH', headers, body: JSON.stringify({ data }) });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get('warning') ?? '';
};
const recordOf = async (name: string) => {
  const { body } = await ground.request('GET', `/api/v1/applications/${name}/drift`);
  return at(body, 'items', 0);
};

describe('drift', () => {
  it('is told by a path that has a secret', async () => {
    await vi.waitFor(async () => {
      const webhooks = (await readRegistration(ground.client, NAMESPACE))?.webhooks;
      const urls = Array.isArray(webhooks) ? webhooks.map((one) => String(at(one, 'clientConfig', 'url'))) : [];
      expect(urls.length).toBeGreaterThan(0);
      const ofDrift = urls.filter((url) => url.includes('/api/drift'));
      expect(ofDrift.length).toBeGreaterThan(0);
      for (const url of ofDrift) expect(url).toMatch(/\/api\/drift\/[0-9a-f]{40}$/);
    }, SOON);
  });

  it('is warned of, shown with who it was, and taken back by a sync', async () => {
    await ground.deploy('shown', { 'a.yaml': CONFIG_MAP });
    expect(await edit('shown', { key: 'hand' })).toContain('belongs to the Application shown');
    await ground.until('shown', { status: { sync: { status: 'OutOfSync' } } });
    await vi.waitFor(async () => {
      expect(await recordOf('shown')).toMatchObject({
        ...{ manager: 'kubectl-edit', kind: 'ConfigMap', name: 'settings' },
        fields: [{ path: '/data/key', before: 'git', after: 'hand' }],
      });
    }, SOON);
    expect((await ground.sync('shown')).status.sync?.status).toBe('Synced');
    expect(await dataOf('shown')).toEqual({ key: 'git' });
  });

  it('is repaired at once with selfHeal', async () => {
    await ground.deploy('healed', { 'a.yaml': CONFIG_MAP }, { automated: { selfHeal: true } });
    await edit('healed', { key: 'hand', added: 'by hand' });
    await vi.waitFor(async () => expect(await dataOf('healed')).toEqual({ key: 'git' }), SOON);
    expect((await ground.settled('healed')).status.sync?.status).toBe('Synced');
  });
});

describe('kubectl', () => {
  it('creates an Application that is synced, changes it, and deletes it with what it has made', async () => {
    const repository = await ground.createRepository('devops/by-kubectl', { 'a.yaml': CONFIG_MAP });
    const place = { repository, path: '.', destinationNamespace: 'by-kubectl', automated: {} };
    await ground.createApplication({ ...place, name: 'by-kubectl' });
    await ground.until('by-kubectl', { status: { sync: { status: 'Synced' } } });
    await ground.commit(repository, { 'a.yaml': CONFIG_MAP.replace('git', 'next') }, 'next');
    await ground.patchApplication('by-kubectl', { spec: { source: { targetRevision: 'next' } } });
    await vi.waitFor(async () => expect(await dataOf('by-kubectl')).toEqual({ key: 'next' }), SOON);
    const finalizers = ['resources-finalizer.argocd.argoproj.io'];
    await ground.patchApplication('by-kubectl', { metadata: { finalizers } });
    const ref = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name: 'by-kubectl' };
    await ground.client.remove(ref);
    await vi.waitFor(async () => expect(await ground.client.get(ref)).toBeUndefined(), SOON);
    expect(await dataOf('by-kubectl')).toBeUndefined();
  });
});

it.each(['/notice', '/api/drift', '/api/drift/guessed', '/notice/guessed'])(
  '%s is not there for others',
  async (path) => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: '{"request":{"uid":"u"}}' };
    const response = await fetch(`${ground.url}${path}`, init);
    expect([401, 404]).toContain(response.status);
    await response.text();
  },
);
