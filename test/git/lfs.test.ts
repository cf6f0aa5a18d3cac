import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type Checkout, openCheckout } from '../../src/git/checkout.ts';
import { createGitClient } from '../../src/git/client.ts';
import { parseConfigFile } from '../../src/git/config-file.ts';
import { locateLfs } from '../../src/git/lfs.ts';
import type { Remote } from '../../src/git/remote.ts';
import type { Cache, ConnectedFetch } from '../../src/platform.ts';
import { commitFiles } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { type LfsServer, type LfsServerOptions, startLfsServer } from '../support/lfs-server.ts';

const DETAILS = { message: 'x', author: { name: 'Alice', email: 'alice@example.com' }, atMs: 1_700_000_000_000 };
const decoder = new TextDecoder();

function memoryCache(): Cache & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return { kept, get: async (key) => kept.get(key), put: async (key, value) => void kept.set(key, value) };
}

describe('a repository with Git LFS', () => {
  let lfs: LfsServer | undefined;
  const start = async (options?: LfsServerOptions) => {
    lfs = await startLfsServer(options);
    return lfs;
  };
  afterEach(() => lfs?.close());

  /** A checkout whose Git server is in this process; its LFS server is at the same address. */
  const open = async (
    files: Readonly<Record<string, string>>,
    remote: Partial<Remote> = {},
    cache?: Cache,
  ): Promise<Checkout> => {
    const sandbox = createGitServer();
    const { after } = commitFiles(sandbox.create('team/app'), 'main', files, DETAILS);
    const origin = lfs?.url ?? 'http://git.test';
    const isGit = (url: string) => /\/team\/app\.git\/(info\/refs|git-upload-pack)/.test(url);
    const reach: ConnectedFetch = (url, init) =>
      isGit(url) ? sandbox.handle(new Request(url, init)) : fetch(url, init);
    const git = createGitClient({ fetch: reach });
    return openCheckout(
      { git, fetch: reach, ...(cache && { cache }) },
      { url: `${origin}/team/app.git`, lfs: true, ...remote },
      after,
      {
        paths: ['charts/web'],
      },
    );
  };
  const read = async (tree: Checkout, paths: readonly string[]) => {
    const texts = () =>
      paths.map((path) => {
        try {
          return decoder.decode(tree.readFile(path));
        } catch (error) {
          if (tree.missing().length === 0) throw error;
          return undefined;
        }
      });
    for (texts(); tree.missing().length > 0; texts()) await tree.load(tree.missing());
    return texts();
  };

  it('gives the files for their pointers, with one request for all of them', async () => {
    const server = await start();
    const tree = await open({
      'charts/web/big.yaml': server.add('kind: Big\n'),
      'charts/web/other.yaml': server.add('kind: Other\n'),
      'charts/web/same.yaml': server.add('kind: Big\n'),
      'charts/web/plain.yaml': 'kind: Plain\n',
    });
    const names = ['big', 'other', 'same', 'plain'];
    const found = await read(
      tree,
      names.map((name) => `charts/web/${name}.yaml`),
    );
    expect(found).toEqual(['kind: Big\n', 'kind: Other\n', 'kind: Big\n', 'kind: Plain\n']);
    const [batch, ...downloads] = server.requests;
    expect(batch?.path).toBe('/team/app.git/info/lfs/objects/batch');
    expect(JSON.parse(batch?.body ?? '')).toMatchObject({ operation: 'download', transfers: ['basic'] });
    expect(downloads).toHaveLength(2);
  });

  it('brings small files beside the one that is read with it', async () => {
    const server = await start();
    const tree = await open({
      'charts/web/one.yaml': server.add('one\n'),
      'charts/web/two.yaml': server.add('two\n'),
      'charts/web/large.bin': server.add('x'.repeat(300_000)),
    });
    expect(await read(tree, ['charts/web/one.yaml'])).toEqual(['one\n']);
    const asked = server.requests.length;
    expect(await read(tree, ['charts/web/two.yaml'])).toEqual(['two\n']);
    expect(server.requests).toHaveLength(asked);
    expect(await read(tree, ['charts/web/large.bin'])).toEqual(['x'.repeat(300_000)]);
    expect(server.requests.length).toBeGreaterThan(asked);
  });

  it('does not miss a file that nobody reads', async () => {
    const server = await start();
    const gone = `version https://git-lfs.github.com/spec/v1\noid sha256:${'b'.repeat(64)}\nsize 4\n`;
    const tree = await open({ 'charts/web/one.yaml': server.add('one\n'), 'charts/web/gone.png': gone });
    expect(await read(tree, ['charts/web/one.yaml'])).toEqual(['one\n']);
    await expect(read(tree, ['charts/web/gone.png'])).rejects.toMatchObject({ code: 'GitFailed' });
  });

  it('asks and downloads with the credentials of the repository', async () => {
    const authorization = `Basic ${btoa('user:pass')}`;
    const server = await start({ authorization });
    const tree = await open(
      { 'charts/web/big.yaml': server.add('kind: Big\n') },
      { credentials: { kind: 'basic', username: 'user', password: 'pass' } },
    );
    expect(await read(tree, ['charts/web/big.yaml'])).toEqual(['kind: Big\n']);
    expect(server.requests.map((request) => request.authorization)).toEqual([authorization, authorization]);
  });

  it('gives no credentials to a server on another origin', async () => {
    const server = await start();
    const other = await startLfsServer({ authorization: 'any' });
    try {
      const tree = await open(
        {
          '.lfsconfig': `[lfs]\nurl = ${other.url}/team/app.git/info/lfs\n`,
          'charts/web/big.yaml': server.add('kind: Big\n'),
        },
        { credentials: { kind: 'basic', username: 'user', password: 'pass' } },
      );
      await expect(read(tree, ['charts/web/big.yaml'])).rejects.toMatchObject({ code: 'GitUnauthorized' });
      expect(other.requests.map((request) => request.authorization)).toEqual([undefined]);
    } finally {
      await other.close();
    }
  });

  it('downloads from a storage of its own by the headers of the answer alone', async () => {
    const server = await start({ storageHeader: { 'x-signed': 'yes' }, redirects: true, isVerbose: true });
    const tree = await open(
      { 'charts/web/big.yaml': server.add('kind: Big\n') },
      { credentials: { kind: 'bearer', token: 'secret' } },
    );
    expect(await read(tree, ['charts/web/big.yaml'])).toEqual(['kind: Big\n']);
    const stored = server.requests.filter(({ path }) => path.startsWith('storage'));
    expect(stored.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  });

  it('keeps what it fetched, and proves that again', async () => {
    const server = await start();
    const files = { 'charts/web/big.yaml': server.add('kind: Big\n') };
    const cache = memoryCache();
    await read(await open(files, {}, cache), ['charts/web/big.yaml']);
    const asked = server.requests.length;
    expect(await read(await open(files, {}, cache), ['charts/web/big.yaml'])).toEqual(['kind: Big\n']);
    expect(server.requests).toHaveLength(asked);
    for (const key of cache.kept.keys()) cache.kept.set(key, new TextEncoder().encode('kind: Bad\n'));
    expect(await read(await open(files, {}, cache), ['charts/web/big.yaml'])).toEqual(['kind: Big\n']);
    expect(server.requests.length).toBeGreaterThan(asked);
  });

  it.each([
    ['is damaged', { isDamaged: true, storageHeader: {} }, 'kind: Big\n', { code: 'GitFailed' }],
    ['is not there', {}, undefined, { code: 'GitFailed', hint: 'push it with git lfs push --all' }],
  ] as const)('fails where a file %s, naming it', async (_, options, content, expected) => {
    const server = await start(options);
    const gone = createHash('sha256').update('gone').digest('hex');
    const pointer = content
      ? server.add(content)
      : `version https://git-lfs.github.com/spec/v1\noid sha256:${gone}\nsize 4\n`;
    const tree = await open({ 'charts/web/big.yaml': pointer });
    await expect(read(tree, ['charts/web/big.yaml'])).rejects.toMatchObject({
      ...expected,
      message: expect.stringContaining('charts/web/big.yaml'),
    });
  });

  it('asks for nothing that would be too much', async () => {
    const server = await start();
    const huge = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize ${2 ** 40}\n`;
    const tree = await open({ 'charts/web/huge.bin': huge });
    await expect(read(tree, ['charts/web/huge.bin'])).rejects.toMatchObject({ code: 'LimitExceeded' });
    expect(server.requests).toEqual([]);
  });

  it('says where there is no Git LFS', async () => {
    const server = await start();
    const tree = await open({
      '.lfsconfig': `[lfs]\n\turl = "${server.url}/nothing"\n`,
      'charts/web/big.yaml': server.add('kind: Big\n'),
    });
    await expect(read(tree, ['charts/web/big.yaml'])).rejects.toMatchObject({
      code: 'GitFailed',
      hint: expect.stringContaining('.lfsconfig'),
    });
    expect(Object.keys(tree.readSet().reads)).toContain('.lfsconfig');
  });
});

describe('the address of the Git LFS server', () => {
  const at = (url: string, config = '') => locateLfs({ url }, parseConfigFile(config)).url;

  it.each([
    ['https://git.example.com/team/app', '', 'https://git.example.com/team/app.git/info/lfs'],
    ['https://git.example.com/team/app.git/', '', 'https://git.example.com/team/app.git/info/lfs'],
    ['https://git.example.com/a', '[lfs]\nurl = https://lfs.example.com/a/', 'https://lfs.example.com/a'],
    ['https://git.example.com/a', '[remote "origin"]\nlfsurl = https://lfs.example.com/b', 'https://lfs.example.com/b'],
    [
      'https://git.example.com/a',
      '[lfs "x"]\nurl = https://lfs.example.com/b',
      'https://git.example.com/a.git/info/lfs',
    ],
  ])('of %s with %j is %s', (url, config, expected) => {
    expect(at(url, config)).toBe(expected);
  });

  it('has user and password that stand in it, and those of the repository on its own origin alone', () => {
    const remote = { url: 'https://user:pass@git.example.com/a' };
    const authorizationAt = (config: string) => locateLfs(remote, parseConfigFile(config)).authorization;
    const at = (address: string) => authorizationAt(`[lfs]\nurl = ${address}`);
    expect(authorizationAt('')).toBe(`Basic ${btoa('user:pass')}`);
    expect(at('https://git.example.com/lfs/a')).toBe(`Basic ${btoa('user:pass')}`);
    expect(at('https://lfs.example.com/a')).toBeUndefined();
    expect(at('https://git.example.com:8443/a')).toBeUndefined();
    expect(at('https://other:word@lfs.example.com/a')).toBe(`Basic ${btoa('other:word')}`);
  });

  it('is encrypted where that of the repository is', () => {
    expect(() => at('https://git.example.com/a', '[lfs]\nurl = http://lfs.example.com/a')).toThrow(
      expect.objectContaining({ code: 'GitFailed' }),
    );
  });
});
