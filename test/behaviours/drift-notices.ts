// Drift without polling: what somebody writes to an object of Git is told by the API server, shown at once, recorded with a name, warned
// of or refused, and put back by selfHeal.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DriftMode } from '../../src/application/install-notices.ts';
import { at } from '../../src/base/json.ts';
import { applicationRef } from '../../src/operation/road.ts';
import { createNoticeHandler } from '../../src/webhook/notice.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { BOUND, createDriftGround, type DriftGround } from '../support/drift-ground.ts';
import type { Ground } from '../support/ground.ts';

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
  let drift: DriftGround;
  let ground: Ground;
  beforeAll(async () => {
    drift = await createDriftGround(cluster, mode);
    ground = drift.ground;
    await drift.deploy('plain', FILES);
    await drift.deploy('healed', FILES, { automated: { selfHeal: true } });
  });
  afterAll(async () => drift.close());

  const edit: DriftGround['edit'] = (...args) => drift.edit(...args);
  const read = (app: string) => drift.read(app);
  const isSynced = (app: string) => drift.isSynced(app);
  const isOutOfSync = (app: string) => drift.isOutOfSync(app);
  const record = (app: string) => drift.record(app);
  const statusOf = async (app: string) => (await read(app)).status.sync?.status;
  const live = async (app: string, apiVersion: string, kind: string, name: string) =>
    ground.get(apiVersion, kind, drift.namespaceOf(app), name);
  const breakGlass = async (app: string, reason: string | null) => {
    const ref = applicationRef(ground.namespace, app);
    await ground.client.patch(ref, { metadata: { annotations: { [BREAK_GLASS]: reason } } }, { type: 'merge' });
    await ground.hawser.idle();
  };

  it('what hawser itself writes is not told', async () => {
    const told = drift.heard.filter((text) => text.includes('"fieldManager":"hawser"'));
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
      ['a deletion', () => drift.remove('plain', 'ConfigMap', 'settings')],
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

    it('hawser on the machine of a person is not refused', async () => {
      const ref = { apiVersion: 'v1', kind: 'Secret', namespace: drift.namespaceOf('plain'), name: 'hidden' };
      const before = await ground.client.get(ref);
      const object = before && { ...before, data: { password: btoa('other') } };
      const notice = { operation: 'UPDATE', object, before } as const;
      const advise = (manager: string) =>
        ground.hawser.advise({ ...notice, writer: { username: 'kim', manager } }, 'enforce');
      expect(advise('kubectl-edit').refusal).toContain('belongs to the Application plain');
      expect(advise('hawser')).toEqual({ warnings: [] });
    });

    it('the end of a namespace is not held up', async () => {
      await ground.hawser.idle();
      const name = drift.namespaceOf('healed');
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

  it('a field that somebody has changed and put back is watched as before, though it is not its own any more', async () => {
    const scale = (replicas: number) => edit('plain', 'Deployment', 'web', { spec: { replicas } });
    for (const _ of ['once', 'and again']) {
      expect((await scale(3)).warnings).toContain('belongs to the Application plain');
      await isOutOfSync('plain');
      await scale(1);
      await isSynced('plain');
    }
    await ground.sync('plain');
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
    const { warnings } = await drift.remove('plain', 'ConfigMap', 'settings');
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
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: drift.namespaceOf('plain'), name: 'settings' },
      { data: { key: 'truth' } },
      { type: 'merge', fieldManager: 'hawser' },
    );
    await isOutOfSync('plain');
    await ground.hawser.idle();
    expect(await record('plain')).toHaveLength(entries);
    expect(JSON.stringify(await read('plain'))).not.toContain('mallory');
    await ground.sync('plain');
  });

  it('an Application of many objects shows it before it is compared, and while the Git server is away', async () => {
    const files = Array.from({ length: 120 }, (_, index) => {
      const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${index}}\ndata: {key: git}\n`;
      return [`c${index}.yaml`, text] as const;
    });
    await drift.deploy('large', Object.fromEntries(files));
    await ground.hawser.idle();
    ground.gitAway(true);
    const shown: string[] = [];
    const { apiVersion, kind, name, namespace } = applicationRef(ground.namespace, 'large');
    const watching = (async () => {
      for await (const event of ground.client.watch({ apiVersion, kind }, { name, namespace, timeoutMs: 20_000 })) {
        const object = event.type === 'RELISTED' ? event.objects[0] : event.object;
        const conditions = at(object, 'status', 'conditions');
        shown.push(`${at(object, 'status', 'sync', 'status')} ${JSON.stringify(conditions ?? [])}`);
        if (shown.at(-1)?.startsWith('OutOfSync')) return;
      }
    })();
    await vi.waitFor(() => expect(shown).not.toEqual([]), BOUND);
    await edit('large', 'ConfigMap', 'c7', { data: { key: 'hand' } });
    await watching;
    ground.gitAway(false);
    expect(shown.at(-1)).toMatch(/^OutOfSync .* changed ConfigMap [^ ]*\/c7 \(\/data\/key\) /);
    await ground.refresh('large');
    const resources = (await read('large')).status.resources ?? [];
    expect(resources.filter(({ status }) => status !== 'Synced').map(({ name }) => name)).toEqual(['c7']);
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
