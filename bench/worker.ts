// hawser in workerd beside hawser on Node: the first answer of a process that has just started, what each costs while nothing happens, and
// a push → Synced. Both reach a sandbox cluster and a Git server of this process by loopback HTTP.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleWorker } from '../src/node/worker-bundle.ts';
import { ourPrograms } from './in-turns.ts';
import { formatMs, type Row, type Summary, summarise } from './measure.ts';
import { connectionsTo, measureCpu, residentMegabytes } from './process.ts';
import { createWorkerGround, type Delivery, NAMESPACE, TOKEN, type WorkerGround } from './worker-ground.ts';
import { startWorkerd } from './workerd.ts';

const RUNS = Number(process.env.HAWSER_BENCH_RUNS ?? 20);
const WARM_TURNS = 3;
const SETTLE_MS = 10_000;
const WINDOW_MS = 60_000;

/** A hawser that listens and of which nothing has been asked. */
interface Started {
  readonly url: string;
  readonly child: ChildProcess;
}

interface Runtime {
  readonly name: 'workerd' | 'Node';
  /** `folder` is empty. */
  start(cluster: string, folder: string): Promise<Started>;
}

export async function benchWorker(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
  try {
    const runtimes = [await workerdRuntime(), nodeRuntime(folder)];
    return [
      ...(await measureColdStarts(runtimes, join(folder, 'cold'))),
      ...(await measureLives(runtimes, join(folder, 'lives'))),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function workerdRuntime(): Promise<Runtime> {
  const script = await bundleWorker();
  const bindings = { HAWSER_NAMESPACE: NAMESPACE, HAWSER_TOKEN: TOKEN };
  return { name: 'workerd', start: (cluster, folder) => startWorkerd({ folder, script, cluster, bindings }) };
}

/** What `npm run build` has made, where it has. */
function nodeRuntime(folder: string): Runtime {
  const [program = '', ...command] = ourPrograms(folder)[0]?.command ?? [];
  const start: Runtime['start'] = async (cluster, own) => {
    mkdirSync(own, { recursive: true });
    const kubeconfig = join(own, 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigText(cluster));
    const flags = ['--kubeconfig', kubeconfig, '--namespace', NAMESPACE, '--port', '0', '--data', join(own, 'data')];
    const child = spawn(program, [...command, 'serve', ...flags, '--log-format', 'json'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HAWSER_TOKEN: TOKEN },
    });
    for await (const line of createInterface({ input: child.stderr })) {
      const url = /"hawser serves","url":"([^"]+)"/.exec(line)?.[1];
      if (url === undefined) continue;
      child.stderr.resume();
      return { url, child };
    }
    throw new Error('hawser serve did not start');
  };
  return { name: 'Node', start };
}

function kubeconfigText(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bench', cluster: { server } }],
    users: [{ name: 'bench', user: {} }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    'current-context': 'bench',
  });
}

/** A fresh process a round, in turns; it is ended when its work is done. */
async function measureColdStarts(runtimes: readonly Runtime[], folder: string): Promise<readonly Row[]> {
  const ground = await createWorkerGround();
  const samples = runtimes.map((runtime) => ({ runtime, asked: [] as number[], spawned: [] as number[] }));
  try {
    for (let round = 0; round <= RUNS; round++) {
      for (const { runtime, asked, spawned } of samples) {
        const delivery = await ground.push();
        const spawning = performance.now();
        const life = await runtime.start(ground.cluster, join(folder, `${runtime.name}-${round}`));
        const asking = performance.now();
        await deliver(life.url, delivery);
        const answered = performance.now();
        await ground.synced(delivery.commit);
        await end(life);
        // The first one fills the cache of compiled code.
        if (round === 0) continue;
        asked.push(answered - asking);
        spawned.push(answered - spawning);
      }
    }
  } finally {
    await ground.close();
  }
  return samples.flatMap(({ runtime: { name }, asked, spawned }) => [
    coldRow(name, summarise(asked)),
    { what: `${name}: its process is started → first answer`, figure: formatMs(summarise(spawned)) },
  ]);
}

function coldRow(name: Runtime['name'], asked: Summary): Row {
  const what = `${name}: first request, a signed webhook, of a process that listens → 202`;
  if (name === 'Node') return { what, figure: formatMs(asked) };
  return { what, figure: formatMs(asked), goal: 'median ≤ 300 ms', holds: asked.median <= 300 };
}

/** One process of each, on a ground of its own: idle after its first push, then pushes in turns. */
async function measureLives(runtimes: readonly Runtime[], folder: string): Promise<readonly Row[]> {
  const lives = await Promise.all(
    runtimes.map(async (runtime) => {
      const ground = await createWorkerGround();
      return { runtime, ground, life: await runtime.start(ground.cluster, join(folder, runtime.name)) };
    }),
  );
  try {
    for (const { ground, life } of lives) await pushToSynced(ground, life.url);
    await delay(SETTLE_MS);
    const idle = await Promise.all(lives.map(({ runtime, ground, life }) => idleRows(runtime.name, ground, life)));
    const samples = lives.map((life) => ({ ...life, answered: [] as number[], synced: [] as number[], cpuMs: 0 }));
    for (let round = 0; round < WARM_TURNS + RUNS; round++) {
      for (const sample of samples) {
        const cpu = measureCpu(sample.life.child.pid);
        const { answeredMs, syncedMs } = await pushToSynced(sample.ground, sample.life.url);
        if (round < WARM_TURNS) continue;
        sample.cpuMs += cpu() / RUNS;
        sample.answered.push(answeredMs);
        sample.synced.push(syncedMs);
      }
    }
    const pushes = samples.flatMap(({ runtime: { name }, answered, synced, cpuMs }) => [
      { what: `${name}: webhook POST → 202, warm`, figure: formatMs(summarise(answered)) },
      {
        what: `${name}: webhook POST → Synced, warm`,
        figure: `${formatMs(summarise(synced))}, CPU ${cpuMs.toFixed(0)} ms`,
      },
    ]);
    return [...idle.flat(), ...pushes];
  } finally {
    for (const { life, ground } of lives) {
      await end(life);
      await ground.close();
    }
  }
}

async function idleRows(name: Runtime['name'], ground: WorkerGround, { child }: Started): Promise<readonly Row[]> {
  const megabytes = residentMegabytes(child.pid);
  const before = ground.requests();
  const cpu = measureCpu(child.pid);
  await delay(WINDOW_MS);
  const cpuMs = cpu();
  const requests = ground.requests() - before;
  const connections = ground.ports.map((port) => connectionsTo(child.pid, port)).reduce((sum, count) => sum + count);
  const row = (what: string, figure: string, goal: string, holds: boolean): Row =>
    name === 'Node' ? { what: `Node: ${what}`, figure } : { what: `workerd: ${what}`, figure, goal, holds };
  return [
    row('resident memory, idle after a push', `${megabytes.toFixed(0)} MB`, '≤ 150 MB', megabytes <= 150),
    row('CPU in 60 idle seconds', `${cpuMs.toFixed(1)} ms`, '≤ 20 ms', cpuMs <= 20),
    row('requests to cluster and Git in 60 idle seconds', String(requests), '0', requests === 0),
    { what: `${name}: connections to cluster and Git after these`, figure: String(connections) },
  ];
}

async function pushToSynced(ground: WorkerGround, url: string): Promise<{ answeredMs: number; syncedMs: number }> {
  const delivery = await ground.push();
  const synced = ground.synced(delivery.commit).then(() => performance.now());
  await delay(50); // The watch is open by then.
  const begin = performance.now();
  await deliver(url, delivery);
  const answeredMs = performance.now() - begin;
  return { answeredMs, syncedMs: (await synced) - begin };
}

async function deliver(url: string, { body, headers }: Delivery): Promise<void> {
  const response = await fetch(`${url}/api/webhook`, { method: 'POST', body, headers });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`the webhook was answered ${response.status}: ${text}`);
}

async function end({ child }: Started): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
