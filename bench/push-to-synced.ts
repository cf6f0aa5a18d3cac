// Webhook POST → Deployment changed and → Synced on the real API server, in turns with `git clone --depth 1 && helm template | kubectl apply --server-side`.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { applicationManifest } from '../src/application/manifest.ts';
import { at } from '../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import type { KubeObject } from '../src/kube/object.ts';
import { connectKubeconfig } from '../src/node/kubeconfig.ts';
import { prepareHome } from '../src/operation/prepare-home.ts';
import { DEMO_FILES } from '../src/sandbox/demo-repository.ts';
import { freePort, startControlPlane } from '../test/support/control-plane.ts';
import { startHttpBackend } from '../test/support/git-http-backend.ts';
import { findPeer } from '../test/support/peers.ts';
import { formatMs, type Row, summarise } from './measure.ts';
import { cpuSeconds, waitForUrl } from './process.ts';

const RUNS = Number(process.env.HAWSER_BENCH_RUNS ?? 20);
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
    const server = spawn(
      process.execPath,
      [
        'bin/hawser.js',
        'serve',
        '--kubeconfig',
        plane.kubeconfig,
        '--port',
        String(port),
        '--data',
        join(folder, 'data'),
      ],
      { stdio: 'ignore', env: { ...process.env, HAWSER_TOKEN: TOKEN } },
    );
    closers.unshift(() => server.kill());
    await waitForUrl(`${url}/healthz`);
    await untilSynced(client, work.head());
    for (let warm = 0; warm < 3; warm++) {
      await measureHawser(client, url, work, repoURL);
      await measurePipeline(work, repoURL, plane.kubeconfig, folder);
    }
    const deployed: number[] = [];
    const synced: number[] = [];
    const answered: number[] = [];
    const pipeline: number[] = [];
    const cpuBefore = cpuSeconds(server.pid);
    for (let run = 0; run < RUNS; run++) {
      const times = await measureHawser(client, url, work, repoURL);
      answered.push(times.answered);
      deployed.push(times.deployed);
      synced.push(times.synced);
      pipeline.push(await measurePipeline(work, repoURL, plane.kubeconfig, folder));
    }
    const cpu = (cpuSeconds(server.pid) - cpuBefore) / RUNS;
    const shell = summarise(pipeline);
    const ratio = (values: readonly number[]) => summarise(values).median / shell.median;
    return [
      {
        what: 'git clone | helm template | kubectl apply --server-side (its default validation)',
        figure: formatMs(shell),
      },
      { what: 'webhook POST → 202', figure: formatMs(summarise(answered)) },
      { what: 'webhook POST → Deployment changed', figure: formatMs(summarise(deployed)) },
      { what: 'webhook POST → Synced', figure: formatMs(summarise(synced)) },
      ratioRow('to the Deployment, ratio of medians', ratio(deployed), 0.33),
      ratioRow('to Synced, ratio of medians', ratio(synced), 0.4),
      { what: 'CPU of hawser a push', figure: `${(cpu * 1000).toFixed(0)} ms` },
    ];
  } finally {
    for (const close of closers) await close();
  }
}

function ratioRow(what: string, ratio: number, goal: number): Row {
  return { what, figure: `${ratio.toFixed(2)} ×`, goal: `≤ ${goal} ×`, holds: ratio <= goal };
}

interface WorkTree {
  /** Commits and pushes a new image tag and replica count for both environments; gives the commit. */
  change(): { readonly commit: string; readonly image: string };
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
  for (const [path, content] of Object.entries(DEMO_FILES)) {
    mkdirSync(join(tree, path, '..'), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
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
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prd-nginx' } });
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
