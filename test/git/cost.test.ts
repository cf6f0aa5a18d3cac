// What reading some folders of a repository costs: requests, bytes, and what a process that starts later finds.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryCache } from '../../src/base/memory-cache.ts';
import { createGitClient, type GitClient } from '../../src/git/client.ts';
import type { CommitTree } from '../../src/git/commit-tree.ts';
import { readText } from '../../src/render/tree.ts';
import { commitFiles, type FileChange, type SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { type HttpBackend, startHttpBackend } from '../support/git-http-backend.ts';
import { SERVER_KINDS, startServer, type TestServer } from '../support/git-servers.ts';

const AUTHOR = { name: 'Alice', email: 'alice@example.com' };
const isGitHere = hasGit();
const APPLICATIONS = 12;
const pathOf = (index: number) => `teams/t${index % 3}/app${index}`;
const FOLDERS: Record<string, string> = Object.fromEntries(
  Array.from({ length: APPLICATIONS }, (_, index) => [
    [`${pathOf(index)}/Chart.yaml`, `name: app${index}\n`],
    [`${pathOf(index)}/templates/a.yaml`, `kind: A\napp: ${index}\n`],
    [`${pathOf(index)}/templates/b.yaml`, `kind: B\napp: ${index}\n`],
  ]).flat(),
);
const ALL = Array.from({ length: APPLICATIONS }, (_, index) => index);

/** Reads as rendering a chart does. */
function readAll(tree: CommitTree, path: string): CommitTree {
  for (const folder of [path, `${path}/templates`]) {
    for (const { name, kind } of tree.list(folder) ?? []) if (kind === 'file') tree.readFile(`${folder}/${name}`);
  }
  return tree;
}

describe.each(SERVER_KINDS.filter(({ real }) => !real || isGitHere))('many folders of $name', (kind) => {
  let server: TestServer;
  let repository: SandboxRepository;
  let clock = 1_700_000_000_000;
  const remote = () => ({ url: `${server.url}/team/deploy.git` });
  const posts = () => server.requests.filter(({ body }) => body.includes('want '));
  const commit = async (files: Record<string, FileChange>, branch = 'main') => {
    clock += 1000;
    const { after } = commitFiles(repository, branch, files, { message: `${clock}`, author: AUTHOR, atMs: clock });
    await server.publish(repository);
    return after;
  };
  const open = (client: GitClient, sha: string, index: number) =>
    client.openCommit(remote(), sha, { paths: [pathOf(index)] });

  beforeEach(async () => {
    server = await startServer(kind);
    repository = server.create('team/deploy');
  });
  afterEach(() => server.close());

  it('are fetched together when they are opened at the same time', async () => {
    const sha = await commit(FOLDERS);
    const client = createGitClient({ fetch: server.fetch });
    const trees = await Promise.all(ALL.map((index) => open(client, sha, index)));
    trees.forEach((tree, index) => {
      expect(readText(tree, `${pathOf(index)}/Chart.yaml`)).toBe(`name: app${index}\n`);
    });
    // The commit with its root; teams; its folders; the charts.
    expect(posts()).toHaveLength(kind.allowFilter ? 4 : 1);
  });

  it('need no request when they were fetched ahead', async () => {
    const sha = await commit(FOLDERS);
    const client = createGitClient({ fetch: server.fetch });
    await client.prefetch(remote(), sha, ALL.map(pathOf));
    server.requests.length = 0;
    for (const index of ALL) readAll(await open(client, sha, index), pathOf(index));
    expect(server.requests).toEqual([]);
  });

  it('are all found in the cache by a process that starts later', async () => {
    const sha = await commit(FOLDERS);
    const cache = createMemoryCache();
    const first = createGitClient({ fetch: server.fetch, cache });
    for (const index of ALL) await (await open(first, sha, index)).save();
    const later = createGitClient({ fetch: server.fetch, cache });
    server.requests.length = 0;
    for (const index of ALL) {
      const tree = readAll(await open(later, sha, index), pathOf(index));
      expect(readText(tree, `${pathOf(index)}/templates/b.yaml`)).toBe(`kind: B\napp: ${index}\n`);
    }
    expect(posts()).toEqual([]);
  });

  it.each(['', 'a', 'a/b'])('of which only the files of %j are wanted are found in the cache as well', async (path) => {
    const sha = await commit({
      'one.yaml': '1\n',
      'a/two.yaml': '2\n',
      'a/b/three.yaml': '3\n',
      'a/b/c/four.yaml': '4\n',
    });
    const cache = createMemoryCache();
    const options = { paths: [{ path, extent: 'files' as const }] };
    const first = await createGitClient({ fetch: server.fetch, cache }).openCommit(remote(), sha, options);
    await first.save();
    server.requests.length = 0;
    const tree = await createGitClient({ fetch: server.fetch, cache }).openCommit(remote(), sha, options);
    for (const { name, kind: is } of tree.list(path) ?? [])
      if (is === 'file') expect(readText(tree, path === '' ? name : `${path}/${name}`)).toMatch(/^\d\n$/);
    expect(posts()).toEqual([]);
  });

  it('are found in the cache at a later commit where they are the same', async () => {
    const cache = createMemoryCache();
    const sha = await commit(FOLDERS);
    const first = createGitClient({ fetch: server.fetch, cache });
    const tree = readAll(await open(first, sha, 0), pathOf(0));
    await tree.save();
    const next = await commit({ 'elsewhere/big.txt': 'x'.repeat(1000) });
    const later = createGitClient({ fetch: server.fetch, cache });
    server.requests.length = 0;
    const options = { paths: [pathOf(0)], readSet: tree.readSet() };
    readAll(await later.openCommit(remote(), next, options), pathOf(0));
    expect(posts()).toHaveLength(1);
  });

  it('are compared with a push in one request, however many they are', async () => {
    const cache = createMemoryCache();
    const sha = await commit(FOLDERS);
    const warm = createGitClient({ fetch: server.fetch, cache });
    const trees = await Promise.all(ALL.map((index) => open(warm, sha, index)));
    const readSets = trees.map((tree, index) => readAll(tree, pathOf(index)).readSet());
    await Promise.all(trees.map((tree) => tree.save()));
    const changed = `${pathOf(4)}/templates/a.yaml`;
    const next = await commit({ [changed]: 'kind: C\n', 'elsewhere.txt': 'x\n' });
    for (const client of [warm, createGitClient({ fetch: server.fetch, cache })]) {
      for (const some of [readSets.slice(0, 5), readSets]) {
        server.requests.length = 0;
        const found = await client.compareReadSets(remote(), next, some);
        expect(found).toEqual(some.map((_, index) => (index === 4 ? [changed] : [])));
        expect(posts().length).toBeLessThanOrEqual(1);
      }
    }
  });

  it('are compared after a forced push to unrelated files', async () => {
    const sha = await commit(FOLDERS);
    const client = createGitClient({ fetch: server.fetch });
    const trees = await Promise.all(ALL.map((index) => open(client, sha, index)));
    const readSets = trees.map((tree, index) => readAll(tree, pathOf(index)).readSet());
    const other = await commit({ [`${pathOf(1)}/Chart.yaml`]: 'name: app1\n' }, 'orphan');
    repository.refs.set('refs/heads/main', other);
    await server.publish(repository);
    const found = await client.compareReadSets(remote(), other, readSets);
    expect(found[1]).toEqual([
      pathOf(1),
      `${pathOf(1)}/templates`,
      `${pathOf(1)}/templates/a.yaml`,
      `${pathOf(1)}/templates/b.yaml`,
    ]);
    expect(found.every((paths) => paths.length > 0)).toBe(true);
    const tree = await client.openCommit(remote(), other, { paths: [pathOf(1)], readSet: readSets[1] });
    expect(readText(tree, `${pathOf(1)}/Chart.yaml`)).toBe('name: app1\n');
  });

  it('are read beside one that is too large', async () => {
    const sha = await commit({ ...FOLDERS, 'heap/one.bin': randomBytes(30_000).toString('base64') });
    const client = createGitClient({ fetch: server.fetch, maxPackBytes: kind.allowFilter ? 20_000 : 100_000 });
    const trees = [
      open(client, sha, 0),
      client.openCommit(remote(), sha, { paths: ['heap'] }),
      open(client, sha, 1),
    ].map((opening) =>
      opening.then(
        (tree) => readAll(tree, pathOf(0)).sha,
        (error: unknown) => error,
      ),
    );
    const [one, heap, two] = await Promise.all(trees);
    expect([one, two].every((found) => found === sha || !kind.allowFilter)).toBe(true);
    if (kind.allowFilter) expect(heap).toMatchObject({ code: 'LimitExceeded' });
  });

  it('go on for the others when one gives up', async () => {
    const sha = await commit(FOLDERS);
    const client = createGitClient({ fetch: server.fetch });
    const controller = new AbortController();
    const given = client.openCommit(remote(), sha, { paths: [pathOf(0)], signal: controller.signal });
    const other = open(client, sha, 1);
    controller.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(readText(await other, `${pathOf(1)}/Chart.yaml`)).toBe('name: app1\n');
  });

  it('bring only the files of a folder where no more is wanted', async () => {
    const sha = await commit({
      'one.yaml': 'one: 1\n',
      'link.yaml': { content: 'shared/real.yaml', mode: '120000' },
      'shared/real.yaml': 'real: 1\n',
      'shared/other.yaml': 'other: 1\n',
      'deep/down/two.yaml': 'two: 2\n',
    });
    const client = createGitClient({ fetch: server.fetch });
    const tree = await client.openCommit(remote(), sha, { paths: [{ path: '', extent: 'files' }] });
    server.requests.length = 0;
    expect(tree.list('')?.map(({ name }) => name)).toEqual(['deep', 'link.yaml', 'one.yaml', 'shared']);
    expect(readText(tree, 'one.yaml')).toBe('one: 1\n');
    expect(readText(tree, 'link.yaml')).toBe('real: 1\n');
    expect(server.requests).toEqual([]);
    if (kind.allowFilter) expect(() => tree.readFile('deep/down/two.yaml')).toThrow(/not fetched yet/);
  });

  const CHANGES: readonly {
    readonly title: string;
    readonly change: Record<string, FileChange>;
    readonly prefixes: readonly string[];
    readonly changed: readonly string[];
  }[] = [
    { title: 'a changed file', change: { 'a/one.yaml': 'x\n' }, prefixes: [''], changed: ['a/one.yaml'] },
    { title: 'a new file in a new folder', change: { 'n/m/f': 'x\n' }, prefixes: ['n'], changed: ['n/m/f'] },
    {
      title: 'every file of a folder that is gone',
      change: { 'a/b/two.yaml': null, 'a/b/c/three.yaml': null },
      prefixes: ['a/b'],
      changed: ['a/b/c/three.yaml', 'a/b/two.yaml'],
    },
    {
      title: 'nothing beside the prefixes',
      change: { 'a/one.yaml': 'x\n', 'ab/f': 'x\n' },
      prefixes: ['a/b', 'z'],
      changed: [],
    },
    {
      title: 'a prefix that is a file',
      change: { 'a/one.yaml': 'x\n' },
      prefixes: ['a/one.yaml'],
      changed: ['a/one.yaml'],
    },
    {
      title: 'a file that became a folder',
      change: { 'a/one.yaml': null, 'a/one.yaml/f': 'x\n' },
      prefixes: ['a'],
      changed: ['a/one.yaml', 'a/one.yaml/f'],
    },
    {
      title: 'a mode and a link',
      change: { 'a/one.yaml': { content: 'one\n', mode: '100755' }, 'a/l': { content: 'b', mode: '120000' } },
      prefixes: ['a'],
      changed: ['a/l', 'a/one.yaml'],
    },
  ];

  it('tell as changed files what differs from another commit', async () => {
    const files = { 'a/one.yaml': 'one\n', 'a/b/two.yaml': 'two\n', 'a/b/c/three.yaml': 'three\n', 'z/z': 'z\n' };
    const details = { message: 'change', author: AUTHOR, atMs: clock };
    const { after: sha } = commitFiles(repository, 'main', files, details);
    const rows = CHANGES.map((row, index) => {
      const branch = `change-${index}`;
      repository.refs.set(`refs/heads/${branch}`, sha);
      return { ...row, next: commitFiles(repository, branch, row.change, details).after };
    });
    await server.publish(repository);
    const client = createGitClient({ fetch: server.fetch });
    const readSet = (await client.openCommit(remote(), sha, { paths: ['z'] })).readSet();
    for (const { title, next, prefixes, changed } of rows) {
      expect(await client.changedFiles(remote(), next, readSet, prefixes), title).toEqual(changed);
      // A process that has nothing of either commit.
      const later = createGitClient({ fetch: server.fetch });
      expect(await later.changedFiles(remote(), next, readSet, prefixes), title).toEqual(changed);
    }
  });
});

describe.skipIf(!isGitHere)('real Git', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: HttpBackend;
  const at = (name: string, ...args: string[]) => git('/', '--git-dir', join(folder.path, `${name}.git`), ...args);
  const remote = (name: string) => ({ url: `${backend.url}/${name}.git` });
  const client = (cache?: ReturnType<typeof createMemoryCache>) =>
    createGitClient({ fetch: (url, init) => fetch(url, init), ...(cache && { cache }) });
  const cost = () => {
    const rows = backend.requests.splice(0);
    return {
      fetches: rows.filter(({ method }) => method === 'POST').length,
      bytes: rows.reduce((sum, { received }) => sum + received, 0),
    };
  };

  /** Makes a bare repository, or a commit on its branch, out of a fast-import stream. */
  const load = async (
    name: string,
    files: Iterable<readonly [string, string]>,
    options: { filter?: boolean; from?: string; seconds?: number } = {},
  ) => {
    const isNew = !options.from;
    if (isNew) await git('/', 'init', '-q', '--bare', '-b', 'main', join(folder.path, `${name}.git`));
    if (isNew) await at(name, 'config', 'uploadpack.allowFilter', String(options.filter ?? true));
    const lines = [`commit refs/heads/main\ncommitter A <a@b> ${options.seconds ?? 1_700_000_000} +0000\ndata 1\nx\n`];
    if (options.from) lines.push(`from ${options.from}\n`);
    for (const [path, text] of files) lines.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
    const running = promisify(execFile)('git', [
      '--git-dir',
      join(folder.path, `${name}.git`),
      'fast-import',
      '--quiet',
      '--force',
    ]);
    running.child.stdin?.end(lines.join(''));
    await running;
    return at(name, 'rev-parse', 'main');
  };
  const charts = function* (count: number): Generator<readonly [string, string]> {
    for (let chart = 0; chart < count; chart++) {
      for (let file = 0; file < 25; file++) {
        const noise = Math.abs(Math.sin(chart * 25 + file)).toString(36);
        yield [`g${chart % 40}/c${chart}/templates/f${file}.yaml`, `kind: X\nname: ${noise}\n${'# '.repeat(50)}\n`];
      }
    }
  };

  beforeEach(async () => {
    folder = temporaryFolder();
    backend = await startHttpBackend(folder.path);
  });
  afterEach(async () => {
    await backend.close();
    folder.remove();
  });

  it('sends for one chart about as much from a repository ten times as large, and far less than a clone', async () => {
    const costs: number[] = [];
    for (const count of [80, 800]) {
      const sha = await load(`charts-${count}`, charts(count));
      await client().openCommit(remote(`charts-${count}`), sha, { paths: ['g7/c7'] });
      const { bytes, fetches } = cost();
      expect(fetches).toBe(3);
      costs.push(bytes);
      await git(folder.path, 'clone', '-q', '--depth', '1', remote(`charts-${count}`).url, `clone-${count}`);
      expect(cost().bytes).toBeGreaterThan(10 * bytes);
    }
    const [small = 0, large = 0] = costs;
    expect(large).toBeLessThan(1.5 * small);
  });

  it('leads to a folder of any depth in four requests', async () => {
    const deep = 'areas/one/teams/two/env/prod/web';
    const sha = await load('deep', [
      ...charts(40),
      [`${deep}/Chart.yaml`, 'name: web\n'],
      ['areas/large.txt', 'x'.repeat(9000)],
    ]);
    const tree = await client().openCommit(remote('deep'), sha, { paths: [deep] });
    expect(readText(tree, `${deep}/Chart.yaml`)).toBe('name: web\n');
    expect(cost().fetches).toBe(4);
  });

  it.each([true, false])(
    'that gives no object by its id alone is read again after a restart (version 0: %s)',
    async (hideProtocol) => {
      const other = await startHttpBackend(folder.path, { hideProtocol });
      const address = { url: `${other.url}/plain.git` };
      const sha = await load('plain', charts(40), { filter: false });
      await at('plain', 'config', 'uploadpack.allowAnySHA1InWant', 'false');
      const cache = createMemoryCache();
      const tree = await client(cache).openCommit(address, sha, { paths: ['g7/c7'] });
      tree.list('g7/c7/templates');
      await tree.save();
      const next = await load('plain', [['g7/c7/templates/f1.yaml', 'kind: Y\n']], {
        from: sha,
        seconds: 1_700_000_001,
      });
      const full = other.requests.reduce((sum, { received }) => sum + received, 0);
      other.requests.length = 0;
      const options = { paths: ['g7/c7', 'g8/c8'], readSet: tree.readSet() };
      const later = await client(cache).openCommit(address, next, options);
      expect(readText(later, 'g7/c7/templates/f1.yaml')).toBe('kind: Y\n');
      expect(readText(later, 'g7/c7/templates/f2.yaml')).toContain('kind: X');
      expect(readText(later, 'g8/c8/templates/f2.yaml')).toContain('kind: X');
      expect(other.requests.filter(({ method }) => method === 'POST').length).toBeLessThanOrEqual(2);
      expect(other.requests.reduce((sum, { received }) => sum + received, 0)).toBeLessThan(full);
      await other.close();
    },
  );

  it('that is itself a shallow clone gives its last commit and the next', async () => {
    const sha = await load('deep', charts(10));
    const next = await load('deep', [['g7/c7/templates/f1.yaml', 'kind: Y\n']], { from: sha, seconds: 1_700_000_001 });
    await git(folder.path, 'clone', '-q', '--bare', '--depth', '1', `file://${folder.path}/deep.git`, 'shallow.git');
    await at('shallow', 'config', 'uploadpack.allowFilter', 'true');
    const one = client();
    const tree = await one.openCommit(remote('shallow'), next, { paths: ['g7/c7'] });
    expect(readText(tree, 'g7/c7/templates/f1.yaml')).toBe('kind: Y\n');
    tree.readFile('g7/c7/templates/f2.yaml');
    await expect(one.openCommit(remote('shallow'), sha, { paths: ['g7/c7'] })).rejects.toMatchObject({
      code: 'RevisionNotFound',
    });
    const last = await load('shallow', [['g7/c7/templates/f2.yaml', 'kind: Z\n']], {
      from: next,
      seconds: 1_700_000_002,
    });
    expect(await one.compareReadSets(remote('shallow'), last, [tree.readSet()])).toEqual([
      ['g7/c7/templates/f1.yaml', 'g7/c7/templates/f2.yaml'].slice(1),
    ]);
  });

  it('that has thrown away the earlier commit says so, and the new one is read', async () => {
    const sha = await load('forced', charts(10));
    const one = client();
    const tree = await one.openCommit(remote('forced'), sha, { paths: ['g7/c7'] });
    tree.readFile('g7/c7/templates/f1.yaml');
    const next = await load('forced', [['g7/c7/templates/f1.yaml', 'kind: Y\n']], {
      seconds: 1_700_000_009,
      from: `${sha}~0`,
    });
    const orphan = await at('forced', 'commit-tree', '-m', 'new', `${next}^{tree}`);
    await at('forced', 'update-ref', 'refs/heads/main', orphan);
    await at('forced', 'reflog', 'expire', '--expire=all', '--all');
    await at('forced', 'gc', '-q', '--prune=now');
    const later = client();
    expect(await later.compareReadSets(remote('forced'), orphan, [tree.readSet()])).toEqual([
      ['g7/c7/templates/f1.yaml'],
    ]);
    await expect(later.changedFiles(remote('forced'), orphan, tree.readSet(), [''])).rejects.toMatchObject({
      code: 'RevisionNotFound',
    });
    const opened = await later.openCommit(remote('forced'), orphan, { paths: ['g7/c7'], readSet: tree.readSet() });
    expect(readText(opened, 'g7/c7/templates/f1.yaml')).toBe('kind: Y\n');
  });

  it('is not asked for all of an unrelated branch where one folder of it is wanted', async () => {
    const sha = await load('branches', [['web/Chart.yaml', 'name: web\n']]);
    const one = client();
    const tree = await one.openCommit(remote('branches'), sha, { paths: ['web'] });
    tree.readFile('web/Chart.yaml');
    const heap = Array.from(
      { length: 60 },
      (_, index) => [`heap/${index}`, randomBytes(150_000).toString('base64')] as const,
    );
    const other = await load('branches', [['web/Chart.yaml', 'name: other\n'], ...heap], {
      from: sha,
      seconds: 1_700_000_001,
    });
    cost();
    const opened = await one.openCommit(remote('branches'), other, { paths: ['web'], readSet: tree.readSet() });
    expect(readText(opened, 'web/Chart.yaml')).toBe('name: other\n');
    expect(() => opened.readFile('heap/1')).toThrow(/not fetched yet/);
  });
});
