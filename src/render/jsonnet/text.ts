// Strings as sequences of code points, which most are anyway.

import { utf8Decode } from '../go/strings.ts';

const SURROGATE = /[\ud800-\udfff]/;

/** Each unit of the string is a code point of its own. */
export function isBasic(text: string): boolean {
  return !SURROGATE.test(text);
}

/** What the elements of a string are; for most strings the string itself. */
export function codePointsOf(text: string): ArrayLike<string> {
  return isBasic(text) ? text : Array.from(text);
}

/** Of bytes, each of those that are no UTF-8 a replacement character of its own, as in Go's runes. */
export function decodeText(bytes: Uint8Array): string {
  return utf8Decode(bytes).replace(/[\ud800-\udfff]/gu, '\ufffd');
}

export function lengthOf(text: string): number {
  if (isBasic(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}
