// What kubectl alone writes wakes hawser: the API server tells of it by an admission notice over TLS.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { noticeConfiguration } from '../../src/application/install-notices.ts';
import { applicationManifest } from '../../src/application/manifest.ts';
import type { Application } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { createAlarms } from '../../src/node/alarms.ts';
import { listenForNotices, type NoticeListening } from '../../src/node/notices.ts';
import { applicationRef } from '../../src/operation/road.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createNoticeHandler } from '../../src/webhook/notice.ts';
import type { Behaviour } from '../support/behaviours.ts';
import { createGround, type Ground, TOKEN } from '../support/ground.ts';

const REFRESH = 'argocd.argoproj.io/refresh';
const CLOCK = { now: () => Date.now() };
const BOUND = { timeout: 30_000, interval: 25 };

const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {key: ${value}}\n`;

const behaviour: Behaviour = (cluster) => {
  let ground: Ground;
  let kubectl: KubeClient;
  let notices: NoticeListening;
  let repository: SandboxRepository;
  const namespace = cluster.freshNamespace('woken');
  const heard: string[] = [];

  beforeAll(async () => {
    ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
    kubectl = createKubeClient(cluster.transport, { fieldManager: 'kubectl' });
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const handle = createNoticeHandler(ground.hawser);
    notices = await listenForNotices({
      ...{ home: ground.client, namespace: ground.namespace, host: '127.0.0.1', port: 0 },
      ...{ clock: CLOCK, alarms: createAlarms(CLOCK, () => undefined), log, token: async () => TOKEN },
      handler: async (request) => {
        heard.push(await request.clone().text());
        return handle(request);
      },
    });
    await ground.client.create(noticeConfiguration({ namespace: ground.namespace, url: `${notices.url}/notice` }));
    await notices.renew();
    repository = await ground.createRepository('devops/woken', { 'a.yaml': configMap('one') });
    // The API server learns of a new registration after a moment.
    const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' };
    await vi.waitFor(async () => {
      const metadata = { name: 'probe', namespace: ground.namespace };
      await kubectl.create({ ...project, metadata, spec: {} }, { dryRun: true });
      expect(heard).not.toEqual([]);
    }, BOUND);
  });

  afterAll(async () => {
    const { apiVersion, kind, metadata } = noticeConfiguration({ namespace: ground.namespace });
    await ground.client.remove({ apiVersion, kind, name: metadata.name ?? '' });
    await notices.close();
    await ground.close();
  });

  const app = (more: object = {}) =>
    applicationManifest({
      ...{ name: 'woken', namespace: ground.namespace, path: '.', destinationNamespace: namespace },
      repoURL: `${ground.gitUrl}/${repository.path}`,
      ...more,
    });
  const ref = (name = 'woken') => applicationRef(ground.namespace, name);
  const read = async () => (await kubectl.get(ref())) as unknown as Application | undefined;
  const waitUntil = (check: (app: Application) => void) =>
    vi.waitFor(async () => {
      const found = await read();
      if (!found) throw new Error('the Application is not there');
      check(found);
    }, BOUND);

  it('a new Application turns OutOfSync', async () => {
    await kubectl.create(app());
    await waitUntil(({ status }) => expect(status?.sync?.status).toBe('OutOfSync'));
  });

  it('an operation put on it is carried out', async () => {
    const operation = { initiatedBy: { username: 'somebody' }, sync: {} };
    await kubectl.patch(ref(), { operation }, { type: 'merge' });
    await waitUntil(({ status, operation: left }) => {
      expect(status.operationState?.phase).toBe('Succeeded');
      expect(status.sync?.status).toBe('Synced');
      expect(left).toBeUndefined();
    });
  });

  it.each(['normal', 'hard'])('the refresh annotation %s compares it with Git, and goes', async (value) => {
    await ground.hawser.idle();
    await ground.commit(repository, { 'a.yaml': configMap(value) });
    await kubectl.patch(ref(), { metadata: { annotations: { [REFRESH]: value } } }, { type: 'merge' });
    await waitUntil(({ metadata, status }) => {
      expect(metadata.annotations?.[REFRESH]).toBeUndefined();
      expect(status.sync?.status).toBe('OutOfSync');
    });
    await ground.hawser.idle();
    await ground.sync('woken');
  });

  it('an edit of its spec is compared at once', async () => {
    await kubectl.patch(ref(), { spec: { source: { path: 'not-there' } } }, { type: 'merge' });
    await waitUntil(({ status }) => expect(status.sync?.status).toBe('Unknown'));
    await kubectl.patch(ref(), { spec: { source: { path: '.' } } }, { type: 'merge' });
    await waitUntil(({ status }) => expect(status.sync?.status).toBe('Synced'));
  });

  it('a project that no longer permits it is seen at once', async () => {
    const project = { ...ref('default'), kind: 'AppProject' };
    await kubectl.patch(project, { spec: { sourceRepos: ['https://elsewhere.example/*'] } }, { type: 'merge' });
    await waitUntil(({ status }) => expect(status.conditions?.map(({ type }) => type)).toContain('InvalidSpecError'));
    await kubectl.patch(project, { spec: { sourceRepos: ['*'] } }, { type: 'merge' });
    await waitUntil(({ status }) => expect(status.sync?.status).toBe('Synced'));
  });

  it('its own records wake nobody', async () => {
    await ground.hawser.idle();
    const compared = () => ground.logs.filter((line) => line.includes('application compared')).length;
    const before = compared();
    const told = heard.length;
    await kubectl.patch(ref(), { status: { observedAt: new Date().toISOString() } }, { type: 'merge' });
    await ground.hawser.idle();
    expect(heard.length).toBe(told + 1);
    expect(compared()).toBe(before);
  });

  it('an Application made just before a push is in the verdicts of that push', async () => {
    await kubectl.create(app({ name: 'newborn', destinationNamespace: cluster.freshNamespace('newborn') }));
    const { applications } = await ground.push(repository, { 'a.yaml': configMap('pushed') });
    expect(applications.map(({ name }) => name).sort()).toEqual(['newborn', 'woken']);
    await ground.hawser.idle();
    await kubectl.remove(ref('newborn'));
  });

  it('seventy Applications made at once are all compared', async () => {
    const names = Array.from({ length: 70 }, (_, index) => `many-${index}`);
    await Promise.all(names.map((name) => kubectl.create(app({ name, destinationNamespace: name }))));
    await vi.waitFor(async () => {
      const { apiVersion, kind } = ref();
      const list = await kubectl.list({ apiVersion, kind }, { namespace: ground.namespace });
      const compared = list.items.filter(
        ({ metadata, status }) => names.includes(metadata.name ?? '') && at(status, 'sync'),
      );
      expect(compared).toHaveLength(names.length);
    }, BOUND);
    await ground.hawser.idle();
    await Promise.all(names.map((name) => kubectl.remove(ref(name))));
    await ground.hawser.idle();
  });

  it('a deletion with the finalizer takes its objects along', async () => {
    const finalizers = ['resources-finalizer.argocd.argoproj.io'];
    await kubectl.patch(ref(), { metadata: { finalizers } }, { type: 'merge' });
    await ground.hawser.idle();
    await kubectl.remove(ref());
    await vi.waitFor(async () => expect(await read()).toBeUndefined(), BOUND);
    expect(await kubectl.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' })).toBeUndefined();
  });
};

export default behaviour;
