// 200 signed deliveries a second while a chart of 1.9 MB renders again and again, then floods of what nobody signed: `serve`, the sandbox
// cluster and each generator are processes of their own, and what a generator takes of the machine is told apart.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, stringAt } from '../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import { connectKubeconfig } from '../src/node/kubeconfig.ts';
import { formatKubeconfig } from '../src/sandbox/listen/kubeconfig.ts';
import { freePort } from '../test/support/control-plane.ts';
import { ourPrograms } from './in-turns.ts';
import { type LoadResult, type LoadTask, runLoad } from './load-generator.ts';
import { APPLICATIONS, LARGE, NAMESPACE, SECRET, startLoadGround } from './load-ground.ts';
import type { Row } from './measure.ts';
import { cpuSeconds, residentMegabytes, waitForUrl } from './process.ts';

const TOKEN = 'bench-token';
const PER_SECOND = 200;
const SECONDS = Number(process.env.HAWSER_BENCH_SECONDS ?? 60);
const FLOOD_SECONDS = Math.max(5, SECONDS / 3);
const GOAL_P99_MS = 250;
const GOAL_MEGABYTES = 300;
const SETTLE_MS = 60_000;
const RECORD_MS = 10_000;

type Signed = Awaited<ReturnType<typeof runLoad>>;

export async function benchLoad(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
  const ground = await startLoadGround();
  const closers: (() => unknown)[] = [
    () => ground.child.kill('SIGKILL'),
    () => rmSync(folder, { recursive: true, force: true }),
  ];
  try {
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, formatKubeconfig(ground.cluster));
    const client = createKubeClient(await connectKubeconfig({ kubeconfig }), { fieldManager: 'bench' });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    // The bundle where `npm run build` was run, as people install it.
    const [hawser] = ourPrograms(folder);
    const [program = '', ...command] = hawser?.command ?? [];
    const server = spawn(
      program,
      [...command, 'serve', '--kubeconfig', kubeconfig, '--port', String(port), '--data', join(folder, 'data')],
      { stdio: 'ignore', env: { ...process.env, HAWSER_TOKEN: TOKEN } },
    );
    closers.unshift(() => server.kill('SIGKILL'));
    await waitForUrl(`${url}/healthz`);
    await untilSynced(client);
    const memory = watchMemory(server.pid);
    closers.unshift(() => memory.end());
    const task = (kind: LoadTask['kind'], more: Partial<LoadTask> = {}): LoadTask => ({
      kind,
      url,
      gitUrl: ground.git,
      repositories: ground.names,
      secret: SECRET,
      seconds: FLOOD_SECONDS,
      rate: 10,
      ...more,
    });
    // The process is warm before anything is told of it.
    await runLoad(task('signed', { seconds: 5, rate: 50 }));

    const before = { server: cpuSeconds(server.pid), ground: cpuSeconds(ground.child.pid), at: performance.now() };
    const large = runLoad(task('large', { repositories: [LARGE], seconds: SECONDS }));
    const load = await runLoad(task('signed', { seconds: SECONDS, rate: PER_SECOND }));
    const rendered = await large;
    const wall = (performance.now() - before.at) / 1_000;
    const settledMs = await untilSynced(client);
    const shares = [
      `hawser (${hawser?.name ?? ''}) ${(((cpuSeconds(server.pid) - before.server) / wall) * 100).toFixed(0)} %`,
      `sandbox ${(((cpuSeconds(ground.child.pid) - before.ground) / wall) * 100).toFixed(0)} %`,
      `generators ${((load.cpuSeconds / wall) * 100).toFixed(0)} %`,
    ];
    const rows: Row[] = [
      ...answerRows(`${PER_SECOND} signed deliveries a second for ${SECONDS} s, a chart of 1.9 MB rendering`, load),
      { what: 'verdicts', figure: JSON.stringify(load.verdicts) },
      { what: 'pushes of the large chart meanwhile', figure: `${rendered.taken} of ${rendered.sent} taken` },
      {
        what: 'CPU of one core',
        figure: `${shares.join(', ')}; the signed generator was late by ${load.lagMs.toFixed(0)} ms at most`,
      },
      memoryRow('memory of hawser at the peak, under load', memory.peak()),
      { what: 'all Synced after the last answer', figure: `${settledMs.toFixed(0)} ms` },
      await recordRow(url),
    ];
    for (const [what, flood] of [
      ['500 unsigned or forged deliveries a second', task('unsigned', { rate: 500 })],
      ['200 connections that send a byte a second', task('slow', { rate: 200 })],
      ['16 connections that send 100 MB each', task('huge', { rate: 16 })],
    ] as const) {
      memory.reset();
      const [beside, others] = await Promise.all([runLoad(task('signed', { rate: 20 })), runLoad(flood)]);
      rows.push(
        ...answerRows(`20 signed deliveries a second beside ${what}`, beside, Number.POSITIVE_INFINITY),
        { what: `${what}: answers`, figure: `${others.sent} sent: ${formatCounts(others.answers)}` },
        { what: 'memory of hawser at the peak, beside them', figure: `${memory.peak().toFixed(0)} MB` },
      );
    }
    return rows;
  } finally {
    for (const close of closers) await close();
  }
}

/** `mostMs`: what 99 of 100 answers may take. */
function answerRows(what: string, { sent, taken, answers, ms }: Signed, mostMs = GOAL_P99_MS): Row[] {
  return [
    {
      what: `${what}: taken`,
      figure: `${taken} of ${sent} (${formatCounts(answers)})`,
      goal: 'all',
      holds: taken === sent,
    },
    {
      what: 'its answers',
      figure: `median ${ms.median.toFixed(0)} ms, p95 ${ms.p95.toFixed(0)} ms, p99 ${ms.p99.toFixed(0)} ms, longest ${ms.max.toFixed(0)} ms`,
      ...(Number.isFinite(mostMs) && { goal: `p99 ≤ ${mostMs} ms`, holds: ms.p99 <= mostMs }),
    },
  ];
}

function formatCounts(counts: LoadResult['answers']): string {
  const entries = Object.entries(counts).map(([what, times]) => `${times} × ${what}`);
  return entries.join(', ') || 'none';
}

function memoryRow(what: string, megabytes: number): Row {
  return {
    what,
    figure: `${megabytes.toFixed(0)} MB`,
    goal: `≤ ${GOAL_MEGABYTES} MB`,
    holds: megabytes <= GOAL_MEGABYTES,
  };
}

function watchMemory(pid: number | undefined) {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(pid));
  }, 250);
  return {
    peak: () => peak,
    reset: () => {
      peak = 0;
    },
    end: () => clearInterval(timer),
  };
}

/** What is kept of all these deliveries; the last of them are recorded as done a moment after the work. */
async function recordRow(url: string): Promise<Row> {
  const what = 'deliveries in the record';
  const deadline = performance.now() + RECORD_MS;
  for (;;) {
    const response = await fetch(`${url}/api/deliveries?limit=2000`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const items = at(await response.json(), 'items');
    const isOver = performance.now() > deadline;
    if (!Array.isArray(items)) {
      if (isOver) return { what, figure: `cannot be read: ${response.status}`, goal: '0 open', holds: false };
    } else {
      const open = items.filter((entry) => stringAt(entry, 'state') !== 'done').length;
      const figure = `${items.length}, ${open} of them open`;
      if (open === 0 || isOver) return { what, figure, goal: '0 open', holds: open === 0 };
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Until all but the large one are Synced and none is in work; how long that took. */
async function untilSynced(client: KubeClient): Promise<number> {
  const begin = performance.now();
  for (;;) {
    const { items } = await client.list(
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
      { namespace: NAMESPACE },
    );
    const synced = items.filter(
      (app) =>
        stringAt(app, 'status', 'sync', 'status') === 'Synced' &&
        stringAt(app, 'status', 'operationState', 'phase') === 'Succeeded',
    );
    if (synced.length >= APPLICATIONS) return performance.now() - begin;
    if (performance.now() - begin > SETTLE_MS) {
      throw new Error(`only ${synced.length} of ${APPLICATIONS} Applications are Synced after ${SETTLE_MS / 1_000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
