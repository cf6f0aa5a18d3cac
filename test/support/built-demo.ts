// The built hawser in a process, and a demo that it runs for a test file: a sandbox cluster, a Git server, the handler.

import { inject } from 'vitest';
import { createHome, type Outcome, type RunningProcess, type RunOptions, startProcess } from './hawser-process.ts';

export interface BuiltDemo {
  readonly url: string;
  readonly cloneUrl: string;
  readonly kubeconfig: string;
  readonly token: string;
  /** A home in which hawser finds the demo. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: string[]): Promise<Outcome>;
  start(args: readonly string[], options?: Partial<RunOptions>): RunningProcess;
  end(): Promise<void>;
}

export function startBuilt(args: readonly string[], options: RunOptions): RunningProcess {
  return startProcess(process.execPath, [inject('launcher'), ...args], options);
}

export async function startBuiltDemo(): Promise<BuiltDemo> {
  const home = createHome();
  const demo = startBuilt(['demo', '--port', '0'], { env: home.env });
  await demo.waitFor(/Ctrl-C/);
  const { stdout } = demo.output();
  const read = (label: string) =>
    new RegExp(`^ {2}${label} +(?:export KUBECONFIG=)?(\\S+)`, 'm').exec(stdout)?.[1] ?? '';
  const start: BuiltDemo['start'] = (args, options = {}) =>
    startBuilt(args, { cwd: home.folder, ...options, env: { ...home.env, ...options.env } });
  return {
    ...{ url: read('Page'), cloneUrl: read('Git'), kubeconfig: read('Kubernetes'), token: read('Token') },
    ...{ folder: home.folder, env: home.env, start },
    run: (...args) => start(args).ended,
    end: async () => {
      await demo.end('SIGINT');
      home.remove();
    },
  };
}
