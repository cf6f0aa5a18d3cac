import { describe, expect, it } from 'vitest';
import { createGitClient } from '../../src/git/client.ts';
import type { CommitTree } from '../../src/git/commit-tree.ts';
import { parseReadSet } from '../../src/git/read-set.ts';
import { commitFiles, createRepository, type FileChange } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';

const DETAILS = { message: 'change', author: { name: 'Alice', email: 'alice@example.com' }, atMs: 1_700_000_000_000 };
const link = (target: string) => ({ content: target, mode: '120000' as const });
const BEFORE: Record<string, FileChange> = {
  'web/Chart.yaml': 'name: web\n',
  'web/values.yaml': 'a: 1\n',
  'web/templates/a.yaml': 'kind: A\n',
  'web/templates/deep/b.yaml': 'kind: B\n',
  'web/shared.yaml': link('../shared/real.yaml'),
  'shared/real.yaml': 'real: 1\n',
  'shared/other.yaml': 'other: 1\n',
  'docs/one.md': 'one\n',
};

async function openBeforeAndAfter(change: Record<string, FileChange>): Promise<[CommitTree, CommitTree]> {
  const server = createGitServer();
  const repository = server.create('team/deploy');
  const client = createGitClient({ fetch: (url, init) => server.handle(new Request(url, init)) });
  const remote = { url: 'http://git.test/team/deploy' };
  const open = (files: Record<string, FileChange>) =>
    client.openCommit(remote, commitFiles(repository, 'main', files, DETAILS).after, { paths: ['web', 'shared'] });
  return [await open(BEFORE), await open(change)];
}

const list = (path: string) => (tree: CommitTree) => void tree.list(path);
const read = (path: string) => (tree: CommitTree) => void tree.readFile(path);

interface Row {
  readonly title: string;
  readonly reads: readonly ((tree: CommitTree) => void)[];
  readonly change: Record<string, FileChange>;
  readonly changed: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    title: 'a file that was read',
    reads: [read('web/values.yaml')],
    change: { 'web/values.yaml': 'a: 2\n' },
    changed: ['web/values.yaml'],
  },
  {
    title: 'nothing where another file changed',
    reads: [read('web/values.yaml')],
    change: { 'web/Chart.yaml': 'x\n' },
    changed: [],
  },
  {
    title: 'a file that is gone',
    reads: [read('web/values.yaml')],
    change: { 'web/values.yaml': null },
    changed: ['web/values.yaml'],
  },
  {
    title: 'a file that was missing and is there now',
    reads: [read('web/dev.yaml')],
    change: { 'web/dev.yaml': 'd\n' },
    changed: ['web/dev.yaml'],
  },
  {
    title: 'the first missing directory of a missing file',
    reads: [read('new/dev/a.yaml')],
    change: { 'new/other.yaml': 'x\n' },
    changed: ['new'],
  },
  {
    title: 'a list with a new file',
    reads: [list('web/templates')],
    change: { 'web/templates/c.yaml': 'c\n' },
    changed: ['web/templates'],
  },
  {
    title: 'nothing where a listed file has other content',
    reads: [list('web/templates')],
    change: { 'web/templates/a.yaml': 'x\n' },
    changed: [],
  },
  {
    title: 'nothing where a listed directory has a new file inside',
    reads: [list('web')],
    change: { 'web/templates/z.yaml': 'z\n' },
    changed: [],
  },
  {
    title: 'a list in which a file became a directory',
    reads: [list('web')],
    change: { 'web/values.yaml': null, 'web/values.yaml/x': 'x\n' },
    changed: ['web'],
  },
  {
    title: 'the mode of a file',
    reads: [read('web/values.yaml')],
    change: { 'web/values.yaml': { content: 'a: 1\n', mode: '100755' } },
    changed: ['web/values.yaml'],
  },
  {
    title: "a symlink's new target",
    reads: [read('web/shared.yaml')],
    change: { 'web/shared.yaml': link('../shared/other.yaml') },
    changed: ['web/shared.yaml'],
  },
  {
    title: 'what a symlink leads to',
    reads: [read('web/shared.yaml')],
    change: { 'shared/real.yaml': 'real: 2\n' },
    changed: ['shared/real.yaml'],
  },
  {
    title: 'a directory that became a symlink',
    reads: [read('web/templates/a.yaml')],
    change: { 'web/templates/a.yaml': null, 'web/templates/deep/b.yaml': null, 'web/templates': link('../shared') },
    changed: ['web/templates/a.yaml'],
  },
  {
    title: 'nothing where a directory was only asked whether it is one',
    reads: [read('web/templates')],
    change: { 'web/templates/c.yaml': 'c\n' },
    changed: [],
  },
  {
    title: 'a directory that became a file',
    reads: [read('web/templates/deep')],
    change: { 'web/templates/deep/b.yaml': null, 'web/templates/deep': 'file\n' },
    changed: ['web/templates/deep'],
  },
  {
    title: 'nothing for a list of the root whose names are the same',
    reads: [list('')],
    change: { 'docs/two.md': 'two\n' },
    changed: [],
  },
  { title: 'the root with a new name', reads: [list('')], change: { 'new.yaml': 'n\n' }, changed: [''] },
  {
    title: 'files below a directory that was listed as well',
    reads: [list('web'), list('web/templates'), read('web/templates/deep/b.yaml'), read('web/values.yaml')],
    change: { 'web/templates/deep/b.yaml': 'kind: C\n' },
    changed: ['web/templates/deep/b.yaml'],
  },
];

describe('a read set compared with another commit', () => {
  it.each(ROWS)('tells $title', async ({ reads, change, changed }) => {
    const [before, after] = await openBeforeAndAfter(change);
    for (const one of reads) one(before);
    expect(await after.changedSince(before.readSet())).toEqual(changed);
  });

  it('tells nothing for the commit that it is of', async () => {
    const [before] = await openBeforeAndAfter({});
    read('web/values.yaml')(before);
    expect(await before.changedSince(before.readSet())).toEqual([]);
  });

  it('is the same after it was stored as JSON', async () => {
    const [before, after] = await openBeforeAndAfter({ 'web/values.yaml': 'a: 2\n' });
    for (const one of [list(''), list('web'), read('web/values.yaml'), read('web/shared.yaml'), read('gone')])
      one(before);
    const stored = parseReadSet(JSON.parse(JSON.stringify(before.readSet())));
    expect(stored).toEqual(before.readSet());
    expect(stored && (await after.changedSince(stored))).toEqual(['web/values.yaml']);
  });
});

describe('parseReadSet', () => {
  const good = { commit: 'a'.repeat(40), tree: 'b'.repeat(40), reads: { 'a.yaml': '-' } };

  it.each([null, 'text', [], {}, { ...good, commit: 'short' }, { ...good, reads: { a: 1 } }, { ...good, reads: [] }])(
    'finds none in %j',
    (value) => {
      expect(parseReadSet(value)).toBeUndefined();
    },
  );

  it('finds one that was stored', () => {
    expect(parseReadSet(good)).toEqual(good);
  });
});

describe('a repository in memory', () => {
  it('gives the same ids for the same commits', () => {
    const make = () => commitFiles(createRepository('a/b'), 'main', BEFORE, DETAILS).after;
    expect(make()).toBe(make());
  });
});
