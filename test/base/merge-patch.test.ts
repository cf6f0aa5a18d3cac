import { describe, expect, it } from 'vitest';
import { isEqualJson, mergePatchOf } from '../../src/base/merge-patch.ts';

describe('mergePatchOf', () => {
  it.each([
    ['says nothing of equal values', { a: 1, b: [1] }, { b: [1], a: 1 }, undefined],
    ['sets what is new', {}, { a: { b: 1 } }, { a: { b: 1 } }],
    ['removes what is gone, at any depth', { a: { b: 1, c: 2 }, d: 3 }, { a: { b: 1 } }, { a: { c: null }, d: null }],
    ['replaces a list whole', { a: [1, 2] }, { a: [1] }, { a: [1] }],
    ['replaces a value of another kind', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['takes undefined for absent', { a: 1 }, { a: undefined }, { a: null }],
  ])('%s', (_, before, after, expected) => {
    expect(mergePatchOf(before, after)).toEqual(expected);
  });
});

describe('isEqualJson', () => {
  it.each([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: undefined }, {}, true],
    [[1, 2], [2, 1], false],
    [null, undefined, false],
    ['1', 1, false],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(isEqualJson(a, b)).toBe(expected);
  });
});
