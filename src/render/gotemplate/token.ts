// What the lexer hands to the parser (Go: text/template/parse/lex.go, item).

import { firstRunes } from '../go/fmt-flags.ts';
import { quote } from '../go/quote.ts';
import { byteLength } from '../go/strings.ts';

export type TokenType =
  | 'error'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'leftDelimiter'
  | 'leftParen'
  | 'number'
  | 'pipe'
  | 'rawString'
  | 'rightDelimiter'
  | 'rightParen'
  | 'string'
  | 'text'
  | 'variable'
  | Keyword;

export type Keyword =
  | 'block'
  | 'break'
  | 'continue'
  | 'dot'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'nil'
  | 'range'
  | 'template'
  | 'with';

export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['.', 'dot'],
  ['block', 'block'],
  ['break', 'break'],
  ['continue', 'continue'],
  ['define', 'define'],
  ['else', 'else'],
  ['end', 'end'],
  ['if', 'if'],
  ['range', 'range'],
  ['nil', 'nil'],
  ['template', 'template'],
  ['with', 'with'],
]);

const KEYWORD_TYPES: ReadonlySet<TokenType> = new Set(KEYWORDS.values());

export interface Token {
  readonly type: TokenType;
  /** Where it begins in the template's text, in UTF-16 units. */
  readonly position: number;
  /** For `error`, the text of the error. */
  readonly text: string;
  readonly line: number;
  /** Go has tokens of space; here the token after it tells. */
  readonly afterSpace: boolean;
}

/** The token as Go's error texts show it. */
export function describeToken(token: Token): string {
  if (token.type === 'eof') return 'EOF';
  if (token.type === 'error') return token.text;
  if (KEYWORD_TYPES.has(token.type)) return `<${token.text}>`;
  return byteLength(token.text) > 10 ? `${quote(firstRunes(token.text, 10))}...` : quote(token.text);
}
