// A whole hawser for a test: its app over a given cluster, a Git server with webhooks, and the verbs of a user.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { applicationManifest, type NewApplication } from '../../src/application/manifest.ts';
import type { Application } from '../../src/application/types.ts';
import { createKubeClient, type KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { openApps } from '../../src/main-node.ts';
import { listen } from '../../src/node/listen.ts';
import { createNodePlatform, type NodePlatform } from '../../src/node/platform.ts';
import { createHawser } from '../../src/operation/create.ts';
import type { Hawser } from '../../src/operation/hawser.ts';
import type { LeaseTimes } from '../../src/operation/lease-times.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import type { DeliveryAnswer } from '../../src/operation/push.ts';
import type { ClusterTransport, Log, Settings } from '../../src/platform.ts';
import type { FileChange, SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer, type GitServer, type SandboxPush } from '../../src/sandbox/git/server.ts';
import { createSourceReaders } from '../../src/source/reader.ts';
import { clientWithFiles } from './app-files.ts';
import { deliverGogs } from './deliver-gogs.ts';

export const TOKEN = 'token-for-tests';
export const WEBHOOK_SECRET = 'secret-for-tests';
export const NAMESPACE = 'argocd';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };

export interface Ground {
  /** Where its Applications are. */
  readonly namespace: string;
  readonly client: KubeClient;
  readonly hawser: Hawser;
  readonly git: GitServer;
  readonly gitUrl: string;
  /** Lines of hawser's log, newest last. */
  readonly logs: string[];
  /** hawser's time: the machine's, from where `moveTo` put it. */
  readonly clock: { now(): number; moveTo(ms: number): void };
  /** The names of the alarms that are set. */
  alarms(): readonly string[];
  createRepository(
    path: string,
    files: Readonly<Record<string, FileChange>>,
    options?: { isPrivate?: boolean },
  ): Promise<SandboxRepository>;
  /** Commits and delivers the signed Gogs webhook, as a Git server would; gives the answer. */
  push(
    repository: SandboxRepository,
    files: Readonly<Record<string, FileChange>>,
    branch?: string,
  ): Promise<DeliveryAnswer>;
  /** A delivery as it comes to the webhook's address. */
  webhook(headers: Readonly<Record<string, string>>, body: string): Promise<Response>;
  /** Commits without telling anybody. */
  commit(repository: SandboxRepository, files: Readonly<Record<string, FileChange>>, branch?: string): Promise<void>;
  createApplication(
    app: Omit<NewApplication, 'namespace' | 'repoURL'> & { repository: SandboxRepository },
  ): Promise<void>;
  /** A request to hawser with the token; throws for a status that is not expected. */
  request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** The same, for answers that are no JSON or go on. */
  open(path: string, init?: RequestInit): Promise<Response>;
  /** Without a token. */
  openAnonymously(path: string, init?: RequestInit): Promise<Response>;
  refresh(application: string): Promise<DeliveryAnswer>;
  /** POST …/sync, then waits for the work to end. */
  sync(application: string, request?: Record<string, unknown>): Promise<Application>;
  /** The Application after all work has ended. */
  application(name: string): Promise<Application>;
  /** What the Git server answers beside Git: its REST API. undefined: the rest is its own. */
  answerGit(answer: (request: Request) => Promise<Response | undefined>): void;
  /** Puts a broken gateway before the Git server, or takes it away. */
  gitAway(away: boolean): void;
  get(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubeObject | undefined>;
  /** Ends hawser, and starts another one with what it left. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface GroundOptions {
  /** The control namespace; grounds on one cluster need one each. */
  readonly namespace?: string;
  /** How long hawser waits in one call. */
  readonly waitMs?: number;
  /** How long Leases last. */
  readonly leaseTimes?: LeaseTimes;
  /** What was fetched and read outlives a restart, as on the disk of a process; otherwise it is lost. */
  readonly keepsCache?: boolean;
  /** As whom hawser asks the cluster, where that is somebody else than the test. */
  readonly as?: ClusterTransport;
  /** Applications, projects and Secrets are files: the cluster has no definition of hawser's. */
  readonly hasFiles?: boolean;
  /** Of hawser, beside those that every ground has. */
  readonly settings?: Partial<Settings>;
}

export async function createGround(home: ClusterTransport, options: GroundOptions = {}): Promise<Ground> {
  const { namespace: controlNamespace = NAMESPACE, waitMs, leaseTimes, keepsCache = false } = options;
  const folder = await mkdtemp(join(tmpdir(), 'hawser-ground-'));
  const logs: string[] = [];
  const write =
    (level: string): Log['info'] =>
    (message, fields) => {
      logs.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    };
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  let offsetMs = 0;
  const files = options.hasFiles ? await openFiles() : undefined;
  let running = await start();
  await files?.begin(running.hawser);
  const clock: Ground['clock'] = {
    now: () => Date.now() + offsetMs,
    moveTo: (ms) => {
      offsetMs = ms - Date.now();
      running.platform.alarms.rearm();
    },
  };

  async function openFiles() {
    const apps = join(folder, 'files');
    await mkdir(apps);
    const opened = await openApps(apps, folder, controlNamespace, log);
    return { ...opened, folder: apps, namespace: controlNamespace };
  }

  /** A process, so to say: what it keeps on the disk stays for the next one. */
  async function start() {
    const stopping = new AbortController();
    const platform: NodePlatform = await createNodePlatform({
      clock: { now: () => Date.now() + offsetMs },
      onAlarm: (name) => platform.background(hawser.alarm(name)),
      ...(files ? { home: files.home, inCluster: home } : { home: options.as ?? home }),
      log,
      dataFolder: folder,
      memoryCache: !keepsCache,
      settings: {
        namespace: controlNamespace,
        loopback: true,
        insecureWebhooks: false,
        token: TOKEN,
        ...options.settings,
      },
    });
    const readSources = createSourceReaders(platform);
    const hawser: Hawser = createHawser({
      platform,
      readSources,
      stopping: stopping.signal,
      ...(waitMs && { waitMs }),
      ...(leaseTimes && { leaseTimes }),
    });
    const stop = async () => {
      stopping.abort();
      await hawser.idle();
      await platform.close();
    };
    return { platform, hawser, app: createApp(hawser, platform), stop };
  }

  const ofCluster = createKubeClient(home, { fieldManager: 'test' });
  if (!files) await prepareHome(ofCluster, controlNamespace);
  // What follows from a changed file is done before the test goes on.
  const reload = async () => {
    await files?.reload();
    await running.hawser.idle();
  };
  const client = files ? clientWithFiles(ofCluster, { ...files, reload }) : ofCluster;
  await client.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-secret', namespace: controlNamespace },
    data: { 'webhook.gogs.secret': btoa(WEBHOOK_SECRET) },
  });
  let announced: SandboxPush[] = [];
  const git = createGitServer({
    users: { devops: 'git-password' },
    onPush: (push) => {
      announced.push(push);
    },
  });
  let isGitAway = false;
  let answerGit: Parameters<Ground['answerGit']>[0] = async () => undefined;
  const gitListening = await listen(
    (request) =>
      isGitAway
        ? new Response('bad gateway', { status: 502 })
        : answerGit(request).then((answer) => answer ?? git.handle(request)),
    { host: '127.0.0.1', port: 0 },
  );
  const gitUrl = gitListening.url;
  const commit: Ground['commit'] = async (repository, files, branch = 'main') => {
    await git.commit(repository, branch, files, { message: 'Change\n', author: AUTHOR, atMs: Date.now() });
  };

  async function call(method: string, path: string, body?: unknown) {
    const response = await running.app.request(path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  }

  async function expectStatus(wanted: number, method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await call(method, path, body);
    if (answer.status !== wanted) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async function application(name: string): Promise<Application> {
    await running.hawser.idle();
    return running.hawser.getApplication(name);
  }

  return {
    namespace: controlNamespace,
    client,
    get hawser() {
      return running.hawser;
    },
    git,
    gitUrl,
    logs,
    clock,
    alarms: () => running.platform.alarms.names(),
    commit,
    application,
    request: call,
    openAnonymously: async (path, init) => running.app.request(path, init),
    open: async (path, { headers, ...init } = {}) => {
      const all = new Headers(headers);
      all.set('authorization', `Bearer ${TOKEN}`);
      return running.app.request(path, { ...init, headers: all });
    },
    createRepository: async (path, files, options = {}) => {
      const repository = git.create(path, { defaultBranch: 'main', ...options });
      await commit(repository, files);
      announced = [];
      return repository;
    },
    push: async (repository, files, branch = 'main') => {
      announced = [];
      await commit(repository, files, branch);
      return deliverGogs(announced, {
        serverUrl: gitUrl,
        secret: WEBHOOK_SECRET,
        send: async (init) => running.app.request('/api/webhook', init),
        record: (id) => expectStatus(200, 'GET', `/api/deliveries/${id}`),
      });
    },
    webhook: async (headers, body) => running.app.request('/api/webhook', { method: 'POST', headers, body }),
    createApplication: async ({ repository, ...rest }) => {
      await client.create(
        applicationManifest({ ...rest, namespace: controlNamespace, repoURL: `${gitUrl}/${repository.path}` }),
      );
    },
    refresh: async (name) => {
      const answer = (await expectStatus(202, 'POST', '/api/refresh', { application: name })) as DeliveryAnswer;
      await running.hawser.idle();
      return answer;
    },
    sync: async (name, request = {}) => {
      await expectStatus(200, 'POST', `/api/v1/applications/${name}/sync`, request);
      return application(name);
    },
    answerGit: (answer) => {
      answerGit = answer;
    },
    gitAway: (away) => {
      isGitAway = away;
    },
    get: (apiVersion, kind, namespace, name) => client.get({ apiVersion, kind, namespace, name }),
    restart: async () => {
      await running.stop();
      running = await start();
      await running.hawser.resume();
    },
    close: async () => {
      await running.stop();
      await gitListening.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
