// A ground whose API server tells of writes to what hawser has made, and a kubectl that shows warnings.

import { vi } from 'vitest';
import { type DriftMode, noticeConfiguration } from '../../src/application/install-notices.ts';
import type { Application } from '../../src/application/types.ts';
import { at } from '../../src/base/json.ts';
import { createAlarms } from '../../src/node/alarms.ts';
import { listenForNotices } from '../../src/node/notices.ts';
import type { DriftEntry } from '../../src/operation/drift-record.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createNoticeHandler } from '../../src/webhook/notice.ts';
import type { BehaviourCluster } from './behaviours.ts';
import { createGround, type Ground, TOKEN } from './ground.ts';

const CLOCK = { now: () => Date.now() };
export const BOUND = { timeout: 30_000, interval: 25 };

const PATHS: Readonly<Record<string, string>> = {
  ConfigMap: '/api/v1/namespaces/NS/configmaps/',
  Secret: '/api/v1/namespaces/NS/secrets/',
  Deployment: '/apis/apps/v1/namespaces/NS/deployments/',
};

export interface Written {
  readonly status: number;
  readonly warnings: string;
  readonly message: string;
}

export interface DriftGround {
  readonly ground: Ground;
  /** The notices that came, as text. */
  readonly heard: readonly string[];
  namespaceOf(app: string): string;
  /** Makes an Application of these files, and syncs it. */
  deploy(
    name: string,
    files: Readonly<Record<string, string>>,
    more?: { automated?: object },
  ): Promise<SandboxRepository>;
  read(app: string): Promise<Application>;
  isSynced(app: string): Promise<void>;
  isOutOfSync(app: string): Promise<void>;
  record(app: string): Promise<readonly DriftEntry[]>;
  /** A merge patch by kubectl's field manager. */
  edit(app: string, kind: string, name: string, patch: object, query?: string): Promise<Written>;
  remove(app: string, kind: string, name: string): Promise<Written>;
  close(): Promise<void>;
}

/** `config` is what argocd-cm says. */
export async function createDriftGround(
  cluster: BehaviourCluster,
  mode: DriftMode,
  config?: Readonly<Record<string, string>>,
): Promise<DriftGround> {
  const heard: string[] = [];
  const namespaces = new Map<string, string>();
  const ground = await createGround(cluster.transport, { namespace: cluster.freshNamespace('argocd') });
  const { namespace, client } = ground;
  if (config) {
    const metadata = { name: 'argocd-cm', namespace };
    await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: config });
  }
  const handle = createNoticeHandler(ground.hawser);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const notices = await listenForNotices({
    ...{ home: client, namespace, host: '127.0.0.1', port: 0 },
    ...{ clock: CLOCK, alarms: createAlarms(CLOCK, () => undefined), log, token: async () => TOKEN },
    handler: async (request) => {
      heard.push(await request.clone().text());
      return handle(request);
    },
  });
  const configuration = noticeConfiguration({ namespace, url: `${notices.url}/notice`, drift: mode });
  await client.create(configuration);
  await notices.renew();
  // The API server learns of a new registration after a moment.
  const probe = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'probe', namespace } };
  await vi.waitFor(async () => {
    await client.create({ ...probe, spec: {} }, { dryRun: true });
    if (heard.length === 0) throw new Error('no notice has come');
  }, BOUND);

  const namespaceOf = (app: string) => namespaces.get(app) ?? '';
  const read = (app: string) => ground.hawser.getApplication(app);
  const shows = (app: string, wanted: string) =>
    vi.waitFor(async () => {
      const { sync } = (await read(app)).status;
      if (sync?.status !== wanted) throw new Error(`${app} is ${sync?.status}, not ${wanted}`);
    }, BOUND);
  async function write(method: string, app: string, kind: string, name: string, query: string, body?: object) {
    const path = (PATHS[kind] ?? '').replace('NS', namespaceOf(app));
    const response = await cluster.transport.fetch(`${path}${name}${query}`, {
      method,
      headers: { 'content-type': 'application/merge-patch+json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const warnings = response.headers.get('warning') ?? '';
    return { status: response.status, warnings, message: String(at(JSON.parse(text), 'message') ?? '') };
  }

  return {
    ground,
    heard,
    namespaceOf,
    read,
    isSynced: (app) => shows(app, 'Synced'),
    isOutOfSync: (app) => shows(app, 'OutOfSync'),
    record: async (app) => {
      const { body } = await ground.request('GET', `/api/v1/applications/${app}/drift`);
      return (body as { items: DriftEntry[] }).items;
    },
    edit: (app, kind, name, patch, query = '') =>
      write('PATCH', app, kind, name, `${query}${query ? '&' : '?'}fieldManager=kubectl-edit`, patch),
    remove: (app, kind, name) => write('DELETE', app, kind, name, ''),
    deploy: async (name, files, more = {}) => {
      namespaces.set(name, cluster.freshNamespace(name));
      const repository = await ground.createRepository(`devops/${name}`, files);
      const place = { path: '.', destinationNamespace: namespaceOf(name), syncOptions: ['CreateNamespace=true'] };
      await ground.createApplication({ name, repository, ...place, ...more });
      await vi.waitFor(async () => {
        if (!(await read(name)).status?.sync) throw new Error(`${name} was not compared`);
      }, BOUND);
      await ground.hawser.idle();
      if ((await read(name)).status.sync?.status !== 'Synced') await ground.sync(name);
      await shows(name, 'Synced');
      return repository;
    },
    close: async () => {
      const { apiVersion, kind, metadata } = configuration;
      await client.remove({ apiVersion, kind, name: metadata.name ?? '' });
      await notices.close();
      await ground.close();
    },
  };
}
