import { describe, expect, it } from 'vitest';
import { type Ref, type Refs, tagsAt } from '../../src/git/refs.ts';
import { refPrefixesOf, resolveRevision } from '../../src/git/revision.ts';

const id = (digit: string) => digit.repeat(40);
const REFS: Refs = {
  head: 'refs/heads/main',
  byName: new Map<string, Ref>([
    ['HEAD', { id: id('1') }],
    ['refs/heads/main', { id: id('1') }],
    ['refs/heads/feature/x', { id: id('2') }],
    ['refs/heads/both', { id: id('3') }],
    ['refs/heads/2.x', { id: id('9') }],
    ['refs/pull/7/head', { id: id('8') }],
    ['refs/tags/both', { id: id('4') }],
    ['refs/tags/v1.0.0', { id: id('5') }],
    ['refs/tags/v1.2.3', { id: id('a'), peeled: id('6') }],
    ['refs/tags/v2.0.0-rc.1', { id: id('7') }],
    ['refs/tags/web-1.4.0', { id: id('b') }],
    ['refs/tags/web-1.5.0', { id: id('c') }],
    ['refs/tags/nightly', { id: id('d') }],
  ]),
};

describe('a targetRevision', () => {
  it.each([
    ['', { sha: id('1'), ref: 'refs/heads/main' }],
    ['HEAD', { sha: id('1'), ref: 'refs/heads/main' }],
    ['main', { sha: id('1'), ref: 'refs/heads/main' }],
    ['refs/heads/main', { sha: id('1'), ref: 'refs/heads/main' }],
    ['feature/x', { sha: id('2'), ref: 'refs/heads/feature/x' }],
    ['refs/pull/7/head', { sha: id('8'), ref: 'refs/pull/7/head' }],
    ['pull/7/head', { sha: id('8'), ref: 'refs/pull/7/head' }],
    ['nightly', { sha: id('d'), ref: 'refs/tags/nightly' }],
    ['v1.0.0', { sha: id('5'), ref: 'refs/tags/v1.0.0' }],
    ['both', { sha: id('4'), ref: 'refs/tags/both' }],
    ['refs/heads/both', { sha: id('3'), ref: 'refs/heads/both' }],
    ['e'.repeat(40), { sha: id('e') }],
    ['E'.repeat(40), { sha: id('e') }],
    ['2222222', { sha: id('2') }],
    ['6666666', { sha: id('6') }],
  ])('%j is a name', (wanted, expected) => {
    expect(resolveRevision(REFS, wanted)).toEqual(expected);
  });

  it.each([
    ['*', 'refs/tags/v1.2.3'],
    ['1.*', 'refs/tags/v1.2.3'],
    ['>=1.0.0 <1.2.0', 'refs/tags/v1.0.0'],
    ['>=2.0.0-0', 'refs/tags/v2.0.0-rc.1'],
    ['~1.0', 'refs/tags/v1.0.0'],
    // No tag is in the range: it is the branch of that name.
    ['2.x', 'refs/heads/2.x'],
  ])('%j is a range over the tags', (wanted, ref) => {
    expect(resolveRevision(REFS, wanted).ref).toBe(ref);
  });

  it('with a prefix looks at the tags that begin with it', () => {
    expect(resolveRevision(REFS, '1.*', 'web-').ref).toBe('refs/tags/web-1.5.0');
    expect(resolveRevision(REFS, '1.4.0', 'web-').ref).toBe('refs/tags/web-1.4.0');
  });

  it.each(['gone', 'refs/heads/gone', '>=9', '1234567', 'v1.2', '5.*'])(
    '%j that means nothing is an error',
    (wanted) => {
      expect(() => resolveRevision(REFS, wanted)).toThrow(
        expect.objectContaining({ code: 'RevisionNotFound', hint: expect.any(String) }),
      );
    },
  );

  it('HEAD of a repository whose default branch is missing is an error that names it', () => {
    const refs: Refs = { head: 'refs/heads/main', byName: new Map([['refs/heads/other', { id: id('1') }]]) };
    expect(() => resolveRevision(refs, 'HEAD')).toThrow(/refs\/heads\/main/);
  });

  it.each(['', 'main', 'feature/x', 'both', 'v1.2.3', '1.*', '2.x', 'refs/heads/main', 'pull/7/head', '2222222'])(
    '%j is decided by the refs of its prefixes alone',
    (wanted) => {
      const prefixes = refPrefixesOf(wanted);
      const byName = new Map([...REFS.byName].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix))));
      expect(resolveRevision({ head: 'refs/heads/main', byName }, wanted)).toEqual(resolveRevision(REFS, wanted));
    },
  );

  it.each(['1.*', '1.4.0'])('%j with a prefix of tags is decided by the refs of its prefixes alone', (wanted) => {
    const prefixes = refPrefixesOf(wanted, 'web-');
    const byName = new Map([...REFS.byName].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix))));
    expect(resolveRevision({ byName }, wanted, 'web-')).toEqual(resolveRevision(REFS, wanted, 'web-'));
  });

  it('that is a commit needs no refs', () => {
    expect(refPrefixesOf('e'.repeat(40))).toEqual([]);
  });
});

describe('tagsAt', () => {
  it('lists the tags at a commit, annotated ones by what they name', () => {
    expect(tagsAt(REFS, id('6'))).toEqual(['v1.2.3']);
    expect(tagsAt(REFS, id('a'))).toEqual([]);
  });
});
