import { describe, expect, it } from 'vitest';
import { typeName } from '../../../src/render/go/type-name.ts';
import { GoNumber, goInt64 } from '../../../src/render/go/value.ts';
import { type Argument, call, callRaw } from './call.ts';

type Row = readonly [name: string, args: readonly Argument[], type: string, expected: unknown];

describe('functions of numbers', () => {
  it.each<Row>([
    ['add', [1, 2.9, '3'], 'int64', 6],
    ['add1', ['0x10'], 'int64', 17],
    ['sub', [1, 5], 'int64', -4],
    ['mul', [2, 3, 4], 'int64', 24],
    ['div', [7, -2], 'int64', -3],
    ['mod', [-7, 2], 'int64', -1],
    ['max', [1, 5, 3], 'int64', 5],
    ['min', [4, 2, 3], 'int64', 2],
    ['maxf', [1, 2.5], 'float64', 2.5],
    ['minf', [1, 2.5], 'float64', 1],
    ['addf', [0.1, 0.2], 'float64', 0.3],
    ['add1f', [1.5], 'float64', 2.5],
    ['subf', [7.5, 2, 3], 'float64', 2.5],
    ['mulf', [1.5, 2, 2], 'float64', 6],
    ['divf', [10, 3], 'float64', 3.3333333333333335],
    ['ceil', [1.1], 'float64', 2],
    ['floor', ['1.9'], 'float64', 1],
    ['round', [123.5555, 3], 'float64', 123.556],
    ['round', [-2.5, 0], 'float64', -3],
    ['round', [0.4, 0, 0.3], 'float64', 1],
    ['atoi', ['12'], 'int', 12],
    ['atoi', ['x'], 'int', 0],
    ['int', ['1.00'], 'int', 1],
    ['int64', ['012'], 'int64', 10],
    ['int64', ['1.9'], 'int64', 0],
    ['float64', ['1.5'], 'float64', 1.5],
    ['float64', [true], 'float64', 1],
    ['toDecimal', ['777'], 'int64', 511],
    ['toDecimal', [8], 'int64', 0],
    ['until', [3], '[]int', [0, 1, 2]],
    ['until', [-2], '[]int', [0, -1]],
    ['untilStep', [3, 9, 3], '[]int', [3, 6]],
    ['untilStep', [3, 9, 0], '[]int', []],
    ['seq', [3], 'string', '1 2 3'],
    ['seq', [-1], 'string', '1 0 -1'],
    ['seq', [0, 2, 5], 'string', '0 2 4'],
    ['seq', [5, 1], 'string', '5 4 3 2 1'],
    ['seq', [5, 2, 1], 'string', ''],
  ])('%s %j gives %s %j', (name, args, type, expected) => {
    expect(typeName(callRaw(name, ...args))).toBe(type);
    expect(call(name, ...args)).toEqual(expected);
  });

  it('wraps around where int64 ends', () => {
    const most = goInt64(0x7fff_ffff_ffff_ffffn);
    expect(callRaw('add', most, 1)).toEqual(new GoNumber('int64', -0x8000_0000_0000_0000n));
  });

  it('makes the smallest int64 of a float that has no other', () => {
    expect(callRaw('int64', Number.POSITIVE_INFINITY)).toEqual(new GoNumber('int64', -0x8000_0000_0000_0000n));
  });

  it.each<[string, Argument[], string]>([
    ['div', [1, 0], 'runtime error: integer divide by zero'],
    ['mod', [1, 'x'], 'runtime error: integer divide by zero'],
    ['divf', [1, 0], 'decimal division by 0'],
    ['addf', [Number.NaN], 'Cannot create a Decimal from NaN'],
  ])('%s %j fails as Go does', (name, args, message) => {
    expect(() => call(name, ...args)).toThrow(message);
  });
});
