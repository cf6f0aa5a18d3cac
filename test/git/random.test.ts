// Any history, any server, any memory: a tree reads what was committed, and a read set tells exactly what differs.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGitClient } from '../../src/git/client.ts';
import type { CommitTree } from '../../src/git/commit-tree.ts';
import type { ReadSet } from '../../src/git/read-set.ts';
import { commitFiles, createRepository, type FileChange } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { SERVER_KINDS } from '../support/git-servers.ts';

const AUTHOR = { name: 'Alice', email: 'alice@example.com' };
const PATHS = ['web/a.yaml', 'web/t/b.yaml', 'web/t/c/d.yaml', 'lib/e.yaml', 'lib/f/g.yaml', 'h.yaml'];
const content = fc.constantFrom('one', 'two', 'three', 'x'.repeat(700));
const change = fc.dictionary(fc.constantFrom(...PATHS), fc.option(content), { minKeys: 1, maxKeys: 3 });

/** Reads every known path, loading what is not here. */
async function readAll(tree: CommitTree): Promise<Record<string, string | undefined>> {
  for (;;) {
    try {
      const decoder = new TextDecoder();
      return Object.fromEntries(
        PATHS.map((path) => {
          const bytes = tree.readFile(path);
          return [path, bytes && decoder.decode(bytes)];
        }),
      );
    } catch (error) {
      if (tree.missing().length === 0) throw error;
      await tree.load(tree.missing());
    }
  }
}

describe.each(SERVER_KINDS.filter(({ real }) => !real))('commits read from $name', ({ protocol, allowFilter }) => {
  it('are what was committed, and differ where their files do', async () => {
    const paths = fc.subarray(['', 'web', 'web/t', 'lib', 'h.yaml', 'nothing/here']);
    const steps = fc.array(fc.tuple(change, paths, fc.nat(5)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom(300, 3000, 300_000), async (history, memoryBytes) => {
        const server = createGitServer({ protocol, allowFilter });
        const repository = server.create('a/b');
        const client = createGitClient({ fetch: (url, init) => server.handle(new Request(url, init)), memoryBytes });
        const remote = { url: 'http://git.test/a/b' };
        const commits: { sha: string; files: Record<string, string | undefined> }[] = [];
        let model: Record<string, FileChange> = {};
        let last: { readSet: ReadSet; files: Record<string, string | undefined> } | undefined;
        for (const [index, [files, wanted, back]] of history.entries()) {
          model = { ...model, ...files };
          const { after } = commitFiles(repository, 'main', files, {
            message: `${index}`,
            author: AUTHOR,
            atMs: index,
          });
          const now = Object.fromEntries(PATHS.map((path) => [path, textOf(model[path])]));
          commits.push({ sha: after, files: now });
          // Now and then an earlier commit, as after a forced push.
          const opened = commits.at(back === 0 ? 0 : -1) ?? { sha: after, files: now };
          const tree = await client.openCommit(remote, opened.sha, { paths: wanted, readSet: last?.readSet });
          if (last) {
            const before = last.files;
            const differing = PATHS.filter((path) => before[path] !== opened.files[path]);
            const changed = await tree.changedSince(last.readSet);
            // A missing directory stands for all the files that were looked for below it.
            for (const path of differing)
              expect(changed.some((one) => path === one || path.startsWith(`${one}/`))).toBe(true);
            for (const one of changed)
              expect(differing.some((path) => path === one || path.startsWith(`${one}/`))).toBe(true);
          }
          expect(await readAll(tree)).toEqual(opened.files);
          last = { readSet: tree.readSet(), files: opened.files };
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('commitFiles', () => {
  it('removes a directory with its last file', () => {
    const repository = createRepository('a/b');
    const details = { message: 'm', author: AUTHOR, atMs: 0 };
    commitFiles(repository, 'main', { 'a/b/c.yaml': 'c', 'd.yaml': 'd' }, details);
    const emptied = commitFiles(repository, 'main', { 'a/b/c.yaml': null }, details);
    const direct = commitFiles(repository, 'other', { 'd.yaml': 'd' }, details);
    const treeOf = (sha: string) => new TextDecoder().decode(repository.objects.get(sha)?.content).split('\n')[0];
    expect(treeOf(emptied.after)).toBe(treeOf(direct.after));
  });
});

function textOf(change: FileChange | undefined): string | undefined {
  return typeof change === 'string' ? change : undefined;
}
