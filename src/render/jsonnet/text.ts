// Strings as sequences of code points, which most are anyway.

const SURROGATE = /[\ud800-\udfff]/;

/** Each unit of the string is a code point of its own. */
export function isBasic(text: string): boolean {
  return !SURROGATE.test(text);
}

/** What the elements of a string are; for most strings the string itself. */
export function codePointsOf(text: string): ArrayLike<string> {
  return isBasic(text) ? text : Array.from(text);
}

export function lengthOf(text: string): number {
  if (isBasic(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}
