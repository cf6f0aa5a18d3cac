// A Worker whose workerd can be killed, as a machine that fails kills it.

import { readdirSync, readFileSync } from 'node:fs';
import { type RunningWorker, startWorker, type WorkerOptions } from '../../../src/node/miniflare.ts';

export interface KillableWorker extends RunningWorker {
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** One after another: a process is known by that it was not there before. */
export async function startKillableWorker(options: WorkerOptions): Promise<KillableWorker> {
  const before = workerdProcesses();
  const worker = await startWorker(options);
  const own = workerdProcesses().filter((pid) => !before.includes(pid));
  return {
    ...worker,
    kill: async () => {
      for (const pid of own) process.kill(pid, 'SIGKILL');
      await worker.close();
    },
  };
}

/** The ids of this process' children that are workerd; what waits for its end to be read is none any more. */
function workerdProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        // `pid (name) state parent …`
        const [, name, state, parent] = /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return name === 'workerd' && state !== 'Z' && Number(parent) === process.pid;
      } catch {
        return false; // It has ended meanwhile.
      }
    });
}
