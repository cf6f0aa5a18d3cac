// Go's strings.Split, Replace, Trim and TrimSpace, which work on runes where JavaScript works on UTF-16 units.

import { isSpace } from './unicode.ts';

/** `strings.SplitN`: at most `limit` parts, all where it is negative, none where it is zero; an empty separator splits into runes. */
export function splitText(text: string, separator: string, limit = -1): string[] {
  if (limit === 0) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

/** `strings.ReplaceAll`; an empty `old` stands before each rune and at the end. */
export function replaceText(text: string, old: string, replacement: string): string {
  if (old === '') return [...text].reduce((made, rune) => made + rune + replacement, replacement);
  return text.includes(old) ? text.split(old).join(replacement) : text;
}

/** `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

/** `strings.Trim`: without the runes of `cutset` at both ends. */
export function trimRunes(text: string, cutset: string): string {
  if (text === '' || cutset === '') return text;
  const cut = new Set(cutset);
  const runes = [...text];
  let from = 0;
  let to = runes.length;
  while (from < to && cut.has(runes[from] ?? '')) from++;
  while (to > from && cut.has(runes[to - 1] ?? '')) to--;
  return runes.slice(from, to).join('');
}
