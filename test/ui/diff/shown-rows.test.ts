import { describe, expect, it } from 'vitest';
import { withoutBookkeeping } from '../../../src/ui/web/diff/clean.ts';
import { diffTexts } from '../../../src/ui/web/diff/diff-rows.ts';
import { besideEachOther, foldRows } from '../../../src/ui/web/diff/fold.ts';
import { patchOf } from '../../../src/ui/web/diff/patch-text.ts';
import { readState } from '../../../src/ui/web/diff/read-state.ts';
import { changedWords } from '../../../src/ui/web/diff/words-of-line.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index}\n`).join('');

describe('folding', () => {
  it('leaves three lines around each change, and folds nothing that is shorter than its fold', () => {
    const rows = diffTexts(numbers(40), numbers(40).replace('\n20\n', '\nx\n').replace('\n29\n', '\ny\n'));
    expect(foldRows(rows)).toEqual([
      { from: 0, to: 17, isFolded: true },
      { from: 17, to: 35, isFolded: false },
      { from: 35, to: 42, isFolded: true },
    ]);
  });

  it('folds everything where nothing differs', () => {
    expect(foldRows(diffTexts('a\nb\nc\n', 'a\nb\nc\n'))).toEqual([{ from: 0, to: 3, isFolded: true }]);
  });
});

describe('side by side', () => {
  it('has what took the place of a line beside it', () => {
    const lines = besideEachOther(diffTexts('a\nb\nc\nd\n', 'a\nx\nd\ne\n'));
    expect(lines.map(({ left, right }) => [left?.text, right?.text])).toEqual([
      ['a', 'a'],
      ['b', 'x'],
      ['c', undefined],
      ['d', 'd'],
      [undefined, 'e'],
    ]);
  });
});

describe('words', () => {
  it.each([
    ['image: nginx:1.26.1', 'image: nginx:1.26.2', 'image: nginx:1.26.[1]', 'image: nginx:1.26.[2]'],
    ['a: one two', 'a: one three two', 'a: one two', 'a: one [three ]two'],
  ])('that changed from %j to %j are marked', (before, after, old, next) => {
    const marked = changedWords(before, after)?.map((spans) =>
      spans.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join(''),
    );
    expect(marked).toEqual([old, next]);
  });

  it('are not marked where the lines have nothing in common', () => {
    expect(changedWords('abc: def', '- xyz')).toBeUndefined();
  });
});

describe('bookkeeping', () => {
  it('is left out: status, managed fields, and what the server counts', () => {
    const object = {
      kind: 'Deployment',
      metadata: {
        name: 'a',
        uid: '1',
        resourceVersion: '2',
        generation: 3,
        managedFields: [],
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      },
      spec: {},
      status: { replicas: 1 },
    };
    expect(withoutBookkeeping(object)).toEqual({ kind: 'Deployment', metadata: { name: 'a' }, spec: {} });
  });

  it('of what is no object of Kubernetes is nothing', () => {
    expect(withoutBookkeeping({ status: 1 })).toEqual({ status: 1 });
  });
});

describe('a state', () => {
  it.each([
    [undefined, undefined],
    ['null', undefined],
    ['', undefined],
    ['{"a":1}', { a: 1 }],
    ['{ a: 1 }', { a: 1 }],
    ['a: 1\n', { a: 1 }],
    [{ a: 1 }, { a: 1 }],
  ])('is read from %j', async (given, read) => {
    expect(await readState(given)).toEqual(read);
  });
});

describe('a patch', () => {
  const of = { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'nginx' };

  it('names the object as a file', () => {
    expect(patchOf([{ ...of, rows: diffTexts('a: 1\n', 'a: 2\n') }])).toBe(
      [
        '--- a/apps/Deployment/web/nginx.yaml',
        '+++ b/apps/Deployment/web/nginx.yaml',
        '@@ -1 +1 @@',
        '-a: 1',
        '+a: 2',
        '',
      ].join('\n'),
    );
  });

  it('is empty where nothing differs, and only tells of what is masked', () => {
    expect(patchOf([{ ...of, rows: diffTexts('a\n', 'a\n') }])).toBe('');
    expect(patchOf([{ ...of, rows: [{ kind: 'masked', text: 'p: •', path: 'data.p' }] }])).toBe(
      '# apps/Deployment/web/nginx: data.p changed\n',
    );
  });
});
