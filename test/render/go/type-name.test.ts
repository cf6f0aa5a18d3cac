import { describe, expect, it } from 'vitest';
import { kindName, typeName } from '../../../src/render/go/type-name.ts';
import {
  GoMap,
  GoNumber,
  GoOpaque,
  GoSlice,
  GoStruct,
  type GoValue,
  goInt,
  goInt64,
} from '../../../src/render/go/value.ts';

const ROWS: [GoValue, string, string][] = [
  [null, '<nil>', 'invalid'],
  [true, 'bool', 'bool'],
  ['a', 'string', 'string'],
  [1, 'float64', 'float64'],
  [goInt(1), 'int', 'int'],
  [goInt64(1), 'int64', 'int64'],
  [new GoNumber('time.Duration', 1n), 'time.Duration', 'int64'],
  [new GoNumber('time.Month', 1n), 'time.Month', 'int'],
  [new GoNumber('json.Number', '1'), 'json.Number', 'string'],
  [[], '[]interface {}', 'slice'],
  [new GoSlice('[]string', []), '[]string', 'slice'],
  [new GoSlice('[2]int', []), '[2]int', 'array'],
  [new Uint8Array(), '[]uint8', 'slice'],
  [new Map(), 'map[string]interface {}', 'map'],
  [new GoMap('chartutil.Values', new Map()), 'chartutil.Values', 'map'],
  [new GoStruct('chart.Metadata', new Map()), 'chart.Metadata', 'struct'],
  [new GoStruct('chart.Metadata', new Map(), {}, true), '*chart.Metadata', 'ptr'],
  [new GoOpaque('*errors.errorString', null, 'x'), '*errors.errorString', 'ptr'],
  [new GoOpaque('func() string', null, ''), 'func() string', 'func'],
  [new GoOpaque('time.Time', null, ''), 'time.Time', 'struct'],
];

describe('the type and the kind of a Go value', () => {
  it.each(ROWS.map(([value, type, kind]) => [type, kind, value] as const))('are %s and %s', (type, kind, value) => {
    expect(typeName(value)).toBe(type);
    expect(kindName(value)).toBe(kind);
  });
});
