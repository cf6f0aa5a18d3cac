import { describe, expect, it } from 'vitest';
import { isHawserError } from '../../../src/base/errors.ts';
import { type Argument, call, callFor, ENVIRONMENT } from './call.ts';

describe('random values', () => {
  it.each<readonly [string, Argument[], RegExp]>([
    ['randAlphaNum', [40], /^[A-Za-z0-9]{40}$/],
    ['randAlpha', [40], /^[A-Za-z]{40}$/],
    ['randNumeric', [40], /^[0-9]{40}$/],
    ['randAscii', [40], /^[ -~]{40}$/],
    ['randAlpha', [-1], /^$/],
    ['randBytes', [8], /^[A-Za-z0-9+/]{11}=$/],
    ['uuidv4', [], /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['randInt', [5, 8], /^[567]$/],
    ['shuffle', ['aaa'], /^aaa$/],
  ])('%s %j looks like %s', (name, args, pattern) => {
    expect(String(call(name, ...args))).toMatch(pattern);
  });

  it('come from the environment alone', () => {
    const environment = { ...ENVIRONMENT, random: (length: number) => new Uint8Array(length).fill(9) };
    expect(callFor(environment, 'randAlphaNum', 12)).toBe(callFor(environment, 'randAlphaNum', 12));
    expect(callFor(environment, 'uuidv4')).toBe('09090909-0909-4909-8909-090909090909');
  });

  it('keeps all runes of a shuffled text', () => {
    expect([...String(call('shuffle', 'héllo😀'))].sort()).toEqual([...'héllo😀'].sort());
  });

  it('is refused where no number lies between the bounds', () => {
    expect(() => call('randInt', 5, 5)).toThrow('invalid argument to Intn');
  });
});

describe('limits', () => {
  it.each<readonly [string, Argument[]]>([
    ['repeat', [1_000_000_000, 'x']],
    ['indent', [100_000_000, 'x']],
    ['indent', [50_000, '\n'.repeat(50_000)]],
    ['until', [1_000_000_000]],
    ['untilStep', [0, 1_000_000_000, 1]],
    ['seq', [1_000_000_000]],
    ['randAlphaNum', [1_000_000_000]],
    ['randBytes', [1_000_000_000]],
  ])('%s ends with a named error instead of memory', (name, args) => {
    let thrown: unknown;
    try {
      call(name, ...args);
    } catch (error) {
      thrown = error;
    }
    expect(isHawserError(thrown, 'LimitExceeded')).toBe(true);
  });

  it('are the environment’s where it names them', () => {
    const environment = { ...ENVIRONMENT, limits: { stringLength: 10 } };
    expect(() => callFor(environment, 'repeat', 11, 'x')).toThrow('the repeated text would be larger than 10');
  });
});
