import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { createGitClient } from '../../src/git/client.ts';
import { formatPacket } from '../../src/git/pkt-line.ts';
import type { Remote } from '../../src/git/remote.ts';
import type { ConnectedFetch } from '../../src/platform.ts';
import { commitFiles, createRepository } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { hasGit, temporaryFolder } from '../support/git-cli.ts';
import { type HttpBackend, startHttpBackend } from '../support/git-http-backend.ts';
import { exportRepository } from '../support/git-servers.ts';

const DETAILS = { message: 'first', author: { name: 'Alice', email: 'alice@example.com' }, atMs: 1_700_000_000_000 };
const PASSWORD = 'pä$$:word';
const ALICE = { kind: 'basic', username: 'alice', password: PASSWORD } as const;
const plain: ConnectedFetch = (url, init) => fetch(url, init);

const listRefs = (fetch: ConnectedFetch, remote: Remote, signal?: AbortSignal) =>
  createGitClient({ fetch }).listRefs(remote, { signal });

/** Answers by host and path; a string is a redirect's target, a number a status. */
function stub(answers: Readonly<Record<string, string | number | Response | (() => Response | Promise<Response>)>>) {
  const seen: { url: string; authorization: string | null; insecure: boolean }[] = [];
  const fetch: ConnectedFetch = async (url, init, options) => {
    const { origin, pathname } = new URL(url);
    seen.push({
      url: origin + pathname,
      authorization: new Headers(init.headers).get('authorization'),
      insecure: options.insecure === true,
    });
    const answer = answers[origin + pathname] ?? 404;
    if (typeof answer === 'number') return new Response(null, { status: answer });
    if (typeof answer === 'string') return new Response(null, { status: 301, headers: { location: answer } });
    return answer instanceof Response ? answer : answer();
  };
  return { fetch, seen };
}

const advertisement = () =>
  new Response(`${formatPacket('# service=git-upload-pack')}0000${formatPacket('version 2')}0000`, {
    headers: { 'content-type': 'application/x-git-upload-pack-advertisement' },
  });
const emptyRefs = () => new Response('0000');

describe.skipIf(!hasGit())('a private repository on real Git', () => {
  let backend: HttpBackend;
  const folder = temporaryFolder();

  beforeEach(async () => {
    const repository = createRepository('team/deploy');
    commitFiles(repository, 'main', { 'a.yaml': 'a: 1\n' }, DETAILS);
    await exportRepository(repository, join(folder.path, 'team/deploy.git'), true);
    backend = await startHttpBackend(folder.path, {
      auth: { user: 'alice', password: PASSWORD },
      redirects: { '/old/deploy.git': '/team/deploy.git' },
    });
  });
  afterEach(async () => {
    await backend.close();
    folder.remove();
  });

  it('is read with user and password', async () => {
    const refs = await listRefs(plain, { url: `${backend.url}/team/deploy.git`, credentials: ALICE });
    expect(refs.byName.has('refs/heads/main')).toBe(true);
  });

  it('is read with user and password in the address', async () => {
    const url = backend.url.replace('//', `//alice:${encodeURIComponent(PASSWORD)}@`);
    const refs = await listRefs(plain, { url: `${url}/team/deploy.git` });
    expect(refs.byName.has('refs/heads/main')).toBe(true);
  });

  it('is read at its new address after a redirect, which is learned for all requests', async () => {
    const client = createGitClient({ fetch: plain });
    const remote = { url: `${backend.url}/old/deploy.git`, credentials: ALICE };
    const refs = await client.listRefs(remote);
    const sha = refs.byName.get('HEAD')?.id ?? '';
    await client.openCommit(remote, sha, { paths: [''] });
    expect(backend.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
      'GET /old/deploy.git/info/refs',
      'GET /team/deploy.git/info/refs',
      'POST /team/deploy.git/git-upload-pack',
      'POST /team/deploy.git/git-upload-pack',
    ]);
  });

  it('says which Secret to make where there are no credentials', async () => {
    await expect(listRefs(plain, { url: `${backend.url}/team/deploy.git` })).rejects.toMatchObject({
      code: 'GitUnauthorized',
      hint: expect.stringContaining('argocd.argoproj.io/secret-type: repository'),
    });
  });

  it('says that credentials are wrong without showing them', async () => {
    const url = backend.url.replace('//', '//alice:s3cret@');
    const error: unknown = await listRefs(plain, { url: `${url}/team/deploy.git` }).catch((thrown: unknown) => thrown);
    expect(isHawserError(error, 'GitUnauthorized')).toBe(true);
    expect(JSON.stringify(error) + String(error)).not.toContain('s3cret');
  });
});

describe('redirects', () => {
  const remote = (url: string): Remote => ({ url, credentials: ALICE, connection: { insecure: true } });

  it('keep credentials on their own scheme, host and port only', async () => {
    for (const target of ['https://other.test', 'https://git.test:8443', 'https://sub.git.test']) {
      const { fetch, seen } = stub({
        'https://git.test/a/info/refs': `${target}/b/info/refs?service=git-upload-pack`,
        [`${target}/b/info/refs`]: advertisement,
        [`${target}/b/git-upload-pack`]: emptyRefs,
      });
      await listRefs(fetch, remote('https://git.test/a'));
      expect(seen.map(({ authorization, insecure }) => [authorization !== null, insecure])).toEqual([
        [true, true],
        [false, false],
        [false, false],
      ]);
    }
  });

  it('never lead from https to http', async () => {
    const { fetch } = stub({ 'https://git.test/a/info/refs': 'http://git.test/a/info/refs' });
    await expect(listRefs(fetch, remote('https://git.test/a'))).rejects.toThrow(/not encrypted/);
  });

  it('end after a few', async () => {
    const { fetch, seen } = stub({ 'https://git.test/a/info/refs': 'https://git.test/a/info/refs' });
    await expect(listRefs(fetch, remote('https://git.test/a'))).rejects.toMatchObject({ code: 'GitFailed' });
    expect(seen.length).toBeLessThan(10);
  });

  it('to a page for people mean that credentials are missing', async () => {
    const { fetch } = stub({ 'https://git.test/a/info/refs': '/user/login?to=a' });
    await expect(listRefs(fetch, { url: 'https://git.test/a' })).rejects.toMatchObject({ code: 'GitUnauthorized' });
  });
});

describe('a server that does not answer as it should', () => {
  const page = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });

  it.each([
    [401, 'GitUnauthorized'],
    [403, 'GitUnauthorized'],
    [404, 'GitFailed'],
    [429, 'Unavailable'],
    [500, 'Unavailable'],
    [503, 'Unavailable'],
    [418, 'GitFailed'],
  ])('with status %i is %s', async (status, code) => {
    const { fetch } = stub({ 'https://git.test/a/info/refs': status, 'https://git.test/a.git/info/refs': status });
    await expect(listRefs(fetch, { url: 'https://git.test/a' })).rejects.toMatchObject({ code });
  });

  it('but with a web page is no Git', async () => {
    const { fetch } = stub({ 'https://git.test/a/info/refs': page });
    await expect(listRefs(fetch, { url: 'https://git.test/a' })).rejects.toThrow(/no Git smart HTTP/);
  });

  it('but with a list of refs that is cut off is an error', async () => {
    const { fetch } = stub({
      'https://git.test/a/info/refs': advertisement,
      'https://git.test/a/git-upload-pack': () => new Response(`003e${'a'.repeat(20)}`),
    });
    await expect(listRefs(fetch, { url: 'https://git.test/a' })).rejects.toMatchObject({ code: 'GitFailed' });
  });

  it('says itself what is wrong', async () => {
    const { fetch } = stub({
      'https://git.test/a/info/refs': advertisement,
      'https://git.test/a/git-upload-pack': () => new Response(formatPacket('ERR access denied!')),
    });
    await expect(listRefs(fetch, { url: 'https://git.test/a' })).rejects.toThrow(/access denied!/);
  });

  it('in time is a timeout', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const impatient = createGitClient({ fetch: plain, timeoutMs: 300 });
    const listing = impatient.listRefs({ url: `http://127.0.0.1:${port}/a` }, {});
    await expect(listing).rejects.toMatchObject({ code: 'Timeout' });
    server.closeAllConnections();
    server.close();
  });

  it.each([
    [1, 'is asked once more'],
    [2, 'is unavailable'],
  ])('that closes %i connections without an answer %s', async (closed) => {
    let left = closed;
    const server = createServer((request, response) => {
      if (left-- > 0) request.socket.destroy();
      else if (request.method === 'POST') response.end('0000');
      else
        void advertisement()
          .text()
          .then((text) => response.setHeader('content-type', 'application/x-git-upload-pack-advertisement').end(text));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const listing = listRefs(plain, { url: `http://127.0.0.1:${port}/a` });
    if (closed === 1) expect((await listing).byName.size).toBe(0);
    else await expect(listing).rejects.toMatchObject({ code: 'Unavailable' });
    server.closeAllConnections();
    server.close();
  });

  it('at all is unavailable, and the reason is told', async () => {
    await expect(listRefs(plain, { url: 'http://127.0.0.1:1/a' })).rejects.toMatchObject({ code: 'Unavailable' });
    await expect(listRefs(plain, { url: 'http://no-such-host.invalid/a' })).rejects.toThrow(
      /host name cannot be resolved/,
    );
  });

  it('before the caller gives up is given up', async () => {
    const reason = new Error('superseded');
    const controller = new AbortController();
    const waiting: ConnectedFetch = (_, init) =>
      new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    const listing = listRefs(waiting, { url: 'https://git.test/a' }, controller.signal);
    controller.abort(reason);
    await expect(listing).rejects.toBe(reason);
  });
});

describe('an address that is no repository over HTTP', () => {
  it.each([
    ['git@git.test:team/deploy.git', 'Unsupported'],
    ['ssh://git@git.test/team/deploy.git', 'Unsupported'],
    ['git://git.test/team/deploy.git', 'Unsupported'],
    ['file:///srv/deploy.git', 'Unsupported'],
    ['team/deploy', 'InvalidInput'],
    ['https://git.test/team/../other/deploy.git', 'InvalidInput'],
    ['https://git.test/team/%2e%2E/other/deploy.git', 'InvalidInput'],
    ['https://git.test/team\\..\\other', 'InvalidInput'],
  ])('%s is %s', async (url, code) => {
    await expect(listRefs(stub({}).fetch, { url })).rejects.toMatchObject({ code });
  });

  it.each([
    ['git@git.test:org/a.git', 'https://git.test/org/a.git'],
    ['ssh://git@git.test:22/org/a.git', 'https://git.test/org/a.git'],
    ['git@ssh.dev.azure.com:v3/org/project/a', 'https://dev.azure.com/org/project/_git/a'],
  ])('%s is told to be written as %s', async (url, https) => {
    await expect(listRefs(stub({}).fetch, { url })).rejects.toMatchObject({
      hint: expect.stringContaining(`write ${https} instead`),
    });
  });
});

describe('a repository in the sandbox behind users', () => {
  it('is not given from memory to other credentials', async () => {
    const server = createGitServer({ users: { alice: 'one', bob: 'two' } });
    const repository = server.create('team/deploy', { isPrivate: true });
    const { after } = commitFiles(repository, 'main', { 'a.yaml': 'a: 1\n' }, DETAILS);
    const client = createGitClient({ fetch: (url, init) => server.handle(new Request(url, init)) });
    const url = 'http://git.test/team/deploy';
    await client.openCommit({ url, credentials: { kind: 'basic', username: 'alice', password: 'one' } }, after, {
      paths: [''],
    });
    await expect(client.openCommit({ url }, after, { paths: [''] })).rejects.toMatchObject({ code: 'GitUnauthorized' });
  });
});
