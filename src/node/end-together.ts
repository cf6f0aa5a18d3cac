// Programs that this process starts and that would outlive it when it is killed: workerd goes on with its port and its storage then. A shell that
// does nothing but wait for the end of this process, whose end closes a pipe, ends them.

import { type ChildProcess, spawn } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { basename } from 'node:path';
import { isObject } from '../base/json.ts';

const GUARD = 'read _; kill -9 "$1"';

/** From now on: each `program` that anything in this process starts ends with it. Windows has no such shell. */
export function endTogether(program: string): void {
  if (process.platform === 'win32') return;
  subscribe('child_process', (message) => {
    const child = isObject(message) ? message.process : undefined;
    if (!isChild(child)) return;
    child.once('spawn', () => {
      if (basename(child.spawnfile) === program && child.pid !== undefined) guard(child, child.pid);
    });
  });
}

function guard(child: ChildProcess, pid: number): void {
  // Not of this process' group: Ctrl-C reaches all of that.
  const shell = spawn('/bin/sh', ['-c', GUARD, 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.on('error', () => undefined); // Then it is as it was.
  shell.stdin.on('error', () => undefined);
  shell.unref();
  // Its number may be another's by the time that this process ends.
  child.once('exit', () => shell.kill('SIGKILL'));
}

function isChild(value: unknown): value is ChildProcess {
  return isObject(value) && 'spawnfile' in value;
}
