import { expect, it } from 'vitest';
import { compareAll, countChanges, findObjects } from '../../../src/ui/web/diff/object-diffs.ts';

const map = (name: string, data: object | undefined, more: object = {}) =>
  data && { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more }, data };
const item = (name: string, before: object | undefined, after: object | undefined, message?: string) => ({
  ...{ group: '', kind: 'ConfigMap', namespace: 'web', name, message },
  before: JSON.stringify(map(name, before, { uid: '1' }) ?? null),
  after: JSON.stringify(map(name, after) ?? null),
});

const compared = compareAll([
  item('same', { a: '1' }, { a: '1' }),
  item('changed', { a: '1' }, { a: 'needle' }),
  item('new', undefined, { a: '1' }),
  item('gone', { a: '1' }, undefined),
  item('refused', { a: '1' }, { a: '2' }, 'admission webhook denied it'),
]);

it('tells what becomes of each object, what needs a look first', () => {
  expect(compared.map(({ name, change }) => [name, change])).toEqual([
    ['refused', 'failed'],
    ['gone', 'deleted'],
    ['changed', 'changed'],
    ['new', 'created'],
    ['same', 'equal'],
  ]);
  expect(countChanges(compared)).toEqual({ failed: 1, deleted: 1, changed: 1, created: 1, equal: 1 });
});

it.each([
  ['', false, ['refused', 'gone', 'changed', 'new']],
  ['', true, ['refused', 'gone', 'changed', 'new', 'same']],
  ['NEEDLE', false, ['changed']],
  ['configmap new', false, ['new']],
  ['nowhere', true, []],
])('finds by %j, with what does not differ: %s', (text, withEqual, names) => {
  expect(findObjects(compared, { text, withEqual }).map(({ name }) => name)).toEqual(names);
});

it('gives the same object again where nothing of it has changed since', () => {
  const [again] = compareAll([item('changed', { a: '1' }, { a: 'needle' })], compared);
  expect(again).toBe(compared.find(({ name }) => name === 'changed'));
  const [other] = compareAll([item('changed', { a: '1' }, { a: 'other' })], compared);
  expect(other).not.toBe(again);
});
