import { describe, expect, it } from 'vitest';
import { followsRef, matchPush, revisionOf } from '../../src/application/push-match.ts';

describe('followsRef', () => {
  it.each<[target: string | undefined, ref: string, defaultBranch: string | undefined, expected: boolean]>([
    [undefined, 'refs/heads/main', 'main', true],
    ['', 'refs/heads/main', 'main', true],
    ['HEAD', 'refs/heads/main', 'main', true],
    ['HEAD', 'refs/heads/next', 'main', false],
    ['HEAD', 'refs/tags/v1', 'main', false],
    ['HEAD', 'refs/heads/next', undefined, false],
    ['HEAD', 'refs/tags/main', 'main', true],
    ['x/HEAD', 'refs/heads/main', 'main', true],
    ['refs/heads/HEAD', 'refs/heads/main', 'main', true],
    ['refs/heads/x/HEAD', 'refs/heads/main', 'main', false],
    ['a/b/c/HEAD', 'refs/heads/main', 'main', false],
    ['x/', 'refs/heads/main', 'main', true],
    ['refs/tags/main', 'refs/heads/main', 'main', true],
    ['refs/heads/*', 'refs/tags/v1.2.3', 'main', true],
    ['login', 'refs/heads/feature/login', 'main', false],
    ['Main', 'refs/heads/main', 'main', false],
    ['main', 'refs/heads/main', 'main', true],
    ['refs/heads/main', 'refs/heads/main', 'next', true],
    ['feature/x', 'refs/heads/feature/x', 'main', true],
    ['main', 'refs/heads/main2', 'main', false],
    ['v1.2.3', 'refs/tags/v1.2.3', 'main', true],
    ['1.*', 'refs/tags/v1.2.3', 'main', true],
    ['>=1.0.0', 'refs/tags/v1.2.3', 'main', true],
    ['2.*', 'refs/tags/v1.2.3', 'main', false],
    ['main*', 'refs/heads/main', 'main', false],
    ['0'.repeat(39).concat('1'), 'refs/heads/main', 'main', false],
  ])('%s follows %s (default branch %s): %s', (target, ref, defaultBranch, expected) => {
    expect(followsRef(target, { ref, ...(defaultBranch && { defaultBranch }) })).toBe(expected);
  });

  it.each([true, false])('believes the provider that HEAD was touched: %s', (touchesHead) => {
    expect(followsRef('HEAD', { ref: 'refs/heads/next', defaultBranch: 'main', touchesHead })).toBe(touchesHead);
  });

  it.each<[target: string, ref: string, expected: boolean]>([
    ['1.*', 'refs/tags/web/1.2.3', true],
    ['1.2.3', 'refs/tags/web/1.2.3', true],
    ['1.*', 'refs/tags/api/1.2.3', false],
    ['1.*', 'refs/tags/1.2.3', false],
    ['2.*', 'refs/tags/web/1.2.3', false],
    ['1.*', 'refs/heads/web/1.2.3', false],
    ['main', 'refs/heads/main', true],
    ['HEAD', 'refs/heads/main', false],
  ])('%s of the tags that begin with web/ follows %s: %s', (target, ref, expected) => {
    expect(followsRef(target, { ref }, 'web/')).toBe(expected);
  });
});

describe('matchPush', () => {
  it('tells the sources of the repository from those that follow the ref', () => {
    const repoURL = 'https://git.example.com/o/r';
    const [main, next] = [
      { repoURL, targetRevision: 'main' },
      { repoURL, targetRevision: 'next' },
    ];
    const sources = [main, { repoURL: 'https://git.example.com/o/other', targetRevision: 'main' }, next];
    const match = matchPush({ sources }, (url) => url === repoURL, { ref: 'refs/heads/main' });
    expect(match).toEqual({ ofRepository: [main, next], following: [main] });
  });
});

describe('revisionOf', () => {
  it.each([
    ['refs/heads/main', 'main'],
    ['refs/heads/feature/login', 'feature/login'],
    ['main', 'main'],
    ['feature/login', 'login'],
    ['', ''],
  ])('%j is %j', (ref, expected) => {
    expect(revisionOf(ref)).toBe(expected);
  });
});
