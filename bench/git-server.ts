// `git http-backend` over a folder in a process of its own, so that starting git takes none of the time that is measured beside it:
// `node bench/git-server.ts FOLDER` prints the address.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startHttpBackend } from '../test/support/git-http-backend.ts';

/** Starts this file as a process. */
export async function startGitServer(folder: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const child = spawn(process.execPath, [import.meta.filename, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [address] = await once(child.stdout, 'data');
  return {
    url: String(address).trim(),
    close: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

if (import.meta.main) {
  const { url } = await startHttpBackend(process.argv[2] ?? '.');
  process.stdout.write(`${url}\n`);
}
