// A whole hawser behind an address, for browsers: the demo as `npm start` has it, a ground with as many Applications as a test wants, and
// servers where people log in. Everything is in this process and on loopback.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'bcryptjs';
import { vi } from 'vitest';
import { NOTICE_PATH, noticeConfiguration } from '../../src/application/install-notices.ts';
import { applicationManifest, type NewApplication } from '../../src/application/manifest.ts';
import { stringAt } from '../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import { listen } from '../../src/node/listen.ts';
import { type RunningServer, startServer } from '../../src/node/server.ts';
import { formatSecond } from '../../src/operation/account-secrets.ts';
import type { Hawser } from '../../src/operation/hawser.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import type { ClusterTransport, Log } from '../../src/platform.ts';
import { pushDeliveries } from '../../src/sandbox/git/push-payload.ts';
import type { FileChange, SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer, type GitServer, type SandboxPush } from '../../src/sandbox/git/server.ts';
import { startDemo } from '../../src/sandbox/listen/demo.ts';
import type { FetchHandler } from '../../src/sandbox/listen/listen.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createNoticeHandler } from '../../src/webhook/notice.ts';
import { CHEAP } from './account-ground.ts';
import { NAMESPACE, TOKEN, WEBHOOK_SECRET } from './ground.ts';
import { manyApplications } from './many-applications.ts';
import { CLIENT_ID, CLIENT_SECRET, type OidcProvider, startOidcProvider } from './oidc-provider.ts';

/** Of every local account of these servers. */
export const PASSWORD = 'correct horse battery';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };
const NOTICE_ORIGIN = `https://hawser.${NAMESPACE}.svc`;

export interface Served {
  /** `http://127.0.0.1:54321` */
  readonly url: string;
  /** hawser's own token, with all rights: `open(url, { token })`. */
  readonly token: string;
  readonly namespace: string;
  /** The cluster's Kubernetes API, with all rights. */
  readonly client: KubeClient;
  readonly hawser: Hawser;
  /** Lines of hawser's log, newest last. */
  readonly logs: readonly string[];
  /** A session for `open(url, { session })`, of `admin` unless said otherwise. */
  login(name?: string, password?: string): Promise<string>;
  close(): Promise<void>;
}

export interface ServedDemo extends Served {
  readonly cloneUrl: string;
  /** `edit('nginx-chart/values-dev.yaml', 'image.tag=1.26.2')`: commits, pushes, and waits until hawser has done what follows. */
  edit(file: string, ...assignments: string[]): Promise<void>;
}

export interface ServedGround extends Served {
  readonly git: GitServer;
  readonly gitUrl: string;
  createRepository(
    path: string,
    files: Readonly<Record<string, FileChange>>,
    options?: { isPrivate?: boolean },
  ): Promise<SandboxRepository>;
  /** Commits and announces it by the webhook, then waits until hawser has done what follows; `commit` announces nothing. */
  push(repository: SandboxRepository, files: Readonly<Record<string, FileChange>>, message?: string): Promise<void>;
  commit(repository: SandboxRepository, files: Readonly<Record<string, FileChange>>, message?: string): Promise<void>;
  createApplication(
    app: Omit<NewApplication, 'namespace' | 'repoURL'> & { readonly repository: SandboxRepository },
  ): Promise<void>;
  /** Values of argocd-cm, argocd-rbac-cm or argocd-secret; null takes one away. */
  set(name: string, values: Readonly<Record<string, string | null>>): Promise<void>;
}

export interface GroundOptions {
  /** As many Applications, of all states, that nobody deploys. */
  readonly applications?: number;
  /** What somebody who has not logged in may do; `admin` unless said otherwise. */
  readonly anonymous?: 'admin' | 'readonly' | 'nothing';
  /** Local accounts beside `admin`, by the role of each: `{ viewer: 'readonly' }`. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** More values of the ConfigMaps and the Secret that hawser is set up by. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What `npm start` shows. Everybody may read; what changes something needs `login()`, or `token`. */
export async function openDemo(): Promise<ServedDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-browser-'));
  const { log, logs } = keepLog();
  const demo = await startDemo({ folder, webhookSecret: WEBHOOK_SECRET });
  const client = createKubeClient(demo.home, { fieldManager: 'test' });
  await prepareHome(client, demo.namespace);
  await demo.createObjects();
  await setPassword(client, []);
  const running = await serve(demo.home, { folder, log });
  const { hawser } = running;
  const { url } = running.listening;
  demo.setWebhook(`${url}/api/webhook`);
  await demo.registerNotices(createNoticeHandler(hawser));
  await hawser.registerNotices();
  await hawser.webhookSettings();
  await hawser.resume();
  await hawser.idle();
  return {
    ...{ url, token: TOKEN, namespace: demo.namespace, client, hawser, logs, login: loginAt(url) },
    cloneUrl: demo.cloneUrl,
    edit: async (file, ...assignments) => {
      const before = await newestDelivery(hawser);
      const answer = await fetch(demo.editUrl, { method: 'POST', body: JSON.stringify({ file, assignments }) });
      if (!answer.ok) throw new Error(await answer.text());
      await vi.waitUntil(async () => (await newestDelivery(hawser)) !== before, { timeout: 10_000, interval: 10 });
      await hawser.idle();
    },
    close: async () => {
      await running.close();
      await demo.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An empty installation with a Git server beside it, unless it is asked to have Applications. */
export async function openGround(options: GroundOptions = {}): Promise<ServedGround> {
  const { anonymous = 'admin', accounts = {}, applications = 0, settings = {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'hawser-browser-'));
  const { log, logs } = keepLog();
  let takeNotice: FetchHandler | undefined;
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    callWebhook: async (url, init) => takeNotice?.(new Request(url, init)) ?? new Response(null, { status: 503 }),
  });
  const home: ClusterTransport = {
    server: 'http://sandbox.test',
    fetch: (path, init) => sandbox.fetch(new Request(`http://sandbox.test${path}`, init)),
  };
  const client = createKubeClient(home, { fieldManager: 'test' });
  await prepareHome(client, NAMESPACE);
  const set: ServedGround['set'] = (name, values) => setValues(client, name, values);
  await set('argocd-cm', {
    'users.anonymous.enabled': String(anonymous !== 'nothing'),
    ...Object.fromEntries(Object.keys(accounts).map((name) => [`accounts.${name}`, 'login, apiKey'])),
  });
  await set('argocd-rbac-cm', {
    ...(anonymous !== 'nothing' && { 'policy.default': `role:${anonymous}` }),
    'policy.csv': Object.entries(accounts)
      .map(([name, role]) => `g, ${name}, role:${role}`)
      .join('\n'),
  });
  await set('argocd-secret', { 'webhook.gogs.secret': WEBHOOK_SECRET });
  await setPassword(client, Object.keys(accounts));
  for (const [name, values] of Object.entries(settings)) await set(name, values);

  let announced: SandboxPush[] = [];
  const git = createGitServer({
    users: { devops: 'git-password' },
    onPush: (push) => {
      announced.push(push);
    },
  });
  const gitListening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
  for (const object of manyApplications(applications, NAMESPACE, gitListening.url)) await client.create(object);
  const running = await serve(home, { folder, log });
  const { hawser } = running;
  const { url } = running.listening;
  takeNotice = createNoticeHandler(hawser);
  await client.create(
    noticeConfiguration({ namespace: NAMESPACE, url: `${NOTICE_ORIGIN}${NOTICE_PATH}`, drift: 'warn' }),
  );
  await hawser.registerNotices();
  await hawser.webhookSettings();

  const commit: ServedGround['commit'] = async (repository, files, message = 'Change\n') => {
    await git.commit(repository, 'main', files, { message, author: AUTHOR, atMs: Date.now() });
  };
  async function announce(): Promise<void> {
    const pushes = announced;
    announced = [];
    for (const push of pushes) {
      const deliveries = pushDeliveries(push, {
        provider: 'gogs',
        serverUrl: gitListening.url,
        secret: WEBHOOK_SECRET,
        deliveryId: () => crypto.randomUUID(),
      });
      for (const { headers, body } of deliveries) {
        const answer = await fetch(`${url}/api/webhook`, { method: 'POST', headers, body });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`the webhook was answered ${answer.status}: ${text}`);
      }
    }
    await hawser.idle();
  }

  return {
    ...{ url, token: TOKEN, namespace: NAMESPACE, client, hawser, logs, login: loginAt(url) },
    ...{ git, gitUrl: gitListening.url, set },
    createRepository: async (path, files, more = {}) => {
      const repository = git.create(path, { defaultBranch: 'main', ...more });
      await commit(repository, files, 'Begin\n');
      announced = [];
      return repository;
    },
    commit: async (...args) => {
      await commit(...args);
      announced = [];
    },
    push: async (...args) => {
      announced = [];
      await commit(...args);
      await announce();
    },
    createApplication: async ({ repository, ...rest }) => {
      await client.create(
        applicationManifest({ ...rest, namespace: NAMESPACE, repoURL: `${gitListening.url}/${repository.path}` }),
      );
      await hawser.idle();
    },
    close: async () => {
      await running.close();
      sandbox.close();
      await gitListening.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface ServedAccounts extends ServedGround {
  readonly provider: OidcProvider;
}

/**
 * Where people log in: `admin`, `viewer` (readonly), and Kim, whom the OIDC provider knows and who is an admin; `anonymous`: what others may.
 * The provider's address belongs to `open`'s `origins`.
 */
export async function withAccounts({
  anonymous = 'nothing',
}: Pick<GroundOptions, 'anonymous'> = {}): Promise<ServedAccounts> {
  const provider = await startOidcProvider();
  const ground = await openGround({
    anonymous,
    accounts: { viewer: 'readonly' },
    settings: {
      'argocd-secret': { 'oidc.clientSecret': CLIENT_SECRET },
      'argocd-rbac-cm': { 'policy.csv': 'g, viewer, role:readonly\ng, platform, role:admin' },
      'argocd-cm': {
        'oidc.config': `name: Example\nissuer: ${provider.issuer}\nclientID: ${CLIENT_ID}\nclientSecret: $oidc.clientSecret\n`,
      },
    },
  });
  return {
    ...ground,
    provider,
    close: async () => {
      await ground.close();
      await provider.close();
    },
  };
}

/** The demo's Git server announces a push by itself, and nobody waits for the answer. */
async function newestDelivery(hawser: Hawser): Promise<string | undefined> {
  const [newest] = await hawser.deliveries.list(1);
  return newest?.push.key;
}

function serve(home: ClusterTransport, { folder, log }: { folder: string; log: Log }): Promise<RunningServer> {
  return startServer({
    ...{ home, log, host: '127.0.0.1', port: 0, dataFolder: folder, memoryCache: true },
    settings: { namespace: NAMESPACE, loopback: true, insecureWebhooks: false, token: TOKEN },
  });
}

function keepLog(): { readonly log: Log; readonly logs: string[] } {
  const logs: string[] = [];
  const write =
    (level: string): Log['info'] =>
    (message, fields) => {
      logs.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    };
  return { log: { info: write('info'), warn: write('warn'), error: write('error') }, logs };
}

async function setPassword(client: KubeClient, others: readonly string[]): Promise<void> {
  const hashed = await hash(PASSWORD, CHEAP);
  await setValues(client, 'argocd-secret', {
    'admin.password': hashed,
    'admin.passwordMtime': formatSecond(0),
    ...Object.fromEntries(others.map((name) => [`accounts.${name}.password`, hashed])),
  });
}

async function setValues(
  client: KubeClient,
  name: string,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  const isSecret = name === 'argocd-secret';
  const ref = { apiVersion: 'v1', kind: isSecret ? 'Secret' : 'ConfigMap', namespace: NAMESPACE, name };
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, isSecret && value !== null ? btoa(value) : value]),
  );
  if (await client.get(ref)) await client.patch(ref, { data }, { type: 'merge' });
  else await client.create({ apiVersion: 'v1', kind: ref.kind, metadata: { name, namespace: NAMESPACE }, data });
}

function loginAt(url: string): Served['login'] {
  return async (username = 'admin', password = PASSWORD) => {
    const answer = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    const text = await answer.text();
    const token = answer.ok ? stringAt(JSON.parse(text), 'token') : undefined;
    if (token === undefined) throw new Error(`the login of ${username} was answered ${answer.status} ${text}`);
    return token;
  };
}
