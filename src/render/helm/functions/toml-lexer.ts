// The lexer of BurntSushi/toml v1.6.0 (lex.go), state by state, because its error texts and their lines show in what charts render.
// Positions are runes where the library has bytes: only lines are ever shown.

import { quote, quoteRune } from '../../go/quote.ts';
import { trimSpace } from '../../go/split.ts';
import { isLetter } from '../../go/unicode.ts';

export type ItemType =
  | 'error'
  | 'eof'
  | 'text'
  | 'string'
  | 'escapedString'
  | 'rawString'
  | 'multilineString'
  | 'rawMultilineString'
  | 'bool'
  | 'integer'
  | 'float'
  | 'datetime'
  | 'array'
  | 'arrayEnd'
  | 'tableStart'
  | 'tableEnd'
  | 'arrayTableStart'
  | 'arrayTableEnd'
  | 'keyStart'
  | 'keyEnd'
  | 'commentStart'
  | 'inlineTableStart'
  | 'inlineTableEnd';

export interface Item {
  readonly type: ItemType;
  readonly text: string;
  readonly line: number;
}

type State = (lexer: TomlLexer) => State | undefined;

/** The end of the text; a NUL in the text is an error before it could be taken for it. */
const EOF = '\0';

export class TomlLexer {
  private readonly input: readonly string[];
  private readonly items: Item[] = [];
  private readonly stack: State[] = [];
  private readonly widths: number[] = [];
  private state: State | undefined = lexTop;
  private start = 0;
  private position = 0;
  private line = 1;
  private atEnd = false;
  /** The string at hand holds an escape. */
  escaped = false;

  constructor(text: string) {
    this.input = [...text];
  }

  nextItem(): Item {
    for (;;) {
      const item = this.items.shift();
      if (item) return item;
      if (!this.state) return { type: 'eof', text: '', line: this.line };
      this.state = this.state(this);
    }
  }

  push(state: State): void {
    this.stack.push(state);
  }

  pop(): State | undefined {
    return this.stack.pop();
  }

  current(): string {
    return this.input.slice(this.start, this.position).join('');
  }

  emit(type: ItemType): void {
    this.items.push({ type, text: this.current(), line: this.line });
    this.start = this.position;
  }

  emitTrimmed(type: ItemType): void {
    this.items.push({ type, text: trimSpace(this.current()), line: this.line });
    this.start = this.position;
  }

  next(): string {
    const character = this.input[this.position];
    if (character === undefined) {
      this.atEnd = true;
      return EOF;
    }
    if (character === '\n') this.line++;
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) {
      this.fail(`invalid UTF-8 byte: 0x${(code - 0xdc00).toString(16)}`);
      return '\ufffd';
    }
    if (isControl(character) || (character === '\r' && this.input[this.position + 1] !== '\n')) {
      const shown = code.toString(16).padStart(2, '0');
      this.items.push(this.errorItem(`TOML files cannot contain control characters: '0x${shown}'`, this.line));
      return '\ufffd';
    }
    this.widths.push(1);
    this.position++;
    return character;
  }

  ignore(): void {
    this.start = this.position;
  }

  backup(): void {
    if (this.atEnd) {
      this.atEnd = false;
      return;
    }
    this.position -= this.widths.pop() ?? 0;
    if (this.input[this.position] === '\n') this.line--;
  }

  accept(wanted: string): boolean {
    if (this.next() === wanted) return true;
    this.backup();
    return false;
  }

  peek(): string {
    const character = this.next();
    this.backup();
    return character;
  }

  skip(belongs: (character: string) => boolean): void {
    while (belongs(this.next()));
    this.backup();
    this.ignore();
  }

  /** An error of a kind of its own: at the end of the text it stands on the line before. */
  fail(message: string): undefined {
    if (this.atEnd) return this.failOnPreviousLine(message);
    this.items.push(this.errorItem(message, this.line));
  }

  failOnPreviousLine(message: string): undefined {
    this.items.push(this.errorItem(message, this.line - 1));
  }

  /** An error of plain text: at the end of the text it stands on the line before only where that ended. */
  failf(message: string): undefined {
    const previous = this.atEnd && this.input[this.position - 1] === '\n';
    this.items.push(this.errorItem(message, previous ? this.line - 1 : this.line));
  }

  private errorItem(message: string, line: number): Item {
    return { type: 'error', text: message, line };
  }
}

function lexTop(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (isWhitespace(character) || isNewline(character)) return skipTo(lexer, lexTop);
  if (character === '#') {
    lexer.push(lexTop);
    return lexCommentStart;
  }
  if (character === '[') return lexTableStart;
  if (character === EOF) {
    lexer.emit('eof');
    return undefined;
  }
  lexer.backup();
  lexer.push(lexTopEnd);
  return lexKeyStart;
}

/** After a value or table header: nothing but blanks may follow on the line. */
function lexTopEnd(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (character === '#') {
    lexer.push(lexTop);
    return lexCommentStart;
  }
  if (isWhitespace(character)) return lexTopEnd;
  if (isNewline(character)) {
    lexer.ignore();
    return lexTop;
  }
  if (character === EOF) {
    lexer.emit('eof');
    return undefined;
  }
  return lexer.failf(
    `expected a top-level item to end with a newline, comment, or EOF, but got ${shown(character)} instead`,
  );
}

function lexTableStart(lexer: TomlLexer): State {
  if (lexer.peek() === '[') {
    lexer.next();
    lexer.emit('arrayTableStart');
    lexer.push(lexArrayTableEnd);
  } else {
    lexer.emit('tableStart');
    lexer.push(lexTableEnd);
  }
  return lexTableNameStart;
}

function lexTableEnd(lexer: TomlLexer): State {
  lexer.emit('tableEnd');
  return lexTopEnd;
}

function lexArrayTableEnd(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (character !== ']') {
    return lexer.failf(`expected end of table array name delimiter ']', but got ${shown(character)} instead`);
  }
  lexer.emit('arrayTableEnd');
  return lexTopEnd;
}

function lexTableNameStart(lexer: TomlLexer): State | undefined {
  lexer.skip(isWhitespace);
  const character = lexer.peek();
  if (character === ']' || character === EOF) {
    return lexer.failf('unexpected end of table name (table names cannot be empty)');
  }
  if (character === '.') return lexer.failf('unexpected table separator (table names cannot be empty)');
  lexer.push(lexTableNameEnd);
  if (!isQuote(character)) return lexBareName;
  lexer.ignore();
  return lexQuotedName;
}

function lexTableNameEnd(lexer: TomlLexer): State | undefined {
  lexer.skip(isWhitespace);
  const character = lexer.next();
  if (character === '.') {
    lexer.ignore();
    return lexTableNameStart;
  }
  if (character === ']') return lexer.pop();
  return lexer.failf(`expected '.' or ']' to end table name, but got ${shown(character)} instead`);
}

function lexBareName(lexer: TomlLexer): State | undefined {
  while (isBareKey(lexer.next()));
  lexer.backup();
  lexer.emit('text');
  return lexer.pop();
}

function lexQuotedName(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  lexer.ignore();
  return character === '"' ? lexString : lexRawString;
}

function lexKeyStart(lexer: TomlLexer): State | undefined {
  lexer.skip(isWhitespace);
  const character = lexer.peek();
  if (character === '=' || character === EOF) return lexer.failf("unexpected '=': key name appears blank");
  if (character === '.') return lexer.failf("unexpected '.': keys cannot start with a '.'");
  if (isQuote(character)) lexer.ignore();
  lexer.emit('keyStart');
  return lexKeyNameStart;
}

function lexKeyNameStart(lexer: TomlLexer): State | undefined {
  lexer.skip(isWhitespace);
  const character = lexer.peek();
  if (character === '=' || character === EOF) return lexer.failf("unexpected '='");
  if (character === '.') return lexer.failf("unexpected '.'");
  lexer.push(lexKeyEnd);
  if (!isQuote(character)) return lexBareName;
  lexer.ignore();
  return lexQuotedName;
}

function lexKeyEnd(lexer: TomlLexer): State | undefined {
  lexer.skip(isWhitespace);
  const character = lexer.next();
  if (character === EOF) return lexer.failf("unexpected EOF; expected key separator '='");
  if (character === '.') {
    lexer.ignore();
    return lexKeyNameStart;
  }
  if (character === '=') {
    lexer.emit('keyEnd');
    return skipTo(lexer, lexValue);
  }
  const message = `expected '.' or '=', but got ${shown(character)} instead`;
  return character === '\n' ? lexer.failOnPreviousLine(message) : lexer.failf(message);
}

function lexValue(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (isWhitespace(character)) return skipTo(lexer, lexValue);
  if (isDigit(character)) {
    lexer.backup();
    return lexNumberOrDateStart;
  }
  switch (character) {
    case '[':
      lexer.ignore();
      lexer.emit('array');
      return lexArrayValue;
    case '{':
      lexer.ignore();
      lexer.emit('inlineTableStart');
      return lexInlineTableValue;
    case '"':
      return lexOpenQuote(lexer, '"', lexString, lexMultilineString);
    case "'":
      return lexOpenQuote(lexer, "'", lexRawString, lexMultilineRawString);
    case '.':
      return lexer.failf("floats must start with a digit, not '.'");
    case 'i':
    case 'n':
      if ((lexer.accept('n') && lexer.accept('f')) || (lexer.accept('a') && lexer.accept('n'))) {
        lexer.emit('float');
        return lexer.pop();
      }
      break;
    case '-':
    case '+':
      return lexDecimalNumberStart;
    default:
  }
  if (isLetterCharacter(character)) {
    lexer.backup();
    return lexBool;
  }
  if (character === EOF) return lexer.failf('unexpected EOF; expected value');
  const message = `expected value but found ${shown(character)} instead`;
  return character === '\n' ? lexer.failOnPreviousLine(message) : lexer.failf(message);
}

/** After one quotation mark: three of them begin a string of several lines. */
function lexOpenQuote(lexer: TomlLexer, mark: string, single: State, multiline: State): State {
  if (lexer.accept(mark)) {
    if (lexer.accept(mark)) {
      lexer.ignore();
      return multiline;
    }
    lexer.backup();
  }
  lexer.ignore();
  return single;
}

function lexArrayValue(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (isWhitespace(character) || isNewline(character)) return skipTo(lexer, lexArrayValue);
  if (character === '#') {
    lexer.push(lexArrayValue);
    return lexCommentStart;
  }
  if (character === ',') return lexer.failf('unexpected comma');
  if (character === ']') return lexArrayEnd;
  lexer.backup();
  lexer.push(lexArrayValueEnd);
  return lexValue;
}

function lexArrayValueEnd(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (isWhitespace(character) || isNewline(character)) return skipTo(lexer, lexArrayValueEnd);
  if (character === '#') {
    lexer.push(lexArrayValueEnd);
    return lexCommentStart;
  }
  if (character === ',') return skipTo(lexer, lexArrayValue);
  if (character === ']') return lexArrayEnd;
  return lexer.failf(`expected a comma (',') or array terminator (']'), but got ${shownOrEnd(character)}`);
}

function lexArrayEnd(lexer: TomlLexer): State | undefined {
  lexer.ignore();
  lexer.emit('arrayEnd');
  return lexer.pop();
}

function lexInlineTableValue(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (isWhitespace(character) || isNewline(character)) return skipTo(lexer, lexInlineTableValue);
  if (character === '#') {
    lexer.push(lexInlineTableValue);
    return lexCommentStart;
  }
  if (character === ',') return lexer.failf('unexpected comma');
  if (character === '}') return lexInlineTableEnd;
  lexer.backup();
  lexer.push(lexInlineTableValueEnd);
  return lexKeyStart;
}

function lexInlineTableValueEnd(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (isWhitespace(character) || isNewline(character)) return skipTo(lexer, lexInlineTableValueEnd);
  if (character === '#') {
    lexer.push(lexInlineTableValueEnd);
    return lexCommentStart;
  }
  if (character === ',') {
    lexer.ignore();
    lexer.skip(isWhitespace);
    return lexer.peek() === '}' ? lexInlineTableValueEnd : lexInlineTableValue;
  }
  if (character === '}') return lexInlineTableEnd;
  const got = shownOrEnd(character);
  return lexer.failf(`expected a comma or an inline table terminator '}', but got ${got} instead`);
}

function lexInlineTableEnd(lexer: TomlLexer): State | undefined {
  lexer.ignore();
  lexer.emit('inlineTableEnd');
  return lexer.pop();
}

function lexString(lexer: TomlLexer): State | undefined {
  for (;;) {
    const character = lexer.next();
    if (character === EOF) return lexer.failf(`unexpected EOF; expected '"'`);
    if (isNewline(character)) return lexer.failOnPreviousLine('strings cannot contain newlines');
    if (character === '\\') {
      lexer.push(lexString);
      return lexStringEscape;
    }
    if (character === '"') {
      lexer.backup();
      lexer.emit(lexer.escaped ? 'escapedString' : 'string');
      lexer.escaped = false;
      lexer.next();
      lexer.ignore();
      return lexer.pop();
    }
    if (character === '\ufffd') return lexString;
  }
}

function lexMultilineString(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (character === EOF) return lexer.failf(`unexpected EOF; expected '"""'`);
  if (character === '\\') return lexMultilineStringEscape;
  if (character !== '"') return lexMultilineString;
  const isTooMany = () => lexer.current().endsWith('"""""') && !lexer.current().endsWith('\\"""""');
  return lexCloseQuotes(lexer, '"', 'multilineString', lexMultilineString, isTooMany, `unexpected '""""""'`);
}

function lexRawString(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (character === EOF) return lexer.failf(`unexpected EOF; expected "'"`);
  if (isNewline(character)) return lexer.failOnPreviousLine('strings cannot contain newlines');
  if (character !== "'") return lexRawString;
  lexer.backup();
  lexer.emit('rawString');
  lexer.next();
  lexer.ignore();
  return lexer.pop();
}

function lexMultilineRawString(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (character === EOF) return lexer.failf(`unexpected EOF; expected "'''"`);
  if (character !== "'") return lexMultilineRawString;
  const isTooMany = () => lexer.current().endsWith("'''''");
  return lexCloseQuotes(lexer, "'", 'rawMultilineString', lexMultilineRawString, isTooMany, `unexpected "''''''"`);
}

/** After one quotation mark in a string of several lines, which may hold two, also at its end. */
function lexCloseQuotes(
  lexer: TomlLexer,
  mark: string,
  type: ItemType,
  goOn: State,
  isTooMany: () => boolean,
  complaint: string,
): State | undefined {
  if (!lexer.accept(mark)) return goOn;
  if (!lexer.accept(mark)) {
    lexer.backup();
    return goOn;
  }
  if (lexer.peek() === mark) {
    if (isTooMany()) return lexer.failf(complaint);
    lexer.backup();
    lexer.backup();
    return goOn;
  }
  for (let count = 0; count < 3; count++) lexer.backup();
  lexer.escaped = false;
  lexer.emit(type);
  for (let count = 0; count < 3; count++) lexer.next();
  lexer.ignore();
  return lexer.pop();
}

function lexMultilineStringEscape(lexer: TomlLexer): State | undefined {
  if (isNewline(lexer.next())) return lexMultilineString;
  lexer.backup();
  lexer.push(lexMultilineString);
  return lexStringEscape(lexer);
}

const HEX_ESCAPES: Readonly<Record<string, readonly [digits: number, word: string]>> = {
  x: [2, 'two'],
  u: [4, 'four'],
  U: [8, 'eight'],
};

function lexStringEscape(lexer: TomlLexer): State | undefined {
  lexer.escaped = true;
  const character = lexer.next();
  if ('ebtnfr" \t\\'.includes(character)) return lexer.pop();
  const hex = HEX_ESCAPES[character];
  if (!hex) return lexer.fail(`invalid escape in string '\\${character === EOF ? '\0' : character}'`);
  const [digits, word] = hex;
  for (let count = 0; count < digits; count++) {
    if (!isHex(lexer.next())) {
      const got = quote(lexer.current());
      return lexer.failf(`expected ${word} hexadecimal digits after '\\${character}', but got ${got} instead`);
    }
  }
  return lexer.pop();
}

function lexNumberOrDateStart(lexer: TomlLexer): State {
  return lexer.next() === '0' ? lexBaseNumberOrDate : lexNumberOrDate;
}

function lexNumberOrDate(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (isDigit(character)) return lexNumberOrDate;
  if (character === '-' || character === ':') return lexDatetime;
  if (character === '_') return lexDecimalNumber;
  if (isFloatMark(character)) return lexFloat;
  return emitBefore(lexer, 'integer');
}

function lexDatetime(lexer: TomlLexer): State | undefined {
  while (/^[0-9\-:Tt .Zz+]$/.test(lexer.next()));
  lexer.backup();
  lexer.emitTrimmed('datetime');
  return lexer.pop();
}

function lexDecimalNumber(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (isDigit(character) || character === '_') return lexDecimalNumber;
  if (isFloatMark(character)) return lexFloat;
  return emitBefore(lexer, 'integer');
}

function lexDecimalNumberStart(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (character === 'i' || character === 'n') {
    const [second, third] = character === 'i' ? ['n', 'f'] : ['a', 'n'];
    if (!lexer.accept(second ?? '') || !lexer.accept(third ?? '')) {
      return lexer.failf(`invalid float: '${lexer.current()}'`);
    }
    lexer.emit('float');
    return lexer.pop();
  }
  if (character === '0') {
    const base = lexer.peek();
    if (base === 'b' || base === 'o' || base === 'x') {
      return lexer.failf(`cannot use sign with non-decimal numbers: '${lexer.current()}${base}'`);
    }
  }
  if (character === '.') return lexer.failf("floats must start with a digit, not '.'");
  if (isDigit(character)) return lexDecimalNumber;
  return lexer.failf(`expected a digit but got ${shown(character)}`);
}

const BASES: Readonly<Record<string, readonly [digit: RegExp, name: string]>> = {
  b: [/^[01]$/, 'a binary'],
  o: [/^[0-7]$/, 'an octal'],
  x: [/^[0-9a-fA-F]$/, 'a hexadecimal'],
};

function lexBaseNumberOrDate(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (isDigit(character)) return lexNumberOrDate;
  if (character === '_') return lexDecimalNumber;
  if (isFloatMark(character)) return lexFloat;
  const base = BASES[character];
  if (!base) return emitBefore(lexer, 'integer');
  const [digit, name] = base;
  const first = lexer.peek();
  if (!digit.test(first)) lexer.failf(`not ${name} number: '${lexer.current()}${first}'`);
  for (;;) {
    const next = lexer.next();
    if (!digit.test(next) && next !== '_') return emitBefore(lexer, 'integer');
  }
}

/** Any run of what floats are made of; the parser looks closer. */
function lexFloat(lexer: TomlLexer): State | undefined {
  while (/^[0-9_.\-+eE]$/.test(lexer.next()));
  return emitBefore(lexer, 'float');
}

function lexBool(lexer: TomlLexer): State | undefined {
  let word = '';
  for (;;) {
    const character = lexer.next();
    if (!isLetterCharacter(character)) break;
    word += character;
  }
  lexer.backup();
  if (word !== 'true' && word !== 'false') return lexer.failf(`expected value but found ${quote(word)} instead`);
  lexer.emit('bool');
  return lexer.pop();
}

function lexCommentStart(lexer: TomlLexer): State {
  lexer.ignore();
  lexer.emit('commentStart');
  return lexComment;
}

function lexComment(lexer: TomlLexer): State | undefined {
  const character = lexer.next();
  if (!isNewline(character) && character !== EOF) return lexComment;
  return emitBefore(lexer, 'text');
}

function emitBefore(lexer: TomlLexer, type: ItemType): State | undefined {
  lexer.backup();
  lexer.emit(type);
  return lexer.pop();
}

function skipTo(lexer: TomlLexer, state: State): State {
  lexer.ignore();
  return state;
}

function shown(character: string): string {
  return quoteRune(character.codePointAt(0) ?? 0);
}

function shownOrEnd(character: string): string {
  return character === EOF ? 'end of file' : `'${character}'`;
}

function isControl(character: string): boolean {
  return character !== '\t' && character !== '\r' && character !== '\n' && /^[\x00-\x1f\x7f]$/.test(character);
}

function isWhitespace(character: string): boolean {
  return character === '\t' || character === ' ';
}

function isNewline(character: string): boolean {
  return character === '\n' || character === '\r';
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function isHex(character: string): boolean {
  return /^[0-9a-fA-F]$/.test(character);
}

function isFloatMark(character: string): boolean {
  return character === '.' || character === 'e' || character === 'E';
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'";
}

function isBareKey(character: string): boolean {
  return /^[A-Za-z0-9_-]$/.test(character);
}

function isLetterCharacter(character: string): boolean {
  return character !== EOF && isLetter(character.codePointAt(0) ?? 0);
}
