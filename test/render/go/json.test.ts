// The expected texts are those of Go 1.26's encoding/json.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson, decodeJsonList, decodeJsonMap, encodeJson } from '../../../src/render/go/json.ts';
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

describe('encodeJson', () => {
  it.each<[string, GoValue, string]>([
    ['nil', null, 'null'],
    [
      'sorted keys',
      new Map<string, GoValue>([
        ['b', 1],
        ['é', true],
        ['a', null],
        ['B', ''],
      ]),
      '{"B":"","a":null,"b":1,"é":true}',
    ],
    ['HTML', '<a>&', '"\\u003ca\\u003e\\u0026"'],
    ['control characters', '\x00\b\f\n\r\t\x1f\x7f"\\/', '"\\u0000\\b\\f\\n\\r\\t\\u001f\x7f\\"\\\\/"'],
    ['line separators', '\u2028\u2029', '"\\u2028\\u2029"'],
    ['runes', 'é😀', '"é😀"'],
    ['stray bytes', 'a\udcff😀\udce2', '"a\\ufffd😀\\ufffd"'],
    [
      'floats',
      [1, 1e20, 1e21, 1e-6, 1e-7, -0, 0.1, 5e-324],
      '[1,100000000000000000000,1e+21,0.000001,1e-7,-0,0.1,5e-324]',
    ],
    ['float32', [new GoNumber('float32', Math.fround(0.1)), new GoNumber('float32', Math.fround(1e-7))], '[0.1,1e-7]'],
    [
      'integers',
      [goInt(-5), new GoNumber('uint64', 18446744073709551615n), new GoNumber('time.Duration', 1n)],
      '[-5,18446744073709551615,1]',
    ],
    ['json.Number', [new GoNumber('json.Number', '1.50'), new GoNumber('json.Number', '')], '[1.50,0]'],
    ['bytes', new Uint8Array([255, 0]), '"/wA="'],
    [
      'typed collections',
      new GoMap('map[string][]string', new Map([['a', new GoSlice('[]string', ['b'])]])),
      '{"a":["b"]}',
    ],
    [
      'structs',
      new GoStruct(
        'T',
        new Map<string, GoValue>([
          ['Z', 1],
          ['A', 2],
        ]),
      ),
      '{"Z":1,"A":2}',
    ],
    ['nil maps', [new NilMap(), new GoMap('map[string]int', new NilMap())], '[null,null]'],
    ['errors', new GoOpaque('*errors.errorString', null, 'x'), '{}'],
  ])('writes %s', (_, value, json) => {
    expect(encodeJson(value)).toBe(json);
  });

  it('indents', () => {
    const value = new Map<string, GoValue>([
      ['a', [1, [], new Map()]],
      ['b', new Map([['c', '<']])],
    ]);
    expect(encodeJson(value, { indent: '  ', escapeHtml: false })).toBe(
      '{\n  "a": [\n    1,\n    [],\n    {}\n  ],\n  "b": {\n    "c": "<"\n  }\n}',
    );
  });

  it.each<[GoValue, string]>([
    [Number.NaN, 'json: unsupported value: NaN'],
    [[-Infinity], 'json: unsupported value: -Inf'],
    [new GoOpaque('func()', null, ''), 'json: unsupported type: func()'],
    [new GoNumber('complex128', '(1+2i)'), 'json: unsupported type: complex128'],
    [new GoNumber('json.Number', '1x'), 'json: invalid number literal "1x"'],
  ])('refuses what JSON lacks', (value, message) => {
    expect(() => encodeJson(value)).toThrow(message);
  });
});

describe('decodeJson', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ["'", "invalid character '\\'' looking for beginning of value"],
    ['é', "invalid character 'Ã' looking for beginning of value"],
    ['{a: 1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a": 1 "b"}', "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['1 2', "invalid character '2' after top-level value"],
    ['01', "invalid character '1' after top-level value"],
    ['-', "invalid character ' ' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12x4"', "invalid character 'x' in \\u hexadecimal character escape"],
    ['[1e400]', 'json: cannot unmarshal number 1e400 into Go value of type float64'],
  ])('refuses %j as Go does: %s', (text, message) => {
    expect(() => decodeJson(text)).toThrow(expect.objectContaining({ code: 'RenderFailed', message }));
  });

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const again = encodeJson(decodeJson(text));
        expect(encodeJson(decodeJson(again))).toBe(again);
      }),
    );
  });

  it('takes the last of two values, and U+FFFD for half a surrogate pair', () => {
    expect(decodeJson('{"a": 1, "a": "\\ud800"}')).toEqual(new Map([['a', '\ufffd']]));
  });

  it('refuses another kind than the wanted', () => {
    expect(() => decodeJsonMap('[]')).toThrow(
      'json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
    expect(() => decodeJsonList('{}')).toThrow('json: cannot unmarshal object into Go value of type []interface {}');
    expect([decodeJsonMap('null'), decodeJsonList('null')]).toEqual([null, null]);
  });

  it('refuses nesting that no stack bears', () => {
    expect(() => decodeJson(`${'['.repeat(2000)}${']'.repeat(2000)}`)).toThrow('nested deeper than 1000');
  });
});
