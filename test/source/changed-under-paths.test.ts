// Applications that name the paths that count: one list of changed files for all of them, made of trees alone.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitClient } from '../../src/git/client.ts';
import { parseReadSet, type ReadSet } from '../../src/git/read-set.ts';
import { commitFiles, type FileChange, type SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { changedUnderPaths, type NamedPaths } from '../../src/source/changed-under-paths.ts';
import { hasGit } from '../support/git-cli.ts';
import { SERVER_KINDS, startServer, type TestServer } from '../support/git-servers.ts';

const AUTHOR = { name: 'Alice', email: 'alice@example.com' };
const isGitHere = hasGit();

const folders = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`apps/a${at}/values.yaml`, `of: ${at}\n`]));

describe.each(SERVER_KINDS.filter(({ real }) => !real || isGitHere))('paths that are named, at $name', (kind) => {
  let server: TestServer;
  let repository: SandboxRepository;
  let clock = 1_700_000_000_000;
  beforeEach(async () => {
    server = await startServer(kind);
    repository = server.create('team/deploy');
  });
  afterEach(() => server.close());

  const remote = () => ({ url: `${server.url}/team/deploy.git` });
  const commit = async (files: Record<string, FileChange>) => {
    clock += 1000;
    const { after } = commitFiles(repository, 'main', files, { message: `at ${clock}`, author: AUTHOR, atMs: clock });
    await server.publish(repository);
    return after;
  };
  const readSetOf = async (sha: string): Promise<ReadSet> => {
    const tree = await createGitClient({ fetch: server.fetch }).openCommit(remote(), sha, { paths: [] });
    const readSet = parseReadSet(tree.readSet());
    if (!readSet) throw new Error('no read set');
    return readSet;
  };
  const named = (revision: string, readSet: ReadSet, lists: readonly (readonly string[])[]): NamedPaths[] =>
    lists.map((paths, index) => ({ index, remote: remote(), owner: 'default', revision, readSet, paths }));

  it('are those of each Application, by what differs between the two commits', async () => {
    const before = await commit({ ...folders(3), 'lib/a.txt': 'a', 'gone.txt': 'x' });
    const readSet = await readSetOf(before);
    const after = await commit({ 'apps/a1/values.yaml': 'of: two\n', 'lib/b/c.txt': 'new', 'gone.txt': null });
    const changed = await changedUnderPaths(
      createGitClient({ fetch: server.fetch }),
      named(after, readSet, [['apps/a0'], ['apps/a1'], ['apps/*/values.yaml'], ['lib', 'gone.txt'], ['none']]),
    );
    expect([...changed].sort(([one], [other]) => one - other)).toEqual([
      [0, []],
      [1, ['apps/a1/values.yaml']],
      [2, ['apps/a1/values.yaml']],
      [3, ['gone.txt', 'lib/b/c.txt']],
      [4, []],
    ]);
  });

  it('cost no more requests for many Applications than for few', async () => {
    const before = await commit(folders(120));
    const readSet = await readSetOf(before);
    const after = await commit({ 'apps/a7/values.yaml': 'of: two\n' });
    const requestsFor = async (count: number) => {
      server.requests.length = 0;
      const lists = Array.from({ length: count }, (_, at) => [`apps/a${at}`]);
      const changed = await changedUnderPaths(createGitClient({ fetch: server.fetch }), named(after, readSet, lists));
      expect([...changed].filter(([, files]) => files.length > 0)).toEqual([[7, ['apps/a7/values.yaml']]]);
      return server.requests.length;
    };
    expect(await requestsFor(120)).toBe(await requestsFor(10));
  });

  it('are all taken for changed where the earlier commit is gone', async () => {
    const after = await commit(folders(2));
    const readSet = { commit: '1'.repeat(40), tree: '2'.repeat(40), reads: {} };
    const changed = await changedUnderPaths(
      createGitClient({ fetch: server.fetch }),
      named(after, readSet, [['apps/a0'], ['none']]),
    );
    expect([...changed]).toEqual([
      [0, ['apps/a0']],
      [1, ['none']],
    ]);
  });
});
