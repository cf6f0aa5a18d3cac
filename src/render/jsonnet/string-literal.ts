// What a string literal's escapes mean, and how a text is written as a literal.

import { StaticFailure } from './failures.ts';
import type { Span } from './source.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Throws a `StaticFailure`, with the place twice, as go-jsonnet does. */
export function unescapeString(data: string, span: Span): string {
  if (!data.includes('\\')) return data;
  const fail = (message: string): never => {
    throw new StaticFailure(new StaticFailure(message, span).describe(), span);
  };
  const unit = (at: number, what: string): number => {
    const digits = data.slice(at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail(`Unicode ${what} was malformed: ${data.slice(0, 4)}`);
    return Number.parseInt(digits, 16);
  };
  let text = '';
  for (let at = 0; at < data.length; at++) {
    const character = data[at];
    if (character !== '\\') {
      text += character;
      continue;
    }
    at++;
    const letter = data[at];
    if (letter === undefined) return fail('Truncated escape sequence in string literal.');
    if (letter !== 'u') {
      const code = data.codePointAt(at) ?? 0;
      text += SIMPLE[letter] ?? fail(`Unknown escape sequence in string literal: \\${String.fromCodePoint(code)}`);
      continue;
    }
    at++;
    if (at + 4 > data.length) fail('Truncated unicode escape sequence in string literal.');
    const high = unit(at, 'escape sequence');
    at += 3;
    if (high < 0xd800 || high >= 0xe000) {
      text += String.fromCharCode(high);
      continue;
    }
    at++;
    if (at + 6 > data.length) fail('Truncated unicode surrogate pair escape sequence in string literal.');
    if (data.slice(at, at + 2) !== '\\u') {
      fail('Unicode surrogate pair escape sequence missing low surrogate in string literal.');
    }
    const low = unit(at + 2, 'low surrogate escape sequence');
    at += 5;
    const isPair = high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
    text += isPair ? String.fromCharCode(high, low) : '\ufffd';
  }
  return text;
}
