// Webhook POST → Deployment changed and → Synced on the real API server, in turns with `git clone --depth 1 && helm template | kubectl apply --server-side`;
// with one Application in the repository, and with many beside it that the push does not touch.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { applicationManifest } from '../src/application/manifest.ts';
import { mapConcurrent } from '../src/base/concurrency.ts';
import { at } from '../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import type { KubeObject } from '../src/kube/object.ts';
import { connectKubeconfig } from '../src/node/kubeconfig.ts';
import { prepareHome } from '../src/operation/prepare-home.ts';
import { DEMO_FILES } from '../src/sandbox/demo-repository.ts';
import { freePort, startControlPlane } from '../test/support/control-plane.ts';
import { startHttpBackend } from '../test/support/git-http-backend.ts';
import { findPeer } from '../test/support/peers.ts';
import { ourPrograms } from './in-turns.ts';
import { formatMs, type Row, type Summary, summarise } from './measure.ts';
import { cpuSeconds, waitForUrl } from './process.ts';

const RUNS = Number(process.env.HAWSER_BENCH_RUNS ?? 20);
const WARM_TURNS = 3;
/** Applications in the repository. */
const COUNTS = [1, 50, 1_000] as const;
const SECRET = 'bench';
const TOKEN = 'bench-token';

export async function benchPush(): Promise<readonly Row[]> {
  const missing = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'git', 'helm', 'kubectl'].filter(
    (name) => !findPeer(name),
  );
  if (missing.length > 0)
    return [{ what: 'push → Synced', figure: `SKIPPED: no ${missing.join(', ')} (.ci/peers.sh builds them)` }];
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
  const plane = await startControlPlane();
  const git = await startHttpBackend(folder);
  const closers: (() => unknown)[] = [
    () => git.close(),
    () => plane.stop(),
    () => rmSync(folder, { recursive: true, force: true }),
  ];
  try {
    const work = makeRepository(folder);
    const repoURL = `${git.url}/ops.git`;
    const client = createKubeClient(await connectKubeconfig({ kubeconfig: plane.kubeconfig }), {
      fieldManager: 'bench',
    });
    await prepareHome(client, 'argocd');
    await makeObjects(client, repoURL);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const [hawser] = ourPrograms(folder);
    const [program = '', ...command] = hawser?.command ?? [];
    const server = spawn(
      program,
      [...command, 'serve', '--kubeconfig', plane.kubeconfig, '--port', String(port), '--data', join(folder, 'data')],
      { stdio: 'ignore', env: { ...process.env, HAWSER_TOKEN: TOKEN } },
    );
    closers.unshift(() => server.kill());
    await waitForUrl(`${url}/healthz`);
    await untilSynced(client, work.head());
    const rows: Row[] = [];
    let alone: Measured | undefined;
    for (const count of COUNTS) {
      await addOthers(client, url, work, repoURL, count);
      const measured = await measureInTurns(
        { client, url, work, repoURL, kubeconfig: plane.kubeconfig, folder },
        server.pid,
      );
      rows.push(...(alone ? growthRows(count, measured, alone) : firstRows(measured)));
      alone ??= measured;
    }
    return rows;
  } finally {
    for (const close of closers) await close();
  }
}

interface Turn {
  readonly client: KubeClient;
  readonly url: string;
  readonly work: WorkTree;
  readonly repoURL: string;
  readonly kubeconfig: string;
  readonly folder: string;
}

interface Measured {
  readonly answered: Summary;
  readonly deployed: Summary;
  readonly synced: Summary;
  readonly pipeline: Summary;
  readonly cpuMs: number;
}

async function measureInTurns(turn: Turn, pid: number | undefined): Promise<Measured> {
  const { client, url, work, repoURL, kubeconfig, folder } = turn;
  const times = {
    answered: [] as number[],
    deployed: [] as number[],
    synced: [] as number[],
    pipeline: [] as number[],
  };
  for (let warm = 0; warm < WARM_TURNS; warm++) {
    await measureHawser(client, url, work, repoURL);
    await measurePipeline(work, repoURL, kubeconfig, folder);
  }
  const cpuBefore = cpuSeconds(pid);
  for (let run = 0; run < RUNS; run++) {
    const { answered, deployed, synced } = await measureHawser(client, url, work, repoURL);
    times.answered.push(answered);
    times.deployed.push(deployed);
    times.synced.push(synced);
    times.pipeline.push(await measurePipeline(work, repoURL, kubeconfig, folder));
  }
  return {
    answered: summarise(times.answered),
    deployed: summarise(times.deployed),
    synced: summarise(times.synced),
    pipeline: summarise(times.pipeline),
    cpuMs: ((cpuSeconds(pid) - cpuBefore) / RUNS) * 1_000,
  };
}

function firstRows({ answered, deployed, synced, pipeline, cpuMs }: Measured): Row[] {
  return [
    {
      what: 'git clone | helm template | kubectl apply --server-side (its default validation)',
      figure: formatMs(pipeline),
    },
    { what: 'webhook POST → 202', figure: formatMs(answered) },
    { what: 'webhook POST → Deployment changed', figure: formatMs(deployed) },
    { what: 'webhook POST → Synced', figure: formatMs(synced) },
    ratioRow('to the Deployment, ratio of medians', deployed.median / pipeline.median, 0.33),
    ratioRow('to Synced, ratio of medians', synced.median / pipeline.median, 0.4),
    { what: 'CPU of hawser a push', figure: `${cpuMs.toFixed(0)} ms` },
  ];
}

function growthRows(count: number, measured: Measured, alone: Measured): Row[] {
  const { answered, synced, pipeline, cpuMs } = measured;
  const label = `${count} Applications in the repository`;
  return [
    { what: `${label}: the shell pipeline`, figure: formatMs(pipeline) },
    { what: `${label}: webhook POST → 202`, figure: formatMs(answered) },
    { what: `${label}: webhook POST → Synced`, figure: formatMs(synced) },
    ratioRow(`${label}: to Synced, ratio of medians`, synced.median / pipeline.median, 0.4),
    ratioRow(`${label}: to Synced, against one`, synced.median / alone.synced.median, 1.2),
    { what: `${label}: CPU of hawser a push`, figure: `${cpuMs.toFixed(0)} ms` },
  ];
}

/** Folders are of bounded width, as in bench/many-applications.ts. */
const folderOf = (index: number) => `team-${Math.floor(index / 25)}/app-${index % 25}`;

/** As many Applications as asked for, with the one that is pushed to; each has a folder of its own, and is Synced. */
async function addOthers(
  client: KubeClient,
  url: string,
  work: WorkTree,
  repoURL: string,
  count: number,
): Promise<void> {
  const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
  const before = (await client.list(type, { namespace: 'argocd' })).items.length;
  if (count <= before) return;
  const added = Array.from({ length: count - before }, (_, index) => before + index);
  work.add(
    Object.fromEntries(
      added.map((index) => [
        `${folderOf(index)}/config.yaml`,
        `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other-${index}}\ndata: {k: v}\n`,
      ]),
    ),
  );
  await mapConcurrent(added, 16, (index) =>
    client.create(
      applicationManifest({
        name: `other-${String(index).padStart(4, '0')}`,
        namespace: 'argocd',
        repoURL,
        path: folderOf(index),
        destinationNamespace: 'others',
        automated: {},
        syncOptions: [],
      }),
    ),
  );
  const response = await fetch(`${url}/api/refresh`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ all: true }),
  });
  if (response.status !== 202) throw new Error(`the refresh was answered ${response.status}: ${await response.text()}`);
  const deadline = performance.now() + 300_000;
  for (;;) {
    const { items } = await client.list(type, { namespace: 'argocd' });
    if (items.filter((app) => at(app, 'status', 'sync', 'status') === 'Synced').length === count) return;
    if (performance.now() > deadline) throw new Error(`not all of ${count} Applications are Synced after 300 s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function ratioRow(what: string, ratio: number, goal: number): Row {
  return { what, figure: `${ratio.toFixed(2)} ×`, goal: `≤ ${goal} ×`, holds: ratio <= goal };
}

interface WorkTree {
  /** Commits and pushes a new image tag and replica count for both environments; gives the commit. */
  change(): { readonly commit: string; readonly image: string };
  /** Commits and pushes more files. */
  add(files: Readonly<Record<string, string>>): void;
  head(): string;
}

function makeRepository(folder: string): WorkTree {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'b',
    GIT_AUTHOR_EMAIL: 'b@example.com',
    GIT_COMMITTER_NAME: 'b',
    GIT_COMMITTER_EMAIL: 'b@example.com',
  };
  const run = (cwd: string, ...args: string[]) =>
    execFileSync('git', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
      .toString()
      .trim();
  const bare = join(folder, 'ops.git');
  const tree = join(folder, 'work');
  run(folder, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  run(bare, 'config', 'uploadpack.allowFilter', 'true');
  run(folder, 'init', '--quiet', '--initial-branch=main', tree);
  run(tree, 'remote', 'add', 'origin', bare);
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(tree, path, '..'), { recursive: true });
      writeFileSync(join(tree, path), content);
    }
  };
  write(DEMO_FILES);
  const commit = () => {
    run(tree, 'add', '-A');
    run(tree, 'commit', '--quiet', '-m', 'change');
    run(tree, 'push', '--quiet', 'origin', 'main');
    return run(tree, 'rev-parse', 'HEAD');
  };
  commit();
  let counter = 0;
  return {
    head: () => run(tree, 'rev-parse', 'HEAD'),
    add: (files) => {
      write(files);
      commit();
    },
    change: () => {
      counter++;
      const tag = `1.27.${counter}`;
      for (const file of ['values-dev.yaml', 'values-prd.yaml']) {
        const path = join(tree, 'nginx-chart', file);
        writeFileSync(path, readFileSync(path, 'utf8').replace(/tag: ".*"/, `tag: "${tag}"`));
      }
      return { commit: commit(), image: `nginx:${tag}` };
    },
  };
}

async function makeObjects(client: KubeClient, repoURL: string): Promise<void> {
  await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'argocd-secret', namespace: 'argocd' },
    data: { 'webhook.gogs.secret': btoa(SECRET) },
  });
  for (const name of ['prd-nginx', 'others']) {
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  await client.create(
    applicationManifest({
      name: 'dev-nginx',
      namespace: 'argocd',
      repoURL,
      path: 'nginx-chart',
      valueFiles: ['values-dev.yaml'],
      destinationNamespace: 'dev-nginx',
      automated: {},
    }),
  );
}

async function measureHawser(client: KubeClient, url: string, work: WorkTree, repoURL: string) {
  const { commit, image } = work.change();
  const deployment = until(
    client,
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    'dev-nginx',
    'dev-nginx',
    (object) => at(object, 'spec', 'template', 'spec', 'containers', 0, 'image') === image,
  );
  const application = untilSynced(client, commit);
  await new Promise((resolve) => setTimeout(resolve, 50)); // Both watches are open by then.
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    after: commit,
    repository: { html_url: repoURL.replace(/\.git$/, ''), clone_url: repoURL, default_branch: 'main' },
  });
  const begin = performance.now();
  const response = await fetch(`${url}/api/webhook`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-gogs-event': 'push',
      'x-gogs-delivery': crypto.randomUUID(),
      'x-gogs-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
    },
  });
  const text = await response.text();
  const answered = performance.now() - begin;
  if (response.status !== 202) throw new Error(`the webhook was answered ${response.status}: ${text}`);
  const [deployed, synced] = await Promise.all([deployment, application]);
  return { answered, deployed: deployed - begin, synced: synced - begin };
}

function untilSynced(client: KubeClient, commit: string): Promise<number> {
  return until(
    client,
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
    'argocd',
    'dev-nginx',
    (object) =>
      at(object, 'status', 'sync', 'status') === 'Synced' &&
      at(object, 'status', 'sync', 'revision') === commit &&
      at(object, 'status', 'operationState', 'phase') === 'Succeeded',
  );
}

/** When the object is first seen to be so. */
async function until(
  client: KubeClient,
  type: { apiVersion: string; kind: string },
  namespace: string,
  name: string,
  isSo: (object: KubeObject) => boolean,
): Promise<number> {
  for await (const event of client.watch(type, { namespace, name, timeoutMs: 30_000 })) {
    const objects = event.type === 'RELISTED' ? event.objects : [event.object];
    if (objects.some(isSo)) return performance.now();
  }
  throw new Error(`${type.kind} ${namespace}/${name} did not become as expected within 30 s`);
}

/** The whole shell pipeline, to the end of kubectl. */
async function measurePipeline(work: WorkTree, repoURL: string, kubeconfig: string, folder: string): Promise<number> {
  work.change();
  const clone = join(folder, 'clone');
  rmSync(clone, { recursive: true, force: true });
  const helm = findPeer('helm');
  const kubectl = findPeer('kubectl');
  const script = `set -e; git clone --quiet --depth 1 ${repoURL} ${clone}
${helm} template prd-nginx ${clone}/nginx-chart -f ${clone}/nginx-chart/values-prd.yaml --namespace prd-nginx | ${kubectl} apply --server-side --namespace prd-nginx -f -`;
  const begin = performance.now();
  // The Git server is in this process: it must go on while the pipeline runs.
  await promisify(execFile)('sh', ['-c', script], { env: { ...process.env, KUBECONFIG: kubeconfig } });
  return performance.now() - begin;
}
