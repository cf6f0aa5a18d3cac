import { describe, expect, it } from 'vitest';
import {
  formatSeen,
  gapBefore,
  keepRefs,
  listedRefs,
  mergeSeen,
  movedSince,
  parseSeen,
  type SeenRepository,
  seeListing,
  seePush,
} from '../../src/operation/seen-repository.ts';

const MAIN = 'refs/heads/main';
const ZERO = '0'.repeat(40);
const NEW: SeenRepository = { url: 'https://git.example.com/a/b', since: '2026-01-01T00:00:00.000Z', refs: {} };

function chained(...pushes: readonly (readonly [before: string, after: string])[]): SeenRepository {
  return pushes.reduce((seen, [before, end]) => seePush(seen, { ref: MAIN, before, after: end }), NEW);
}

describe('the gap before a push', () => {
  const chain = [
    ['a', 'b'],
    ['b', 'c'],
  ] as const;
  it.each<[string, SeenRepository, { before?: string; after?: string; ref?: string }, string | undefined]>([
    ['a push that goes on from the last one', chained(...chain), { before: 'c', after: 'd' }, undefined],
    ['a push that begins elsewhere', chained(...chain), { before: 'x', after: 'd' }, 'c'],
    ['a ref that was never seen', chained(...chain), { before: 'x', after: 'd', ref: 'refs/heads/other' }, undefined],
    ['a new ref', chained(...chain), { before: ZERO, after: 'd' }, undefined],
    ['a delivery that comes again', chained(...chain), { before: 'a', after: 'b' }, undefined],
    ['a delivery that was overtaken by the next', chained(['b', 'c']), { before: 'a', after: 'b' }, 'c'],
    ['a push without a word of what was before', chained(...chain), { after: 'd' }, undefined],
    [
      'a branch that comes again after its deletion was seen',
      chained(...chain, ['c', ZERO]),
      { before: ZERO, after: 'd' },
      undefined,
    ],
  ])('of %s', (_, seen, push, expected) => {
    expect(gapBefore(seen, { ref: MAIN, ...push })).toBe(expected);
  });

  it('is closed by the delivery that was overtaken', () => {
    const seen = chained(['a', 'b'], ['c', 'd'], ['b', 'c']);
    expect(gapBefore(seen, { ref: MAIN, before: 'c' })).toBeUndefined();
  });
});

describe('the chain of a ref', () => {
  it.each<[string, SeenRepository, readonly string[]]>([
    ['grows by each push', chained(['a', 'b'], ['b', 'c']), ['b', 'c']],
    ['is not moved back by a delivery that comes again', chained(['a', 'b'], ['b', 'c'], ['a', 'b']), ['b', 'c']],
    ['goes back with a forced push in its order', chained(['a', 'b'], ['b', 'c'], ['c', 'b']), ['c', 'b']],
    [
      'keeps the last few',
      chained(...'bcdefghi'.split('').map((one, index) => ['abcdefgh'[index] ?? '', one] as const)),
      'defghi'.split(''),
    ],
  ])('%s', (_, seen, expected) => {
    expect(seen.refs[MAIN]).toEqual(expected);
  });
});

describe('a listing', () => {
  const at = '2026-01-01T01:00:00.000Z';
  const seen = {
    ...chained(['a', 'b']),
    refs: { ...chained(['a', 'b']).refs, 'refs/heads/gone': ['g'], 'refs/heads/ended': [ZERO] },
  };

  it('tells the refs that moved, are new or gone, and is what was seen from then on', () => {
    const refs = new Map([
      [MAIN, 'c'],
      ['refs/tags/v1', 't'],
    ]);
    expect(movedSince(seen, refs)).toEqual(['refs/heads/gone', MAIN, 'refs/tags/v1']);
    const next = seeListing(seen, refs, at);
    expect(next).toEqual({ ...NEW, listedAt: at, refs: { [MAIN]: ['b', 'c'], 'refs/tags/v1': ['t'] } });
    expect(movedSince(next, refs)).toEqual([]);
  });

  it('does not hide what pushes told while it was followed', () => {
    const refs = new Map([[MAIN, 'c']]);
    const then = chained(['a', 'b']);
    const pushed = seePush(seePush(then, { ref: MAIN, before: 'c', after: 'd' }), {
      ref: 'refs/heads/new',
      after: 'n',
    });
    const next = seeListing(pushed, refs, at, then);
    expect(next.refs).toEqual({ [MAIN]: ['b', 'd'], 'refs/heads/new': ['n'] });
  });

  it('has of HEAD the name of its branch, which moves with another default branch alone', () => {
    const refs = (head: string, id: string) => ({ byName: new Map([['HEAD', { id }]]), head });
    const isKept = (name: string) => name === 'HEAD' || name.startsWith('refs/heads/');
    const first = seeListing(NEW, listedRefs(refs(MAIN, 'a'), isKept, 10), at);
    expect(first.refs).toEqual({ HEAD: [MAIN], [MAIN]: ['a'] });
    expect(movedSince(first, listedRefs(refs(MAIN, 'b'), isKept, 10))).toEqual([MAIN]);
    expect(movedSince(first, listedRefs(refs('refs/heads/next', 'a'), isKept, 10))).toContain('HEAD');
  });

  it('counts what is beyond its bound together, so that nothing moves unseen', () => {
    const tags = (last: string) => ({
      byName: new Map(
        [...Array(20)].map((_, index) => [`refs/tags/v${10 + index}`, { id: index === 19 ? last : 'x' }]),
      ),
    });
    const first = listedRefs(tags('x'), () => true, 5);
    expect([...first.keys()]).toEqual([
      'refs/tags/v10',
      'refs/tags/v11',
      'refs/tags/v12',
      'refs/tags/v13',
      'refs/tags/v14',
      '*',
    ]);
    const seenFirst = seeListing(NEW, first, at);
    expect(
      movedSince(
        seenFirst,
        listedRefs(tags('y'), () => true, 5),
      ),
    ).toEqual(['*']);
    expect(
      movedSince(
        seenFirst,
        listedRefs(tags('x'), () => true, 5),
      ),
    ).toEqual([]);
  });
});

describe('what two processes saw', () => {
  it.each<[string, string[], string[], string[]]>([
    ['one is ahead', ['b', 'c', 'd'], ['b', 'c'], ['b', 'c', 'd']],
    ['the other is ahead', ['b'], ['b', 'c', 'd'], ['b', 'c', 'd']],
    ['each saw pushes of its own', ['a', 'c'], ['b', 'd'], ['a', 'c', 'b', 'd']],
    ['one saw nothing', [], ['b'], ['b']],
    ['the other saw nothing', ['b'], [], ['b']],
  ])('is joined where %s', (_, mine, theirs, expected) => {
    const joined = mergeSeen({ ...NEW, refs: { [MAIN]: mine } }, { ...NEW, refs: { [MAIN]: theirs } });
    expect(joined.refs[MAIN]).toEqual(expected);
  });
  it('keeps what each replica saw of pushes that came to both of them within a moment', () => {
    const before = ['1', '2', '3', '4', '5'];
    const joined = mergeSeen(
      { ...NEW, refs: { [MAIN]: [...before, 'b'] } },
      { ...NEW, refs: { [MAIN]: [...before, 'a'] } },
    );
    expect(gapBefore(joined, { ref: MAIN, before: 'b', after: 'c' })).toBeUndefined();
    expect(gapBefore(joined, { ref: MAIN, before: 'a', after: 'b' })).toBeUndefined();
    expect(joined.refs[MAIN]).toHaveLength(6);
    const later = mergeSeen({ ...NEW, refs: { [MAIN]: ['2', '3', '4', '5', 'a', 'c'] } }, joined);
    expect(later.refs[MAIN]).toEqual(['3', '4', '5', 'b', 'a', 'c']);
  });
  it('has the newest listing', () => {
    const joined = mergeSeen({ ...NEW, listedAt: '2026-01-02' }, { ...NEW, listedAt: '2026-01-03', provider: 'gitea' });
    expect(joined).toMatchObject({ listedAt: '2026-01-03', provider: 'gitea' });
  });
});

it('is kept as text, and foreign text is nobody', () => {
  const seen = { ...chained(['a', 'b']), listedAt: '2026-01-02', provider: 'gogs' };
  expect(parseSeen(formatSeen(seen))).toEqual(seen);
  expect(['', '7', '{}', '{"url":1,"refs":{}}', 'null'].map(parseSeen)).toEqual(Array(5).fill(undefined));
});

it('keeps the refs that were pushed most', () => {
  const seen = { ...NEW, refs: { a: ['1'], b: ['1', '2'], c: ['1'] } };
  expect(Object.keys(keepRefs(seen, (name) => name !== 'c', 1).refs)).toEqual(['b']);
});
