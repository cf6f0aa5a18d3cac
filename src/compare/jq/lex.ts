// jq's text as tokens. A string with queries inside becomes one token that holds the tokens of each query.

import { HawserError } from '../../base/errors.ts';

export type Token =
  | { readonly type: 'name' | 'variable' | 'field' | 'format' | 'operator'; readonly text: string; readonly at: number }
  | { readonly type: 'number'; readonly value: number; readonly text: string; readonly at: number }
  | {
      readonly type: 'string';
      readonly parts: readonly (string | readonly Token[])[];
      readonly text: string;
      readonly at: number;
    };

const BLANK = /(?:[ \t\r\n]+|#(?:\\(?:\\|\r?\n|\r)?|[^\\\r\n])*)+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const OPERATOR = /\?\/\/|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|[.|,:;=<>+\-*/%?()[\]{}]/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '/': '/',
  '\\': '\\',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Throws InvalidInput in gojq's words. */
export function lexJq(source: string): readonly Token[] {
  return new Lexer(source).tokens(undefined);
}

/** Queries inside of strings inside of queries: far more than anybody writes. */
const DEEPEST = 50;

class Lexer {
  private readonly source: string;
  private at = 0;
  private depth = 0;

  constructor(source: string) {
    this.source = source;
  }

  /** Until the end of the text, or until the `)` that ends a query inside a string. */
  tokens(closing: ')' | undefined): Token[] {
    const tokens: Token[] = [];
    let open = 0;
    for (;;) {
      this.match(BLANK);
      if (this.at >= this.source.length) {
        if (closing !== undefined) throw invalid('unterminated string literal');
        return tokens;
      }
      const token = this.token();
      if (token.type === 'operator' && token.text === '(') open++;
      if (token.type === 'operator' && token.text === ')' && open-- === 0 && closing !== undefined) return tokens;
      tokens.push(token);
    }
  }

  private token(): Token {
    const at = this.at;
    const char = this.source[at] ?? '';
    if (char === '"') return this.string();
    const name = this.match(NAME);
    if (name !== undefined) return { type: 'name', text: name, at };
    const number = this.match(NUMBER);
    if (number !== undefined) {
      if (/[A-Za-z_.]/.test(this.source[this.at] ?? '')) {
        throw invalid(`invalid token ${JSON.stringify(number + this.source[this.at])}`);
      }
      return { type: 'number', value: Number(number), text: number, at };
    }
    for (const [prefix, type] of [
      ['.', 'field'],
      ['$', 'variable'],
      ['@', 'format'],
    ] as const) {
      if (char !== prefix) continue;
      this.at++;
      const text = this.match(prefix === '@' ? /[A-Za-z0-9_]+/y : NAME);
      if (text !== undefined) return { type, text, at };
      this.at = at;
    }
    const operator = this.match(OPERATOR);
    if (operator !== undefined) return { type: 'operator', text: operator, at };
    throw invalid(`unexpected token ${JSON.stringify(String.fromCodePoint(this.source.codePointAt(at) ?? 0))}`);
  }

  private string(): Token {
    const at = this.at++;
    const parts: (string | readonly Token[])[] = [];
    let text = '';
    for (;;) {
      const char = this.source[this.at++];
      if (char === undefined) throw invalid('unterminated string literal');
      if (char === '"') break;
      if (char !== '\\') {
        text += char;
        continue;
      }
      const letter = this.source[this.at++] ?? '';
      if (letter === '(') {
        if (++this.depth > DEEPEST) throw invalid('strings are nested too deeply');
        parts.push(text, this.tokens(')'));
        this.depth--;
        text = '';
      } else text += this.escaped(letter);
    }
    parts.push(text);
    return { type: 'string', parts: parts.filter((part) => part !== ''), text: this.source.slice(at, this.at), at };
  }

  private escaped(letter: string): string {
    if (letter === 'u') {
      const digits = /^[0-9A-Fa-f]{4}/.exec(this.source.slice(this.at, this.at + 4))?.[0];
      if (digits === undefined) throw invalid(`invalid escape sequence "\\u" in string literal`);
      this.at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const text = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (text === undefined) throw invalid(`invalid escape sequence "\\${letter}" in string literal`);
    return text;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found === undefined || found === '') return undefined;
    this.at += found.length;
    return found;
  }
}

export function invalid(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}
