// The same repositories on several Git servers: the sandbox in this process and the real git http-backend, each with
// and without what a server may offer. Requests are counted.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { writePack } from '../../src/git/pack.ts';
import type { ConnectedFetch } from '../../src/platform.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { git, temporaryFolder } from './git-cli.ts';
import { startHttpBackend } from './git-http-backend.ts';

export interface ServerKind {
  readonly name: string;
  readonly real: boolean;
  readonly protocol: 0 | 2;
  readonly allowFilter: boolean;
}

export interface TestServer {
  /** Without a trailing slash. */
  readonly url: string;
  readonly fetch: ConnectedFetch;
  /** Of every request since `requests.length = 0`. */
  readonly requests: { readonly url: string; readonly body: string; received: number }[];
  create(path: string, options?: { defaultBranch?: string }): SandboxRepository;
  /** Makes what was changed in a repository's memory visible to clients. */
  publish(repository: SandboxRepository): Promise<void>;
  close(): Promise<void>;
}

export const SERVER_KINDS: readonly ServerKind[] = [false, true].flatMap((real) =>
  ([2, 0] as const).flatMap((protocol) =>
    [true, false].map((allowFilter) => ({
      name: `${real ? 'git http-backend' : 'the sandbox'}, version ${protocol}, ${allowFilter ? 'with' : 'without'} filter`,
      real,
      protocol,
      allowFilter,
    })),
  ),
);

export async function startServer({ real, protocol, allowFilter }: ServerKind): Promise<TestServer> {
  const sandbox = createGitServer({ protocol, allowFilter });
  const requests: TestServer['requests'] = [];
  const counting =
    (answer: ConnectedFetch): ConnectedFetch =>
    async (url, init, options) => {
      const row = { url, body: typeof init.body === 'string' ? init.body : '', received: 0 };
      requests.push(row);
      const response = await answer(url, init, options);
      const body = new Uint8Array(await response.arrayBuffer());
      row.received = body.length;
      return new Response(response.status === 204 ? null : body, {
        status: response.status,
        headers: response.headers,
      });
    };
  if (!real) {
    return {
      url: 'http://git.test',
      requests,
      fetch: counting((url, init) => sandbox.handle(new Request(url, init))),
      create: (path, options) => sandbox.create(path, options),
      publish: async () => undefined,
      close: async () => undefined,
    };
  }
  const folder = temporaryFolder();
  const backend = await startHttpBackend(folder.path, { hideProtocol: protocol === 0 });
  return {
    url: backend.url,
    requests,
    fetch: counting((url, init) => fetch(url, init)),
    create: (path, options) => sandbox.create(path, options),
    publish: (repository) => exportRepository(repository, join(folder.path, `${repository.path}.git`), allowFilter),
    close: async () => {
      await backend.close();
      folder.remove();
    },
  };
}

/** Writes a repository of the sandbox as a bare one on disk. */
export async function exportRepository(
  repository: SandboxRepository,
  path: string,
  allowFilter: boolean,
): Promise<void> {
  const at = (...args: string[]) => git('/', '--git-dir', path, ...args);
  await git('/', 'init', '-q', '--bare', path);
  await at('config', 'uploadpack.allowFilter', String(allowFilter));
  await at('symbolic-ref', 'HEAD', repository.head);
  await feed(['--git-dir', path, 'unpack-objects', '-q'], writePack(repository.objects.values(), 0));
  const known = await at('for-each-ref', '--format=delete %(refname)');
  const updates = [...repository.refs].map(([ref, id]) => `update ${ref} ${id}`);
  const deletions = known
    .split('\n')
    .filter((line) => line !== '' && !repository.refs.has(line.slice('delete '.length)));
  await feed(['--git-dir', path, 'update-ref', '--stdin'], [...deletions, ...updates, ''].join('\n'));
}

function feed(args: readonly string[], input: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { stdio: ['pipe', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`git ${args.join(' ')}: exit ${code}`))));
    child.stdin.end(input);
  });
}
