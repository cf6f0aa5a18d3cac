// The hawser command as a process, as a user starts it: bin/hawser.js under the Node of this test run, in an environment of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Outcome {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  /** It starts others, which it does not end by itself: a signal goes to all of them. */
  readonly isGroup?: boolean;
}

export interface RunningProcess {
  readonly pid: number;
  /** What it has written so far. */
  output(): { stdout: string; stderr: string };
  /** Resolves with the match once standard output or standard error has it; rejects when the process ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Outcome>;
  /** The end, whoever causes it. */
  readonly ended: Promise<Outcome>;
}

/** A home for the processes of one test file, with no kubeconfig, no demo and no cache in it. */
export interface Home {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

const LAUNCHER = resolve(import.meta.dirname, '../../bin/hawser.js');
/** Node's, by the contents of each file: of all homes, or the first process of each would compile all of hawser again. */
const COMPILED = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hawser', 'compiled-for-tests');
const LIMIT_MS = 180_000;
const SOON_MS = 60_000;

export function createHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-home-'));
  return {
    folder,
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: folder,
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      TMPDIR: folder,
      NODE_COMPILE_CACHE: COMPILED,
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Starts any program; it is killed after a minute at the latest. */
export function startProcess(program: string, args: readonly string[], options: RunOptions = {}): RunningProcess {
  const child = spawn(program, args, {
    ...(options.env && { env: { ...options.env } }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.isGroup && { detached: true }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const kill = (signal: NodeJS.Signals) => {
    if (options.isGroup && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  };
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  child.stdin.on('error', () => undefined); // It may end without reading.
  child.stdin.end(options.input ?? '');
  const limit = setTimeout(() => kill('SIGKILL'), LIMIT_MS);
  const ended = new Promise<Outcome>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      clearTimeout(limit);
      done({ code, stdout, stderr });
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => ({ stdout, stderr }),
    waitFor: (pattern) =>
      new Promise((found, fail) => {
        const look = () => {
          const match = pattern.exec(stdout) ?? pattern.exec(stderr);
          if (!match) return;
          waiting.delete(look);
          found(match);
        };
        waiting.add(look);
        look();
        ended.then(({ code }) => fail(new Error(`it ended with ${code} before ${pattern}:\n${stdout}${stderr}`)), fail);
      }),
    end: (signal = 'SIGTERM') => {
      kill(signal);
      return ended;
    },
  };
}

export function runProcess(program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return startProcess(program, args, options).ended;
}

export function startHawser(args: readonly string[], options: RunOptions): RunningProcess {
  return startProcess(process.execPath, [LAUNCHER, ...args], options);
}

export function runHawser(args: readonly string[], options: RunOptions): Promise<Outcome> {
  return startHawser(args, options).ended;
}

/** Waits until `look` gives something; for states that another process reaches in its own time. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + SOON_MS;
  for (;;) {
    const beganMs = performance.now();
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come about`);
    // A look by a process of its own leaves as much to what it waits for.
    await new Promise((resolveSoon) => setTimeout(resolveSoon, Math.max(50, performance.now() - beganMs)));
  }
}
