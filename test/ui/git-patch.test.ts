// The patch of a tried change, as the real git takes it.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitPatch } from '../../src/ui/web/try/git-patch.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';

const LONG = Array.from({ length: 40 }, (_, index) => `line${index}: ${index}`).join('\n');

const CASES: readonly (readonly [string, Readonly<Record<string, readonly [string | undefined, string]>>])[] = [
  ['one line', { 'values.yaml': ['replicas: 1\nimage: a\n', 'replicas: 2\nimage: a\n'] }],
  [
    'two places far apart',
    { 'a/values.yaml': [`${LONG}\n`, `${LONG.replace('line2:', 'two:').replace('line35:', 'x:')}\n`] },
  ],
  ['several files', { 'b.yaml': ['b: 1\n', 'b: 2\n'], 'a.yaml': ['a: 1\n', 'a: 2\n'] }],
  ['a new file', { 'env/new.yaml': [undefined, 'new: true\n'] }],
  ['a file that becomes empty', { 'x.yaml': ['x: 1\n', ''] }],
  ['a file that was empty', { 'x.yaml': ['', 'x: 1\n'] }],
  ['no line feed at the end, before', { 'x.yaml': ['x: 1\ny: 1', 'x: 2\ny: 1\n'] }],
  ['no line feed at the end, after', { 'x.yaml': ['x: 1\ny: 1\n', 'x: 2\ny: 1'] }],
  ['no line feed at the end, both', { 'x.yaml': ['x: 1\ny: 1', 'x: 2\ny: 1'] }],
  ['a new file without one', { 'x.yaml': [undefined, 'x: 1'] }],
  ['lines that end as Windows has them', { 'x.yaml': ['x: 1\r\ny: 1\r\n', 'x: 2\r\ny: 1\r\n'] }],
  [
    'names with blanks, quotes and Korean',
    { 'my values.yaml': ['x: 1\n', 'x: 2\n'], '값/a"b.yaml': ['x: 1\n', 'x: 3\n'] },
  ],
  ['lines that look like a patch', { 'x.yaml': ['--- a\n+++ b\n@@ -1 +1 @@\n', '--- a\n+++ c\n@@ -1 +1 @@\n-x\n'] }],
];

describe.skipIf(!hasGit())('a patch', () => {
  it.each(CASES)('of %s is applied by git', async (_, files) => {
    const folder = temporaryFolder();
    try {
      const at = (path: string) => join(folder.path, path);
      await git(folder.path, 'init', '-q');
      for (const [path, [before]] of Object.entries(files)) {
        mkdirSync(dirname(at(path)), { recursive: true });
        if (before !== undefined) writeFileSync(at(path), before);
      }
      const changed = Object.entries(files).map(([path, [before, after]]) => ({ path, before, after }));
      writeFileSync(at('change.patch'), gitPatch(changed));
      await git(folder.path, 'apply', '--check', '--whitespace=nowarn', 'change.patch');
      await git(folder.path, 'apply', '--whitespace=nowarn', 'change.patch');
      for (const { path, after } of changed) expect(readFileSync(at(path), 'utf8')).toBe(after);
    } finally {
      folder.remove();
    }
  });

  it('of nothing is empty', () => {
    expect(gitPatch([{ path: 'a.yaml', before: 'a\n', after: 'a\n' }])).toBe('');
  });
});
