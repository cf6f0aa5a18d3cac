// A push that touches one of many Applications of one repository: what is rendered, how soon all verdicts are known, and what Git sends for it,
// by the number of Applications; in a process that has seen the last push, and in one that has just started.

import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../src/app.ts';
import { applicationManifest } from '../src/application/manifest.ts';
import { mapConcurrent } from '../src/base/concurrency.ts';
import { createKubeClient } from '../src/kube/client.ts';
import { connectKubeconfig } from '../src/node/kubeconfig.ts';
import { createNodePlatform } from '../src/node/platform.ts';
import { createHawser } from '../src/operation/create.ts';
import { prepareHome } from '../src/operation/prepare-home.ts';
import type { DeliveryAnswer } from '../src/operation/push.ts';
import type { ClusterTransport, ConnectedFetch, Log } from '../src/platform.ts';
import { createSourceReaders } from '../src/source/reader.ts';
import { missingControlPlane, startControlPlane } from '../test/support/control-plane.ts';
import { hasGit } from '../test/support/git-cli.ts';
import { startGitServer } from './git-server.ts';
import { formatMs, type Row, type Summary, summarise } from './measure.ts';
import { type LargeRepository, makeRepository, manifest } from './repositories.ts';

const COUNTS = [10, 100, 1_000] as const;
const PUSHES = 7;
const RESTARTS = 3;
const GOAL_MS = 100;
const SECRET = 'bench';
const TOKEN = 'bench-token';
const FILES = ['config.yaml', 'extra/more.yaml', 'extra/last.yaml'] as const;

/** Folders are of bounded width, as in bench/fetch.ts: the tree of a folder names all that is in it. */
const folderOf = (index: number) => `team-${Math.floor(index / 25)}/app-${index % 25}`;

interface Ground {
  readonly home: ClusterTransport;
  /** `METHOD path` of what hawser has asked of the API server. */
  readonly asked: string[];
  readonly gitUrl: string;
  readonly root: string;
}

interface Pushed {
  readonly ms: number;
  /** Until the work that the verdicts led to was done, too. */
  readonly doneMs: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly rendered: number;
  readonly gitRequests: number;
  readonly gitBytes: number;
  readonly gitObjects: number;
  readonly apiRequests: number;
}

export async function benchManyApplications(): Promise<readonly Row[]> {
  const missing = missingControlPlane() ?? (hasGit() ? undefined : 'no git');
  if (missing !== undefined) return [{ what: 'many Applications', figure: `SKIPPED: ${missing}` }];
  const root = mkdtempSync(join(tmpdir(), 'hawser-bench-many-'));
  const plane = await startControlPlane({ durable: true });
  const gitServer = await startGitServer(root);
  try {
    const asked: string[] = [];
    const transport = await connectKubeconfig({ kubeconfig: plane.tokenKubeconfig });
    const home: ClusterTransport = {
      ...transport,
      fetch: (path, init) => {
        asked.push(`${init?.method ?? 'GET'} ${path}`);
        return transport.fetch(path, init);
      },
    };
    const rows: Row[] = [];
    const objects = { warm: [] as number[], restarted: [] as number[] };
    for (const count of COUNTS) {
      const { warm, restarted } = await benchCount({ home, asked, gitUrl: gitServer.url, root }, count);
      objects.warm.push(...warm.map(({ gitObjects }) => gitObjects));
      objects.restarted.push(...restarted.map(({ gitObjects }) => gitObjects));
      rows.push(
        ...rowsOf(`${count} Applications`, warm, count),
        ...rowsOf(`${count} Applications, just started`, restarted, count),
      );
    }
    for (const [kind, counts] of Object.entries(objects)) {
      const distinct = [...new Set(counts)].sort((a, b) => a - b);
      rows.push({
        what: `Git objects of a push, ${COUNTS.join(', ')} Applications, ${kind}`,
        figure: distinct.join(', '),
        goal: 'the same number',
        holds: distinct.length === 1,
      });
    }
    return rows;
  } finally {
    await gitServer.close();
    await plane.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

async function benchCount(ground: Ground, count: number): Promise<Readonly<Record<'warm' | 'restarted', Pushed[]>>> {
  const namespace = `control-${count}`;
  const repository = await makeRepository(ground.root, `many-${count}.git`, filesOf(count), {
    'uploadpack.allowFilter': 'true',
  });
  const repoURL = `${ground.gitUrl}/many-${count}.git`;
  const client = createKubeClient(ground.home, { fieldManager: 'bench' });
  await prepareHome(client, namespace);
  await client.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-secret', namespace },
    data: { 'webhook.gogs.secret': btoa(SECRET) },
  });
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `many-${count}` } });
  await mapConcurrent(Array.from({ length: count }), 16, (_, index) =>
    client.create(
      applicationManifest({
        name: nameOf(index),
        namespace,
        repoURL,
        path: folderOf(index),
        destinationNamespace: `many-${count}`,
        automated: {},
        syncOptions: [],
      }),
    ),
  );
  const dataFolder = join(ground.root, `data-${count}`);
  let running = await startHawser(ground, namespace, dataFolder);
  await running.deployAll(count);
  let version = 0;
  const push = () => {
    version++;
    // Each time another one.
    const index = (version * 7) % count;
    return pushTo(ground, running, repository, repoURL, index, version);
  };
  await push();
  const warm: Pushed[] = [];
  for (let turn = 0; turn < PUSHES; turn++) warm.push(await push());
  const restarted: Pushed[] = [];
  for (let turn = 0; turn < RESTARTS; turn++) {
    await running.stop();
    running = await startHawser(ground, namespace, dataFolder);
    restarted.push(await push());
  }
  await running.stop();
  return { warm, restarted };
}

function nameOf(index: number): string {
  return `app-${String(index).padStart(4, '0')}`;
}

function* filesOf(count: number): Generator<readonly [string, string]> {
  for (let index = 0; index < count; index++) {
    for (const [file, path] of FILES.entries())
      yield [`${folderOf(index)}/${path}`, manifest(`object-${index}-${file}`)];
    yield [`${folderOf(index)}/README.md`, `# ${nameOf(index)}\n`];
  }
}

interface Counts {
  rendered: number;
  gitRequests: number;
  gitBytes: number;
  gitObjects: number;
}

interface Running {
  readonly app: ReturnType<typeof createApp>;
  readonly counts: Counts;
  idle(): Promise<void>;
  deployAll(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** As main-node.ts does, and counting; with what an earlier one left in the data folder. */
async function startHawser({ home }: Ground, namespace: string, dataFolder: string): Promise<Running> {
  const stopping = new AbortController();
  const counts: Counts = { rendered: 0, gitRequests: 0, gitBytes: 0, gitObjects: 0 };
  const silent = () => undefined;
  const log: Log = { info: silent, warn: silent, error: (message, fields) => console.error(message, fields) };
  const platform = await createNodePlatform({
    home,
    log,
    dataFolder,
    settings: { namespace, loopback: true, insecureWebhooks: false, token: TOKEN },
    onAlarm: (name) => platform.background(hawser.alarm(name)),
  });
  const read = createSourceReaders({ ...platform, fetch: countingGit(platform.fetch, counts) });
  const hawser = createHawser({
    platform,
    stopping: stopping.signal,
    readSources: (secrets) => {
      const reader = read(secrets);
      return {
        ...reader,
        render: (...args) => {
          counts.rendered++;
          return reader.render(...args);
        },
      };
    },
  });
  await hawser.resume();
  await hawser.idle();
  const app = createApp(hawser, platform);
  return {
    app,
    counts,
    idle: () => hawser.idle(),
    deployAll: async (count) => {
      const response = await app.request('/api/refresh', {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ all: true }),
      });
      if (response.status !== 202)
        throw new Error(`the refresh was answered ${response.status}: ${await response.text()}`);
      await hawser.idle();
      const applications = (await hawser.listApplications()).filter(({ status }) => status.sync?.status === 'Synced');
      if (applications.length !== count) throw new Error(`${applications.length} of ${count} Applications are Synced`);
    },
    stop: async () => {
      stopping.abort();
      await hawser.idle();
      await platform.close();
    },
  };
}

/** The head of each pack says how many objects are in it. */
function countingGit(fetch: ConnectedFetch, counts: Counts): ConnectedFetch {
  return async (url, init, options) => {
    const response = await fetch(url, init, options);
    const bytes = Buffer.from(await response.arrayBuffer());
    counts.gitRequests++;
    counts.gitBytes += bytes.length;
    const head = bytes.indexOf('PACK\0\0\0\x02', 0, 'latin1');
    if (head >= 0) counts.gitObjects += bytes.readUInt32BE(head + 8);
    return new Response(bytes, { status: response.status, headers: response.headers });
  };
}

async function pushTo(
  { asked }: Ground,
  { app, counts, idle }: Running,
  repository: LargeRepository,
  repoURL: string,
  index: number,
  version: number,
): Promise<Pushed> {
  const after = await repository.commit(
    `${folderOf(index)}/${FILES[0]}`,
    manifest(`object-${index}-0`).replace('as-it-was', `v${version}`),
  );
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    after,
    repository: { html_url: repoURL.replace(/\.git$/, ''), clone_url: repoURL, default_branch: 'main' },
  });
  const headers = {
    'content-type': 'application/json',
    'x-gogs-event': 'push',
    'x-gogs-delivery': crypto.randomUUID(),
    'x-gogs-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
  };
  asked.length = 0;
  const before = { ...counts };
  const begin = performance.now();
  const response = await app.request('/api/webhook', { method: 'POST', headers, body });
  const ms = performance.now() - begin;
  const apiRequests = asked.length;
  const text = await response.text();
  if (response.status !== 202) throw new Error(`the webhook was answered ${response.status}: ${text}`);
  const answer = JSON.parse(text) as DeliveryAnswer;
  await idle();
  const doneMs = performance.now() - begin;
  const verdicts: Record<string, number> = {};
  for (const { verdict } of answer.applications) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const named = answer.applications.filter(({ verdict }) => verdict === 'sync').map(({ name }) => name);
  if (named.length === 1 && named[0] !== nameOf(index)) throw new Error(`${named[0]} is synced, not ${nameOf(index)}`);
  return {
    ms,
    doneMs,
    verdicts,
    rendered: counts.rendered - before.rendered,
    gitRequests: counts.gitRequests - before.gitRequests,
    gitBytes: counts.gitBytes - before.gitBytes,
    gitObjects: counts.gitObjects - before.gitObjects,
    apiRequests,
  };
}

function rowsOf(label: string, pushes: readonly Pushed[], count: number): Row[] {
  const isRight = pushes.every(({ rendered, verdicts }) => rendered === 1 && (verdicts.unaffected ?? 0) === count - 1);
  const isLargest = count === COUNTS.at(-1);
  const answers = summarise(pushes.map(({ ms }) => ms));
  const over = (pick: (push: Pushed) => number): Summary => summarise(pushes.map(pick));
  const range = ({ min, max }: Summary) => (min === max ? String(min) : `${min} to ${max}`);
  const [first] = pushes;
  return [
    {
      what: `${label}: a push that touches one`,
      figure: `${range(over(({ rendered }) => rendered))} rendered; ${JSON.stringify(first?.verdicts ?? {})}`,
      goal: `1 rendered, ${count - 1} unaffected`,
      holds: isRight,
    },
    {
      what: `${label}: verdicts of all`,
      figure: `${formatMs(answers)}; all done after ${over(({ doneMs }) => doneMs).median.toFixed(0)} ms; ${range(over(({ apiRequests }) => apiRequests))} API requests`,
      ...(isLargest && { goal: `≤ ${GOAL_MS} ms`, holds: answers.median <= GOAL_MS }),
    },
    {
      what: `${label}: from Git`,
      figure: `${range(over(({ gitObjects }) => gitObjects))} objects, ${range(over(({ gitRequests }) => gitRequests))} requests, ${(over(({ gitBytes }) => gitBytes).median / 1000).toFixed(1)} kB`,
    },
  ];
}
