import { describe, expect, it } from 'vitest';
import { utf8Encode } from '../../../src/render/go/strings.ts';
import { goInt64 } from '../../../src/render/go/value.ts';
import type { Values } from '../../../src/render/helm/chart.ts';
import { applySet, applySetLiteral } from '../../../src/render/helm/strvals.ts';
import { mergeValueSources } from '../../../src/render/helm/values.ts';
import { toTyped } from '../../conformance/typed-values.ts';

const apply = (line: string, base: Values = new Map()) => {
  applySet(line, base);
  return toTyped(base);
};

describe('--set', () => {
  it.each([
    ['a.b.c=x', { a: { b: { c: 'x' } } }],
    ['a[1].b=x', { a: [null, { b: 'x' }] }],
    ['a=\\,b', { a: ',b' }],
    ['a={x,null,true}', { a: ['x', null, true] }],
    ['a=', { a: '' }],
    ['a[0]', { a: [] }],
    ['a[0][1]=', { a: [[null, '']] }],
    ['=1', {}],
  ])('reads %s', (line, expected) => {
    expect(apply(line)).toEqual(expected);
  });

  it('gives whole numbers as int64 and leaves the rest text', () => {
    const values: Values = new Map();
    applySet('a=5,b=05,c=1.5', values);
    expect([...values]).toEqual([
      ['a', goInt64(5)],
      ['b', '05'],
      ['c', '1.5'],
    ]);
  });

  it.each([
    ['a', 'key "a" has no value'],
    ['a[x]=1', 'error parsing index: strconv.Atoi: parsing "x": invalid syntax'],
    ['a={x', "list must terminate with '}'"],
    ['a.b=1,a.b.c=2', 'unable to parse key: interface conversion: interface {} is int64, not map[string]interface {}'],
    [`${'a.'.repeat(31)}b=1`, 'value name nested level is greater than maximum supported nested level of 30'],
  ])('refuses %s', (line, message) => {
    expect(() => apply(line)).toThrow(message);
  });

  it('takes everything behind the first = of a literal', () => {
    const values: Values = new Map();
    applySetLiteral('a.b=x,y={z}\\', values);
    expect(toTyped(values)).toEqual({ a: { b: 'x,y={z}\\' } });
  });
});

describe('value sources', () => {
  const files: Record<string, string> = { 'one.yaml': 'a: {x: 1, z: null}\nb: [1]', 'two.yaml': 'a: {x: 2}\nb: [2]' };
  const read = (name: string) => utf8Encode(files[name] ?? '');

  it('merges files in order and applies flags of every kind in Helm’s order', () => {
    const values = mergeValueSources(
      {
        files: ['one.yaml', 'two.yaml'],
        set: ['c=set,d=set'],
        setJson: ['c={"from":"json"}'],
        setString: ['e=7'],
        setFile: ['f=one.yaml'],
        setLiteral: ['d=literal'],
      },
      read,
    );
    expect(toTyped(values)).toEqual({
      a: { x: 2, z: null },
      b: [2],
      c: 'set',
      d: 'literal',
      e: '7',
      f: files['one.yaml'],
    });
  });

  it.each([
    [{ set: ['a[=1'] }, 'failed parsing --set data: error parsing index: EOF'],
    [{ setJson: ['a={'] }, 'failed parsing --set-json data a={'],
    [{ setString: ['a'] }, 'failed parsing --set-string data: key "a" has no value'],
  ])('says which flag is wrong in %j', (sources, message) => {
    expect(() => mergeValueSources(sources, read)).toThrow(message);
  });
});
