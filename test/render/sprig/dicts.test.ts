import { describe, expect, it } from 'vitest';
import { type GoValue, NilMap } from '../../../src/render/go/value.ts';
import { type Argument, call, callRaw, plain } from './call.ts';

type Row = readonly [name: string, args: readonly Argument[], expected: unknown];

describe('functions of dicts', () => {
  it.each<Row>([
    ['dict', ['a', 1, 2, 'x', 'odd'], { a: 1, 2: 'x', odd: '' }],
    ['get', [{ a: null }, 'a'], null],
    ['get', [{}, 'a'], ''],
    ['hasKey', [{ a: null }, 'a'], true],
    ['pluck', ['a', { a: 1 }, {}, { a: null }], [1, null]],
    ['pick', [{ a: 1, b: 2 }, 'a', 'x'], { a: 1 }],
    ['omit', [{ a: 1, b: 2 }, 'a'], { b: 2 }],
    ['keys', [{ a: 1 }, { b: 2 }], ['a', 'b']],
    ['values', [{ a: 1 }], [1]],
    ['dig', ['a', 'b', 'none', { a: { b: 1 } }], 1],
    ['dig', ['a', 'b', 'none', { a: {} }], 'none'],
    ['default', ['d', ''], 'd'],
    ['default', ['d'], 'd'],
    ['default', ['d', 'x'], 'x'],
    ['coalesce', [0, '', 'x'], 'x'],
    ['coalesce', [0], null],
    ['empty', [[null]], false],
    ['all', [], true],
    ['any', [0, 1], true],
    ['ternary', ['yes', 'no', false], 'no'],
    ['kindOf', [{}], 'map'],
    ['kindIs', ['slice', []], true],
    ['typeOf', [null], '<nil>'],
    ['typeIsLike', ['semver.Version', 1], false],
  ])('%s %j gives %j', (name, args, expected) => {
    expect(call(name, ...args)).toEqual(expected);
  });

  it('sets and unsets in place', () => {
    const dict = new Map<string, GoValue>([['a', 'old']]);
    expect(callRaw('set', dict, 'b', 'new')).toBe(dict);
    expect(callRaw('unset', dict, 'a')).toBe(dict);
    expect([...dict]).toEqual([['b', 'new']]);
  });

  it('cannot write a nil map, but merges into a new one', () => {
    expect(() => callRaw('set', new NilMap(), 'a', 1)).toThrow('assignment to entry in nil map');
    expect(call('merge', new NilMap(), { a: 1 })).toEqual({ a: 1 });
  });

  it('ends where a dict holds itself', () => {
    const dict = new Map<string, GoValue>();
    dict.set('self', dict);
    expect(() => callRaw('deepCopy', dict)).toThrow('would be larger than');
    expect(() => callRaw('merge', dict, new Map<string, GoValue>([['self', dict]]))).toThrow('would be larger than');
  });

  it.each<readonly [Argument, Argument, unknown]>([
    [{ a: 1 }, { a: 2, b: 3 }, { a: 1, b: 3 }],
    [{ a: '' }, { a: 'x' }, { a: 'x' }],
    [
      { a: 0, b: false, c: [], d: null },
      { a: 1, b: true, c: [1], d: 2 },
      { a: 1, b: true, c: [1], d: 2 },
    ],
    [{ a: { b: 1 } }, { a: { b: 2, c: 3 } }, { a: { b: 1, c: 3 } }],
    [{ a: [1] }, { a: [2] }, { a: [1] }],
    [{ a: 's' }, { a: { b: 1 } }, { a: 's' }],
    [{}, { a: null }, {}],
  ])('merge %j %j gives %j', (target, source, expected) => {
    expect(call('merge', target, source)).toEqual(expected);
  });

  it.each<readonly [Argument, Argument, unknown]>([
    [{ a: 1 }, { a: null }, { a: null }],
    [
      { a: 1, b: true, c: 'x', d: [1] },
      { a: 0, b: false, c: '', d: [] },
      { a: 0, b: false, c: '', d: [] },
    ],
    [{ a: { b: 1 } }, { a: {} }, { a: { b: 1 } }],
    [{ a: { b: 1 } }, { a: 's' }, { a: 's' }],
    [{ a: 's' }, { a: { b: 1 } }, { a: { b: 1 } }],
    [{ a: { b: 1, c: 2 } }, { a: { b: 3 } }, { a: { b: 3, c: 2 } }],
  ])('mergeOverwrite %j %j gives %j', (target, source, expected) => {
    expect(call('mergeOverwrite', target, source)).toEqual(expected);
  });

  it('shares what was merged, and copies it only on request', () => {
    const inner = new Map<string, GoValue>([['x', 'old']]);
    const source = new Map<string, GoValue>([['inner', inner]]);
    const merged = callRaw('merge', new Map<string, GoValue>(), source);
    const copied = callRaw('deepCopy', source);
    inner.set('x', 'new');
    expect(plain(merged)).toEqual({ inner: { x: 'new' } });
    expect(plain(copied)).toEqual({ inner: { x: 'old' } });
  });

  it.each<[string, Argument[], string]>([
    ['dig', ['a', 'b'], 'dig needs at least three arguments'],
    ['dig', ['a', 'b', 'd', { a: 's' }], 'interface conversion: interface {} is string, not map[string]interface {}'],
    ['dig', [1, 'd', {}], 'interface conversion: interface {} is int, not string'],
    ['dig', ['a', 'd', null], 'interface conversion: interface {} is nil, not map[string]interface {}'],
    ['deepCopy', [null], 'reflect: call of reflect.Value.Type on zero Value'],
    ['fail', ['boom'], 'boom'],
  ])('%s %j fails as Go does', (name, args, message) => {
    expect(() => call(name, ...args)).toThrow(message);
  });
});
