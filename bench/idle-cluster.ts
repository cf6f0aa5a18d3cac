// `hawser serve` beside a real API server after it has synced: its requests in 60 s by the API server's log, and its timers.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationManifest } from '../src/application/manifest.ts';
import { at, stringAt } from '../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import { connectKubeconfig } from '../src/node/kubeconfig.ts';
import { listen } from '../src/node/listen.ts';
import { prepareHome } from '../src/operation/prepare-home.ts';
import { createGitServer } from '../src/sandbox/git/server.ts';
import { freePort, missingControlPlane, startControlPlane } from '../test/support/control-plane.ts';
import type { Row } from './measure.ts';
import { cpuSeconds, waitForUrl } from './process.ts';

const SETTLE_MS = 15_000;
const WINDOW_MS = 60_000;
const TOKEN = 'bench-token';

export async function benchIdleCluster(): Promise<readonly Row[]> {
  const missing = missingControlPlane();
  if (missing !== undefined) return [{ what: 'serve, idle', figure: `SKIPPED: ${missing}` }];
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
  const auditLog = join(folder, 'audit.log');
  const plane = await startControlPlane({ auditLog });
  const closers: (() => unknown)[] = [() => plane.stop(), () => rmSync(folder, { recursive: true, force: true })];
  try {
    const client = createKubeClient(await connectKubeconfig({ kubeconfig: plane.kubeconfig }), {
      fieldManager: 'bench',
    });
    await prepareHome(client, 'argocd');
    const repoURL = await serveRepository(closers);
    const port = await freePort();
    const resources = join(folder, 'resources.json');
    const server = spawn(
      process.execPath,
      ['--import', new URL('report-resources.js', import.meta.url).href, 'bin/hawser.js', 'serve'].concat([
        '--kubeconfig',
        plane.kubeconfig,
        '--port',
        String(port),
        '--data',
        join(folder, 'data'),
      ]),
      { stdio: 'ignore', env: { ...process.env, HAWSER_TOKEN: TOKEN, HAWSER_BENCH_RESOURCES: resources } },
    );
    closers.unshift(() => server.kill());
    const url = `http://127.0.0.1:${port}`;
    await waitForUrl(`${url}/healthz`);
    await syncApplications(client, url, repoURL);
    await delay(SETTLE_MS);
    const before = { lines: linesOf(auditLog), cpu: cpuSeconds(server.pid) };
    await delay(WINDOW_MS);
    const cpuMs = (cpuSeconds(server.pid) - before.cpu) * 1000;
    const requests = linesOf(auditLog).slice(before.lines.length).filter(isOfHawser);
    server.kill('SIGUSR2');
    while (!existsSync(resources)) await delay(50);
    const active: unknown = JSON.parse(readFileSync(resources, 'utf8'));
    const timers = (Array.isArray(active) ? active : []).filter((name) => /^(Timeout|Immediate)$/.test(String(name)));
    return [
      {
        what: 'serve: requests in 60 idle seconds, by the API server’s audit log',
        figure: `${requests.length}${requests.length > 0 ? ` (${requests.map(describe).join(', ')})` : ''}`,
        goal: '0',
        holds: requests.length === 0,
      },
      {
        what: 'serve: timers (getActiveResourcesInfo)',
        figure: String(timers.length),
        goal: '≤ 1',
        holds: timers.length <= 1,
      },
      { what: 'serve: CPU in 60 idle seconds', figure: `${cpuMs.toFixed(0)} ms`, goal: '≤ 20 ms', holds: cpuMs <= 20 },
    ];
  } finally {
    for (const close of closers) await close();
  }
}

async function serveRepository(closers: (() => unknown)[]): Promise<string> {
  const git = createGitServer({ onPush: () => undefined });
  const repository = git.create('bench/idle', { defaultBranch: 'main' });
  const files = {
    'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n',
    // Never healthy here: no node runs its Pod.
    'web.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: nginx}]}\n  replicas: 0\n',
  };
  await git.commit(repository, 'main', files, {
    message: 'Begin\n',
    author: { name: 'Kim', email: 'kim@example.com' },
    atMs: Date.now(),
  });
  const listening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
  closers.push(() => listening.close());
  return `${listening.url}/${repository.path}`;
}

/** Ten Applications, each automated, selfHeal and retry included: what could keep a loop busy. */
async function syncApplications(client: KubeClient, url: string, repoURL: string): Promise<void> {
  const names = Array.from({ length: 10 }, (_, index) => `idle-${index}`);
  for (const name of names) {
    const automated = { prune: true, selfHeal: true };
    const app = { name, namespace: 'argocd', repoURL, path: '.', destinationNamespace: name, automated };
    await client.create(applicationManifest(app));
  }
  for (const name of names) {
    await fetch(`${url}/api/refresh`, {
      method: 'POST',
      body: JSON.stringify({ application: name }),
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    });
  }
  const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
  const synced = new Set<string>();
  for await (const event of client.watch(type, { namespace: 'argocd', timeoutMs: 60_000 })) {
    for (const app of event.type === 'RELISTED' ? event.objects : [event.object]) {
      const isDone =
        stringAt(app, 'status', 'operationState', 'phase') === 'Succeeded' &&
        at(app, 'status', 'sync', 'status') === 'Synced';
      if (isDone) synced.add(app.metadata.name ?? '');
    }
    if (synced.size === names.length) return;
  }
  throw new Error(`only ${[...synced].join(', ')} became Synced`);
}

function linesOf(log: string): readonly string[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Whose requests name no component of the control plane. */
function isOfHawser(line: string): boolean {
  return !/^kube-/.test(stringAt(JSON.parse(line), 'userAgent') ?? '');
}

function describe(line: string): string {
  const entry: unknown = JSON.parse(line);
  return `${stringAt(entry, 'verb')} ${stringAt(entry, 'requestURI')}`;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
