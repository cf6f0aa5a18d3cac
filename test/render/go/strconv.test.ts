// The expected texts are those of Go 1.26's strconv.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canBackquote, quote, quoteRune, quoteToAscii, unquote } from '../../../src/render/go/quote.ts';
import {
  atoi,
  formatFloat,
  parseGoBool,
  parseGoFloat,
  parseGoInt,
  parseGoUint,
} from '../../../src/render/go/strconv.ts';

describe('formatFloat', () => {
  it.each([
    [1e6, 'g', -1, 64, '1e+06'],
    [100000, 'g', -1, 64, '100000'],
    [1e20, 'f', -1, 64, '100000000000000000000'],
    [1e-5, 'g', -1, 64, '1e-05'],
    [0.1, 'e', -1, 64, '1e-01'],
    [-0, 'g', -1, 64, '-0'],
    [123456789, 'g', -1, 64, '1.23456789e+08'],
    [5e-324, 'E', -1, 64, '5E-324'],
    [0.5, 'f', 0, 64, '0'],
    [1.5, 'f', 0, 64, '2'],
    [2.5, 'f', 0, 64, '2'],
    [2.675, 'f', 2, 64, '2.67'],
    [100, 'g', 3, 64, '100'],
    [1234567, 'g', 3, 64, '1.23e+06'],
    [0, 'e', 2, 64, '0.00e+00'],
    [1e300, 'f', 1, 64, `${BigInt(1e300)}.0`],
    [16777216, 'g', -1, 32, '1.6777216e+07'],
    [0.1, 'g', -1, 32, '0.1'],
    [0.000244140625, 'E', -1, 32, '2.4414063E-04'],
    [186839.125, 'E', -1, 32, '1.8683912E+05'],
    [1, 'x', -1, 64, '0x1p+00'],
    [1.25, 'X', 3, 64, '0X1.400P+00'],
    [1, 'b', -1, 64, '4503599627370496p-52'],
    [Number.NaN, 'g', -1, 64, 'NaN'],
    [-Infinity, 'f', 2, 64, '-Inf'],
  ] as const)('of %d as %s with precision %i and %i bits is as Go has it', (value, format, precision, bits, text) => {
    expect(formatFloat(value, format, precision, bits)).toBe(text);
  });

  it('in its shortest form reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double(), fc.constantFrom('e', 'g', 'f', 'x'), (value, format) => {
        expect(parseGoFloat(formatFloat(value, format, -1)).value).toBe(value);
      }),
    );
  });
});

describe('parseGoInt', () => {
  it.each([
    ['42', 10, 64, 42n],
    ['-0x1F', 0, 64, -31n],
    ['012', 0, 64, 10n],
    ['0o17', 0, 64, 15n],
    ['0b11', 0, 64, 3n],
    ['1_000', 0, 64, 1000n],
    ['+9223372036854775807', 10, 64, 9223372036854775807n],
  ])('reads %j in base %i', (text, base, bits, value) => {
    expect(parseGoInt(text, base, bits)).toEqual({ value });
  });

  it.each([
    ['', 10, 64, 0n, 'parsing "": invalid syntax'],
    ['1x', 10, 64, 0n, 'parsing "1x": invalid syntax'],
    ['08', 0, 64, 0n, 'parsing "08": invalid syntax'],
    ['1__0', 0, 64, 0n, 'parsing "1__0": invalid syntax'],
    ['9223372036854775808', 10, 64, 9223372036854775807n, 'parsing "9223372036854775808": value out of range'],
    ['-129', 10, 8, -128n, 'parsing "-129": value out of range'],
    ['99999999999999999999x', 10, 64, 9223372036854775807n, 'parsing "99999999999999999999x": value out of range'],
    ['1', 1, 64, 0n, 'parsing "1": invalid base 1'],
  ])('refuses %j in base %i with %i bits', (text, base, bits, value, error) => {
    expect(parseGoInt(text, base, bits)).toEqual({ value, error: `strconv.ParseInt: ${error}` });
  });

  it('is named Atoi where Go calls it so', () => {
    expect(atoi('a').error).toBe('strconv.Atoi: parsing "a": invalid syntax');
  });
});

describe('parseGoUint', () => {
  it('reads all 64 bits and no sign', () => {
    expect(parseGoUint('18446744073709551615', 10, 64)).toEqual({ value: 18446744073709551615n });
    expect(parseGoUint('+1', 10, 64).error).toBe('strconv.ParseUint: parsing "+1": invalid syntax');
    expect(parseGoUint('18446744073709551616', 10, 64)).toEqual({
      value: 18446744073709551615n,
      error: 'strconv.ParseUint: parsing "18446744073709551616": value out of range',
    });
  });
});

describe('parseGoFloat', () => {
  it.each([
    ['1e3', 1000],
    ['.5', 0.5],
    ['1_000', 1000],
    ['-iNf', -Infinity],
    ['0x1p-1074', 5e-324],
    ['0x1.8p-1075', 5e-324],
    ['0x1p-1075', 0],
    ['1e-400', 0],
  ])('reads %j', (text, value) => {
    expect(parseGoFloat(text)).toEqual({ value });
  });

  it.each([
    ['1e309', Infinity, 'value out of range'],
    ['1__0', 0, 'invalid syntax'],
    ['1e', 0, 'invalid syntax'],
    ['+nan', 0, 'invalid syntax'],
    [' 1', 0, 'invalid syntax'],
    ['0x1', 0, 'invalid syntax'],
  ])('refuses %j', (text, value, reason) => {
    expect(parseGoFloat(text)).toEqual({ value, error: `strconv.ParseFloat: parsing "${text}": ${reason}` });
  });
});

describe('parseGoBool', () => {
  it('knows twelve words', () => {
    expect(parseGoBool('T')).toEqual({ value: true });
    expect(parseGoBool('false')).toEqual({ value: false });
    expect(parseGoBool('yes').error).toBe('strconv.ParseBool: parsing "yes": invalid syntax');
  });
});

describe('Go literals', () => {
  it.each([
    ['plain', '"plain"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['\x00\x07\n\t\x7f', '"\\x00\\a\\n\\t\\x7f"'],
    ['é☃😀', '"é☃😀"'],
    ['\u00ad\u200b\ue000\u{e0001}', '"\\u00ad\\u200b\\ue000\\U000e0001"'],
    ['\udcff', '"\\xff"'],
  ])('quote %j', (text, literal) => {
    expect(quote(text)).toBe(literal);
    expect(unquote(literal)).toBe(text);
  });

  it('in ASCII escape the rest', () => {
    expect(quoteToAscii('é😀')).toBe('"\\u00e9\\U0001f600"');
  });

  it('of one character stand in single quotes', () => {
    expect(quoteRune(0x27)).toBe("'\\''");
    expect(quoteRune(0xd800)).toBe("'\ufffd'");
    expect(unquote("'\\''")).toBe("'");
  });

  it('in backquotes lose carriage returns only', () => {
    expect(unquote('`a\r\n\\n`')).toBe('a\n\\n');
    expect([canBackquote('a\tb'), canBackquote('a`b'), canBackquote('a\nb')]).toEqual([true, false, false]);
  });

  it.each(['', '"', '"a', '"\\q"', "'ab'", '"\\400"', '"\\ud800"', '"a\nb"', '`a`b`', '"\\"'])(
    'refuse %j',
    (literal) => {
      expect(() => unquote(literal)).toThrow('invalid syntax');
    },
  );

  it('read back as what was quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unquote(quote(text))).toBe(text);
        expect(unquote(quoteToAscii(text))).toBe(text);
      }),
    );
  });
});
