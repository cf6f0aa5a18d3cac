import { describe, expect, it } from 'vitest';
import { GoSlice } from '../../../src/render/go/value.ts';
import { type Argument, call, callRaw } from './call.ts';

type Row = readonly [name: string, args: readonly Argument[], expected: unknown];

describe('functions of strings', () => {
  it.each<Row>([
    ['trunc', [3, 'abcdef'], 'abc'],
    ['trunc', [-3, 'abcdef'], 'def'],
    ['trunc', [-9, 'abc'], 'abc'],
    ['trunc', [2, 'aé'], 'a\udcc3'],
    ['trim', ['\u00a0 a b\t\n'], 'a b'],
    ['trimAll', ['$%', '$5.00%'], '5.00'],
    ['trimSuffix', ['-', 'a--'], 'a-'],
    ['trimSuffix', ['', 'a'], 'a'],
    ['trimPrefix', ['v', 'v1'], '1'],
    ['upper', ['straße ǆ'], 'STRAßE Ǆ'],
    ['lower', ['İSTANBUL'], 'istanbul'],
    ['title', ["o'neil x_y ǆ"], "O'Neil X_y ǅ"],
    ['untitle', ['First Try'], 'first try'],
    ['swapcase', ['This Is A.Test'], 'tHIS iS a.tEST'],
    ['substr', [0, 3, 'abcdef'], 'abc'],
    ['substr', [-1, 2, 'abc'], 'ab'],
    ['substr', [1, -1, 'abc'], 'bc'],
    ['repeat', [3, 'ab'], 'ababab'],
    ['nospace', [' a b\tc'], 'abc'],
    ['nospace', ['é é'], 'Ã©Ã©'],
    ['initials', ['First Try'], 'FT'],
    ['contains', ['b', 'abc'], true],
    ['hasPrefix', ['ab', 'abc'], true],
    ['hasSuffix', ['ab', 'abc'], false],
    ['replace', [' ', '-', 'a b c'], 'a-b-c'],
    ['replace', ['', '.', 'a😀'], '.a.😀.'],
    ['plural', ['one', 'many', 1], 'one'],
    ['plural', ['one', 'many', 0], 'many'],
    ['quote', ['a"b', null, 3, 1.5], '"a\\"b" "3" "1.5"'],
    ['squote', ["it's", null, true], "'it's' 'true'"],
    ['cat', ['a', null, 2, [1, 'x']], 'a 2 [1 x]'],
    ['indent', [2, 'a\nb'], '  a\n  b'],
    ['nindent', [2, 'a\nb'], '\n  a\n  b'],
    ['toString', [1e6], '1000000'],
    ['toString', [1000000.5], '1.0000005e+06'],
    ['toString', [null], '<nil>'],
    ['toStrings', [[1, null, 'a']], ['1', 'a']],
    ['join', ['-', [1, null, 'a', true]], '1-a-true'],
    ['join', ['-', 5], '5'],
    ['splitList', ['', 'a😀'], ['a', '😀']],
    ['splitList', [',', ''], ['']],
    ['split', ['.', 'a.b'], { _0: 'a', _1: 'b' }],
    ['splitn', ['.', 2, 'a.b.c'], { _0: 'a', _1: 'b.c' }],
    ['splitn', ['.', 0, 'a.b.c'], {}],
    ['sortAlpha', [['b', 'a', 'é', 'Z']], ['Z', 'a', 'b', 'é']],
    ['sortAlpha', [5], ['5']],
    ['abbrev', [5, 'hello world'], 'he...'],
    ['abbrev', [3, 'hello'], 'hello'],
    ['abbrevboth', [5, 10, '1234 5678 9123'], '...5678...'],
    ['wrap', [5, 'aa bb cc'], 'aa bb\ncc'],
    ['wrap', [2, 'abcdef gh'], 'abcdef\ngh'],
    ['wrapWith', [3, '|', 'abcdef'], 'abc|def'],
  ])('%s %j gives %j', (name, args, expected) => {
    expect(call(name, ...args)).toEqual(expected);
  });

  it.each([
    ['http_server', 'HttpServer', 'http_server', 'http-server'],
    ['HTTPServer', 'Httpserver', 'http_server', 'http-server'],
    ['_complex__case_', '_Complex_Case_', '_complex__case_', '-complex--case-'],
    ['HTTP20xOK', 'Http20xOK', 'http_20x_ok', 'http-20x-ok'],
    ['Bld4Floor3rd', 'Bld4Floor3rd', 'bld4_floor_3rd', 'bld4-floor-3rd'],
    ['Duration2m3s', 'Duration2m3s', 'duration_2m3s', 'duration-2m3s'],
    ['GO PATH', 'GoPath', 'go_path', 'go-path'],
    ['', '', '', ''],
  ])('%s in other cases', (text, camel, snake, kebab) => {
    expect(call('camelcase', text)).toBe(camel);
    expect(call('snakecase', text)).toBe(snake);
    expect(call('kebabcase', text)).toBe(kebab);
  });

  it('sorts a []string in place, as Sprig does', () => {
    const strings = new GoSlice('[]string', ['b', 'a']);
    expect(callRaw('sortAlpha', strings)).toBe(strings);
    expect(strings.items).toEqual(['a', 'b']);
  });

  it.each<[string, Argument[], string]>([
    ['repeat', [-1, 'x'], 'strings: negative Repeat count'],
    ['indent', [-1, 'x'], 'strings: negative Repeat count'],
    ['substr', [-1, 9, 'abc'], 'runtime error: slice bounds out of range [:9] with length 3'],
    ['substr', [-1, -2, 'abc'], 'runtime error: slice bounds out of range [:-2]'],
    ['substr', [3, 1, 'abc'], 'runtime error: slice bounds out of range [3:1]'],
    ['substr', [9, -1, 'abc'], 'runtime error: slice bounds out of range [9:3]'],
  ])('%s %j fails as Go does', (name, args, message) => {
    expect(() => call(name, ...args)).toThrow(message);
  });
});
