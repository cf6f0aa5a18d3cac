import { describe, expect, it } from 'vitest';
import { encodeJson } from '../../../src/render/go/json.ts';
import { type Argument, call, callRaw } from './call.ts';

type Row = readonly [name: string, args: readonly Argument[], expected: unknown];

describe('functions of lists', () => {
  it.each<Row>([
    ['list', [1, 'a', null], [1, 'a', null]],
    ['first', [[1, 2]], 1],
    ['first', [[]], null],
    ['last', [[1, 2]], 2],
    ['rest', [[1, 2, 3]], [2, 3]],
    ['initial', [[1, 2, 3]], [1, 2]],
    ['append', [[1], 2], [1, 2]],
    ['prepend', [[1], 2], [2, 1]],
    ['reverse', [[1, 2, 3]], [3, 2, 1]],
    ['compact', [[0, 1, '', 'a', null, [], {}, false]], [1, 'a']],
    ['uniq', [[1, '1', 1, { a: 1 }, { a: 1 }, [2], [2]]], [1, '1', { a: 1 }, [2]]],
    ['uniq', [[Number.NaN, Number.NaN]], [Number.NaN, Number.NaN]],
    ['without', [[1, 2, 3], 2, 3], [1]],
    ['has', [{ a: 1 }, [{ a: 1 }]], true],
    ['has', [1, null], false],
    ['slice', [[1, 2, 3], 1], [2, 3]],
    ['slice', [[1, 2, 3], 1, 2], [2]],
    ['slice', [[]], null],
    ['concat', [[1], [2, 3]], [1, 2, 3]],
    ['chunk', [2, [1, 2, 3]], [[1, 2], [3]]],
    [
      'deepEqual',
      [
        [1, { a: 'b' }],
        [1, { a: 'b' }],
      ],
      true,
    ],
    ['deepEqual', [1, 1.5], false],
  ])('%s %j gives %j', (name, args, expected) => {
    expect(call(name, ...args)).toEqual(expected);
  });

  it.each<Row>([
    ['rest', [[]], 'null'],
    ['initial', [[]], 'null'],
    ['concat', [], 'null'],
    ['regexFindAll', ['x', 'abc', -1], 'null'],
    ['list', [], '[]'],
    ['compact', [['']], '[]'],
  ])('%s %j is %s in JSON, since Go never made or made a slice', (name, args, json) => {
    expect(encodeJson(callRaw(name, ...args))).toBe(json);
  });

  it.each<[string, Argument[], string]>([
    ['first', ['x'], 'Cannot find first on type string'],
    ['mustAppend', [1, 2], 'Cannot push on type int'],
    ['concat', [{}], 'Cannot concat type map as list'],
    ['append', [null, 1], 'runtime error: invalid memory address or nil pointer dereference'],
    ['chunk', [0, [1, 2]], 'runtime error: makeslice: len out of range'],
    ['slice', [[1, 2, 3], 0, 10], 'reflect.Value.Slice: slice index out of bounds'],
    ['slice', [5], 'list should be type of slice or array but int'],
    ['has', [1, 'x'], 'Cannot find has on type string'],
  ])('%s %j fails as Go does', (name, args, message) => {
    expect(() => call(name, ...args)).toThrow(message);
  });
});
