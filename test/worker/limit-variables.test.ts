// The limits of an event as an operator sets them.

import { describe, expect, it } from 'vitest';
import { type LimitVariables, readLimits } from '../../src/worker/limits.ts';

describe('the limits of an event', () => {
  it('are below what is documented where nothing is set', () => {
    expect(readLimits({})).toEqual({ connections: 6, requests: 500, eventMs: 10_000, waitMs: 600_000 });
  });

  it('are what is set, as a number or as a text', () => {
    const variables = { HAWSER_CONNECTIONS: '4', HAWSER_EVENT_REQUESTS: 40, HAWSER_EVENT_SECONDS: ' 5 ' };
    expect(readLimits({ ...variables, HAWSER_WAIT_SECONDS: '' })).toEqual({
      ...{ connections: 4, requests: 40, eventMs: 5_000, waitMs: 600_000 },
    });
  });

  it.each<[keyof LimitVariables, string | number]>([
    ['HAWSER_CONNECTIONS', '0'],
    ['HAWSER_EVENT_REQUESTS', 'many'],
    ['HAWSER_EVENT_SECONDS', 1.5],
    ['HAWSER_WAIT_SECONDS', '-1'],
  ])('are refused where %s is %s', (name, value) => {
    expect(() => readLimits({ [name]: value })).toThrow(`${name} has to be a whole number above 0, not ${value}`);
  });
});
