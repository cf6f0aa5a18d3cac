// Rows in the manner of Go's fmt_test.go; the texts are Go 1.26's.

import { describe, expect, it } from 'vitest';
import { goComplex } from '../../../src/render/go/complex.ts';
import { formatValue, sprint, sprintf, sprintln } from '../../../src/render/go/fmt.ts';
import {
  GoMap,
  type GoMethod,
  GoNumber,
  GoOpaque,
  GoSlice,
  GoStruct,
  type GoValue,
  goInt,
  goInt64,
} from '../../../src/render/go/value.ts';

const says = (text: string): Record<string, GoMethod> => ({
  String: { params: [], result: 'string', call: () => text },
});
const map = (entries: Record<string, GoValue>) => new Map(Object.entries(entries));
const uint8 = (value: number) => new GoNumber('uint8', BigInt(value));
const bytes = (...items: number[]) => Uint8Array.from(items);
const point = new GoStruct('main.Point', map({ X: goInt(1), Y: goInt(2) }));
const pointer = new GoStruct('main.Point', point.fields, {}, true);

type Row = [format: string, operands: GoValue[], text: string];

const rows: Record<string, Row[]> = {
  'writes integers in every base, with signs, prefixes and zeros': [
    ['%d', [goInt(-42)], '-42'],
    ['%5d|%-5d|%05d', [goInt(7), goInt(7), goInt(7)], '    7|7    |00007'],
    ['%+d|% d|%+05d', [goInt(7), goInt(7), goInt(7)], '+7| 7|+0007'],
    ['%b %o %O %x %X', [goInt(10), goInt(10), goInt(10), goInt(171), goInt(171)], '1010 12 0o12 ab AB'],
    ['%#b %#o %#x %#X', [goInt(10), goInt(10), goInt(171), goInt(171)], '0b1010 012 0xab 0XAB'],
    ['%x', [goInt64(-255)], '-ff'],
    ['%.3d|%.0d|%8.3d', [goInt(7), goInt(0), goInt(7)], '007||     007'],
    ['%c %q %U %#U', [goInt(0x65e5), goInt(0x65e5), goInt(0x65e5), goInt(0x65e5)], "日 '日' U+65E5 U+65E5 '日'"],
    ['%d', [new GoNumber('uint64', 18446744073709551615n)], '18446744073709551615'],
    ['%c', [goInt(-1)], '\ufffd'],
  ],
  'writes floats': [
    ['%v %v %v', [1e6, 123456.0, 1e-5], '1e+06 123456 1e-05'],
    ['%f %.2f %8.3f|%-8.1f|', [1.5, 2.345, 7.12345, 2.5], '1.500000 2.35    7.123|2.5     |'],
    ['%e %E %g %G', [123456.789, 123456.789, 1e21, 1e-7], '1.234568e+05 1.234568E+05 1e+21 1E-07'],
    ['%+.1f % .1f %08.3f %+08.1f', [1.5, 1.5, -1.5, 1.5], '+1.5  1.5 -001.500 +00001.5'],
    ['%v %v %v', [Number.NaN, Infinity, -Infinity], 'NaN +Inf -Inf'],
    ['%08f|%+f', [Infinity, Number.NaN], '    +Inf|+NaN'],
    ['%#g %#.3g %#.0f', [1, 12, 3], '1.00000 12.0 3.'],
    ['%x %X %b', [1.5, 1.5, 1], '0x1.8p+00 0X1.8P+00 4503599627370496p-52'],
    ['%v', [new GoNumber('float32', Math.fround(0.1))], '0.1'],
    ['%v %.1f', [goComplex(1, -2), goComplex(1, 2)], '(1-2i) (1.0+2.0i)'],
    ['%v', [-0], '-0'],
  ],
  'writes strings and bytes': [
    ['%s|%10s|%-10s|%.2s', ['héllo', 'héllo', 'héllo', 'héllo'], 'héllo|     héllo|héllo     |hé'],
    ['%05s', ['ab'], '000ab'],
    ['%q %#q %+q', ['a"b\n', 'a"b', 'é'], '"a\\"b\\n" `a"b` "\\u00e9"'],
    ['%x %X % x %#x %# x', ['hé', 'hi', 'hi', 'hi', 'hi'], '68c3a9 6869 68 69 0x6869 0x68 0x69'],
    ['%.1x', ['hi'], '68'],
    ['%s %v %x %q %d', Array(5).fill(bytes(104, 105)), 'hi [104 105] 6869 "hi" [104 105]'],
    ['%#v', [bytes(1, 2)], '[]byte{0x1, 0x2}'],
    ['%q', ['a\udcff'], '"a\\xff"'],
    ['%5s|%-3s|', ['😀', '😀'], '    😀|😀  |'],
  ],
  'writes booleans and nil': [
    ['%t %v %5t|%-6v|', [true, false, true, true], 'true false  true|true  |'],
    ['%v %T %s %d', [null, null, null, null], '<nil> <nil> %!s(<nil>) %!d(<nil>)'],
  ],
  'writes lists and maps, the latter sorted': [
    ['%v', [[goInt(1), 'a', null, true, 1.5]], '[1 a <nil> true 1.5]'],
    ['%v', [map({ b: 1, a: [] })], 'map[a:[] b:1]'],
    ['%v', [map({ '\u{1f600}': 1, '\uff21': 2, z: 3 })], 'map[z:3 \uff21:2 \u{1f600}:1]'],
    ['%d', [map({ a: goInt(1) })], 'map[%!d(string=a):1]'],
    ['%s', [[goInt(1), 'two', null]], '[%!s(int=1) two <nil>]'],
    ['%q', [new GoSlice('[]string', ['a', 'b'])], '["a" "b"]'],
    ['%5d|', [[goInt(1), goInt(2)]], '[    1     2]|'],
    ['%x', [[uint8(1), bytes(2, 3)]], '[1 0203]'],
  ],
  'writes Go syntax': [
    ['%#v %#v %#v %#v', ['a', goInt(1), 1, 1e6], '"a" 1 1 1e+06'],
    ['%#v', [map({ a: [null, 'x'] })], 'map[string]interface {}{"a":[]interface {}{interface {}(nil), "x"}}'],
    ['%#v', [new GoMap('map[string]string', map({ k: 'v' }))], 'map[string]string{"k":"v"}'],
    ['%#v %#v', [uint8(7), new GoNumber('int32', 7n)], '0x7 7'],
    ['%#v', [point], 'main.Point{X:1, Y:2}'],
  ],
  'writes structs, and pointers to them at the top': [
    ['%v %+v', [point, point], '{1 2} {X:1 Y:2}'],
    ['%v %+v', [pointer, pointer], '&{1 2} &{X:1 Y:2}'],
    ['%T %T', [point, pointer], 'main.Point *main.Point'],
  ],
  'asks the value for its own text': [
    ['%v %s %q', Array(3).fill(new GoStruct('t', new Map(), says('me'))), 'me me "me"'],
    ['%d', [new GoStruct('t', map({ n: goInt(1) }), says('me'))], '{1}'],
    ['%v', [[new GoStruct('t', new Map(), says('me'))]], '[me]'],
    ['%v %s %d', Array(3).fill(new GoNumber('time.Duration', 90_000_000_000n)), '1m30s 1m30s 90000000000'],
    ['%v %v', [new GoNumber('time.Month', 3n), new GoNumber('time.Weekday', 9n)], 'March %!Weekday(9)'],
    ['%v %s %d', Array(3).fill(new GoNumber('json.Number', '1.50')), '1.50 1.50 %!d(json.Number=1.50)'],
    ['%v %s', Array(2).fill(new GoOpaque('time.Time', 0, '1970-01-01')), '1970-01-01 1970-01-01'],
  ],
  'takes width and precision from operands': [
    ['%*d|%-*d|', [goInt(4), goInt(7), goInt(4), goInt(7)], '   7|7   |'],
    ['%.*f', [goInt(2), 1.234], '1.23'],
    ['%*d', [goInt(-4), goInt(7)], '7   '],
    ['%*d', ['x', goInt(7)], '%!(BADWIDTH)7'],
    ['%.*f', ['x', 1], '%!(BADPREC)1.000000'],
    ['%.*d', [goInt(-1), goInt(7)], '%!(BADPREC)7'],
  ],
  'takes operands by index': [
    ['%[2]d %[1]d', [goInt(1), goInt(2)], '2 1'],
    ['%[1]v %[1]T', ['a'], 'a string'],
    ['%[3]*.[2]*[1]f', [12, goInt(2), goInt(6)], ' 12.00'],
    ['%[5]d %[0]d %[x]d %[]d', [goInt(1)], '%!d(BADINDEX) %!d(BADINDEX) %!d(BADINDEX) %!d(BADINDEX)'],
    ['%[2]d', [goInt(1), goInt(2)], '2'],
    ['%[1', [goInt(1)], '%!(NOVERB)'],
    ['%[1]2d', [goInt(1)], '%!d(BADINDEX)'],
  ],
  'shows mistakes in the text': [
    ['%d %s', ['s', goInt(1)], '%!d(string=s) %!s(int=1)'],
    ['%d', [], '%!d(MISSING)'],
    ['a', [goInt(1), null], 'a%!(EXTRA int=1, <nil>)'],
    ['%', [], '%!(NOVERB)'],
    ['%-', [goInt(1)], '%!(NOVERB)%!(EXTRA int=1)'],
    ['%z %!', [goInt(1), 2], '%!z(int=1) %!!(float64=2)'],
    ['%é', [goInt(1)], '%!é(int=1)'],
    ['%99999999d', [goInt(1)], '%!(NOVERB)%!(EXTRA int=1)'],
    ['%% %5%|', [], '% %|'],
    ['%w', [goInt(1)], '%!w(int=1)'],
    ['%6t', ['x'], '%!t(string=     x)'],
  ],
};

describe('sprintf', () => {
  for (const [title, table] of Object.entries(rows)) {
    it(title, () => {
      expect(table.map(([format, operands]) => [format, sprintf(format, operands)])).toEqual(
        table.map(([format, , text]) => [format, text]),
      );
    });
  }
});

describe('sprint', () => {
  it('puts a space between two operands when neither is a string', () => {
    expect(sprint([goInt(1), goInt(2), 'a', 3, 'b', 'c', null, null])).toBe('1 2a3bc<nil> <nil>');
    expect(sprint([new GoNumber('json.Number', '1'), goInt(2)])).toBe('12');
    expect(sprint([])).toBe('');
  });
});

describe('sprintln', () => {
  it('puts a space between all operands and ends the line', () => {
    expect(sprintln(['a', goInt(1), null])).toBe('a 1 <nil>\n');
  });
});

describe('formatValue', () => {
  it.each<[GoValue, string]>([
    ['a', 'a'],
    [1.5, '1.5'],
    [true, 'true'],
    [null, '<nil>'],
    [goInt(-7), '-7'],
    [[goInt(1)], '[1]'],
  ])('prints %o as %%v does', (value, text) => {
    expect(formatValue(value)).toBe(text);
    expect(sprintf('%v', [value])).toBe(text);
  });
});
