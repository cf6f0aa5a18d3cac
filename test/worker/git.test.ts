// The Git client inside workerd, against the sandbox's Git server in this process.

import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatPacket } from '../../src/git/pkt-line.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { workerBuiltins } from '../../src/node/worker-builtins.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';

const DETAILS = { message: 'first', author: { name: 'Alice', email: 'alice@example.com' }, atMs: 1_700_000_000_000 };
const WORKER = `
  import { createGitClient } from './src/git/client.ts';
  import { resolveRevision } from './src/git/revision.ts';
  import { createConnectedFetch } from './src/worker/connected-fetch.ts';

  export default {
    async fetch(request) {
      const { remote, paths, read, write } = await request.json();
      try {
        const client = createGitClient({ fetch: createConnectedFetch() });
        const { sha } = resolveRevision(await client.listRefs(remote), 'HEAD');
        if (write) {
          const files = new Map(Object.entries(write).map(([path, text]) => [path, new TextEncoder().encode(text)]));
          const author = { name: 'Kim', email: 'kim@example.com', atSeconds: 1_700_000_000, zone: '+0000' };
          const made = await client.prepareCommit(remote, sha, files, { author, committer: author, message: 'Try' });
          const request = { ref: 'refs/heads/try', before: '0'.repeat(40), after: made.id, objects: made.objects };
          await client.push(remote, request);
          return Response.json({ id: made.id });
        }
        const tree = await client.openCommit(remote, sha, { paths });
        return Response.json({ sha, text: new TextDecoder().decode(tree.readFile(read)) });
      } catch (error) {
        return Response.json({ code: error.code, message: error.message });
      }
    },
  };
`;

describe('the Git client in workerd', () => {
  let git: Listening;
  let repository: SandboxRepository;
  let miniflare: Miniflare;
  let sha = '';

  beforeAll(async () => {
    const server = createGitServer({ users: { alice: 's3cret' }, protocol: 0 });
    repository = server.create('team/deploy', { isPrivate: true });
    ({ after: sha } = await server.commit(repository, 'main', { 'web/values.yaml': 'a: 1\n' }, DETAILS));
    const handle = async (request: Request) => {
      const isPicky = new URL(request.url).pathname.startsWith('/picky/');
      const body = isPicky && request.method === 'POST' ? await request.clone().text() : '';
      if (body.includes('agent=git/hawser')) return new Response(formatPacket('ERR unknown client'));
      return server.handle(new Request(request.url.replace('/picky/', '/team/'), request));
    };
    git = await listen(handle, { host: '127.0.0.1', port: 0 });
    const { outputFiles } = await build({
      stdin: { contents: WORKER, resolveDir: new URL('../..', import.meta.url).pathname, loader: 'ts' },
      bundle: true,
      format: 'esm',
      target: 'es2024',
      conditions: ['workerd', 'worker'],
      external: ['node:*'],
      plugins: [workerBuiltins],
      write: false,
    });
    miniflare = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-07-01',
      compatibilityFlags: ['nodejs_compat'],
      cf: false,
    });
  });
  afterAll(async () => {
    await miniflare.dispose();
    await git.close();
  });

  const ask = async (body: object) => {
    const response = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body: JSON.stringify(body) });
    return response.json();
  };
  const credentials = { kind: 'basic', username: 'alice', password: 's3cret' };

  it('reads a private repository', async () => {
    const remote = { url: `${git.url}/team/deploy`, credentials };
    expect(await ask({ remote, paths: ['web'], read: 'web/values.yaml' })).toEqual({ sha, text: 'a: 1\n' });
  });

  it('reads through isomorphic-git where the server does not understand our own requests', async () => {
    const remote = { url: `${git.url}/picky/deploy`, credentials };
    expect(await ask({ remote, paths: ['web'], read: 'web/values.yaml' })).toEqual({ sha, text: 'a: 1\n' });
  });

  it('pushes a commit', async () => {
    const remote = { url: `${git.url}/team/deploy`, credentials };
    const { id } = (await ask({ remote, write: { 'web/values.yaml': 'a: 2\n' } })) as { id: string };
    expect(repository.refs.get('refs/heads/try')).toBe(id);
    expect(repository.refs.get('refs/heads/main')).toBe(sha);
  });

  it('says that credentials are missing', async () => {
    const remote = { url: `${git.url}/team/deploy` };
    expect(await ask({ remote, paths: ['web'], read: 'web/values.yaml' })).toMatchObject({ code: 'GitUnauthorized' });
  });

  it.each([
    ['a proxy', { proxy: 'http://proxy:3128' }, 'http'],
    ['a private CA', { ca: 'PEM' }, 'https'],
    ['any certificate', { insecure: true }, 'https'],
    ['a client certificate', { clientCertificate: { cert: 'CERT', key: 'KEY' } }, 'https'],
  ])('says that it cannot use %s', async (_, connection, scheme) => {
    const remote = { url: `${scheme}://git.test/a`, connection };
    expect(await ask({ remote, paths: [], read: 'a' })).toMatchObject({ code: 'Unsupported' });
  });
});
