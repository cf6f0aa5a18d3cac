import { describe, expect, it } from 'vitest';
import { formatSort, groupRows, nextSort, parseSort } from '../../../src/ui/web/tree/list-rows.ts';
import { buildForest } from '../../../src/ui/web/tree/tree-model.ts';
import { appWith, status } from './forest.ts';

const nodes = buildForest(
  appWith([
    status('Service', 'web', { syncWave: 10 }),
    status('ConfigMap', 'b', { status: 'OutOfSync', syncWave: 2 }),
    status('ConfigMap', 'a', { health: { status: 'Degraded' }, syncWave: 10 }),
  ]),
  undefined,
);

describe('the rows of the list', () => {
  it.each([
    [undefined, ['web', 'b', 'a']],
    ['name', ['a', 'b', 'web']],
    ['-name', ['web', 'b', 'a']],
    ['kind', ['a', 'b', 'web']],
    ['sync', ['b', 'a', 'web']],
    ['health', ['a', 'b', 'web']],
    ['wave', ['b', 'a', 'web']],
  ])('sorted by %s', (sort, names) => {
    expect(groupRows(nodes, parseSort(sort), '').flatMap(({ rows }) => rows.map(({ name }) => name))).toEqual(names);
  });

  it('are grouped by kind, and by wave as numbers', () => {
    expect(groupRows(nodes, undefined, 'kind').map(({ key, rows }) => [key, rows.length])).toEqual([
      ['ConfigMap', 2],
      ['Service', 1],
    ]);
    expect(groupRows(nodes, undefined, 'wave').map(({ key }) => key)).toEqual(['2', '10']);
    expect(groupRows([], undefined, '')).toEqual([]);
  });

  it('go through three orders when a head is pressed', () => {
    const first = nextSort(undefined, 'health');
    const second = nextSort(first, 'health');
    expect([first, second].map((sort) => sort && formatSort(sort))).toEqual(['health', '-health']);
    expect(nextSort(second, 'health')).toBeUndefined();
    expect(nextSort(second, 'name')).toEqual({ column: 'name', isDescending: false });
    expect(parseSort('nonsense')).toBeUndefined();
  });
});
