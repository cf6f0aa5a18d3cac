// The real platform of the runtime under test, and programs that run on it: what a test says is said to both runtimes by the same code.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { connectKubeconfig } from '../../../src/node/kubeconfig.ts';
import { createUiAssets } from '../../../src/node/ui-assets.ts';
import { bundleWorker } from '../../../src/node/worker-bundle.ts';
import { startProcess } from '../../support/hawser-process.ts';
import type { InputOf, ProgramName, ResultOf } from '../ports/programs/programs.ts';
import { startKillableWorker } from './killable-worker.ts';

export interface PortHost {
  /** Runs a program, and gives its result; rejects with what it threw. */
  run<N extends ProgramName>(name: N, ...input: InputOf<N>): Promise<ResultOf<N>>;
  /** The lines of its log so far, of all lives. */
  logs(): readonly LogLine[];
  /** Ends this life, or kills it, and starts the next one with what it left. */
  restart(how?: 'end' | 'kill'): Promise<void>;
  close(): Promise<void>;
}

export interface LogLine {
  readonly time?: string;
  readonly level?: string;
  readonly message?: string;
  readonly [field: string]: unknown;
}

export interface PortHostOptions {
  /** The cluster and user of the kubeconfig that leads home; nobody is there without it. */
  readonly home?: HomeOptions;
  /** Of the UI, by name. */
  readonly assets?: Readonly<Record<string, Uint8Array>>;
}

export interface HomeOptions {
  /** As kubeconfigs have them. */
  readonly cluster: { readonly server: string; readonly [field: string]: unknown };
  readonly user?: Readonly<Record<string, unknown>>;
}

interface PortLife {
  readonly url: string;
  logs(): readonly string[];
  end(): Promise<void>;
  kill(): Promise<void>;
}

const NOBODY: HomeOptions = { cluster: { server: 'http://127.0.0.1:1' } };

export async function startPortHost({ home = NOBODY, assets = {} }: PortHostOptions = {}): Promise<PortHost> {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-ports-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(home)));
  const ui = join(folder, 'ui');
  await mkdir(ui);
  for (const [name, bytes] of Object.entries(assets)) await writeFile(join(ui, name), bytes);
  const start = inject('runtime') === 'Node' ? startOnNode : startInWorkerd;
  const parts = { folder: join(folder, 'data'), kubeconfig, ui };
  const earlier: string[] = [];
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  let life = await start(parts).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    run: async (name, ...[input = null]) => {
      const response = await fetch(`${life.url}/${name}`, { method: 'POST', body: JSON.stringify(input) });
      const answer = (await response.json()) as { result: ResultOf<typeof name>; message?: string };
      if (!response.ok) throw new Error(`${name}: ${answer.message}`);
      return answer.result;
    },
    logs: () =>
      [...earlier, ...life.logs()].filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine),
    restart: async (how = 'end') => {
      await life[how]();
      earlier.push(...life.logs());
      life = await start(parts);
    },
    close: async () => {
      await life.end();
      await remove();
    },
  };
}

interface LifeParts {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly ui: string;
}

function kubeconfigOf({ cluster, user = {} }: HomeOptions): object {
  const context = { name: 'home', context: { cluster: 'home', user: 'home' } };
  const parts = { clusters: [{ name: 'home', cluster }], users: [{ name: 'home', user }], contexts: [context] };
  return { apiVersion: 'v1', kind: 'Config', ...parts, 'current-context': 'home' };
}

async function startOnNode({ folder, kubeconfig, ui }: LifeParts): Promise<PortLife> {
  const program = join(import.meta.dirname, 'port-host-node.ts');
  const { PATH = '/usr/bin:/bin' } = process.env;
  // Its later lives start from what the first one has compiled.
  const env = { PATH, HOME: folder, TMPDIR: tmpdir(), HAWSER_UI: ui, NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const child = startProcess(process.execPath, [program, folder, kubeconfig], { env });
  const [, url = ''] = await child.waitFor(/runs programs at (\S+)/);
  return {
    url,
    logs: () => child.output().stderr.split('\n').slice(0, -1),
    end: async () => void (await child.end('SIGTERM')),
    kill: async () => void (await child.end('SIGKILL')),
  };
}

/** Bundled once a file of tests. */
let script: Promise<string> | undefined;

async function startInWorkerd({ folder, kubeconfig, ui }: LifeParts): Promise<PortLife> {
  script ??= bundleWorker(new URL('./port-host-worker.ts', import.meta.url));
  const logs: string[] = [];
  const worker = await startKillableWorker({
    script: await script,
    cluster: await connectKubeconfig({ kubeconfig }),
    port: 0,
    storage: folder,
    assets: createUiAssets(ui),
    onLog: (line) => logs.push(line),
    bindings: { HAWSER_LOOPBACK: 'true' },
  });
  return { url: worker.url, logs: () => logs, end: () => worker.close(), kill: () => worker.kill() };
}
