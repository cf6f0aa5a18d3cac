// Drift without polling: what somebody writes to an object of Git is told by the API server, shown at once, recorded with a name, warned
// of or refused, and put back by selfHeal.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DriftMode, noticeConfiguration } from '../../src/application/install-notices.ts';
import { at } from '../../src/base/json.ts';
import { createAlarms } from '../../src/node/alarms.ts';
import { listenForNotices, type NoticeListening } from '../../src/node/notices.ts';
import type { DriftEntry } from '../../src/operation/drift-record.ts';
import { applicationRef } from '../../src/operation/road.ts';
import { createNoticeHandler } from '../../src/webhook/notice.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground, TOKEN } from '../support/ground.ts';

const CLOCK = { now: () => Date.now() };
const BOUND = { timeout: 30_000, interval: 25 };
const BREAK_GLASS = 'hawser.dev/break-glass';

const FILES = {
  'settings.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, labels: {tier: web}}\ndata: {key: git}\n',
  'secret.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: hidden}\nstringData: {password: from-git}\n',
  'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example.com/web:1"}]}
`,
  'free.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: free}
spec:
  selector: {matchLabels: {app: free}}
  template:
    metadata: {labels: {app: free}}
    spec: {containers: [{name: free, image: "registry.example.com/free:1"}]}
`,
};

const behaviour: Behaviour = (cluster) => {
  describe.each(['warn', 'enforce'] as const)('%s', (mode) => driftNotices(cluster, mode));
};

function driftNotices(cluster: Parameters<Behaviour>[0], mode: DriftMode): void {
  let ground: Ground;
  let notices: NoticeListening;
  const heard: string[] = [];
  const namespaces = new Map<string, string>();

  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
    const handle = createNoticeHandler(ground.hawser);
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    notices = await listenForNotices({
      ...{ home: ground.client, namespace: ground.namespace, host: '127.0.0.1', port: 0 },
      ...{ clock: CLOCK, alarms: createAlarms(CLOCK, () => undefined), log, token: async () => TOKEN },
      handler: async (request) => {
        heard.push(await request.clone().text());
        return handle(request);
      },
    });
    const url = `${notices.url}/notice`;
    await ground.client.create(noticeConfiguration({ namespace: ground.namespace, url, drift: mode }));
    await notices.renew();
    // The API server learns of a new registration after a moment.
    const metadata = { name: 'probe', namespace: ground.namespace };
    const probe = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata, spec: {} };
    await vi.waitFor(async () => {
      await ground.client.create(probe, { dryRun: true });
      expect(heard).not.toEqual([]);
    }, BOUND);
    await deploy('plain', {});
    await deploy('healed', { automated: { selfHeal: true } });
  });

  afterAll(async () => {
    const { apiVersion, kind, metadata } = noticeConfiguration({ namespace: ground.namespace });
    await ground.client.remove({ apiVersion, kind, name: metadata.name ?? '' });
    await notices.close();
    await ground.close();
  });

  async function deploy(name: string, more: { automated?: object }): Promise<void> {
    const namespace = cluster.freshNamespace(name);
    namespaces.set(name, namespace);
    const repository = await ground.createRepository(`devops/${name}`, FILES);
    const syncOptions = ['CreateNamespace=true'];
    await ground.createApplication({
      ...{ name, repository, path: '.', destinationNamespace: namespace, syncOptions },
      ...more,
    });
    await vi.waitFor(async () => expect((await read(name)).status?.sync).toBeDefined(), BOUND);
    await ground.hawser.idle();
    if ((await read(name)).status.sync?.status !== 'Synced') await ground.sync(name);
    await isSynced(name);
  }

  const read = (name: string) => ground.hawser.getApplication(name);
  const statusOf = async (name: string) => (await read(name)).status.sync?.status;
  const isSynced = (name: string) => vi.waitFor(async () => expect(await statusOf(name)).toBe('Synced'), BOUND);
  const isOutOfSync = (name: string) => vi.waitFor(async () => expect(await statusOf(name)).toBe('OutOfSync'), BOUND);
  const record = async (name: string) => {
    const { body } = await ground.request('GET', `/api/v1/applications/${name}/drift`);
    return (body as { items: DriftEntry[] }).items;
  };

  const PATHS: Readonly<Record<string, string>> = {
    ConfigMap: '/api/v1/namespaces/NS/configmaps/',
    Secret: '/api/v1/namespaces/NS/secrets/',
    Deployment: '/apis/apps/v1/namespaces/NS/deployments/',
  };

  /** As kubectl does it: with its field manager, and with an eye on warnings. */
  async function kubectl(method: string, app: string, kind: string, name: string, body?: object, query = '') {
    const path = (PATHS[kind] ?? '').replace('NS', namespaces.get(app) ?? '');
    const separator = query === '' ? '?' : '&';
    const manager = method === 'DELETE' ? '' : `${separator}fieldManager=kubectl-edit`;
    const response = await cluster.transport.fetch(`${path}${name}${query}${manager}`, {
      method,
      headers: { 'content-type': 'application/merge-patch+json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const warnings = response.headers.get('warning') ?? '';
    return { status: response.status, warnings, message: String(at(JSON.parse(text), 'message') ?? '') };
  }
  const edit = (app: string, kind: string, name: string, patch: object, query?: string) =>
    kubectl('PATCH', app, kind, name, patch, query);
  const live = async (app: string, apiVersion: string, kind: string, name: string) =>
    ground.get(apiVersion, kind, namespaces.get(app) ?? '', name);
  const breakGlass = async (app: string, reason: string | null) => {
    const ref = applicationRef(ground.namespace, app);
    await ground.client.patch(ref, { metadata: { annotations: { [BREAK_GLASS]: reason } } }, { type: 'merge' });
    await ground.hawser.idle();
  };

  it('what hawser itself writes is not told', async () => {
    const told = heard.filter((text) => text.includes('"fieldManager":"hawser"'));
    expect(told).toEqual([]);
  });

  it('an annotation or label beside those of Git is none of its concern', async () => {
    const before = (await read('plain')).status.reconciledAt;
    const patch = { metadata: { labels: { team: 'red' }, annotations: { note: 'x' } } };
    const { status, warnings } = await edit('plain', 'ConfigMap', 'settings', patch);
    expect({ status, warnings }).toEqual({ status: 200, warnings: '' });
    await ground.hawser.idle();
    expect((await read('plain')).status.reconciledAt).toBe(before);
  });

  if (mode === 'enforce') {
    const refused = 403;
    it.each([
      ['an edit', () => edit('plain', 'ConfigMap', 'settings', { data: { key: 'hand' } })],
      ['the tracking id', () => edit('plain', 'ConfigMap', 'settings', { metadata: { annotations: null } })],
      ['a deletion', () => kubectl('DELETE', 'plain', 'ConfigMap', 'settings')],
      ['a scale', () => edit('plain', 'Deployment', 'web/scale', { spec: { replicas: 3 } })],
    ])('%s is refused, and says where to change it, and how to do it all the same', async (_, write) => {
      const { status, message } = await write();
      expect(status).toBe(refused);
      expect(message).toContain('belongs to the Application plain');
      expect(message).toContain(`${ground.gitUrl}/devops/plain`);
      expect(message).toContain(`${BREAK_GLASS}=REASON`);
      await ground.hawser.idle();
      expect(await statusOf('plain')).toBe('Synced');
    });

    it('replicas that Git does not set may be scaled', async () => {
      const { status, warnings } = await edit('plain', 'Deployment', 'free/scale', { spec: { replicas: 2 } });
      expect({ status, warnings }).toEqual({ status: 200, warnings: '' });
      await ground.hawser.idle();
      expect(await statusOf('plain')).toBe('Synced');
    });

    it('an object whose glass is broken may be edited, with a warning', async () => {
      const annotations = { [BREAK_GLASS]: 'incident-42' };
      expect((await edit('plain', 'ConfigMap', 'settings', { metadata: { annotations } })).status).toBe(200);
      const { status, warnings } = await edit('plain', 'ConfigMap', 'settings', { data: { key: 'hand' } });
      expect(status).toBe(200);
      expect(warnings).toContain('belongs to the Application plain');
      await isOutOfSync('plain');
      await ground.sync('plain');
      await isSynced('plain');
    });

    it('the glass of an Application is that of all its objects', async () => {
      await breakGlass('plain', 'incident-43');
      const { status } = await edit('plain', 'Deployment', 'web/scale', { spec: { replicas: 3 } });
      expect(status).toBe(200);
      await isOutOfSync('plain');
      await ground.sync('plain');
      await breakGlass('plain', null);
      expect((await edit('plain', 'Deployment', 'web/scale', { spec: { replicas: 3 } })).status).toBe(refused);
    });

    it('the end of a namespace is not held up', async () => {
      await ground.hawser.idle();
      const name = namespaces.get('healed') ?? '';
      const response = await cluster.transport.fetch(`/api/v1/namespaces/${name}`, { method: 'DELETE' });
      expect(response.status).toBe(200);
      await response.text();
    });
    return;
  }

  it('an edit shows OutOfSync, says who did what, and warns the person', async () => {
    const { status, warnings } = await edit('plain', 'ConfigMap', 'settings', { data: { key: 'hand' } });
    expect(status).toBe(200);
    expect(warnings).toContain(
      `settings belongs to the Application plain: change it in ${ground.gitUrl}/devops/plain instead, or the Application shows OutOfSync`,
    );
    await isOutOfSync('plain');
    const { status: state } = await read('plain');
    const condition = state.conditions?.find(({ type }) => type === 'DriftDetected');
    expect(condition?.message).toMatch(/ changed ConfigMap .*\/settings \(\/data\/key\) at /);
    await ground.hawser.idle();
    const [entry] = await record('plain');
    expect(entry).toMatchObject({
      ...{ operation: 'UPDATE', kind: 'ConfigMap', name: 'settings', manager: 'kubectl-edit' },
      fields: [{ path: '/data/key', before: 'git', after: 'hand' }],
    });
    expect(entry?.by).not.toBe('');
  });

  it('an edit that puts it back by hand shows Synced, without the condition', async () => {
    await edit('plain', 'ConfigMap', 'settings', { data: { key: 'git' } });
    await isSynced('plain');
    expect((await read('plain')).status.conditions?.map(({ type }) => type) ?? []).not.toContain('DriftDetected');
  });

  it('a key that somebody adds is drift', async () => {
    const { warnings } = await edit('plain', 'ConfigMap', 'settings', { data: { more: 'hand' } });
    expect(warnings).toContain('belongs to the Application plain');
    await isOutOfSync('plain');
    await edit('plain', 'ConfigMap', 'settings', { data: { more: null } });
    await isSynced('plain');
  });

  it('the values of a Secret are told to nobody', async () => {
    await edit('plain', 'Secret', 'hidden', { data: { password: btoa('by-hand') } });
    await isOutOfSync('plain');
    await ground.hawser.idle();
    const items = await record('plain');
    expect(items[0]).toMatchObject({ kind: 'Secret', fields: [{ path: '/data/password' }] });
    for (const text of ['by-hand', btoa('by-hand'), btoa('from-git')]) {
      expect(JSON.stringify(items)).not.toContain(text);
      expect(JSON.stringify(await read('plain'))).not.toContain(text);
    }
    await ground.sync('plain');
  });

  it('an annotation that says whose it is cannot be taken away unseen', async () => {
    const { warnings } = await edit('plain', 'ConfigMap', 'settings', { metadata: { annotations: null } });
    expect(warnings).toContain('belongs to the Application plain');
    await isOutOfSync('plain');
    await ground.sync('plain');
    await isSynced('plain');
  });

  it('kubectl scale is seen, where Git sets the replicas', async () => {
    const free = await edit('plain', 'Deployment', 'free/scale', { spec: { replicas: 2 } });
    expect({ status: free.status, warnings: free.warnings }).toEqual({ status: 200, warnings: '' });
    const { warnings } = await edit('plain', 'Deployment', 'web/scale', { spec: { replicas: 3 } });
    expect(warnings).toContain('Deployment');
    expect(warnings).toContain('belongs to the Application plain');
    await isOutOfSync('plain');
    await ground.hawser.idle();
    expect((await record('plain'))[0]).toMatchObject({
      ...{ kind: 'Deployment', name: 'web', group: 'apps' },
      fields: [{ path: '/spec/replicas', before: 1, after: 3 }],
    });
    await ground.sync('plain');
    await isSynced('plain');
  });

  it('a deletion is seen', async () => {
    const { warnings } = await kubectl('DELETE', 'plain', 'ConfigMap', 'settings');
    expect(warnings).toContain('belongs to the Application plain');
    await isOutOfSync('plain');
    await ground.hawser.idle();
    expect((await record('plain'))[0]).toMatchObject({ operation: 'DELETE', name: 'settings', fields: [] });
    await ground.sync('plain');
    await isSynced('plain');
  });

  it('a dry run warns, and nothing follows', async () => {
    const entries = (await record('plain')).length;
    const { warnings } = await edit('plain', 'ConfigMap', 'settings', { data: { key: 'hand' } }, '?dryRun=All');
    expect(warnings).toContain('belongs to the Application plain');
    await ground.hawser.idle();
    expect(await statusOf('plain')).toBe('Synced');
    expect(await record('plain')).toHaveLength(entries);
  });

  it('what ignoreDifferences leaves to others is left to them', async () => {
    const ref = applicationRef(ground.namespace, 'plain');
    const ignoreDifferences = [{ kind: 'ConfigMap', jsonPointers: ['/data/key'] }];
    await ground.client.patch(ref, { spec: { ignoreDifferences } }, { type: 'merge' });
    await ground.hawser.idle();
    const { warnings } = await edit('plain', 'ConfigMap', 'settings', { data: { key: 'theirs' } });
    expect(warnings).toBe('');
    await ground.client.patch(ref, { spec: { ignoreDifferences: null } }, { type: 'merge' });
    await isOutOfSync('plain');
    await ground.sync('plain');
    await isSynced('plain');
  });

  it('selfHeal puts it back at once, and the record stays', async () => {
    const { warnings } = await edit('healed', 'ConfigMap', 'settings', { data: { key: 'hand' } });
    expect(warnings).toContain('or this will be put back');
    await vi.waitFor(async () => {
      expect(at(await live('healed', 'v1', 'ConfigMap', 'settings'), 'data', 'key')).toBe('git');
    }, BOUND);
    await isSynced('healed');
    await ground.hawser.idle();
    expect(await record('healed')).toHaveLength(1);
  });

  it('a notice without the secret makes hawser look, and is not believed', async () => {
    const entries = (await record('plain')).length;
    const before = (await live('plain', 'v1', 'ConfigMap', 'settings')) ?? { metadata: {} };
    const object = { ...before, data: { key: 'lie' } };
    const userInfo = { username: 'mallory' };
    const request = { uid: 'u', operation: 'UPDATE', object, oldObject: before, userInfo, options: {} };
    const handle = createNoticeHandler(ground.hawser);
    const init = { method: 'POST', body: JSON.stringify({ request }) };
    expect((await handle(new Request('https://hawser.test/notice', init))).status).toBe(200);
    await ground.client.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: namespaces.get('plain') ?? '', name: 'settings' },
      { data: { key: 'truth' } },
      { type: 'merge', fieldManager: 'hawser' },
    );
    await isOutOfSync('plain');
    await ground.hawser.idle();
    expect(await record('plain')).toHaveLength(entries);
    expect(JSON.stringify(await read('plain'))).not.toContain('mallory');
    await ground.sync('plain');
  });

  it('the record keeps the newest twenty', async () => {
    for (let count = 0; count < 23; count++) {
      await edit('plain', 'ConfigMap', 'settings', { data: { [`key-${count}`]: 'hand' } });
      await ground.hawser.idle();
    }
    const items = await record('plain');
    expect(items).toHaveLength(20);
    expect(items[0]?.fields).toEqual([{ path: '/data/key-22', after: 'hand' }]);
  });
}

export default behaviour;
