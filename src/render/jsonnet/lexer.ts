// A program's text as tokens. Comments and white space are left out; what they surround keeps its place.

import { quoteRuneToAscii } from '../go/quote.ts';
import { StaticFailure } from './failures.ts';
import type { Source } from './source.ts';

export type TokenKind =
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | '$'
  | '.'
  | '('
  | ')'
  | ';'
  | 'IDENTIFIER'
  | 'NUMBER'
  | 'OPERATOR'
  | 'STRING_BLOCK'
  | 'STRING_DOUBLE'
  | 'STRING_SINGLE'
  | 'VERBATIM_STRING_DOUBLE'
  | 'VERBATIM_STRING_SINGLE'
  | Keyword
  | 'end of file';

const KEYWORDS = [
  'assert',
  'else',
  'error',
  'false',
  'for',
  'function',
  'if',
  'import',
  'importstr',
  'importbin',
  'in',
  'local',
  'null',
  'self',
  'super',
  'tailstrict',
  'then',
  'true',
] as const;

export type Keyword = (typeof KEYWORDS)[number];

export interface Token {
  readonly kind: TokenKind;
  /** The text of names, numbers and operators; of strings, what is between the quotes. */
  readonly data: string;
  readonly begin: number;
  readonly end: number;
}

const KEYWORD_SET: ReadonlySet<string> = new Set(KEYWORDS);
const SYMBOLS = '{}[],.();';
const WITH_CONTENT: ReadonlySet<TokenKind> = new Set([
  'IDENTIFIER',
  'NUMBER',
  'OPERATOR',
  'STRING_BLOCK',
  'STRING_DOUBLE',
  'STRING_SINGLE',
  'VERBATIM_STRING_DOUBLE',
  'VERBATIM_STRING_SINGLE',
]);

/** `"{"`, `assert`: what messages call a kind of token. */
export function describeKind(kind: TokenKind): string {
  return SYMBOLS.includes(kind) || kind === '$' ? `"${kind}"` : kind;
}

/** `(IDENTIFIER, "x")`: what messages call a token. */
export function describeToken({ kind, data }: Token): string {
  if (data === '') return describeKind(kind);
  return WITH_CONTENT.has(kind) ? `(${kind}, "${data}")` : `"${data}"`;
}

export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !KEYWORD_SET.has(text);
}

const OPERATOR_CHARACTERS = '!$:~+-&|^=<>*/%';
const WHITE_SPACE = /[ \t\r\n]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const REST_OF_LINE = /[^\n]*/y;

/** Throws a `StaticFailure`. */
export function lex(source: Source): readonly Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let at = 0;

  const fail = (message: string, offset: number): never => {
    throw new StaticFailure(message, { source, begin: offset, end: offset });
  };
  const skip = (pattern: RegExp): void => {
    pattern.lastIndex = at;
    pattern.test(text);
    at = pattern.lastIndex;
  };
  const emit = (kind: TokenKind, begin: number, data = text.slice(begin, at)): void => {
    tokens.push({ kind, data, begin, end: at });
  };

  function lexNumber(): void {
    const begin = at;
    const digits = (after: string | undefined): void => {
      if (!isDigit(text[at]))
        fail(`Couldn't lex number, junk after ${after}: ${quoteRuneToAscii(text.codePointAt(at) ?? -1)}`, at);
      while (isDigit(text[at])) {
        at++;
        if (text[at] !== '_') continue;
        at++;
        if (!isDigit(text[at]))
          fail(`Couldn't lex number, junk after '_': ${quoteRuneToAscii(text.codePointAt(at) ?? -1)}`, at);
      }
    };
    if (text[at] === '0') {
      at++;
      if (text[at] === '_') fail("Couldn't lex number, _ not allowed after leading 0", at);
    } else digits(undefined);
    if (text[at] === '.') {
      at++;
      digits('decimal point');
    }
    if (text[at] === 'e' || text[at] === 'E') {
      at++;
      if (text[at] === '+' || text[at] === '-') {
        at++;
        digits('exponent sign');
      } else digits("'E'");
    }
    emit('NUMBER', begin, text.slice(begin, at).replaceAll('_', ''));
  }

  function lexString(quote: string, kind: TokenKind): void {
    const begin = at;
    for (at++; ; at++) {
      if (at >= text.length) fail('Unterminated String', begin);
      const character = text[at];
      if (character === quote) break;
      if (character === '\\' && at + 1 < text.length) at++;
    }
    at++;
    emit(kind, begin, text.slice(begin + 1, at - 1));
  }

  function lexVerbatim(): void {
    const begin = at;
    const quote = text[at + 1];
    if (quote !== '"' && quote !== "'") {
      fail(`Couldn't lex verbatim string, junk after '@': ${text.codePointAt(at + 1) ?? -1}`, begin);
    }
    let data = '';
    for (at += 2; ; at++) {
      if (at >= text.length) fail('Unterminated String', begin);
      if (text[at] === quote) {
        if (text[at + 1] !== quote) break;
        at++;
      }
      data += text[at];
    }
    at++;
    emit(quote === '"' ? 'VERBATIM_STRING_DOUBLE' : 'VERBATIM_STRING_SINGLE', begin, data);
  }

  function lexBlock(): void {
    const begin = at;
    at += 3;
    const chomps = text[at] === '-';
    if (chomps) at++;
    while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r') at++;
    if (text[at] !== '\n') fail('Text block requires new line after |||.', begin);
    at++;
    let data = '';
    const takeBlankLines = () => {
      for (; text[at] === '\n'; at++) data += '\n';
    };
    takeBlankLines();
    const indent = /[ \t]*/y;
    indent.lastIndex = at;
    const [margin = ''] = indent.exec(text) ?? [];
    if (margin === '') fail("Text block's first line must start with whitespace", begin);
    do {
      at += margin.length;
      const end = text.indexOf('\n', at);
      if (end === -1) fail('Unexpected EOF', begin);
      data += text.slice(at, end + 1);
      at = end + 1;
      takeBlankLines();
    } while (text.startsWith(margin, at));
    while (text[at] === ' ' || text[at] === '\t') at++;
    if (!text.startsWith('|||', at)) fail('Text block not terminated with |||', begin);
    at += 3;
    emit('STRING_BLOCK', begin, chomps ? data.slice(0, -1) : data);
  }

  function lexOperator(): void {
    const begin = at;
    const ends = () => text.startsWith('//', at) || text.startsWith('/*', at) || text.startsWith('|||', at);
    for (at++; at < text.length && OPERATOR_CHARACTERS.includes(text[at] ?? '') && !ends(); ) at++;
    // One that ends with what is unary, too, is its first character alone (go-jsonnet: lexSymbol).
    if ('+-~!$'.includes(text[at - 1] ?? '')) at = begin + 1;
    emit(text.slice(begin, at) === '$' ? '$' : 'OPERATOR', begin);
  }

  for (;;) {
    skip(WHITE_SPACE);
    if (at >= text.length) break;
    const character = text[at] ?? '';
    if (SYMBOLS.includes(character)) {
      at++;
      emit(character as TokenKind, at - 1);
    } else if (isDigit(character)) lexNumber();
    else if (character === '"') lexString('"', 'STRING_DOUBLE');
    else if (character === "'") lexString("'", 'STRING_SINGLE');
    else if (character === '@') lexVerbatim();
    else if (/[A-Za-z_]/.test(character)) {
      const begin = at;
      skip(NAME);
      const name = text.slice(begin, at);
      emit(KEYWORD_SET.has(name) ? (name as Keyword) : 'IDENTIFIER', begin);
    } else if (character === '#' || text.startsWith('//', at)) skip(REST_OF_LINE);
    else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end === -1) fail('Multi-line comment has no terminating */', at);
      at = end + 2;
    } else if (text.startsWith('|||', at)) lexBlock();
    else if (OPERATOR_CHARACTERS.includes(character)) lexOperator();
    else fail(`Could not lex the character ${quoteRuneToAscii(text.codePointAt(at) ?? -1)}`, at);
  }
  tokens.push({ kind: 'end of file', data: '', begin: at, end: at });
  return tokens;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
