import { describe, expect, it } from 'vitest';
import { resolvePlain, resolvesToString, type Scalar } from '../../../src/render/yaml/resolve.ts';
import { isTimestamp } from '../../../src/render/yaml/timestamp.ts';

describe('a plain scalar', () => {
  it.each<[string, Scalar, Scalar]>([
    ['yes', true, 'yes'],
    ['n', false, 'n'],
    ['Off', false, 'Off'],
    ['true', true, true],
    ['FALSE', false, false],
    ['tRUE', 'tRUE', 'tRUE'],
    ['', null, null],
    ['~', null, null],
    ['0o17', 15n, 15n],
    ['0o-17', '0o-17', -15n],
    ['0b-11', -3n, -3n],
    ['-0x10', -16n, -16n],
    ['+18446744073709551615', 18446744073709552000, 18446744073709552000],
    ['18446744073709551615', 18446744073709551615n, 18446744073709551615n],
    ['-9223372036854775809', -(2 ** 63), -(2 ** 63)],
    ['1e999', '1e999', '1e999'],
    ['.', '.', '.'],
    ['.inf', Infinity, Infinity],
    ['-.INF', -Infinity, -Infinity],
    ['10.0.0.1', '10.0.0.1', '10.0.0.1'],
    ['100m', '100m', '100m'],
    ['_1', '_1', '_1'],
    ['1_', 1n, 1n],
  ])('%j is %s to v2 and %s to v3', (text, v2, v3) => {
    expect(resolvePlain(text, 'v2')).toBe(v2);
    expect(resolvePlain(text, 'v3')).toBe(v3);
  });

  it('that looks like a date is a string that must be quoted', () => {
    expect(resolvePlain('2001-01-01', 'v2')).toBe('2001-01-01');
    expect(resolvesToString('2001-01-01', 'v2')).toBe(false);
  });
});

describe('a timestamp', () => {
  it.each([
    '2001-1-1',
    '2001-12-14t21:59:43.10-05:00',
    '2001-12-14T1:2:3Z',
    '2001-12-14   21:59:43,5',
    '2000-02-29',
    '2001-01-01T00:00:00+24:60',
  ])('may be %s', (text) => {
    expect(isTimestamp(text)).toBe(true);
  });

  it.each([
    '2001-13-01',
    '2001-02-29',
    '2001-1-1T24:00:00Z',
    '2001-12-14 21:59:43Z',
    '2001-12-14T21:59:43',
    '2001-12-14T21:59:43.Z',
    '01-01-2001',
    '2001-1-1 ',
    '2001-01-01T00:00:00+25:00',
  ])('is not %j', (text) => {
    expect(isTimestamp(text)).toBe(false);
  });
});
