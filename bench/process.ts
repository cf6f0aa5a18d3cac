// What the operating system says of a process, and waiting until a server answers.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** User and system time of a process so far, in seconds. */
export function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory of a process, in MB. */
export function residentMegabytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

export async function waitForUrl(url: string, limitMs = 30_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url} did not answer within ${limitMs} ms`);
}

/** User and system time of all children of this process that have ended, in seconds. */
export function childCpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/** The most memory that a command held while it ran, in MB, as time(1) tells it; undefined where there is none. */
export function peakMegabytes(command: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): number | undefined {
  const { stderr, error } = spawnSync('/usr/bin/time', ['-f', 'peak %M', ...command], { env, cwd, maxBuffer: 1 << 28 });
  const kilobytes = error ? undefined : /^peak (\d+)$/m.exec(stderr.toString())?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
