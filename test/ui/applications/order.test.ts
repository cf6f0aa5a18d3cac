import { describe, expect, it } from 'vitest';
import { formatSort, parseSort, sortRows } from '../../../src/ui/web/applications/order.ts';
import { rowOf } from '../../../src/ui/web/applications/row.ts';
import { application } from './application.ts';

const HELD = [{ type: 'SyncHeld', message: 'sync to 3f9c1a2 is held: a deny window is active' }] as const;

const ROWS = [
  application({ name: 'fine-10' }),
  application({
    name: 'fine-9',
    status: { health: { status: 'Healthy', lastTransitionTime: '2026-01-05T09:00:00Z' } },
  }),
  application({ name: 'at-work', health: 'Progressing' }),
  application({ name: 'differs', sync: 'OutOfSync' }),
  application({ name: 'waits', sync: 'OutOfSync', conditions: HELD }),
  application({ name: 'broken', health: 'Degraded' }),
  application({
    name: 'failed',
    operationState: { phase: 'Failed', message: 'no', finishedAt: '2026-01-04T09:00:00Z' },
  }),
  application({ name: 'away', sync: 'OutOfSync', health: 'Missing' }),
].map(rowOf);

function names(sort: string | undefined): readonly string[] {
  return sortRows(ROWS, parseSort(sort)).map(({ name }) => name);
}

describe('the order of Applications', () => {
  it('begins with what needs somebody', () => {
    expect(names(undefined)).toEqual(['broken', 'failed', 'waits', 'away', 'differs', 'at-work', 'fine-9', 'fine-10']);
  });

  it.each([
    ['name', ['at-work', 'away', 'broken', 'differs', 'failed', 'fine-9', 'fine-10', 'waits']],
    ['-name', ['waits', 'fine-10', 'fine-9', 'failed', 'differs', 'broken', 'away', 'at-work']],
    ['changed', ['fine-9', 'failed']],
    ['health', ['broken', 'away', 'at-work']],
    ['sync', ['away', 'differs', 'waits']],
  ])('is by %s', (sort, expected) => {
    expect(names(sort).slice(0, expected.length)).toEqual(expected);
  });

  it.each([
    ['', undefined],
    ['name', 'name'],
    ['-changed', '-changed'],
    ['', 'nonsense'],
  ])('is %o in the address for %o', (text, given) => {
    expect(formatSort(parseSort(given))).toBe(text);
  });
});
