// The words of the expression language (expr-lang: parser/lexer).

import { type GoValue, goInt } from '../render/go/value.ts';
import { expressionError } from './error.ts';

export type Token =
  | { readonly kind: 'value'; readonly value: GoValue; readonly at: number }
  | { readonly kind: 'name' | 'operator' | 'bracket' | 'pointer'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly at: number };

const WORD_OPERATORS: ReadonlySet<string> = new Set([
  ...['in', 'not', 'and', 'or', 'matches', 'contains', 'startsWith', 'endsWith', 'let', 'if', 'else'],
]);

const BLANK = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const NUMBER = /0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const OPERATOR = /\*\*|\?\.|\?\?|\?:|\.\.|\|\||&&|[=!<>]=|::|[-+*/%^<>!?:.,;|=]/y;
const POINTER = /#[\p{L}_]*/uy;

/** Throws `InvalidInput` with the place. */
export function lexExpression(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    at += match(BLANK)?.length ?? 0;
    const char = text[at];
    if (char === undefined) break;
    if (char === '"' || char === "'" || char === '`') {
      const end = endOfString(text, at);
      const inner = text.slice(at + 1, end - 1);
      tokens.push({ kind: 'value', value: char === '`' ? inner : unescapeString(text, at, inner), at });
      at = end;
      continue;
    }
    // `1..3` is a range, and no number with two points.
    const range = /^\d[\d_]*(?=\.\.)/.exec(text.slice(at, at + 40))?.[0];
    const number = range ?? (/[\d.]/.test(char) && /^\.?\d/.test(text.slice(at, at + 2)) ? match(NUMBER) : undefined);
    if (number !== undefined) {
      tokens.push({ kind: 'value', value: parseNumber(text, at, number), at });
      at += number.length;
      continue;
    }
    const token = wordAt(match, at) ?? punctuationAt(match, char, at);
    if (!token) throw expressionError(text, at, `unrecognized character: ${JSON.stringify(char)}`);
    tokens.push(token);
    at += 'text' in token ? token.text.length : 0;
  }
  tokens.push({ kind: 'end', at: text.length });
  return tokens;
}

function wordAt(match: (pattern: RegExp) => string | undefined, at: number): Token | undefined {
  const text = match(NAME);
  if (text === undefined) return undefined;
  return { kind: WORD_OPERATORS.has(text) ? 'operator' : 'name', text, at };
}

function punctuationAt(
  match: (pattern: RegExp) => string | undefined,
  char: string,
  at: number,
): (Token & { readonly text: string }) | undefined {
  if ('()[]{}'.includes(char)) return { kind: 'bracket', text: char, at };
  const pointer = match(POINTER);
  if (pointer !== undefined) return { kind: 'pointer', text: pointer, at };
  const operator = match(OPERATOR);
  return operator === undefined ? undefined : { kind: 'operator', text: operator, at };
}

function parseNumber(text: string, at: number, written: string): GoValue {
  const plain = written.replaceAll('_', '');
  if (/^0[xXbBoO]/.test(plain)) return goInt(BigInt(plain));
  if (/^\d+$/.test(plain)) {
    const value = BigInt(plain);
    if (value > 0x7fff_ffff_ffff_ffffn) throw expressionError(text, at, 'integer literal is too large');
    return goInt(value);
  }
  return Number(plain);
}

/** Where the string that begins at `start` is over. */
function endOfString(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote !== '`') at++;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === '\n' && quote !== '`') break;
  }
  throw expressionError(text, start, 'literal not terminated');
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\', "'": "'", '"': '"', '`': '`' },
};

function unescapeString(text: string, at: number, inner: string): string {
  return inner.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|U[0-9a-fA-F]{8}|[0-7]{3}|.|$)/gs,
    (_, code: string) => {
      const hex = /^[xuU]\{?([0-9a-fA-F]+)\}?$/.exec(code)?.[1];
      const point = hex ? Number.parseInt(hex, 16) : /^[0-7]{3}$/.test(code) ? Number.parseInt(code, 8) : undefined;
      if (point !== undefined && point <= 0x10ffff) return String.fromCodePoint(point);
      const known = ESCAPES[code];
      if (known === undefined) throw expressionError(text, at, `unable to unescape string: \\${code}`);
      return known;
    },
  );
}
