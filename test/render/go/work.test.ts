// What calls count for beside being calls.

import { describe, expect, it } from 'vitest';
import { GoMap, GoSlice, type GoValue } from '../../../src/render/go/value.ts';
import { spendContent, spendSize } from '../../../src/render/go/work.ts';

/** What is counted up to the most that is allowed. */
function counted(most: number, count: (work: { spend(operations: number): void }) => void): number | 'too much' {
  let sum = 0;
  try {
    count({
      spend: (operations) => {
        sum += operations;
        if (sum > most) throw new Error('too much');
      },
    });
  } catch {
    return 'too much';
  }
  return sum;
}

const SHARED = Array.from({ length: 60 }).reduce<GoValue>((inner) => [inner, inner], 'x');
const CYCLE: GoValue[] = [];
CYCLE.push(CYCLE);

describe('the size of a value', () => {
  it.each<[string, GoValue | undefined, number]>([
    ['nothing', undefined, 0],
    ['a short text', 'x'.repeat(1000), 0],
    ['a long text', 'x'.repeat(64_000), 1000],
    ['long bytes', new Uint8Array(64_000), 1000],
    ['a long list', Array(4000).fill(1), 1000],
    ['a long slice', new GoSlice('[]string', Array(4000).fill('x')), 1000],
    ['a large map', new GoMap('m', new Map(Array.from({ length: 4000 }, (_, index) => [String(index), 1]))), 1000],
    ['a short list of long texts', ['x'.repeat(64_000)], 0],
  ])('%s counts by its own length', (_, value, operations) => {
    expect(counted(1e9, (work) => spendSize(work, value))).toBe(operations);
  });
});

describe('what a value holds', () => {
  it.each<[string, GoValue, number | 'too much']>([
    ['a number', 1, 0],
    ['a list of lists', [[1], [2, 3]], 8],
    ['a dict of a long text', new Map([['a', 'x'.repeat(32_000)]]), 1002],
    ['a list of what it holds twice', [['x'], ['x']], 7],
    ['what holds the same twice, sixty times over', SHARED, 'too much'],
    ['what holds itself', CYCLE, 'too much'],
  ])('%s counts all that is in it', (_, value, operations) => {
    expect(counted(100_000, (work) => spendContent(work, value))).toBe(operations);
  });
});
