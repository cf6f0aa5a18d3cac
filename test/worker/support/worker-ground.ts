// A sandbox cluster with Applications, a Git server that counts what is fetched, and a folder for what a Worker keeps: for tests that start
// Workers of different settings on them.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationManifest } from '../../../src/application/manifest.ts';
import { createKubeClient, type KubeClient } from '../../../src/kube/client.ts';
import { listen } from '../../../src/node/listen.ts';
import type { WorkerOptions } from '../../../src/node/miniflare.ts';
import { bundleWorker } from '../../../src/node/worker-bundle.ts';
import { prepareHome } from '../../../src/operation/prepare-home.ts';
import { createGitServer } from '../../../src/sandbox/git/server.ts';
import { type KillableWorker, startKillableWorker } from '../../runtime/support/killable-worker.ts';
import { connectSandbox, type SandboxTransport } from '../../support/sandbox-transport.ts';

export const TOKEN = 'token-for-tests';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };

export interface WorkerGround {
  readonly cluster: SandboxTransport;
  readonly client: KubeClient;
  /** Where the Workers keep theirs. */
  readonly storage: string;
  /** How often objects were fetched from the Git server. */
  fetches(): number;
  commit(path: string, files: Readonly<Record<string, string>>): Promise<void>;
  createApplication(name: string, repository: string, path: string): Promise<void>;
  start(options?: Partial<WorkerOptions>): Promise<GroundWorker>;
  close(): Promise<void>;
}

export interface GroundWorker extends KillableWorker {
  readonly lines: readonly LogLine[];
  open(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export async function createWorkerGround(): Promise<WorkerGround> {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-worker-'));
  const cluster = connectSandbox();
  const client = createKubeClient(cluster, { fieldManager: 'test' });
  await prepareHome(client, 'argocd');
  const git = createGitServer({ onPush: () => undefined });
  let fetches = 0;
  const listening = await listen(
    async (request) => {
      if (await asksForObjects(request.clone())) fetches++;
      return git.handle(request);
    },
    { host: '127.0.0.1', port: 0 },
  );
  const script = await bundleWorker();
  return {
    cluster,
    client,
    storage: join(folder, 'storage'),
    fetches: () => fetches,
    commit: async (path, files) => {
      const repository = git.list().find((known) => known.path === path) ?? git.create(path);
      await git.commit(repository, 'main', files, { message: 'Change\n', author: AUTHOR, atMs: Date.now() });
    },
    createApplication: async (name, repository, path) => {
      const repoURL = `${listening.url}/${repository}`;
      const syncOptions = ['CreateNamespace=true'];
      const options = { name, namespace: 'argocd', repoURL, path, destinationNamespace: name, syncOptions };
      await client.create(applicationManifest(options));
    },
    start: async ({ bindings, ...options } = {}) => {
      const lines: LogLine[] = [];
      const worker = await startKillableWorker({
        ...{ script, cluster, port: 0, storage: join(folder, 'storage') },
        onLog: (line) => {
          if (line.startsWith('{')) lines.push(JSON.parse(line) as LogLine);
        },
        ...options,
        bindings: { HAWSER_TOKEN: TOKEN, HAWSER_LOOPBACK: 'true', ...bindings },
      });
      const open: GroundWorker['open'] = (path, init = {}) => {
        const headers = new Headers(init.headers);
        if (!headers.has('authorization')) headers.set('authorization', `Bearer ${TOKEN}`);
        return fetch(`${worker.url}${path}`, { ...init, headers });
      };
      const headers = { 'content-type': 'application/json' };
      const post: GroundWorker['post'] = (path, body) =>
        open(path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { ...worker, lines, open, post };
    },
    close: async () => {
      await listening.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Protocol version 2: what a request is for is its first line. */
async function asksForObjects(request: Request): Promise<boolean> {
  return request.method === 'POST' && (await request.text()).includes('command=fetch');
}
