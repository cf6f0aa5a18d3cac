// Where running demos can be reached, written down so that other commands find them: one file a process.

import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../base/json.ts';

export interface DemoState {
  readonly pid: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** The handler. */
  readonly url: string;
  readonly token: string;
  /** Takes edits of the demo repository: POST {file, assignments}. */
  readonly editUrl: string;
}

const FILE = /^demo-(\d+)\.json$/;

/** Also clears away what demos left that ended without a word. */
export async function writeDemoState(folder: string, state: DemoState): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const pid = FILE.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
  await writeFile(join(folder, fileOf(state.pid)), `${JSON.stringify(state)}\n`, { mode: 0o600 });
}

export async function removeDemoState(folder: string, pid: number): Promise<void> {
  await rm(join(folder, fileOf(pid)), { force: true });
  // A folder that nothing else uses goes, too.
  await rmdir(folder).catch(() => undefined);
}

/** The demo that was started last; undefined when none runs. */
export async function readDemoState(folder: string): Promise<DemoState | undefined> {
  const names = await readdir(folder).catch(() => []); // No folder: no demo ever ran.
  const states = await Promise.all(
    names.filter((name) => FILE.test(name)).map((name) => readState(join(folder, name))),
  );
  return states
    .filter((state) => state !== undefined && isAlive(state.pid))
    .sort((a, b) => (b?.startedAt ?? 0) - (a?.startedAt ?? 0))[0];
}

function fileOf(pid: number): string {
  return `demo-${pid}.json`;
}

/** undefined for a file that is no state. */
async function readState(path: string): Promise<DemoState | undefined> {
  try {
    const state: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isObject(state)) return undefined;
    const { pid, startedAt, url, token, editUrl } = state;
    if (typeof pid !== 'number' || typeof startedAt !== 'number') return undefined;
    if (typeof url !== 'string' || typeof token !== 'string' || typeof editUrl !== 'string') return undefined;
    return { pid, startedAt, url, token, editUrl };
  } catch {
    return undefined; // Its demo is writing it, or has just removed it.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // Another user's process lives.
  }
}
