import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEqualJson } from '../../src/base/equal.ts';
import { formatGoJson } from '../../src/base/go-json.ts';

describe('equality of JSON values', () => {
  const cases: readonly [string, unknown, unknown, boolean][] = [
    ['the order of keys does not count', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ['the order of items does', [1, 2], [2, 1], false],
    ['an undefined key is no key', { a: undefined }, {}, true],
    ['null is a value', { a: null }, {}, false],
    ['a list is no map', [], {}, false],
    ['a number is no text', 1, '1', false],
    ['a longer list differs', [1], [1, 2], false],
  ];
  for (const [title, a, b, equal] of cases) {
    it(title, () => {
      expect(isEqualJson(a, b)).toBe(equal);
      expect(isEqualJson(b, a)).toBe(equal);
    });
  }

  it('holds for any value and its copy', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => isEqualJson(value, structuredClone(value))));
  });
});

describe("Go's JSON", () => {
  it('sorts keys, leaves no spaces, and escapes what HTML could read', () => {
    expect(formatGoJson({ b: [1, null], a: '<a&b>\u2028', c: undefined })).toBe(
      '{"a":"\\u003ca\\u0026b\\u003e\\u2028","b":[1,null]}',
    );
  });

  it('says the same as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        isEqualJson(JSON.parse(formatGoJson(value)), JSON.parse(JSON.stringify(value))),
      ),
    );
  });
});
