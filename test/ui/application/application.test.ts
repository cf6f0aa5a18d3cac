import { describe, expect, it } from 'vitest';
import { driftEntries } from '../../../src/ui/web/application/drift-entries.ts';
import { gitPagesOf } from '../../../src/ui/web/application/git-pages.ts';
import { similarNames } from '../../../src/ui/web/application/similar-names.ts';

describe('pages of Git servers', () => {
  it.each([
    [
      'https://github.com/org/repo.git',
      'https://github.com/org/repo/tree/abc/a/b',
      'https://github.com/org/repo/commit/abc',
    ],
    [
      'git@github.com:org/repo.git',
      'https://github.com/org/repo/tree/abc/a/b',
      'https://github.com/org/repo/commit/abc',
    ],
    [
      'https://user:secret@gitlab.example.com/group/sub/repo',
      'https://gitlab.example.com/group/sub/repo/-/tree/abc/a/b',
      'https://gitlab.example.com/group/sub/repo/-/commit/abc',
    ],
    [
      'https://bitbucket.org/org/repo',
      'https://bitbucket.org/org/repo/src/abc/a/b',
      'https://bitbucket.org/org/repo/commits/abc',
    ],
    [
      'http://gogs.example.com:3000/org/repo',
      'http://gogs.example.com:3000/org/repo/src/abc/a/b',
      'http://gogs.example.com:3000/org/repo/commit/abc',
    ],
    [
      'ssh://git@gitea.example.com:2222/org/repo.git',
      'https://gitea.example.com/org/repo/src/abc/a/b',
      'https://gitea.example.com/org/repo/commit/abc',
    ],
  ])('of %s show a folder and a commit', (repoURL, folder, commit) => {
    const pages = gitPagesOf(repoURL);
    expect(pages?.folder('abc', './a/b/')).toBe(folder);
    expect(pages?.commit('abc')).toBe(commit);
  });

  it('show the whole repository where the path is its root', () => {
    expect(gitPagesOf('https://github.com/o/r')?.folder('main', '.')).toBe('https://github.com/o/r/tree/main');
  });

  it.each(['https://git.example.com/org/repo', 'http://127.0.0.1:8080/a/b', 'file:///srv/repo', 'not an address'])(
    'are not guessed at: %s',
    (repoURL) => {
      expect(gitPagesOf(repoURL)).toBeUndefined();
    },
  );
});

describe('names that may have been meant', () => {
  const names = ['dev-nginx', 'prd-nginx', 'dev-web', 'payments'];
  it.each([
    ['dev-ngink', ['dev-nginx']],
    ['nginx', ['dev-nginx', 'prd-nginx']],
    ['paymets', ['payments']],
    ['DEV-WEB', ['dev-web']],
    ['something-else', []],
  ])('of %s', (wanted, found) => {
    expect(similarNames(names, (name) => name, wanted)).toEqual(found);
  });
});

describe('the record of drift', () => {
  it('is read as it stands, whatever the values are', () => {
    const [entry] = driftEntries([
      {
        ...{ at: '2026-01-01T00:00:00Z', by: 'kim', manager: 'kubectl-edit', operation: 'UPDATE' },
        ...{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web', times: 2 },
        fields: [
          { path: '/spec/replicas', before: 1, after: 3 },
          { path: '/metadata/labels/x', after: 'y' },
        ],
      },
    ]);
    expect(entry).toMatchObject({ by: 'kim', isDeletion: false, times: 2, moreFields: 0 });
    expect(entry?.fields).toEqual([
      { path: '/spec/replicas', before: '1', after: '3' },
      { path: '/metadata/labels/x', after: 'y' },
    ]);
    expect(driftEntries([{ operation: 'DELETE' }])[0]).toMatchObject({ isDeletion: true, fields: [], times: 1 });
  });
});
