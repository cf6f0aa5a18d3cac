// The expected answers are those of Go 1.26 (Unicode 15.0).

import { describe, expect, it } from 'vitest';
import { isDigit, isLetter, isLower, isPrint, isSpace, isUpper } from '../../../src/render/go/unicode.ts';

const code = (text: string) => text.codePointAt(0) ?? 0;

describe('the classes of characters', () => {
  it.each<[string, (code: number) => boolean, string, string]>([
    ['print', isPrint, ' ~é☃😀中', '\n\x7f\u00a0\u00ad\u200b\u2028\ue000\u{e0001}'],
    ['letter', isLetter, 'azAZªéßΩ中\u{10400}', '09_-@[`{ ٣\u{1f600}'],
    ['digit', isDigit, '09٣०\u{1d7ce}', 'a²½Ⅷ'],
    ['upper', isUpper, 'AZÉΩ', 'azß1ǅ'],
    ['lower', isLower, 'azéßω', 'AZ1ǅ'],
    ['space', isSpace, ' \t\n\v\f\r\x85\xa0\u2003\u2028\u3000', 'a\u200b\ufeff'],
  ])('%s', (_, isMember, members, others) => {
    expect([...members].filter((character) => !isMember(code(character)))).toEqual([]);
    expect([...others].filter((character) => isMember(code(character)))).toEqual([]);
  });

  it('do not know characters that are younger than Go', () => {
    // U+1CC00 came with Unicode 16.
    expect([isPrint(0x1cc00), isLetter(0x10d4a)]).toEqual([false, false]);
  });
});
