// Where a push goes on at each kind of Git server.

import { describe, expect, it } from 'vitest';
import { pageOfBranch } from '../../src/git-host/pages.ts';

const URL_ = 'https://kim:token@git.example.com/team/app.git';
const NEW = { commit: 'c'.repeat(40), branch: 'try/a b', isNew: true };
const BASE = 'https://git.example.com/team/app';

describe('the page of a pushed branch', () => {
  it.each([
    ['github', { ...NEW, target: 'main' }, `${BASE}/compare/main...try/a%20b?expand=1`],
    ['github', NEW, `${BASE}/compare/try/a%20b?expand=1`],
    ['gitea', { ...NEW, target: 'main' }, `${BASE}/compare/main...try/a%20b`],
    ['gogs', { ...NEW, target: 'main' }, `${BASE}/compare/main...try/a%20b`],
    ['forgejo', NEW, `${BASE}/src/branch/try/a%20b`],
    [
      'gitlab',
      { ...NEW, target: 'main' },
      `${BASE}/-/merge_requests/new?merge_request%5Bsource_branch%5D=try%2Fa+b&merge_request%5Btarget_branch%5D=main`,
    ],
    ['gitea', { ...NEW, isNew: false }, `${BASE}/commit/${NEW.commit}`],
    ['gitlab', { ...NEW, isNew: false }, `${BASE}/-/commit/${NEW.commit}`],
  ] as const)('at %s holds no credentials', (kind, pushed, page) => {
    expect(pageOfBranch(kind, URL_, pushed)).toBe(page);
  });

  it('is not there for what is no web address', () => {
    expect(pageOfBranch('gitea', 'git@git.example.com:team/app.git', NEW)).toBeUndefined();
  });
});
