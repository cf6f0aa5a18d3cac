// Go's mapping of letters between cases (unicode.ToUpper, ToLower, ToTitle; Unicode 15.0): one rune to one rune, where
// JavaScript maps `ß` to `SS` and knows later pairs of letters.

import { isAscii } from './strings.ts';
import { isDigit, isLetter, isSpace } from './unicode.ts';

/** Letters that Unicode 16 and 17 paired, which Go does not know yet. */
function isNewer(code: number): boolean {
  if (code < 0x1c89) return false;
  return (
    code === 0x1c89 ||
    code === 0x1c8a ||
    (code >= 0xa7cb && code <= 0xa7cf) ||
    code === 0xa7d2 ||
    code === 0xa7d4 ||
    (code >= 0xa7da && code <= 0xa7dc) ||
    (code >= 0x10d50 && code <= 0x10d85) ||
    (code >= 0x16ea0 && code <= 0x16ed3)
  );
}

/** `unicode.ToUpper`. */
export function toUpperRune(code: number): number {
  if (code < 0x80) return code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
  if (code >= 0x1f80 && code <= 0x1ff3) {
    // Greek with iota below: the full mapping of JavaScript has two runes, the simple one of Go is the titlecase letter.
    if (code <= 0x1faf) return code & 8 ? code : code + 8;
    if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return code + 9;
  }
  return single(code, String.fromCodePoint(code).toUpperCase());
}

/** `unicode.ToLower`. */
export function toLowerRune(code: number): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
  if (code === 0x130) return 0x69;
  return single(code, String.fromCodePoint(code).toLowerCase());
}

/** `unicode.ToTitle`: upper case but for the digraphs, and Georgian, which has no title case. */
export function toTitleRune(code: number): number {
  if (code >= 0x1c4 && code <= 0x1cc) return code - ((code - 0x1c4) % 3) + 1;
  if (code >= 0x1f1 && code <= 0x1f3) return 0x1f2;
  if (code >= 0x10d0 && code <= 0x10ff) return code;
  return toUpperRune(code);
}

/** `unicode.IsTitle`. */
export function isTitle(code: number): boolean {
  if (code < 0x1c5) return false;
  if (code === 0x1c5 || code === 0x1c8 || code === 0x1cb || code === 0x1f2) return true;
  if (code >= 0x1f88 && code <= 0x1faf) return (code & 8) !== 0;
  return code === 0x1fbc || code === 0x1fcc || code === 0x1ffc;
}

/** `strings.ToUpper`. */
export function toUpper(text: string): string {
  return isAscii(text) ? text.toUpperCase() : mapRunes(text, toUpperRune);
}

/** `strings.ToLower`. */
export function toLower(text: string): string {
  return isAscii(text) ? text.toLowerCase() : mapRunes(text, toLowerRune);
}

/** `strings.Title`: the first letter of each word in title case. */
export function toTitleWords(text: string): string {
  let previous = 0x20;
  return mapRunes(text, (code) => {
    const startsWord = isSeparator(previous);
    previous = code;
    return startsWord ? toTitleRune(code) : code;
  });
}

/** `strings.Map`: stray bytes become U+FFFD. */
function mapRunes(text: string, map: (code: number) => number): string {
  let mapped = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    mapped += String.fromCodePoint(map(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code));
  }
  return mapped;
}

/** strings.isSeparator. */
function isSeparator(code: number): boolean {
  if (code < 0x80) return !(isLetter(code) || isDigit(code) || code === 0x5f);
  return !isLetter(code) && !isDigit(code) && isSpace(code);
}

function single(code: number, mapped: string): number {
  const to = mapped.codePointAt(0) ?? code;
  if (mapped.length > (to > 0xffff ? 2 : 1) || isNewer(code) || isNewer(to)) return code;
  return to;
}
