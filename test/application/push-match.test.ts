import { describe, expect, it } from 'vitest';
import { followsRef } from '../../src/application/push-match.ts';

describe('followsRef', () => {
  it.each<[target: string | undefined, ref: string, defaultBranch: string | undefined, expected: boolean]>([
    [undefined, 'refs/heads/main', 'main', true],
    ['', 'refs/heads/main', 'main', true],
    ['HEAD', 'refs/heads/main', 'main', true],
    ['HEAD', 'refs/heads/next', 'main', false],
    ['HEAD', 'refs/tags/v1', 'main', false],
    ['HEAD', 'refs/heads/next', undefined, true],
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

  it.each<[target: string, ref: string, expected: boolean]>([
    ['1.*', 'refs/tags/web/1.2.3', true],
    ['1.2.3', 'refs/tags/web/1.2.3', true],
    ['1.*', 'refs/tags/api/1.2.3', false],
    ['1.*', 'refs/tags/1.2.3', false],
    ['2.*', 'refs/tags/web/1.2.3', false],
    ['1.*', 'refs/heads/web/1.2.3', false],
    ['main', 'refs/heads/main', true],
  ])('%s of the tags that begin with web/ follows %s: %s', (target, ref, expected) => {
    expect(followsRef(target, { ref }, 'web/')).toBe(expected);
  });
});
