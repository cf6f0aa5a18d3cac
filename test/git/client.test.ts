import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HawserError } from '../../src/base/errors.ts';
import { createGitClient, type GitClient } from '../../src/git/client.ts';
import { resolveRevision } from '../../src/git/revision.ts';
import type { Cache } from '../../src/platform.ts';
import { readText } from '../../src/render/tree.ts';
import { commitFiles, type SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { hasGit } from '../support/git-cli.ts';
import { SERVER_KINDS, startServer, type TestServer } from '../support/git-servers.ts';

const AUTHOR = { name: 'Alice', email: 'alice@example.com' };
const isGitHere = hasGit();

describe.each(SERVER_KINDS.filter(({ real }) => !real || isGitHere))('a Git client of $name', (kind) => {
  let server: TestServer;
  let client: GitClient;
  let repository: SandboxRepository;
  let clock = 1_700_000_000_000;

  const remote = () => ({ url: `${server.url}/team/deploy.git` });
  const commit = async (files: Parameters<typeof commitFiles>[2], branch = 'main') => {
    clock += 1000;
    const { after } = commitFiles(repository, branch, files, {
      message: `change at ${clock}`,
      author: AUTHOR,
      atMs: clock,
    });
    await server.publish(repository);
    return after;
  };
  const posts = () => server.requests.filter(({ body }) => body !== '');

  beforeEach(async () => {
    server = await startServer(kind);
    client = createGitClient({ fetch: server.fetch });
    repository = server.create('team/deploy');
  });
  afterEach(() => server.close());

  const CHART = {
    'README.md': 'read me\n',
    'charts/web/Chart.yaml': 'name: web\n',
    'charts/web/values.yaml': 'replicas: 1\n',
    'charts/web/templates/deployment.yaml': 'kind: Deployment\n',
    'charts/web/templates/service.yaml': 'kind: Service\n',
    'charts/api/Chart.yaml': 'name: api\n',
    'docs/guide/one.md': 'one\n',
  };

  it('lists refs with the branch of HEAD', async () => {
    const sha = await commit(CHART);
    await commit({ 'a.txt': 'a' }, 'feature/x');
    const refs = await client.listRefs(remote());
    expect(refs.head).toBe('refs/heads/main');
    expect(refs.byName.get('refs/heads/main')).toEqual({ id: sha });
    expect(resolveRevision(refs, 'HEAD')).toEqual({ sha, ref: 'refs/heads/main' });
    expect([...refs.byName.keys()]).toContain('refs/heads/feature/x');
  });

  it('opens a commit with what is under the wanted path', async () => {
    const tree = await client.openCommit(remote(), await commit(CHART), { paths: ['charts/web'] });
    server.requests.length = 0;
    expect(readText(tree, 'charts/web/values.yaml')).toBe('replicas: 1\n');
    expect(readText(tree, 'charts/web/templates/service.yaml')).toBe('kind: Service\n');
    expect(tree.list('charts/web')?.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'file Chart.yaml',
      'directory templates',
      'file values.yaml',
    ]);
    expect(tree.readFile('charts/web/missing.yaml')).toBeUndefined();
    expect(tree.list('charts/nothing')).toBeUndefined();
    expect(server.requests).toEqual([]);
  });

  it('reads what lies elsewhere after loading it', async () => {
    const tree = await client.openCommit(remote(), await commit(CHART), { paths: ['charts/web'] });
    const isHere = !kind.allowFilter;
    const read = () => readText(tree, 'docs/guide/one.md');
    if (!isHere) {
      expect(read).toThrow(HawserError);
      expect(tree.missing()).toEqual(['docs/guide/one.md']);
      await tree.load(tree.missing());
    }
    expect(read()).toBe('one\n');
    expect(tree.missing()).toEqual([]);
  });

  it('fetches the next commit with one small request', async () => {
    const first = await client.openCommit(remote(), await commit(CHART), { paths: ['charts/web'] });
    first.list('charts/web');
    const next = await commit({ 'charts/web/values.yaml': 'replicas: 2\n' });
    server.requests.length = 0;
    const tree = await client.openCommit(remote(), next, { paths: ['charts/web'], readSet: first.readSet() });
    expect(readText(tree, 'charts/web/values.yaml')).toBe('replicas: 2\n');
    expect(readText(tree, 'charts/web/templates/deployment.yaml')).toBe('kind: Deployment\n');
    expect(posts()).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  it('fetches once what many ask for at the same time', async () => {
    const sha = await commit(CHART);
    await client.listRefs(remote());
    server.requests.length = 0;
    const trees = await Promise.all(
      Array.from({ length: 20 }, () => client.openCommit(remote(), sha, { paths: ['charts/web'] })),
    );
    for (const tree of trees) expect(readText(tree, 'charts/web/Chart.yaml')).toBe('name: web\n');
    // The commit with its root, the folder on the way, the chart.
    expect(posts()).toHaveLength(kind.allowFilter ? 3 : 1);
  });

  it('opens an earlier commit after a forced push back', async () => {
    const first = await commit(CHART);
    const second = await commit({ 'charts/web/values.yaml': 'replicas: 2\n' });
    const late = await client.openCommit(remote(), second, { paths: ['charts/web'] });
    repository.refs.set('refs/heads/main', first);
    await server.publish(repository);
    const tree = await client.openCommit(remote(), first, { paths: ['charts/web'], readSet: late.readSet() });
    expect(readText(tree, 'charts/web/values.yaml')).toBe('replicas: 1\n');
  });

  it('opens a commit that no ref names, only its descendants', async () => {
    const first = await commit(CHART);
    await commit({ 'charts/web/values.yaml': 'replicas: 2\n' });
    const tree = await client.openCommit(remote(), first, { paths: ['charts/web'] });
    expect(readText(tree, 'charts/web/values.yaml')).toBe('replicas: 1\n');
  });

  it('refuses an answer that is too large', async () => {
    const sha = await commit({ 'big.bin': 'x'.repeat(100_000) });
    const small = createGitClient({ fetch: server.fetch, maxPackBytes: 20_000 });
    await expect(small.openCommit(remote(), sha, { paths: [''] })).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  it('opens an unrelated commit', async () => {
    const first = await client.openCommit(remote(), await commit(CHART), { paths: ['charts/web'] });
    const other = await commit({ 'charts/web/Chart.yaml': 'name: other\n' }, 'orphan');
    const tree = await client.openCommit(remote(), other, { paths: ['charts/web'], readSet: first.readSet() });
    expect(readText(tree, 'charts/web/Chart.yaml')).toBe('name: other\n');
  });

  it('tells which paths of a read set another commit changes', async () => {
    const before = await client.openCommit(remote(), await commit(CHART), { paths: ['charts/web'] });
    before.list('charts/web');
    before.readFile('charts/web/values.yaml');
    before.readFile('charts/web/templates/service.yaml');
    before.readFile('charts/web/values-dev.yaml');
    const readSet = before.readSet();
    const changesOf = async (files: Parameters<typeof commitFiles>[2]) => {
      const tree = await client.openCommit(remote(), await commit(files), { paths: [], readSet });
      return tree.changedSince(readSet);
    };
    expect(await changesOf({ 'docs/guide/two.md': 'two\n' })).toEqual([]);
    expect(await changesOf({ 'charts/web/templates/deployment.yaml': 'kind: Pod\n' })).toEqual([]);
    expect(await changesOf({ 'charts/web/values.yaml': 'replicas: 3\n' })).toEqual(['charts/web/values.yaml']);
    expect(
      await changesOf({ 'charts/web/values.yaml': 'replicas: 1\n', 'charts/web/values-dev.yaml': 'a: 1\n' }),
    ).toEqual(['charts/web', 'charts/web/values-dev.yaml']);
  });

  it('follows symbolic links inside the repository and refuses those that lead out', async () => {
    const link = (target: string) => ({ content: target, mode: '120000' as const });
    const sha = await commit({
      ...CHART,
      'shared/common.yaml': 'shared: true\n',
      'shared/lib/_helpers.tpl': 'helpers\n',
      'charts/web/common.yaml': link('../../shared/common.yaml'),
      'charts/web/lib': link('../../shared/lib'),
      'charts/web/out.yaml': link('../../../etc/passwd'),
      'charts/web/absolute.yaml': link('/etc/passwd'),
      'charts/web/loop': link('loop'),
    });
    const tree = await client.openCommit(remote(), sha, { paths: ['charts/web'] });
    expect(readText(tree, 'charts/web/common.yaml')).toBe('shared: true\n');
    expect(tree.list('charts/web/lib')).toEqual([{ name: '_helpers.tpl', kind: 'file' }]);
    expect(readText(tree, 'charts/web/lib/_helpers.tpl')).toBe('helpers\n');
    expect(tree.realPath('charts/web/lib/_helpers.tpl')).toBe('shared/lib/_helpers.tpl');
    expect(tree.realPath('charts/web/lib/missing')).toBeUndefined();
    for (const path of ['charts/web/out.yaml', 'charts/web/absolute.yaml']) {
      expect(() => tree.readFile(path)).toThrow(expect.objectContaining({ code: 'PathEscapes' }));
    }
    expect(() => tree.readFile('charts/web/loop')).toThrow(expect.objectContaining({ code: 'LimitExceeded' }));
    expect(tree.list('charts/web')?.find(({ name }) => name === 'lib')?.kind).toBe('symlink');
  });

  it('refuses to read a submodule, which would be less than what Git names', async () => {
    const sha = await commit({ ...CHART, 'charts/web/sub': { content: '1'.repeat(40), mode: '160000' } });
    const tree = await client.openCommit(remote(), sha, { paths: ['charts/web'] });
    expect(tree.list('charts/web')?.find(({ name }) => name === 'sub')?.kind).toBe('directory');
    for (const read of [() => tree.list('charts/web/sub'), () => tree.readFile('charts/web/sub/file')]) {
      expect(read).toThrow(expect.objectContaining({ code: 'RenderFailed', place: { file: 'charts/web/sub' } }));
    }
  });

  it('refuses to take a pointer of Git LFS for the file', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`;
    const sha = await commit({ ...CHART, 'charts/web/templates/big.yaml': pointer });
    const tree = await client.openCommit(remote(), sha, { paths: ['charts/web'] });
    expect(() => tree.readFile('charts/web/templates/big.yaml')).toThrow(
      expect.objectContaining({ code: 'RenderFailed', message: expect.stringContaining('Git LFS') }),
    );
  });

  it('starts again from the cache without fetching what it holds', async () => {
    const kept = new Map<string, Uint8Array>();
    const cache: Cache = {
      get: async (key) => kept.get(key),
      put: async (key, value) => void kept.set(key, value),
    };
    const sha = await commit(CHART);
    const first = await createGitClient({ fetch: server.fetch, cache }).openCommit(remote(), sha, {
      paths: ['charts/web'],
    });
    await first.save();
    server.requests.length = 0;
    const tree = await createGitClient({ fetch: server.fetch, cache }).openCommit(remote(), sha, {
      paths: ['charts/web'],
    });
    expect(readText(tree, 'charts/web/values.yaml')).toBe('replicas: 1\n');
    expect(posts()).toEqual([]);
  });

  it('reads the whole repository', async () => {
    const tree = await client.openCommit(remote(), await commit(CHART), { paths: [''] });
    for (const [path, text] of Object.entries(CHART)) expect(readText(tree, path)).toBe(text);
  });

  it('reads author, date and message of a commit', async () => {
    const found = await client.readCommit(remote(), await commit(CHART));
    expect(found).toMatchObject({ author: { ...AUTHOR, atSeconds: clock / 1000 }, message: `change at ${clock}\n` });
  });

  it('says that an empty repository has no commit', async () => {
    await server.publish(repository);
    const refs = await client.listRefs(remote());
    expect(() => resolveRevision(refs, 'HEAD')).toThrow(expect.objectContaining({ code: 'RevisionNotFound' }));
  });

  it('says that a commit does not exist', async () => {
    await commit(CHART);
    await expect(client.openCommit(remote(), 'd'.repeat(40), { paths: [''] })).rejects.toMatchObject({
      code: 'RevisionNotFound',
    });
  });

  it('finds a repository without .git in its address', async () => {
    const sha = await commit(CHART);
    const refs = await client.listRefs({ url: `${server.url}/team/deploy` });
    expect(resolveRevision(refs, 'main').sha).toBe(sha);
  });
});
