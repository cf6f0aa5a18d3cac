import { describe, expect, it } from 'vitest';
import { nextRetryAt } from '../../src/application/retry.ts';
import type { Retry } from '../../src/application/types.ts';

describe('nextRetryAt', () => {
  it.each<[string, Retry | undefined, number, number | undefined]>([
    ['there is no strategy', undefined, 0, undefined],
    ['the limit is 0', { limit: 0 }, 0, undefined],
    ['the first retry by default', { limit: 5 }, 0, 5],
    ['the fifth', { limit: 5 }, 4, 80],
    ['the limit is reached', { limit: 5 }, 5, undefined],
    ['no limit, the longest wait', { limit: -1 }, 40, 180],
    ['a bare number is seconds', { limit: 1, backoff: { duration: '7' } }, 0, 7],
    ['a factor', { limit: 3, backoff: { duration: '1s', factor: 3 } }, 2, 9],
    ['a longest wait', { limit: 9, backoff: { duration: '1m', maxDuration: '90s' } }, 3, 90],
    ['a longest wait of 0 is none', { limit: 9, backoff: { duration: '1m', maxDuration: '0' } }, 4, 960],
  ])('%s', (_, retry, attempts, seconds) => {
    const expected = seconds === undefined ? undefined : new Date(1_000_000 + seconds * 1000);
    expect(nextRetryAt(retry, attempts, 1_000_000)).toEqual(expected);
  });

  it('refuses what is no duration in the words of Argo CD', () => {
    const retry = { limit: 1, backoff: { duration: 'soon' } };
    expect(() => nextRetryAt(retry, 0, 0)).toThrow('unable to parse soon as a duration');
  });
});
