// Commits made and pushed without a git binary, to the sandbox's server and to the real git http-backend.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { createGitClient, type GitClient } from '../../src/git/client.ts';
import { ZERO_ID } from '../../src/git/object.ts';
import type { ConnectedFetch } from '../../src/platform.ts';
import { commitFiles } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { startHttpBackend } from '../support/git-http-backend.ts';
import { exportRepository } from '../support/git-servers.ts';

const KIM = { name: 'Kim', email: 'kim@example.com', atSeconds: 1_700_000_000, zone: '+0000' };
const DETAILS = { author: KIM, committer: KIM, message: 'Raise the replicas' };
const encoder = new TextEncoder();

const FILES = {
  'app/values.yaml': 'replicas: 1\n',
  'app/run.sh': { content: '#!/bin/sh\n', mode: '100755' },
  'app/link.yaml': { content: 'values.yaml', mode: '120000' },
  'app/big.bin':
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
  'other/a.txt': 'a\n',
} as const;

interface Place {
  readonly url: string;
  readonly fetch: ConnectedFetch;
  readonly base: string;
  /** The content of a file of a branch, and its last commit as `author <email>|message`. */
  read(branch: string, path: string): Promise<string>;
  about(branch: string): Promise<string>;
  mode(branch: string, path: string): Promise<string>;
  close(): Promise<void>;
}

async function openSandbox(): Promise<Place> {
  const folder = temporaryFolder();
  const server = createGitServer();
  const repository = server.create('devops/app');
  commitFiles(repository, 'main', FILES, { message: 'First', author: KIM, atMs: 1_700_000_000_000 });
  const copy = join(folder.path, 'copy.git');
  const at = async (...args: string[]) => {
    await exportRepository(repository, copy, true);
    return git('/', '--git-dir', copy, ...args);
  };
  return placeOf('http://git.test/devops/app', (url, init) => server.handle(new Request(url, init)), at, folder.remove);
}

async function openReal(): Promise<Place & { readonly folder: string }> {
  const folder = temporaryFolder();
  const server = createGitServer();
  const repository = server.create('app');
  commitFiles(repository, 'main', FILES, { message: 'First', author: KIM, atMs: 1_700_000_000_000 });
  const path = join(folder.path, 'app.git');
  await exportRepository(repository, path, true);
  const backend = await startHttpBackend(folder.path);
  const at = (...args: string[]) => git('/', '--git-dir', path, ...args);
  const place = await placeOf(
    `${backend.url}/app.git`,
    (url, init) => fetch(url, init),
    at,
    async () => {
      await backend.close();
      folder.remove();
    },
  );
  return { ...place, folder: path };
}

async function placeOf(
  url: string,
  fetch: ConnectedFetch,
  at: (...args: string[]) => Promise<string>,
  close: () => void | Promise<void>,
): Promise<Place> {
  return {
    url,
    fetch,
    base: await at('rev-parse', 'refs/heads/main'),
    read: (branch, path) => at('show', `${branch}:${path}`),
    about: (branch) => at('log', '-1', '--format=%an <%ae>|%s|%P', branch),
    mode: async (branch, path) => (await at('ls-tree', branch, path)).split(' ')[0] ?? '',
    close: async () => close(),
  };
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return isHawserError(error) ? `${error.code}: ${error.message}` : String(error);
}

describe.skipIf(!hasGit()).each([
  ['the sandbox', openSandbox],
  ['git http-backend', openReal],
])('a push to %s', (_, open) => {
  let place: Place;
  let client: GitClient;
  beforeAll(async () => {
    place = await open();
    client = createGitClient({ fetch: place.fetch });
  });
  afterAll(() => place.close());

  const prepare = (files: Readonly<Record<string, string>>, base = place.base) =>
    client.prepareCommit(
      { url: place.url },
      base,
      new Map(Object.entries(files).map(([path, text]) => [path, encoder.encode(text)])),
      DETAILS,
    );
  const push = async (branch: string, before: string, made: Awaited<ReturnType<typeof prepare>>) =>
    client.push({ url: place.url }, { ref: `refs/heads/${branch}`, before, after: made.id, objects: made.objects });

  it('makes a new branch of a changed file, a new one in new folders, and keeps modes', async () => {
    const made = await prepare({
      'app/values.yaml': 'replicas: 2\n',
      'app/run.sh': '#!/bin/bash\n',
      'app/new/deep/b.yaml': 'b: ü\n',
    });
    await push('try', ZERO_ID, made);
    expect(await place.about('try')).toBe(`Kim <kim@example.com>|Raise the replicas|${place.base}`);
    expect(await place.read('try', 'app/values.yaml')).toBe('replicas: 2');
    expect(await place.read('try', 'app/new/deep/b.yaml')).toBe('b: ü');
    expect(await place.read('try', 'other/a.txt')).toBe('a');
    expect(await place.mode('try', 'app/run.sh')).toBe('100755');
    expect(await place.mode('try', 'app/link.yaml')).toBe('120000');
  });

  it('of a branch that is there already as a new one is a conflict', async () => {
    const made = await prepare({ 'app/values.yaml': 'replicas: 3\n' });
    expect(await failureOf(push('try', ZERO_ID, made))).toMatch(/^Conflict: there is a branch try already, at /);
  });

  it('moves a branch forward, and refuses when somebody else has moved it', async () => {
    const one = await prepare({ 'app/values.yaml': 'replicas: 4\n' });
    await push('main', place.base, one);
    expect(await place.read('main', 'app/values.yaml')).toBe('replicas: 4');
    const other = await prepare({ 'app/values.yaml': 'replicas: 5\n' });
    expect(await failureOf(push('main', place.base, other))).toBe(
      `Conflict: the branch main has moved on to ${one.id.slice(0, 7)}`,
    );
    const next = await prepare({ 'app/values.yaml': 'replicas: 5\n' }, one.id);
    await push('main', one.id, next);
    expect(await place.about('main')).toBe(`Kim <kim@example.com>|Raise the replicas|${one.id}`);
  });

  it('to a branch that is gone says so', async () => {
    const made = await prepare({ 'app/values.yaml': 'replicas: 6\n' });
    expect(await failureOf(push('gone', place.base, made))).toBe('NotFound: there is no branch gone any more');
  });

  it.each([
    ['nothing that differs', { 'app/values.yaml': 'replicas: 1\n' }, 'nothing differs from what the branch has'],
    ['a folder', { app: 'x' }, 'app is a folder'],
    ['something below a file', { 'app/values.yaml/x': 'x' }, 'app/values.yaml is no folder'],
    ['a symbolic link', { 'app/link.yaml': 'x' }, 'app/link.yaml is a symbolic link'],
    ['a file in Git LFS', { 'app/big.bin': 'x' }, 'app/big.bin is kept in Git LFS, to which nothing is written'],
  ])('is not prepared for %s', async (_what, files, message) => {
    expect(await failureOf(prepare(files))).toBe(`InvalidInput: ${message}`);
  });

  it('that lost its answer counts when the branch says so', async () => {
    const made = await prepare({ 'app/values.yaml': 'replicas: 7\n' });
    const lossy = createGitClient({
      fetch: async (url, init, options) => {
        const answer = await place.fetch(url, init, options);
        if (!url.endsWith('/git-receive-pack')) return answer;
        await answer.arrayBuffer();
        throw Object.assign(new Error('closed'), { code: 'ECONNRESET' });
      },
    });
    const request = { ref: 'refs/heads/lost', before: ZERO_ID, after: made.id, objects: made.objects };
    await lossy.push({ url: place.url }, request);
    expect(await place.read('lost', 'app/values.yaml')).toBe('replicas: 7');
  });
});

describe.skipIf(!hasGit())('a push that a hook refuses', () => {
  let place: Awaited<ReturnType<typeof openReal>>;
  beforeAll(async () => {
    place = await openReal();
  });
  afterAll(() => place.close());

  it('is told in the server’s words, once', async () => {
    const hook = join(place.folder, 'hooks', 'pre-receive');
    writeFileSync(
      hook,
      '#!/bin/sh\necho "==========" >&2\necho "main is protected: open a pull request" >&2\nexit 1\n',
    );
    chmodSync(hook, 0o755);
    const sent: string[] = [];
    const client = createGitClient({
      fetch: (url, init) => {
        sent.push(`${init.method} ${new URL(url).pathname}`);
        return fetch(url, init);
      },
    });
    const files = new Map([['app/values.yaml', encoder.encode('replicas: 2\n')]]);
    const made = await client.prepareCommit({ url: place.url }, place.base, files, DETAILS);
    sent.length = 0;
    const request = { ref: 'refs/heads/main', before: place.base, after: made.id, objects: made.objects };
    expect(await failureOf(client.push({ url: place.url }, request))).toBe(
      'FailedPrecondition: the Git server refused the push: pre-receive hook declined: main is protected: open a pull request',
    );
    expect(sent).toEqual(['GET /app.git/info/refs', 'POST /app.git/git-receive-pack']);
    expect(await place.read('main', 'app/values.yaml')).toBe('replicas: 1');
  });

  it('without credentials names those for writing', async () => {
    const client = createGitClient({ fetch: async () => new Response('', { status: 401 }) });
    const request = { ref: 'refs/heads/main', before: place.base, after: place.base, objects: [] };
    const remote = { url: place.url, credentials: { kind: 'bearer', token: 'wrong' } } as const;
    const error = await client.push(remote, request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'GitUnauthorized', hint: expect.stringContaining('repository-write') });
  });
});
