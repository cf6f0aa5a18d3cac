// What the operating system says of a process, and waiting until a server answers.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** User and system time of a process so far, in seconds. */
export function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/**
 * Begins to measure what a process computes; the result tells it so far, in milliseconds: to the nanosecond by its threads, or in steps of
 * 10 ms where one of them has ended meanwhile.
 */
export function measureCpu(pid: number | undefined): () => number {
  const [ticks, threads] = [cpuSeconds(pid), threadTimes(pid)];
  return () => {
    const now = threadTimes(pid);
    if ([...threads.keys()].some((thread) => !now.has(thread))) return (cpuSeconds(pid) - ticks) * 1000;
    const spent = [...now].map(([thread, nanoseconds]) => nanoseconds - (threads.get(thread) ?? 0));
    return spent.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
  };
}

/** Nanoseconds by thread. */
function threadTimes(pid: number | undefined): ReadonlyMap<string, number> {
  const folder = `/proc/${pid}/task`;
  return new Map(
    readdirSync(folder).map((thread) => [
      thread,
      Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]),
    ]),
  );
}

/** The open connections of a process to a port of 127.0.0.1. */
export function connectionsTo(pid: number | undefined, port: number): number {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).map((name) => linkOf(`/proc/${pid}/fd/${name}`)));
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to, state, , , , , , inode]) => to === remote && state === '01' && own.has(`socket:[${inode}]`))
    .length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // Closed meanwhile.
  }
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
