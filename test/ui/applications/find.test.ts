import { describe, expect, it } from 'vitest';
import {
  countChoices,
  countWithout,
  type Filter,
  filterOf,
  findRows,
  hasFilter,
} from '../../../src/ui/web/applications/find.ts';
import { rowOf } from '../../../src/ui/web/applications/row.ts';
import { application } from './application.ts';

const ROWS = [
  application({ name: 'shop-dev', project: 'shop', labels: { team: 'shop', stage: 'dev' }, automated: true }),
  application({ name: 'shop-prd', project: 'shop', labels: { team: 'shop', stage: 'prd' }, sync: 'OutOfSync' }),
  application({ name: 'pay-dev', project: 'pay', labels: { team: 'pay', stage: 'dev' }, health: 'Degraded' }),
  application({
    ...{ name: 'pay-prd', project: 'pay', labels: { team: 'pay', stage: 'prd' }, sync: 'OutOfSync' },
    conditions: [{ type: 'SyncHeld', message: 'sync to 3f9c1a2 is held: no allow window is active' }],
  }),
].map(rowOf);

function filter(chosen: Filter['chosen'], search = ''): Filter {
  return { search, chosen };
}

function names(wanted: Filter): readonly string[] {
  return findRows(ROWS, wanted).map(({ name }) => name);
}

describe('finding Applications', () => {
  it.each([
    ['nothing chosen leaves all', filter({}), ['shop-dev', 'shop-prd', 'pay-dev', 'pay-prd']],
    ['two of one kind are either', filter({ proj: ['shop', 'pay'] }), ['shop-dev', 'shop-prd', 'pay-dev', 'pay-prd']],
    ['two kinds are both', filter({ proj: ['shop'], sync: ['OutOfSync'] }), ['shop-prd']],
    ['automated ones', filter({ autoSync: ['Enabled'] }), ['shop-dev']],
    ['those that wait for a window', filter({ operation: ['Held'] }), ['pay-prd']],
    ['a label', filter({ labels: ['team=shop'] }), ['shop-dev', 'shop-prd']],
    [
      'labels of one key are either, of two keys both',
      filter({ labels: ['team=shop', 'team=pay', 'stage=prd'] }),
      ['shop-prd', 'pay-prd'],
    ],
    ['another label', filter({ labels: ['team!=shop'] }), ['pay-dev', 'pay-prd']],
    ['a key alone', filter({ labels: ['team'] }), ['shop-dev', 'shop-prd', 'pay-dev', 'pay-prd']],
    ['no such key', filter({ labels: ['!team'] }), []],
    ['every word that is typed, wherever it stands', filter({}, 'PRD pay'), ['pay-prd']],
    [
      'a repository by its address',
      filter({ repos: ['https://git.example.com/devops/ops-deploy'] }),
      ['shop-dev', 'shop-prd', 'pay-dev', 'pay-prd'],
    ],
  ])('%s', (_, wanted, expected) => {
    expect(names(wanted)).toEqual(expected);
  });

  it('counts for each choice what it would leave beside the choices of other kinds', () => {
    const counts = countChoices(ROWS, filter({ proj: ['shop'], sync: ['OutOfSync'] }));
    expect([...counts.proj]).toEqual(
      expect.arrayContaining([
        ['shop', 1],
        ['pay', 1],
      ]),
    );
    expect(counts.sync.get('Synced')).toBe(1);
    expect(counts.health.get('Degraded')).toBeUndefined();
  });

  it('keeps a choice that nothing has, so that it can be taken off', () => {
    expect(countChoices(ROWS, filter({ proj: ['gone'] })).proj.get('gone')).toBe(0);
  });

  it('says which filter to take off, the most helpful first', () => {
    expect(countWithout(ROWS, filter({ proj: ['shop'], health: ['Degraded'], sync: ['Synced'] }))).toEqual([
      { facet: 'health', count: 1 },
      { facet: 'proj', count: 1 },
      { facet: 'sync', count: 0 },
    ]);
    expect(countWithout(ROWS, filter({ proj: ['shop'] }, 'nothing'))[0]).toEqual({ facet: 'search', count: 2 });
  });

  it('reads the names that Argo CD’s links have', () => {
    const search = new URLSearchParams('proj=shop,pay&sync=OutOfSync&labels=team%3Dshop');
    const read = filterOf((key) => (search.get(key) ?? '').split(',').filter(Boolean), '');
    expect(read.chosen).toEqual({ proj: ['shop', 'pay'], sync: ['OutOfSync'], labels: ['team=shop'] });
    expect(hasFilter(read)).toBe(true);
    expect(hasFilter(filter({}, ' '))).toBe(false);
  });
});
