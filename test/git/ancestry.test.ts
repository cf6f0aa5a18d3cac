import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitClient, type GitClient } from '../../src/git/client.ts';
import { commitFiles, type SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { hasGit } from '../support/git-cli.ts';
import { SERVER_KINDS, startServer, type TestServer } from '../support/git-servers.ts';

const AUTHOR = { name: 'Alice', email: 'alice@example.com' };
const isGitHere = hasGit();

describe.each(SERVER_KINDS.filter(({ real }) => !real || isGitHere))(
  'whether a commit goes back to another, on $name',
  (kind) => {
    let server: TestServer;
    let client: GitClient;
    let repository: SandboxRepository;
    let clock = 1_700_000_000_000;
    const remote = () => ({ url: `${server.url}/team/deploy.git` });

    /** A commit on a branch, which begins where another is. */
    async function commit(branch: string, from?: string): Promise<string> {
      clock += 1000;
      if (from) repository.refs.set(`refs/heads/${branch}`, from);
      const files = { 'a.txt': String(clock), 'large.txt': `${clock}\n`.repeat(2_000) };
      const { after } = commitFiles(repository, branch, files, { message: `${clock}`, author: AUTHOR, atMs: clock });
      await server.publish(repository);
      return after;
    }

    beforeEach(async () => {
      server = await startServer(kind);
      client = createGitClient({ fetch: server.fetch });
      repository = server.create('team/deploy');
    });
    afterEach(() => server.close());

    it('is told for pushes that go on, that replace commits, and that go back', async () => {
      const first = await commit('main');
      const second = await commit('main');
      const third = await commit('main');
      const replaced = await commit('other', first);
      const cases: readonly [string, string, boolean][] = [
        [first, first, true],
        [second, third, true],
        [first, third, true],
        [third, first, false],
        [third, replaced, false],
        [second, replaced, false],
        [first, replaced, true],
      ];
      for (const [ancestor, descendant, expected] of cases) {
        expect([ancestor, descendant, await client.isAncestor(remote(), ancestor, descendant)]).toEqual([
          ancestor,
          descendant,
          expected,
        ]);
      }
    });

    it('costs no request where the commit is here and the other is its parent', async () => {
      const first = await commit('main');
      const second = await commit('main');
      await client.openCommit(remote(), second, { paths: ['a.txt'] });
      server.requests.length = 0;
      expect(await client.isAncestor(remote(), first, second)).toBe(true);
      expect(server.requests).toEqual([]);
    });

    it('is told of a commit that the server has never had: nothing goes back to it', async () => {
      await commit('main');
      const second = await commit('main');
      expect(await client.isAncestor(remote(), 'ab'.repeat(20), second)).toBe(false);
    });

    it('cannot be told of a commit that is gone', async () => {
      const first = await commit('main');
      expect(await client.isAncestor(remote(), first, 'ab'.repeat(20))).toBeUndefined();
    });

    if (kind.allowFilter) {
      it('brings commits alone', async () => {
        const first = await commit('main');
        for (let i = 0; i < 5; i++) await commit('main');
        const last = await commit('main');
        server.requests.length = 0;
        expect(await client.isAncestor(remote(), first, last)).toBe(true);
        expect(server.requests.at(-1)?.received).toBeLessThan(4_000);
      });
    }
  },
);
