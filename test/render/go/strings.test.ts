import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byteLength,
  compareBytes,
  isValidUtf8,
  mendUtf8,
  runesOf,
  sliceBytes,
  utf8Decode,
  utf8Encode,
} from '../../../src/render/go/strings.ts';

const bytes = (...list: number[]) => Uint8Array.from(list);
const goText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 12 }).map((array) => utf8Decode(array)),
);

describe('the bytes of a Go string', () => {
  it.each([
    ['ASCII', 'abc', [0x61, 0x62, 0x63]],
    ['two and three bytes', 'é☃', [0xc3, 0xa9, 0xe2, 0x98, 0x83]],
    ['four bytes', '😀', [0xf0, 0x9f, 0x98, 0x80]],
    ['a byte order mark stays', '\ufeffa', [0xef, 0xbb, 0xbf, 0x61]],
    ['a stray byte', 'a\udcffb', [0x61, 0xff, 0x62]],
    ['an encoded surrogate is three stray bytes', '\udced\udca0\udc80', [0xed, 0xa0, 0x80]],
    ['an overlong form is two stray bytes', '\udcc0\udc80', [0xc0, 0x80]],
    ['a cut rune', '\udce2\udc98', [0xe2, 0x98]],
    ['a stray byte after a pair', '😀\udc80', [0xf0, 0x9f, 0x98, 0x80, 0x80]],
  ])('convert both ways: %s', (_, text, list) => {
    expect([...utf8Encode(text)]).toEqual(list);
    expect(utf8Decode(bytes(...list))).toBe(text);
    expect(byteLength(text)).toBe(list.length);
  });

  it('survive a round trip whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (array) => {
        expect([...utf8Encode(utf8Decode(array))]).toEqual([...array]);
      }),
    );
  });

  it('are counted as they are encoded', () => {
    fc.assert(
      fc.property(goText, (text) => {
        expect(byteLength(text)).toBe(utf8Encode(text).length);
      }),
    );
  });

  it('tell whether they are valid', () => {
    expect(isValidUtf8('é😀')).toBe(true);
    expect(isValidUtf8('\udcff')).toBe(false);
  });
});

describe('cutting a Go string', () => {
  it.each([
    ['abcdef', 1, 3, 'bc'],
    ['aéb', 1, 3, 'é'],
    ['aéb', 0, 2, 'a\udcc3'],
    ['aéb', 2, 4, '\udca9b'],
  ])('%j[%i:%i] is %j', (text, from, to, cut) => {
    expect(sliceBytes(text, from, to)).toBe(cut);
  });

  it('and joining the parts gives the text back', () => {
    fc.assert(
      fc.property(goText, fc.nat(), (text, seed) => {
        const at = seed % (byteLength(text) + 1);
        const joined = sliceBytes(text, 0, at) + sliceBytes(text, at, byteLength(text));
        expect(mendUtf8(joined)).toBe(mendUtf8(text));
      }),
    );
  });
});

describe('the order of Go strings', () => {
  it('is that of their bytes', () => {
    fc.assert(
      fc.property(goText, goText, (a, b) => {
        const [x, y] = [utf8Encode(a), utf8Encode(b)];
        const at = x.findIndex((byte, index) => byte !== y[index]);
        const expected = at < 0 ? x.length - y.length : (x[at] ?? 0) - (y[at] ?? -1);
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(expected));
      }),
    );
  });

  it('puts a rune beyond the basic plane after U+FFFD', () => {
    expect(compareBytes('\ufffd', '😀')).toBeLessThan(0);
  });
});

describe('the runes of a Go string', () => {
  it('have U+FFFD for each stray byte', () => {
    expect(runesOf('a😀\udcff')).toEqual([0x61, 0x1f600, 0xfffd]);
  });
});
