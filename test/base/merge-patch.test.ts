import { describe, expect, it } from 'vitest';
import { isEqualJson } from '../../src/base/equal.ts';
import { applyJsonPatch } from '../../src/base/json-patch.ts';
import { jsonPatchOf, mergePatchOf } from '../../src/base/merge-patch.ts';

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

describe('jsonPatchOf', () => {
  it.each([
    ['says nothing of equal values', { a: 1, b: [1] }, { b: [1], a: 1 }, []],
    ['goes no deeper than what differs', { a: { b: 1 } }, { a: { b: 1, c: 2 } }, ['add /at/a/c']],
    ['removes what is gone', { a: { b: 1, c: 2 }, d: 3 }, { a: { b: 1 } }, ['remove /at/d', 'remove /at/a/c']],
    ['replaces a list whole', { a: [1, 2] }, { a: [1] }, ['add /at/a']],
    ['writes keys as RFC 6901 has them', { 'a/b': { '~': 1 } }, { 'a/b': { '~': 2 } }, ['add /at/a~1b/~0']],
  ])('%s', (_, before, after, expected) => {
    const steps = jsonPatchOf(before, after, '/at');
    expect(steps.map(({ op, path }) => `${op} ${path}`)).toEqual(expected);
    expect(applyJsonPatch({ at: before }, steps)).toEqual({ at: after });
  });
});

describe('isEqualJson', () => {
  it.each([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: undefined }, {}, true],
    [[1, 2], [2, 1], false],
    [null, undefined, false],
    ['1', 1, false],
    [{ constructor: 1 }, {}, false],
    [{ a: 1, b: undefined }, { a: 1, c: 2 }, false],
    [{ a: undefined, b: 1 }, { b: 1, c: undefined, d: undefined }, true],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(isEqualJson(a, b)).toBe(expected);
  });
});
