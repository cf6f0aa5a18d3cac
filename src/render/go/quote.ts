// Go's package strconv: string and character literals, written and read.

import { HawserError } from '../../base/errors.ts';
import { mendUtf8, utf8Encode } from './strings.ts';
import { isPrint } from './unicode.ts';

const SHORT_ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

/** `strconv.Quote`: a Go string literal in double quotes. */
export function quote(text: string): string {
  return quoteWith(text, '"', false);
}

/** `strconv.QuoteToASCII`. */
export function quoteToAscii(text: string): string {
  return quoteWith(text, '"', true);
}

/** `strconv.QuoteRune`: a Go character literal in single quotes. */
export function quoteRune(rune: number): string {
  return `'${escapeRune(validRune(rune), "'", false)}'`;
}

/** `strconv.QuoteRuneToASCII`. */
export function quoteRuneToAscii(rune: number): string {
  return `'${escapeRune(validRune(rune), "'", true)}'`;
}

/** `strconv.CanBackquote`: true when the text can stand unchanged between backquotes. */
export function canBackquote(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if ((unit < 0x20 && unit !== 9) || unit === 0x60 || unit === 0x7f || unit === 0xfeff) return false;
  }
  return text.isWellFormed();
}

const PLAIN = /^[ !#-[\]-~]*$/;

function quoteWith(text: string, mark: '"' | "'", ascii: boolean): string {
  if (mark === '"' && PLAIN.test(text)) return `"${text}"`;
  let quoted = mark;
  for (const character of text) {
    const rune = character.codePointAt(0) ?? 0;
    if (rune >= 0xdc80 && rune <= 0xdcff) quoted += `\\x${(rune - 0xdc00).toString(16)}`;
    else quoted += escapeRune(validRune(rune), mark, ascii);
  }
  return quoted + mark;
}

function validRune(rune: number): number {
  return rune < 0 || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff) ? 0xfffd : rune;
}

/** Go: appendEscapedRune. */
function escapeRune(rune: number, mark: '"' | "'", ascii: boolean): string {
  if (rune === mark.charCodeAt(0) || rune === 0x5c) return `\\${String.fromCharCode(rune)}`;
  if (isPrint(rune) && (!ascii || rune < 0x80)) return String.fromCodePoint(rune);
  const short = SHORT_ESCAPES[rune];
  if (short !== undefined) return short;
  if (rune < 0x20 || rune === 0x7f) return `\\x${rune.toString(16).padStart(2, '0')}`;
  return rune < 0x10000 ? `\\u${rune.toString(16).padStart(4, '0')}` : `\\U${rune.toString(16).padStart(8, '0')}`;
}

function syntaxError(): HawserError {
  return new HawserError('RenderFailed', 'invalid syntax');
}

/**
 * `strconv.Unquote`: the text of a Go literal in double quotes, backquotes, or single quotes (one character).
 * Throws `RenderFailed` with Go's text (`invalid syntax`).
 */
export function unquote(literal: string): string {
  const mark = literal[0];
  if (literal.length < 2 || !literal.endsWith(mark ?? '')) throw syntaxError();
  if (mark === '`') {
    const raw = literal.slice(1, -1);
    if (raw.includes('`')) throw syntaxError();
    return raw.replaceAll('\r', '');
  }
  if (mark !== '"' && mark !== "'") throw syntaxError();
  let text = '';
  let count = 0;
  let at = 1;
  const end = literal.length - 1;
  while (at < end) {
    const next = unquoteCharacter(literal, at, mark);
    if (next === undefined || next.end > end) throw syntaxError();
    text += next.text;
    at = next.end;
    count++;
  }
  if (mark === "'" && count > 1) throw syntaxError();
  return mendUtf8(text);
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const HEX_ESCAPE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** One character of a literal at `at`, and where the next begins; undefined where the syntax is wrong (Go: UnquoteChar). */
function unquoteCharacter(literal: string, at: number, mark: string): { text: string; end: number } | undefined {
  const first = literal[at];
  if (first === mark || first === '\n') return undefined;
  if (first !== '\\') {
    const text = String.fromCodePoint(literal.codePointAt(at) ?? 0xfffd);
    return { text, end: at + text.length };
  }
  const letter = literal[at + 1] ?? '';
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) return { text: simple, end: at + 2 };
  if (letter === mark) return { text: mark, end: at + 2 };
  const length = HEX_ESCAPE_LENGTHS[letter];
  if (length !== undefined) {
    const digits = literal.slice(at + 2, at + 2 + length);
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) return undefined;
    const value = Number.parseInt(digits, 16);
    if (letter === 'x') return { text: byteText(value), end: at + 4 };
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return undefined;
    return { text: String.fromCodePoint(value), end: at + 2 + length };
  }
  const octal = /^[0-7]{3}$/.exec(literal.slice(at + 1, at + 4));
  if (!octal || Number.parseInt(octal[0], 8) > 255) return undefined;
  return { text: byteText(Number.parseInt(octal[0], 8)), end: at + 4 };
}

function byteText(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : String.fromCharCode(0xdc00 + byte);
}

/** The bytes of a text as Go's `%x` prints them: two hexadecimal digits each. */
export function hexBytes(text: string): string {
  let hex = '';
  for (const byte of utf8Encode(text)) hex += byte.toString(16).padStart(2, '0');
  return hex;
}
