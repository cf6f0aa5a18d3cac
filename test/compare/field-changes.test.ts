import { describe, expect, it } from 'vitest';
import { fieldChanges } from '../../src/compare/field-changes.ts';

const cases: readonly { title: string; before: unknown; after: unknown; changes: unknown }[] = [
  { title: 'nothing', before: { a: [1, { b: 2 }] }, after: { a: [1, { b: 2 }] }, changes: [] },
  {
    title: 'a field that is set, one that changes and one that goes',
    before: { gone: 1, kept: 2, other: 'x' },
    after: { kept: 3, other: 'x', set: null },
    changes: [
      { path: '/gone', before: 1 },
      { path: '/kept', before: 2, after: 3 },
      { path: '/set', after: null },
    ],
  },
  {
    title: 'keys that a pointer has to escape',
    before: { metadata: { annotations: { 'a.b/c~d': '1' } } },
    after: { metadata: { annotations: { 'a.b/c~d': '2' } } },
    changes: [{ path: '/metadata/annotations/a.b~1c~0d', before: '1', after: '2' }],
  },
  {
    title: 'items by their names, wherever they have moved',
    before: { c: [{ name: 'a', image: '1' }, { name: 'b', image: '1' }, { name: 'gone' }] },
    after: { c: [{ name: 'new' }, { name: 'b', image: '2' }, { name: 'a', image: '1' }] },
    changes: [
      { path: '/c/1/image', before: '1', after: '2' },
      { path: '/c/2', before: { name: 'gone' } },
      { path: '/c/0', after: { name: 'new' } },
    ],
  },
  {
    title: 'items without names by their places',
    before: [1, 2, 3],
    after: [1, 4],
    changes: [
      { path: '/1', before: 2, after: 4 },
      { path: '/2', before: 3 },
    ],
  },
  {
    title: 'the whole list where only its order differs',
    before: { c: [{ name: 'a' }, { name: 'b' }] },
    after: { c: [{ name: 'b' }, { name: 'a' }] },
    changes: [{ path: '/c', before: [{ name: 'a' }, { name: 'b' }], after: [{ name: 'b' }, { name: 'a' }] }],
  },
  { title: 'an object that is new', before: undefined, after: { a: 1 }, changes: [{ path: '', after: { a: 1 } }] },
];

describe('the fields that differ', () => {
  it.each(cases)('tell of $title', ({ before, after, changes }) => {
    expect(fieldChanges(before, after)).toEqual(changes);
  });
});
