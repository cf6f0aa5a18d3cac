// A sandbox cluster with one Application and the Git server of its chart, over loopback HTTP as either runtime reaches them, and pushes
// whose webhooks are signed.

import { createHmac } from 'node:crypto';
import { applicationManifest } from '../src/application/manifest.ts';
import { at } from '../src/base/json.ts';
import { createKubeClient } from '../src/kube/client.ts';
import { prepareHome } from '../src/operation/prepare-home.ts';
import { DEMO_FILES } from '../src/sandbox/demo-repository.ts';
import { createGitServer } from '../src/sandbox/git/server.ts';
import { type Listening, listen } from '../src/sandbox/listen/listen.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';

export const NAMESPACE = 'argocd';
export const TOKEN = 'bench-token';
const SECRET = 'bench-secret';
const NAME = 'dev-nginx';
const AUTHOR = { name: 'Kim', email: 'kim@example.com' };
const VALUES = 'nginx-chart/values-dev.yaml';

export interface Delivery {
  readonly commit: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface WorkerGround {
  /** `http://127.0.0.1:54321` */
  readonly cluster: string;
  readonly ports: readonly number[];
  /** Requests to the cluster and the Git server so far. */
  requests(): number;
  /** Commits another image; the webhook is the caller's to send. */
  push(): Promise<Delivery>;
  /** Resolves when the Application is seen to be Synced to the commit. */
  synced(commit: string): Promise<void>;
  close(): Promise<void>;
}

export async function createWorkerGround(): Promise<WorkerGround> {
  let requests = 0;
  const counting = (handler: (request: Request) => Promise<Response>) =>
    listen((request) => {
      requests++;
      return handler(request);
    });
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const git = createGitServer();
  const cluster: Listening = await counting((request) => sandbox.fetch(request));
  const gitListening: Listening = await counting((request) => git.handle(request));
  const repository = git.create('bench/ops', { defaultBranch: 'main' });
  const repoURL = `${gitListening.url}/${repository.path}`;
  let round = 0;
  const commit = async () => {
    round++;
    const values = (DEMO_FILES[VALUES] ?? '').replace(/tag: ".*"/, `tag: "1.27.${round}"`);
    const files = { ...(round === 1 && DEMO_FILES), [VALUES]: values };
    const { after } = await git.commit(repository, 'main', files, {
      message: `Round ${round}\n`,
      author: AUTHOR,
      atMs: Date.now(),
    });
    return after;
  };
  await commit();
  const client = createKubeClient(
    { server: cluster.url, fetch: (path, init) => sandbox.fetch(new Request(`${cluster.url}${path}`, init)) },
    { fieldManager: 'bench' },
  );
  await prepareHome(client, NAMESPACE);
  await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-secret', namespace: NAMESPACE },
    data: { 'webhook.gogs.secret': btoa(SECRET) },
  });
  await client.create(
    applicationManifest({
      ...{ name: NAME, namespace: NAMESPACE, repoURL, path: 'nginx-chart', valueFiles: ['values-dev.yaml'] },
      ...{ destinationNamespace: NAME, automated: {} },
    }),
  );
  return {
    cluster: cluster.url,
    ports: [cluster.port, gitListening.port],
    requests: () => requests,
    push: async () => deliveryOf(await commit(), repoURL),
    synced: async (commitId) => {
      const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
      for await (const event of client.watch(type, { namespace: NAMESPACE, name: NAME, timeoutMs: 30_000 })) {
        const apps = event.type === 'RELISTED' ? event.objects : [event.object];
        const isSynced = apps.some(
          (app) =>
            at(app, 'status', 'sync', 'status') === 'Synced' &&
            at(app, 'status', 'sync', 'revision') === commitId &&
            at(app, 'status', 'operationState', 'phase') === 'Succeeded',
        );
        if (isSynced) return;
      }
      throw new Error(`${NAME} was not Synced to ${commitId} within 30 s`);
    },
    close: async () => {
      sandbox.close();
      await Promise.all([cluster.close(), gitListening.close()]);
    },
  };
}

function deliveryOf(commit: string, repoURL: string): Delivery {
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    after: commit,
    repository: { html_url: repoURL, clone_url: `${repoURL}.git`, default_branch: 'main' },
  });
  const headers = {
    'content-type': 'application/json',
    'x-gogs-event': 'push',
    'x-gogs-delivery': crypto.randomUUID(),
    'x-gogs-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
  };
  return { commit, body, headers };
}
