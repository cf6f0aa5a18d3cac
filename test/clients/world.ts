// What programs made for Argo CD's API are tried against: a hawser that listens, with accounts, over a sandbox with a workload.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { at, stringAt } from '../../src/base/json.ts';
import { listen } from '../../src/node/listen.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createAccountGround, PASSWORD } from '../support/account-ground.ts';
import type { Ground } from '../support/ground.ts';

const FOLDER = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hawser', 'clients');

export interface Client {
  readonly folder: string;
  /** A module of the client, or of what it came with. */
  load(name: string): Promise<Record<string, unknown>>;
  resolve(name: string): string;
}

/** undefined, and a line on the console, where the client is not installed. */
export function findClient(name: string): Client | undefined {
  const folder = join(FOLDER, name);
  if (!existsSync(join(folder, '.installed'))) {
    console.warn(`skipped: ${name} is not in ${FOLDER}; bash .ci/clients.sh puts it there`);
    return undefined;
  }
  const { resolve } = createRequire(join(folder, 'package.json'));
  return {
    folder,
    resolve,
    load: async (path) => {
      const loaded: Record<string, unknown> = await import(pathToFileURL(resolve(path)).href);
      const inner = loaded.default;
      return typeof inner === 'object' && inner !== null ? { ...inner, ...loaded } : loaded;
    },
  };
}

const LABELS = { app: 'web' };
const OBJECTS = {
  'm/deployment.json': {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 1,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: { containers: [{ name: 'server', image: 'example.com/web:1' }] },
      },
    },
  },
  'm/settings.json': { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { key: 'one' } },
  'm/secret.json': {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'password' },
    stringData: { password: 'not-for-everybody' },
  },
  'other/other.json': { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' }, data: { key: 'two' } },
};

export interface World {
  readonly url: string;
  /** An API token of the account `ci`, which may do everything. */
  readonly token: string;
  /** The same of `reader`, which may only read. */
  readonly readerToken: string;
  /** Of the account `admin`. */
  readonly password: string;
  readonly repoURL: string;
  readonly repository: SandboxRepository;
  readonly ground: Ground;
  /** The commit of the repository's branch. */
  readonly commit: string;
  /** Makes the Application `name` of the workload in a namespace of its own, and waits until it is synced and healthy. */
  deploy(name: string, labels?: Readonly<Record<string, string>>): Promise<void>;
  makeNamespace(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const here = await createAccountGround({ accounts: { ci: 'apiKey', reader: 'apiKey' } });
  const { ground } = here;
  await here.set('argocd-rbac-cm', { 'policy.csv': 'g, ci, role:admin\ng, reader, role:readonly' });
  const listening = await listen((request) => here.app.fetch(request), { host: '127.0.0.1', port: 0 });
  const admin = await here.login('admin');
  const tokenOf = async (name: string) => {
    const answer = await here.request('POST', `/api/v1/account/${name}/token`, {
      token: admin,
      body: { expiresIn: 3600, id: `${name}-1` },
    });
    const token = stringAt(await answer.json(), 'token');
    if (token === undefined) throw new Error(`no token for ${name}: ${answer.status}`);
    return token;
  };
  const files = Object.fromEntries(Object.entries(OBJECTS).map(([path, object]) => [path, JSON.stringify(object)]));
  const repository = await ground.createRepository('devops/web', files);
  const makeNamespace = async (name: string) => {
    await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  };
  return {
    url: listening.url,
    token: await tokenOf('ci'),
    readerToken: await tokenOf('reader'),
    password: PASSWORD,
    repoURL: `${ground.gitUrl}/${repository.path}`,
    repository,
    ground,
    commit: repository.refs.get('refs/heads/main') ?? '',
    makeNamespace,
    deploy: async (name, labels = {}) => {
      await makeNamespace(name);
      await ground.createApplication({ name, repository, path: 'm', destinationNamespace: name });
      await ground.client.patch(
        { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: 'argocd', name },
        { metadata: { labels: { ...labels } } },
        { type: 'merge' },
      );
      await ground.refresh(name);
      await ground.sync(name);
      await until(async () => {
        await ground.refresh(name);
        return (await ground.application(name)).status.health?.status === 'Healthy';
      });
    },
    close: async () => {
      await listening.close();
      await here.close();
    },
  };
}

const PATIENCE = { times: 200, everyMs: 50 };

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let times = 0; times < PATIENCE.times; times++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, PATIENCE.everyMs));
  }
  throw new Error('it did not become so');
}

/** The entries of a list in an answer. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
