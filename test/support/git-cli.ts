// The real git command, with a configuration of its own. Calls do not block: the server under test may be in this
// process.

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ENVIRONMENT = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Alice',
  GIT_AUTHOR_EMAIL: 'alice@example.com',
  GIT_COMMITTER_NAME: 'Alice',
  GIT_COMMITTER_EMAIL: 'alice@example.com',
  LC_ALL: 'C',
};

/** Whether there is a git command; tests that need it are skipped aloud where there is none. */
export function hasGit(): boolean {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('no git command on this machine: the tests against real Git are skipped');
    return false;
  }
}

/** What git printed, without white space at its end. Rejects with its words where it failed. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, env: ENVIRONMENT, maxBuffer: 2 ** 28 });
  return stdout.trimEnd();
}

/** A folder that `remove` deletes again. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'hawser-git-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
