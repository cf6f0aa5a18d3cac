// Where a running demo can be reached, written down so that other commands find it.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../base/json.ts';

export interface DemoState {
  readonly pid: number;
  /** The handler. */
  readonly url: string;
  readonly token: string;
  /** Takes edits of the demo repository: POST {file, assignments}. */
  readonly editUrl: string;
}

const FILE = 'demo.json';

export async function writeDemoState(folder: string, state: DemoState): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, FILE), `${JSON.stringify(state)}\n`, { mode: 0o600 });
}

export async function removeDemoState(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
}

/** undefined when no demo runs. */
export async function readDemoState(folder: string): Promise<DemoState | undefined> {
  try {
    const state: unknown = JSON.parse(await readFile(join(folder, FILE), 'utf8'));
    if (!isObject(state)) return undefined;
    process.kill(Number(state.pid), 0);
    return state as unknown as DemoState;
  } catch {
    return undefined; // No file, a broken one, or the process it names is gone: no demo runs.
  }
}
