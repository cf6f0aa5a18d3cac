// The expected texts are those of sigs.k8s.io/yaml v1.6.0 (toYaml) and go.yaml.in/yaml/v3 v3.0.5 (toYamlPretty).

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeJson } from '../../../src/render/go/json.ts';
import {
  GoMap,
  GoNumber,
  GoOpaque,
  GoSlice,
  GoStruct,
  type GoValue,
  goInt,
  NilMap,
} from '../../../src/render/go/value.ts';
import { parseYaml } from '../../../src/render/yaml/decode.ts';
import { toYaml } from '../../../src/render/yaml/encode.ts';
import { toYamlPretty } from '../../../src/render/yaml/encode-pretty.ts';
import { compareKeys } from '../../../src/render/yaml/key-order.ts';

const map = (entries: Record<string, GoValue>): GoValue => new Map(Object.entries(entries));

describe('a string', () => {
  it.each<[string, string, string]>([
    ['plain', 'plain', 'plain'],
    ['', '""', '""'],
    ['true', '"true"', '"true"'],
    ['yes', '"yes"', '"yes"'],
    ['1:20', '"1:20"', '"1:20"'],
    ['2001-01-01', '"2001-01-01"', '"2001-01-01"'],
    ['1e3', '"1e3"', '"1e3"'],
    ['<<', '<<', '<<'],
    ['a: b', "'a: b'", "'a: b'"],
    ['a:', "'a:'", "'a:'"],
    ['a #b', "'a #b'", "'a #b'"],
    ['a#b', 'a#b', 'a#b'],
    ['- a', "'- a'", "'- a'"],
    ['-a', '-a', '-a'],
    [' a', "' a'", "' a'"],
    ["it's", "it's", "it's"],
    ["'a", "'''a'", "'''a'"],
    ['{{ x }}', "'{{ x }}'", "'{{ x }}'"],
    ['---', "'---'", "'---'"],
    ['a\tb', '"a\\tb"', '"a\\tb"'],
    ['a\nb', '|-\n  a\n  b', '|-\n  a\n  b'],
    ['a\nb\n', '|\n  a\n  b', '|\n  a\n  b'],
    ['a\n\n', '|+\n  a\n', '|+\n  a\n'],
    ['\n', '|2+\n', '|2+\n'],
    [' a\nb', '|2-\n   a\n  b', '|2-\n   a\n  b'],
    ['a \nb', '"a \\nb"', '"a \\nb"'],
    ['a\n\tb', '"a\\n\\tb"', '|-\n  a\n  \tb'],
    ['a\rb', '"a\\rb"', '"a\\rb"'],
    ['é☃', 'é☃', 'é☃'],
    ['😀', '"\\U0001F600"', '"\\U0001F600"'],
    ['\ufeffa', '"\\uFEFF\\x61"', '"\\uFEFF\\x61"'],
    ['\x00\x1b', '"\\0\\e"', '"\\0\\e"'],
    ['a\u0085b', 'a b', '"a\\Nb"'],
    ['\udcff', '�', '!!binary /w=='],
  ])('%j is written %s by v2 and %s by v3', (text, yaml, pretty) => {
    expect(toYaml(text)).toBe(`${yaml}\n`);
    expect(toYamlPretty(text)).toBe(`${pretty}\n`);
  });

  it('that is long is folded by v2 alone', () => {
    const words = 'word '.repeat(30).trim();
    expect(toYaml(map({ a: words }))).toBe(`a: ${'word '.repeat(16).trim()}\n  ${'word '.repeat(14).trim()}\n`);
    expect(toYaml(`${words}: x`)).toBe(`'${'word '.repeat(16)}word\n  ${'word '.repeat(13).trim()}: x'\n`);
    expect(toYaml(`\t${words}`)).toBe(`"\\t${'word '.repeat(16).trim()}\n  ${'word '.repeat(14).trim()}"\n`);
    expect(toYamlPretty(map({ a: words }))).toBe(`a: ${words}\n`);
  });
});

describe('a collection', () => {
  const value = map({
    list: [map({ b: 1, a: [[], {}].map((item) => (Array.isArray(item) ? item : map({}))) }), [['x']]],
  });

  it('has its lists under its keys in v2, indented in v3', () => {
    expect(toYaml(value)).toBe('list:\n- a:\n  - []\n  - {}\n  b: 1\n- - - x\n');
    expect(toYamlPretty(value)).toBe('list:\n  - a:\n      - []\n      - {}\n    b: 1\n  - - - x\n');
  });

  it('has long and multi-line keys behind a question mark', () => {
    const long = 'k'.repeat(129);
    expect(toYaml(map({ [long]: ['v'], 'a\nb': map({ c: 1 }) }))).toBe(`? |-\n  a\n  b\n: c: 1\n? ${long}\n: - v\n`);
  });

  it('has its keys in natural order', () => {
    const keys = ['b', 'a10', 'a9', 'A', '_', '1', '10', '9', 'é', 'a'];
    expect(toYaml(new Map(keys.map((key) => [key, true] as const)))).toBe(
      '_: true\n"1": true\n"9": true\n"10": true\nA: true\na: true\na9: true\na10: true\nb: true\né: true\n',
    );
    expect(compareKeys('a1b', 'a10', 'v2')).toBeGreaterThan(0);
    expect(compareKeys('a1b', 'a10', 'v3')).toBeLessThan(0);
    expect(compareKeys('a01', 'a1', 'v2')).toBeGreaterThan(0);
    expect(compareKeys('a10', 'a100', 'v2')).toBeLessThan(0);
  });

  it('quotes keys as it quotes values', () => {
    expect(toYaml(map({ y: 1, '': 2, 'a: b': 3 }))).toBe('"": 2\n\'a: b\': 3\n"y": 1\n');
  });
});

describe('a number', () => {
  it.each<[GoValue, string, string]>([
    [1000000, '1000000', '1e+06'],
    [1000000.5, '1.0000005e+06', '1.0000005e+06'],
    [1e17, '100000000000000000', '1e+17'],
    [1e20, '1e+20', '1e+20'],
    [1e-7, '1e-07', '1e-07'],
    [1.2345678901234567e19, '12345678901234567000', '1.2345678901234567e+19'],
    [-(2 ** 63), '-9.223372036854776e+18', '-9.223372036854776e+18'],
    [-0, '0', '-0'],
    [goInt(5), '5', '5'],
    [new GoNumber('uint64', 18446744073709551615n), '18446744073709551615', '18446744073709551615'],
    [new GoNumber('float32', Math.fround(0.1)), '0.1', '0.1'],
    [new GoNumber('json.Number', '1.50'), '1.5', '"1.50"'],
  ])('%s is written %s by v2 and %s by v3', (value, yaml, pretty) => {
    expect(toYaml(value)).toBe(`${yaml}\n`);
    expect(toYamlPretty(value)).toBe(`${pretty}\n`);
  });

  it('that JSON lacks is an error of v2 and a word of v3', () => {
    expect(() => toYaml([Infinity])).toThrow('error marshaling into JSON: json: unsupported value: +Inf');
    expect(toYamlPretty([Infinity, -Infinity, Number.NaN])).toBe('- .inf\n- -.inf\n- .nan\n');
  });
});

describe('other Go values', () => {
  it.each<[string, GoValue, string, string]>([
    ['nil', null, 'null', 'null'],
    ['a nil map', new NilMap(), 'null', '{}'],
    ['a nil map of another type', new GoMap('map[string]int', new NilMap()), 'null', '{}'],
    ['[]string', new GoSlice('[]string', ['a']), '- a', '- a'],
    ['map[string]string', new GoMap('map[string]string', new Map([['a', 'b']])), 'a: b', 'a: b'],
    ['bytes', new Uint8Array([104, 105]), 'aGk=', '- 104\n- 105'],
    [
      'a struct',
      new GoStruct(
        'T',
        new Map<string, GoValue>([
          ['Name', 'x'],
          ['Age', goInt(1)],
        ]),
      ),
      'Age: 1\nName: x',
      'name: x\nage: 1',
    ],
    ['an error', new GoOpaque('*errors.errorString', null, 'x'), '{}', '{}'],
  ])('%s', (_, value, yaml, pretty) => {
    expect(toYaml(value)).toBe(`${yaml}\n`);
    expect(toYamlPretty(value)).toBe(`${pretty}\n`);
  });

  it('with MarshalJSON or MarshalYAML are written as what these give', () => {
    const method = (value: GoValue) => ({ params: [], result: 'interface {}', call: () => value });
    const value = new GoStruct('T', new Map(), { MarshalJSON: method('json'), MarshalYAML: method('yaml') });
    expect([toYaml([value]), toYamlPretty([value])]).toEqual(['- json\n', '- yaml\n']);
  });

  it('that cannot be written are errors', () => {
    const func = new GoOpaque('func()', null, '');
    expect(() => toYaml(func)).toThrow('error marshaling into JSON: json: unsupported type: func()');
    expect(() => toYaml(['\x7f'])).toThrow('yaml: control characters are not allowed');
    expect(() => toYamlPretty(func)).toThrow('cannot marshal type: func()');
  });
});

describe('what is written', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.stringMatching(/^[ a-c:#'"\n-]{0,100}$/),
    fc.constantFrom('yes', '~', '1_0', '0x', '.5', '---', '<<', '2001-1-1', '- '),
  );
  const value = fc.letrec<{ value: GoValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    ),
  })).value;
  /** go-yaml writes "<<" plainly and reads it as a merge; characters that JSON's reader refuses are left out. */
  const isSound = (json: string) => !/[\x7f-\x9f\ufeff]/.test(json) && !json.includes('"\\u003c\\u003c":');
  const runs = { numRuns: Number(process.env.HAWSER_FUZZ_RUNS ?? 300) };

  it.each([
    ['toYaml', toYaml],
    ['toYamlPretty', toYamlPretty],
  ] as const)('by %s is read as the same value', (_, write) => {
    fc.assert(
      fc.property(value, (given) => {
        const json = encodeJson(given);
        fc.pre(isSound(json));
        expect(encodeJson(parseYaml(write(given))).replaceAll('-0', '0')).toBe(json.replaceAll('-0', '0'));
      }),
      runs,
    );
  });
});
