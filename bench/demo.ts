// The demo: how soon it answers after its start, and from the end of a git push to Synced at the new revision.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, stringAt } from '../src/base/json.ts';
import { freePort } from '../test/support/control-plane.ts';
import { formatMs, type Row, summarise } from './measure.ts';
import { waitForUrl } from './process.ts';

const PUSHES = 10;
const STARTS = 3;

export interface RunningDemo {
  readonly pid: number | undefined;
  readonly url: string;
  readonly cloneUrl: string;
  readonly kubeconfig: string;
  readonly startMs: number;
  stop(): Promise<void>;
}

/** Starts `npm start`'s process on a free port. `startMs`: until its page answers. */
export async function startDemoProcess(): Promise<RunningDemo> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const data = mkdtempSync(join(tmpdir(), 'hawser-bench-demo-'));
  const begin = performance.now();
  const child = spawn(process.execPath, ['bin/hawser.js', 'demo', '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, XDG_DATA_HOME: data },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await waitForUrl(`${url}/`).catch((error: unknown) => {
    child.kill('SIGTERM');
    throw error;
  });
  const startMs = performance.now() - begin;
  while (!/KUBECONFIG=(\S+)\n/.test(output)) await new Promise((resolve) => setTimeout(resolve, 10));
  return {
    pid: child.pid,
    url,
    cloneUrl: /Git +(\S+)/.exec(output)?.[1] ?? '',
    kubeconfig: /KUBECONFIG=(\S+)/.exec(output)?.[1] ?? '',
    startMs,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export async function benchDemo(): Promise<readonly Row[]> {
  const starts: number[] = [];
  for (let run = 0; run < STARTS; run++) {
    const demo = await startDemoProcess();
    starts.push(demo.startMs);
    await demo.stop();
  }
  const demo = await startDemoProcess();
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-clone-'));
  try {
    const times: number[] = [];
    await untilSynced(demo.url, undefined);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@example.com', ...args], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
        .toString()
        .trim();
    git('clone', '--quiet', demo.cloneUrl, '.');
    const values = join(folder, 'nginx-chart/values-dev.yaml');
    for (let push = 1; push <= PUSHES; push++) {
      writeFileSync(values, readFileSync(values, 'utf8').replace(/tag: .*/, `tag: "1.27.${push}"`));
      git('commit', '--quiet', '-am', `Set tag ${push}`);
      const commit = git('rev-parse', 'HEAD');
      git('push', '--quiet');
      const begin = performance.now();
      await untilSynced(demo.url, commit);
      times.push(performance.now() - begin);
    }
    const start = summarise(starts);
    const pushed = summarise(times);
    return [
      { what: 'demo: start → page answers', figure: formatMs(start), goal: '≤ 3000 ms', holds: start.median <= 3000 },
      {
        what: 'demo: end of git push → Synced at the new revision',
        figure: formatMs(pushed),
        goal: '≤ 1000 ms',
        holds: pushed.median <= 1000,
      },
    ];
  } finally {
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function untilSynced(url: string, commit: string | undefined): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const app: unknown = await (await fetch(`${url}/api/v1/applications/dev-nginx`)).json();
    const isThere = commit === undefined || stringAt(app, 'status', 'sync', 'revision') === commit;
    if (
      isThere &&
      at(app, 'status', 'sync', 'status') === 'Synced' &&
      at(app, 'status', 'operationState', 'phase') === 'Succeeded'
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`dev-nginx was not Synced${commit ? ` at ${commit}` : ''} within 20 s`);
}
