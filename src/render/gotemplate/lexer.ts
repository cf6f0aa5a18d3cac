// The lexer: template text to tokens (Go: text/template/parse/lex.go). Long because it is one state machine.

import { quote } from '../go/quote.ts';
import { isDigit, isLetter, isPrint } from '../go/unicode.ts';
import { KEYWORDS, type Token, type TokenType } from './token.ts';

const EOF = -1;
const TRIM_MARKER = '-';
/** The marker and the space that must stand beside it, as `{{- ` and ` -}}` have it. */
const TRIM_MARKER_LENGTH = 2;
const LEFT_COMMENT = '/*';
const RIGHT_COMMENT = '*/';

const DECIMAL_DIGITS = '0123456789_';
const HEX_DIGITS = '0123456789abcdefABCDEF_';

export interface LexerOptions {
  readonly leftDelimiter: string;
  readonly rightDelimiter: string;
  /** False where a function of that name takes the keyword's place. */
  readonly breakKeyword: boolean;
  readonly continueKeyword: boolean;
}

export class Lexer {
  private input: string;
  private readonly options: LexerOptions;
  private position = 0;
  /** Where the token at hand begins. */
  private start = 0;
  private atEof = false;
  private parenDepth = 0;
  private line = 1;
  private startLine = 1;
  private insideAction = false;
  private afterSpace = false;

  constructor(input: string, options: LexerOptions) {
    this.input = input;
    this.options = options;
  }

  nextToken(): Token {
    if (this.insideAction) return this.lexInsideAction();
    // A comment gives no token; the text goes on behind it.
    for (;;) {
      const token = this.lexText();
      if (token) return token;
    }
  }

  // --- the input, rune by rune ---

  /** Consumes a rune; a stray byte reads as U+FFFD. */
  private next(): number {
    if (this.position >= this.input.length) {
      this.atEof = true;
      return EOF;
    }
    const code = this.input.codePointAt(this.position) ?? EOF;
    this.position += code > 0xffff ? 2 : 1;
    if (code === 0x0a) this.line++;
    return code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  }

  private peek(): number {
    const rune = this.next();
    this.backup();
    return rune;
  }

  /** Steps back one rune; not from the end, as in Go. */
  private backup(): void {
    if (this.atEof || this.position === 0) return;
    this.position--;
    const unit = this.input.charCodeAt(this.position);
    if (unit === 0x0a) this.line--;
    else if (unit >= 0xdc00 && unit <= 0xdfff && this.position > 0) {
      const lead = this.input.charCodeAt(this.position - 1);
      if (lead >= 0xd800 && lead <= 0xdbff) this.position--;
    }
  }

  private accept(valid: string): boolean {
    const rune = this.next();
    if (rune !== EOF && valid.includes(String.fromCodePoint(rune))) return true;
    this.backup();
    return false;
  }

  private acceptRun(valid: string): void {
    while (this.accept(valid));
  }

  private startsWith(text: string, at = this.position): boolean {
    return this.input.startsWith(text, at);
  }

  // --- tokens ---

  private token(type: TokenType): Token {
    return this.tokenOf(type, this.input.slice(this.start, this.position));
  }

  private tokenOf(type: TokenType, text: string): Token {
    const token = { type, position: this.start, text, line: this.startLine, afterSpace: this.afterSpace };
    this.start = this.position;
    this.startLine = this.line;
    this.afterSpace = false;
    return token;
  }

  /** Skips what was passed over without `next`, and counts its lines. */
  private ignore(): void {
    this.countLines();
    this.start = this.position;
    this.startLine = this.line;
  }

  private countLines(): void {
    for (let at = this.input.indexOf('\n', this.start); at >= 0 && at < this.position; ) {
      this.line++;
      at = this.input.indexOf('\n', at + 1);
    }
  }

  /** An error token, and the end of the input. */
  private error(text: string): Token {
    const token = this.tokenOf('error', text);
    this.start = 0;
    this.position = 0;
    this.input = '';
    return token;
  }

  // --- states ---

  private lexText(): Token | undefined {
    const found = this.input.indexOf(this.options.leftDelimiter, this.position);
    if (found < 0) {
      this.position = this.input.length;
      if (this.position === this.start) return this.token('eof');
      this.countLines();
      return this.token('text');
    }
    if (found > this.position) {
      this.position = found;
      if (this.hasLeftTrimMarker(found + this.options.leftDelimiter.length)) {
        while (this.position > this.start && isSpaceUnit(this.input.charCodeAt(this.position - 1))) this.position--;
      }
      this.countLines();
      const token = this.token('text');
      this.position = found;
      this.ignore();
      if (token.text !== '') return token;
    }
    return this.lexLeftDelimiter();
  }

  private lexLeftDelimiter(): Token | undefined {
    this.position += this.options.leftDelimiter.length;
    const afterMarker = this.hasLeftTrimMarker(this.position) ? TRIM_MARKER_LENGTH : 0;
    if (this.startsWith(LEFT_COMMENT, this.position + afterMarker)) {
      this.position += afterMarker;
      this.ignore();
      return this.lexComment();
    }
    const token = this.tokenOf('leftDelimiter', this.options.leftDelimiter);
    this.insideAction = true;
    this.position += afterMarker;
    this.ignore();
    this.parenDepth = 0;
    return token;
  }

  private lexComment(): Token | undefined {
    this.position += LEFT_COMMENT.length;
    const end = this.input.indexOf(RIGHT_COMMENT, this.position);
    if (end < 0) return this.error('unclosed comment');
    this.position = end + RIGHT_COMMENT.length;
    const delimiter = this.rightDelimiterHere();
    if (delimiter === 'none') return this.error('comment ends before closing delimiter');
    this.ignore();
    if (delimiter === 'trimming') this.position += TRIM_MARKER_LENGTH;
    this.position += this.options.rightDelimiter.length;
    if (delimiter === 'trimming') this.skipSpaceUnits();
    this.ignore();
    return undefined;
  }

  private lexRightDelimiter(): Token {
    const trimming = this.rightDelimiterHere() === 'trimming';
    if (trimming) {
      this.position += TRIM_MARKER_LENGTH;
      this.ignore();
    }
    this.position += this.options.rightDelimiter.length;
    const token = this.tokenOf('rightDelimiter', this.options.rightDelimiter);
    if (trimming) {
      this.skipSpaceUnits();
      this.ignore();
    }
    this.insideAction = false;
    return token;
  }

  private lexInsideAction(): Token {
    // A delimiter may begin with space, and so does one that trims: it is looked for on both sides of a run of spaces.
    for (let spaces = 0; ; spaces++) {
      if (this.rightDelimiterHere() !== 'none') {
        return this.parenDepth === 0 ? this.lexRightDelimiter() : this.error('unclosed left paren');
      }
      if (spaces > 0 || !isSpaceUnit(this.input.charCodeAt(this.position))) break;
      this.skipSpaces();
    }
    const rune = this.next();
    switch (rune) {
      case EOF:
        return this.error('unclosed action');
      case 0x3d: // =
        return this.token('assign');
      case 0x3a: // :
        return this.next() === 0x3d ? this.token('declare') : this.error('expected :=');
      case 0x7c: // |
        return this.token('pipe');
      case 0x22: // "
        return this.lexQuoted(0x22, 'string', 'unterminated quoted string');
      case 0x60: // `
        return this.lexRawQuoted();
      case 0x24: // $
        return this.lexFieldOrVariable('variable');
      case 0x27: // '
        return this.lexQuoted(0x27, 'charConstant', 'unterminated character constant');
      case 0x2e: // .
        if (this.position < this.input.length && !isDecimalDigit(this.input.charCodeAt(this.position))) {
          return this.lexFieldOrVariable('field');
        }
        this.backup();
        return this.lexNumber();
      case 0x28: // (
        this.parenDepth++;
        return this.token('leftParen');
      case 0x29: // )
        this.parenDepth--;
        return this.parenDepth < 0 ? this.error('unexpected right paren') : this.token('rightParen');
    }
    if (rune === 0x2b || rune === 0x2d || isDecimalDigit(rune)) {
      this.backup();
      return this.lexNumber();
    }
    if (isAlphaNumeric(rune)) {
      this.backup();
      return this.lexIdentifier();
    }
    if (rune < 0x80 && isPrint(rune)) return this.token('char');
    return this.error(`unrecognized character in action: ${describeRune(rune)}`);
  }

  /** Passes a run of spaces, but for a last one that belongs to a trimming right delimiter. */
  private skipSpaces(): void {
    for (; ; this.position++) {
      const unit = this.input.charCodeAt(this.position);
      if (!isSpaceUnit(unit)) break;
      if (unit === 0x0a) this.line++;
    }
    const last = this.position - 1;
    if (this.hasRightTrimMarker(last) && this.startsWith(this.options.rightDelimiter, last + TRIM_MARKER_LENGTH)) {
      this.backup();
    }
    this.start = this.position;
    this.startLine = this.line;
    this.afterSpace = true;
  }

  private lexIdentifier(): Token {
    this.skipAlphaNumerics();
    if (!this.atTerminator()) return this.badCharacter();
    const word = this.input.slice(this.start, this.position);
    const keyword = KEYWORDS.get(word);
    if (keyword !== undefined) {
      if (keyword === 'break' && !this.options.breakKeyword) return this.token('identifier');
      if (keyword === 'continue' && !this.options.continueKeyword) return this.token('identifier');
      return this.token(keyword);
    }
    return this.token(word === 'true' || word === 'false' ? 'bool' : 'identifier');
  }

  /** `.name` or `$name`; the first character has been read. */
  private lexFieldOrVariable(type: 'field' | 'variable'): Token {
    if (this.atTerminator()) return this.token(type === 'variable' ? 'variable' : 'dot');
    this.skipAlphaNumerics();
    return this.atTerminator() ? this.token(type) : this.badCharacter();
  }

  private skipAlphaNumerics(): void {
    for (;;) {
      const unit = this.input.charCodeAt(this.position);
      if (isAsciiAlphaNumeric(unit)) this.position++;
      else if (unit >= 0x80 && isAlphaNumeric(this.peek())) this.next();
      else return;
    }
  }

  private badCharacter(): Token {
    return this.error(`bad character ${describeRune(this.next())}`);
  }

  /** True where an identifier may end. Breaks .X.Y into two pieces. */
  private atTerminator(): boolean {
    if (this.position >= this.input.length) return true;
    switch (this.input.charCodeAt(this.position)) {
      case 0x20:
      case 0x09:
      case 0x0d:
      case 0x0a:
      case 0x2e: // .
      case 0x2c: // ,
      case 0x7c: // |
      case 0x3a: // :
      case 0x29: // )
      case 0x28: // (
        return true;
    }
    return this.startsWith(this.options.rightDelimiter);
  }

  /** A literal up to `mark`, whose first has been read; it ends on its line. */
  private lexQuoted(mark: number, type: TokenType, unterminated: string): Token {
    for (; ; this.position++) {
      let unit = this.input.charCodeAt(this.position);
      if (unit === mark) {
        this.position++;
        return this.token(type);
      }
      if (unit === 0x5c) unit = this.input.charCodeAt(++this.position);
      if (unit === 0x0a || this.position >= this.input.length) return this.error(unterminated);
    }
  }

  private lexRawQuoted(): Token {
    const end = this.input.indexOf('`', this.position);
    if (end < 0) return this.error('unterminated raw quoted string');
    this.position = end + 1;
    this.countLines();
    return this.token('rawString');
  }

  /** Accepts more than a number ("0x0.2", "089"); the parser's conversion notices. */
  private lexNumber(): Token {
    if (!this.scanNumber()) return this.badNumber();
    const sign = this.peek();
    if (sign !== 0x2b && sign !== 0x2d) return this.token('number');
    // Complex: 1+2i. No spaces, must end in 'i'.
    if (!this.scanNumber() || this.input[this.position - 1] !== 'i') return this.badNumber();
    return this.token('complex');
  }

  private badNumber(): Token {
    return this.error(`bad number syntax: ${quote(this.input.slice(this.start, this.position))}`);
  }

  private scanNumber(): boolean {
    this.accept('+-');
    let digits = DECIMAL_DIGITS;
    // A leading 0 does not mean octal in floats.
    if (this.accept('0')) {
      if (this.accept('xX')) digits = HEX_DIGITS;
      else if (this.accept('oO')) digits = '01234567_';
      else if (this.accept('bB')) digits = '01_';
    }
    this.acceptRun(digits);
    if (this.accept('.')) this.acceptRun(digits);
    if (digits === DECIMAL_DIGITS && this.accept('eE')) this.scanExponent();
    if (digits === HEX_DIGITS && this.accept('pP')) this.scanExponent();
    this.accept('i');
    if (isAlphaNumeric(this.peek())) {
      this.next();
      return false;
    }
    return true;
  }

  private scanExponent(): void {
    this.accept('+-');
    this.acceptRun(DECIMAL_DIGITS);
  }

  // --- delimiters ---

  private rightDelimiterHere(): 'none' | 'plain' | 'trimming' {
    const { rightDelimiter } = this.options;
    if (this.hasRightTrimMarker(this.position) && this.startsWith(rightDelimiter, this.position + TRIM_MARKER_LENGTH)) {
      return 'trimming';
    }
    return this.startsWith(rightDelimiter) ? 'plain' : 'none';
  }

  private hasLeftTrimMarker(at: number): boolean {
    return this.input[at] === TRIM_MARKER && isSpaceUnit(this.input.charCodeAt(at + 1));
  }

  private hasRightTrimMarker(at: number): boolean {
    return isSpaceUnit(this.input.charCodeAt(at)) && this.input[at + 1] === TRIM_MARKER;
  }

  private skipSpaceUnits(): void {
    while (isSpaceUnit(this.input.charCodeAt(this.position))) this.position++;
  }
}

function isSpaceUnit(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0d || unit === 0x0a;
}

function isDecimalDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isAsciiAlphaNumeric(unit: number): boolean {
  const lower = unit | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || isDecimalDigit(unit) || unit === 0x5f;
}

function isAlphaNumeric(rune: number): boolean {
  return rune < 0x80 ? isAsciiAlphaNumeric(rune) : isLetter(rune) || isDigit(rune);
}

/** Go's `%#U`: `U+002D '-'`. */
function describeRune(rune: number): string {
  const code = BigInt.asUintN(64, BigInt(rune)).toString(16).toUpperCase().padStart(4, '0');
  return rune >= 0 && isPrint(rune) ? `U+${code} '${String.fromCodePoint(rune)}'` : `U+${code}`;
}
