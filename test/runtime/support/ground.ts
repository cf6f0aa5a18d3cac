// A hawser of the runtime under test over a sandbox cluster, with a Git server and its webhooks: what users do, over HTTP alone.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { type DriftMode, noticeConfiguration } from '../../../src/application/install-notices.ts';
import { applicationManifest, type NewApplication } from '../../../src/application/manifest.ts';
import { parseApplication } from '../../../src/application/parse.ts';
import type { Application } from '../../../src/application/types.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../../../src/kube/client.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import { createConnectedFetch } from '../../../src/node/connected-fetch.ts';
import { type Listening, listen } from '../../../src/node/listen.ts';
import { prepareHome } from '../../../src/operation/prepare-home.ts';
import type { DeliveryAnswer } from '../../../src/operation/push.ts';
import type { ClusterTransport } from '../../../src/platform.ts';
import type { FileChange, SandboxRepository } from '../../../src/sandbox/git/repository.ts';
import { createGitServer, type GitServer, type SandboxPush } from '../../../src/sandbox/git/server.ts';
import { deliverGogs } from '../../support/deliver-gogs.ts';
import { connectSandbox, type SandboxTransport } from '../../support/sandbox-transport.ts';
import { type Life, type LifeOptions, startLife } from './runtime.ts';

export const TOKEN = 'token-for-tests';
export const WEBHOOK_SECRET = 'secret-for-tests';
export const NAMESPACE = 'argocd';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };
const SOON = { timeout: 30_000, interval: 50 };
/** What the API server calls hawser. */
const NOTICE_ORIGIN = 'https://hawser.example.com';

export interface RuntimeGround {
  readonly sandbox: SandboxTransport;
  readonly client: KubeClient;
  readonly git: GitServer;
  readonly gitUrl: string;
  /** Of the life that runs now. */
  readonly url: string;
  readonly inspectorUrl: string | undefined;
  logs(): readonly string[];
  createRepository(
    path: string,
    files: Readonly<Record<string, FileChange>>,
    options?: { isPrivate?: boolean },
  ): Promise<SandboxRepository>;
  /** Commits without telling anybody. */
  commit(repository: SandboxRepository, files: Readonly<Record<string, FileChange>>, branch?: string): Promise<void>;
  /** Commits, and delivers the signed Gogs webhook as a Git server would; gives the answer. */
  push(
    repository: SandboxRepository,
    files: Readonly<Record<string, FileChange>>,
    branch?: string,
  ): Promise<DeliveryAnswer>;
  /** What became of a push, when all that follows from it is done. */
  done(answer: Pick<DeliveryAnswer, 'deliveryId'>): Promise<DeliveryAnswer>;
  createApplication(
    app: Omit<NewApplication, 'namespace' | 'repoURL'> & { repository: SandboxRepository },
  ): Promise<void>;
  /** A repository `devops/NAME` and an Application of it in a namespace of its name, which is looked at, or synced. */
  deploy(
    name: string,
    files: Readonly<Record<string, FileChange>>,
    more?: Partial<NewApplication> & { readonly spec?: JsonObject; readonly isSynced?: boolean },
  ): Promise<SandboxRepository>;
  /** A merge patch of the Application in the cluster, as by kubectl. */
  patchApplication(name: string, patch: JsonObject): Promise<void>;
  /** A request with the token. */
  open(path: string, init?: RequestInit): Promise<Response>;
  /** A request with the token whose body and answer are JSON. */
  request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Has it compared, and waits for what follows. */
  refresh(name: string): Promise<DeliveryAnswer>;
  /** Has it synced, and waits for the end. */
  sync(name: string, request?: object): Promise<Application>;
  /** As it is in the cluster. */
  application(name: string): Promise<Application>;
  /** As it is when nothing goes on any more: no operation, and no object that is about to become healthy. */
  settled(name: string): Promise<Application>;
  get(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubeObject | undefined>;
  /** Waits until the Application is as `expected` (toMatchObject). */
  until(name: string, expected: object): Promise<void>;
  /** Ends this life, or kills it, and starts the next with what it left. `between`: what happens meanwhile. */
  restart(how?: 'end' | 'kill', between?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface RuntimeGroundOptions extends Partial<Omit<LifeOptions, 'cluster' | 'folder' | 'hasNotices'>> {
  /** What hawser is set up by beside the secret of Gogs: keys of argocd-cm, argocd-rbac-cm, argocd-secret … */
  readonly config?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The API server tells hawser of writes. */
  readonly notices?: DriftMode;
  /** What hawser sees of the sandbox; the test itself sees all of it. */
  readonly through?: (sandbox: SandboxTransport) => ClusterTransport;
  /** Answers instead of the Git server where it gives an answer. */
  readonly answerGit?: (request: Request) => Promise<Response | undefined>;
}

export async function createRuntimeGround(options: RuntimeGroundOptions = {}): Promise<RuntimeGround> {
  const {
    through = (cluster) => cluster,
    answerGit = async () => undefined,
    config = {},
    notices,
    ...settings
  } = options;
  const folder = await mkdtemp(join(tmpdir(), 'hawser-runtime-'));
  let life: Life;
  const fetchTrusting = createConnectedFetch({});
  const sandbox = connectSandbox({
    callWebhook: (url, init, trust) => fetchTrusting(url.replace(NOTICE_ORIGIN, life.noticeUrl ?? ''), init, trust),
  });
  const client = createKubeClient(sandbox, { fieldManager: 'test' });
  await prepareHome(client, NAMESPACE);
  const { 'argocd-secret': secrets = {}, ...configMaps } = config;
  await client.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-secret', namespace: NAMESPACE },
    data: encoded({ 'webhook.gogs.secret': WEBHOOK_SECRET, ...secrets }),
  });
  for (const [name, data] of Object.entries(configMaps))
    await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE }, data });
  if (notices) {
    const url = `${NOTICE_ORIGIN}/notice`;
    await client.create(noticeConfiguration({ namespace: NAMESPACE, url, drift: notices }));
  }
  let announced: SandboxPush[] = [];
  const git = createGitServer({ users: { devops: 'git-password' }, onPush: (push) => void announced.push(push) });
  const gitListening: Listening = await listen(async (request) => (await answerGit(request)) ?? git.handle(request), {
    host: '127.0.0.1',
    port: 0,
  });
  const gitUrl = gitListening.url;
  const shared = { folder, token: TOKEN, namespace: NAMESPACE, hasNotices: notices !== undefined };
  const lifeOptions: LifeOptions = { cluster: through(sandbox), ...shared, ...settings };
  life = await begin(lifeOptions);

  const commit: RuntimeGround['commit'] = async (repository, files, branch = 'main') => {
    await git.commit(repository, branch, files, { message: 'Change\n', author: AUTHOR, atMs: Date.now() });
  };
  const open: RuntimeGround['open'] = (path, { headers, ...init } = {}) => {
    const all = new Headers(headers);
    if (!all.has('authorization')) all.set('authorization', `Bearer ${lifeOptions.token}`);
    return fetch(`${life.url}${path}`, { ...init, headers: all });
  };
  const application: RuntimeGround['application'] = async (name) => {
    const found = await client.get(refOf(name));
    if (!found) throw new Error(`there is no Application ${name}`);
    return parseApplication(found);
  };
  const request: RuntimeGround['request'] = async (method, path, body) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await open(path, { method, headers: { 'content-type': 'application/json' }, ...sent });
    const text = await response.text();
    try {
      return { status: response.status, body: JSON.parse(text) as unknown };
    } catch {
      throw new Error(`${method} ${path} is answered ${response.status} with no JSON: ${text}`);
    }
  };
  const expectStatus = async (wanted: number, method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await request(method, path, body);
    if (answer.status !== wanted) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  /** What does not come about is told with the end of the log. */
  const soon = async (look: () => Promise<void>): Promise<void> => {
    await vi.waitFor(look, SOON).catch((error: unknown) => {
      if (error instanceof Error) error.message += `\n${life.logs().slice(-20).join('\n')}`;
      throw error;
    });
  };
  const settled: RuntimeGround['settled'] = async (name) => {
    let app = await application(name);
    await soon(async () => {
      app = await application(name);
      expect(goesOn(app), `${name} is ${JSON.stringify(app.status.operationState)}`).toBe(false);
    });
    return app;
  };
  const createRepository: RuntimeGround['createRepository'] = async (path, files, more = {}) => {
    const repository = git.create(path, { defaultBranch: 'main', ...more });
    await commit(repository, files);
    return repository;
  };
  const createApplication: RuntimeGround['createApplication'] = async ({ repository, ...rest }) => {
    const repoURL = `${gitUrl}/${repository.path}`;
    await client.create(applicationManifest({ ...rest, namespace: NAMESPACE, repoURL }));
  };
  const refresh: RuntimeGround['refresh'] = async (name) => {
    const answer = await expectStatus(202, 'POST', '/api/refresh', { application: name, wait: true });
    await settled(name);
    return answer as DeliveryAnswer;
  };
  const sync: RuntimeGround['sync'] = async (name, wanted = {}) => {
    await expectStatus(200, 'POST', `/api/v1/applications/${name}/sync`, wanted);
    return settled(name);
  };
  const patchApplication: RuntimeGround['patchApplication'] = async (name, patch) => {
    await client.patch(refOf(name), patch, { type: 'merge' });
  };
  return {
    sandbox,
    client,
    git,
    gitUrl,
    get url() {
      return life.url;
    },
    get inspectorUrl() {
      return life.inspectorUrl;
    },
    logs: () => life.logs(),
    commit,
    open,
    request,
    application,
    settled,
    get: (apiVersion, kind, namespace, name) => client.get({ apiVersion, kind, namespace, name }),
    createRepository,
    createApplication,
    patchApplication,
    refresh,
    sync,
    push: async (repository, files, branch = 'main') => {
      announced = [];
      await commit(repository, files, branch);
      return deliverGogs(announced, {
        serverUrl: gitUrl,
        secret: WEBHOOK_SECRET,
        send: (init) => fetch(`${life.url}/api/webhook`, init),
        record: (id) => expectStatus(200, 'GET', `/api/deliveries/${id}`),
      });
    },
    done: async ({ deliveryId }) => {
      let record: unknown;
      await soon(async () => {
        record = await expectStatus(200, 'GET', `/api/deliveries/${deliveryId}`);
        expect(record).toMatchObject({ state: 'done' });
      });
      return record as DeliveryAnswer;
    },
    deploy: async (name, files, { spec, isSynced = true, ...more } = {}) => {
      const repository = await createRepository(`devops/${name}`, files);
      await createApplication({ name, repository, path: '.', destinationNamespace: name, ...more });
      if (spec) await patchApplication(name, { spec });
      await (isSynced && !more.automated ? sync(name) : refresh(name));
      if (isSynced) expect((await application(name)).status.sync?.status).toBe('Synced');
      return repository;
    },
    until: (name, expected) => soon(async () => expect(await application(name)).toMatchObject(expected)),
    restart: async (how = 'end', between = async () => undefined) => {
      await (how === 'end' ? life.end() : life.kill());
      await between();
      life = await begin(lifeOptions);
    },
    close: async () => {
      await life.end();
      await gitListening.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The first request is what a Worker's life begins with; whatever stands before a server asks for its health, too. */
async function begin(options: LifeOptions): Promise<Life> {
  const life = await startLife(options);
  const response = await fetch(`${life.url}/healthz`);
  await response.text();
  return life;
}

function refOf(name: string) {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', namespace: NAMESPACE, name };
}

function goesOn({ operation, status }: Application): boolean {
  const { phase } = status.operationState ?? {};
  return (
    operation !== undefined || phase === 'Running' || phase === 'Terminating' || status.health?.status === 'Progressing'
  );
}

function encoded(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)]));
}
