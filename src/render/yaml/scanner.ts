// YAML text → tokens, as go-yaml's scanner cuts them (go.yaml.in/yaml/v2 v2.4.4, scannerc.go, itself libyaml's).
// Long because it is one state machine; every rule and every error text is the original's.
// Characters are UTF-16 units; columns count a surrogate pair once, as Go counts runes.

import { mendUtf8 } from '../go/strings.ts';
import { type NodeStyle, STYLE } from './node.ts';
import { yamlProblem } from './problem.ts';

export const TOKEN = {
  streamStart: 0,
  streamEnd: 1,
  versionDirective: 2,
  tagDirective: 3,
  documentStart: 4,
  documentEnd: 5,
  blockSequenceStart: 6,
  blockMappingStart: 7,
  blockEnd: 8,
  flowSequenceStart: 9,
  flowSequenceEnd: 10,
  flowMappingStart: 11,
  flowMappingEnd: 12,
  blockEntry: 13,
  flowEntry: 14,
  key: 15,
  value: 16,
  alias: 17,
  anchor: 18,
  tag: 19,
  scalar: 20,
} as const;

export type TokenType = (typeof TOKEN)[keyof typeof TOKEN];

export interface Token {
  readonly type: TokenType;
  /** Where it begins; counted from 0. */
  readonly line: number;
  /** A scalar's text, an anchor's name, a tag's or directive's handle, a version's number. */
  readonly value: string;
  /** A tag's suffix, a directive's prefix. */
  readonly suffix: string;
  /** A scalar's. */
  readonly style: NodeStyle;
  /** Set while this token may turn out to be the key of a mapping. */
  key: SimpleKey | undefined;
}

export interface SimpleKey {
  possible: boolean;
  /** Its token is held back until it is known whether a ':' follows. */
  held: boolean;
  readonly required: boolean;
  readonly tokenNumber: number;
  readonly line: number;
  readonly column: number;
  /** On a flow level where no key began yet: the key that the collection itself may be. */
  readonly opener?: SimpleKey | undefined;
}

const MAX_FLOW_LEVEL = 10000;
const MAX_INDENTS = 10000;
/** A simple key is at most this long. */
const MAX_KEY_LENGTH = 1024;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const PERCENT = 0x25;
const APOSTROPHE = 0x27;
const PLUS = 0x2b;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const QUESTION = 0x3f;
const BACKSLASH = 0x5c;
const BYTE_ORDER_MARK = 0xfeff;

export function isBreak(unit: number): boolean {
  return unit === LINE_FEED || unit === RETURN || unit === 0x85 || unit === 0x2028 || unit === 0x2029;
}

function isBreakOrEnd(unit: number): boolean {
  return unit === LINE_FEED || unit === RETURN || unit === 0 || unit === 0x85 || unit === 0x2028 || unit === 0x2029;
}

export function isBlank(unit: number): boolean {
  return unit === SPACE || unit === TAB;
}

function isBlankOrEnd(unit: number): boolean {
  return unit === SPACE || unit === TAB || isBreakOrEnd(unit);
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isWord(unit: number): boolean {
  return (
    isDigit(unit) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a) || unit === 0x5f || unit === DASH
  );
}

function isFlowIndicator(unit: number): boolean {
  return unit === COMMA || unit === QUESTION || unit === 0x5b || unit === 0x5d || unit === 0x7b || unit === 0x7d;
}

const URI_CHARACTERS = new Set(Array.from(";/?:@&=+$,.!~*'()[]%", (character) => character.charCodeAt(0)));

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const HEX_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Cuts one text into tokens; `peek` and `skip` are all that the composer needs. */
export class Scanner {
  /** How far the text was read. */
  pos = 0;
  protected readonly text: string;
  protected line = 0;
  protected lineStart = 0;
  /** True when the text has surrogate pairs, so that columns need counting. */
  private readonly wide: boolean;
  private widePos = 0;
  private wideLineStart = 0;
  private widePairs = 0;

  protected indent = -1;
  protected readonly indents: number[] = [];
  protected flowLevel = 0;
  protected simpleKeyAllowed = true;
  private readonly simpleKeys: SimpleKey[] = [
    { possible: false, held: false, required: false, tokenNumber: 0, line: 0, column: 0 },
  ];
  protected tokens: Token[] = [];
  protected head = 0;
  protected tokensParsed = 0;
  protected available = false;
  private started = false;
  /** The key that the token in work may become. */
  private savedKey: SimpleKey | undefined;
  private blockIndent = 0;

  /** `text` holds only characters that YAML allows; see reader.ts. */
  constructor(text: string) {
    // The zeros end the text, so that looking ahead never leaves it.
    this.text = `${text}\0\0\0\0`;
    this.wide = /[\ud800-\udbff]/.test(text);
  }

  /** The next token, which stays the next one until `skip`. */
  peek(): Token {
    if (!this.available) this.fetchMoreTokens();
    const token = this.tokens[this.head];
    if (token === undefined) throw yamlProblem('attempted to go past the end of stream; corrupted value?');
    return token;
  }

  skip(): void {
    this.available = false;
    this.tokensParsed++;
    this.head++;
    if (this.head === this.tokens.length) {
      this.tokens.length = 0;
      this.head = 0;
    }
  }

  /** go-yaml adds one to the line of a scanner's error, unless it is the first line, which it leaves out. */
  private fail(problem: string): Error {
    return yamlProblem(this.line === 0 ? problem : `line ${this.line + 1}: ${problem}`, this.line + 1);
  }

  protected column(): number {
    const column = this.pos - this.lineStart;
    if (!this.wide) return column;
    if (this.wideLineStart !== this.lineStart || this.widePos > this.pos) {
      this.wideLineStart = this.lineStart;
      this.widePos = this.lineStart;
      this.widePairs = 0;
    }
    for (; this.widePos < this.pos; this.widePos++) {
      if ((this.text.charCodeAt(this.widePos) & 0xfc00) === 0xd800) this.widePairs++;
    }
    return column - this.widePairs;
  }

  protected at(offset: number): number {
    return this.text.charCodeAt(this.pos + offset);
  }

  protected push(type: TokenType, line: number, value = '', suffix = '', style: NodeStyle = STYLE.plain): void {
    this.tokens.push({ type, line, value, suffix, style, key: this.savedKey });
    this.savedKey = undefined;
  }

  /** `at` counts from the next token; a place that has gone by means the end. */
  protected insert(at: number, type: TokenType, line: number): void {
    const place = at < 0 ? this.tokens.length : this.head + at;
    this.tokens.splice(place, 0, { type, line, value: '', suffix: '', style: STYLE.plain, key: undefined });
  }

  // --- Simple keys: a token is a key only once the ':' behind it was seen.

  protected fetchMoreTokens(): void {
    for (;;) {
      const first = this.tokens[this.head];
      if (first !== undefined && (!first.key?.held || !this.isStillPossible(first.key))) break;
      this.fetchNextToken();
    }
    this.available = true;
  }

  protected isStillPossible(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line >= this.line && key.column + MAX_KEY_LENGTH >= this.column()) return true;
    if (key.required) throw this.fail("could not find expected ':'");
    key.possible = false;
    return false;
  }

  protected currentKey(): SimpleKey | undefined {
    return this.simpleKeys[this.simpleKeys.length - 1];
  }

  private saveSimpleKey(): void {
    if (!this.simpleKeyAllowed) return;
    const column = this.column();
    const key: SimpleKey = {
      possible: true,
      held: true,
      required: this.flowLevel === 0 && this.indent === column,
      tokenNumber: this.tokensParsed + (this.tokens.length - this.head),
      line: this.line,
      column,
    };
    this.removeSimpleKey();
    this.simpleKeys[this.simpleKeys.length - 1] = key;
    this.savedKey = key;
  }

  private removeSimpleKey(): void {
    const key = this.currentKey();
    if (key === undefined || !key.possible) return;
    if (key.required) throw this.fail("could not find expected ':'");
    key.possible = false;
  }

  private increaseFlowLevel(): void {
    this.simpleKeys.push({
      possible: false,
      held: false,
      required: false,
      tokenNumber: 0,
      line: this.line,
      column: 0,
      opener: this.savedKey,
    });
    this.flowLevel++;
    if (this.flowLevel > MAX_FLOW_LEVEL) throw this.fail(`exceeded max depth of ${MAX_FLOW_LEVEL}`);
  }

  private decreaseFlowLevel(): void {
    if (this.flowLevel === 0) return;
    this.flowLevel--;
    const opener = this.simpleKeys.pop()?.opener;
    // A quirk of go-yaml: it no longer holds back an empty collection, so that `{}: x` is the document `{}`.
    if (opener !== undefined) opener.held = false;
  }

  private rollIndent(column: number, tokenNumber: number, type: TokenType, line: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > MAX_INDENTS) throw this.fail(`exceeded max depth of ${MAX_INDENTS}`);
    if (tokenNumber < 0) this.insert(this.tokens.length - this.head, type, line);
    else this.insert(tokenNumber - this.tokensParsed, type, line);
  }

  protected unrollIndent(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.push(TOKEN.blockEnd, this.line);
      this.indent = this.indents.pop() ?? -1;
    }
  }

  // --- One token.

  protected fetchNextToken(): void {
    if (!this.started) {
      this.started = true;
      this.push(TOKEN.streamStart, this.line);
      return;
    }
    this.skipToNextToken();
    this.unrollIndent(this.column());

    const unit = this.at(0);
    if (unit === 0) this.fetchStreamEnd();
    else if (this.pos === this.lineStart && unit === PERCENT) this.fetchDirective();
    else if (this.pos === this.lineStart && this.atDocumentIndicator()) {
      this.fetchDocumentIndicator(unit === DASH ? TOKEN.documentStart : TOKEN.documentEnd);
    } else this.fetchContent(unit);
  }

  protected fetchContent(unit: number): void {
    switch (unit) {
      case 0x5b: // [
        this.fetchFlowStart(TOKEN.flowSequenceStart);
        break;
      case 0x7b: // {
        this.fetchFlowStart(TOKEN.flowMappingStart);
        break;
      case 0x5d: // ]
        this.fetchFlowEnd(TOKEN.flowSequenceEnd);
        break;
      case 0x7d: // }
        this.fetchFlowEnd(TOKEN.flowMappingEnd);
        break;
      case COMMA:
        this.fetchFlowEntry();
        break;
      case 0x2a: // *
        this.fetchAnchor(TOKEN.alias);
        break;
      case 0x26: // &
        this.fetchAnchor(TOKEN.anchor);
        break;
      case 0x21: // !
        this.fetchTag();
        break;
      case APOSTROPHE:
      case QUOTE:
        this.fetchFlowScalar(unit === APOSTROPHE);
        break;
      case DASH:
        if (isBlankOrEnd(this.at(1))) this.fetchBlockEntry();
        else this.fetchPlainScalar();
        break;
      case QUESTION:
        if (this.flowLevel > 0 || isBlankOrEnd(this.at(1))) this.fetchKey();
        else this.fetchPlainScalar();
        break;
      case COLON:
        if (this.flowLevel > 0 || isBlankOrEnd(this.at(1))) this.fetchValue();
        else this.fetchPlainScalar();
        break;
      case 0x7c: // |
      case 0x3e: // >
        if (this.flowLevel > 0) throw this.badStart();
        this.fetchBlockScalar(unit === 0x7c);
        break;
      case PERCENT:
      case TAB:
      case 0x40: // @
      case 0x60: // `
        throw this.badStart();
      default:
        this.fetchPlainScalar();
    }
  }

  private badStart(): Error {
    return this.fail('found character that cannot start any token');
  }

  private atDocumentIndicator(): boolean {
    const unit = this.at(0);
    return (unit === DASH || unit === DOT) && this.at(1) === unit && this.at(2) === unit && isBlankOrEnd(this.at(3));
  }

  protected skipToNextToken(): void {
    const { text } = this;
    for (;;) {
      // go-yaml looks for a mark at the start of its buffer only, after having dropped the stream's own.
      if (this.pos === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK) this.pos++;
      const tabs = this.flowLevel > 0 || !this.simpleKeyAllowed;
      let unit = text.charCodeAt(this.pos);
      while (unit === SPACE || (unit === TAB && tabs)) unit = text.charCodeAt(++this.pos);
      if (unit === HASH) unit = this.skipComment();
      if (!isBreak(unit)) return;
      this.skipBreak();
      if (this.flowLevel === 0) this.simpleKeyAllowed = true;
    }
  }

  protected skipComment(): number {
    return this.skipLineContent();
  }

  /** Moves to the end of the line; the unit there. */
  private skipLineContent(): number {
    let unit = this.text.charCodeAt(this.pos);
    while (!isBreakOrEnd(unit)) unit = this.text.charCodeAt(++this.pos);
    return unit;
  }

  protected skipBreak(): void {
    this.pos += this.at(0) === RETURN && this.at(1) === LINE_FEED ? 2 : 1;
    this.line++;
    this.lineStart = this.pos;
  }

  /** Moves over one line break, if there is one, and returns it as YAML keeps it. */
  private readBreak(): string {
    const unit = this.at(0);
    if (!isBreak(unit)) return '';
    this.skipBreak();
    return unit === 0x2028 ? '\u2028' : unit === 0x2029 ? '\u2029' : '\n';
  }

  private skipBlanks(): void {
    while (isBlank(this.at(0))) this.pos++;
  }

  private fetchStreamEnd(): void {
    if (this.pos !== this.lineStart) {
      this.lineStart = this.pos;
      this.line++;
    }
    this.unrollIndent(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    this.push(TOKEN.streamEnd, this.line);
  }

  private fetchDocumentIndicator(type: TokenType): void {
    this.unrollIndent(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    this.pos += 3;
    this.push(type, this.line);
  }

  private fetchFlowStart(type: TokenType): void {
    this.saveSimpleKey();
    this.increaseFlowLevel();
    this.simpleKeyAllowed = true;
    this.pos++;
    this.push(type, this.line);
  }

  private fetchFlowEnd(type: TokenType): void {
    this.removeSimpleKey();
    this.decreaseFlowLevel();
    this.simpleKeyAllowed = false;
    this.pos++;
    this.push(type, this.line);
  }

  private fetchFlowEntry(): void {
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    this.pos++;
    this.push(TOKEN.flowEntry, this.line);
  }

  private fetchBlockEntry(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) throw this.fail('block sequence entries are not allowed in this context');
      this.rollIndent(this.column(), -1, TOKEN.blockSequenceStart, this.line);
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    this.pos++;
    this.push(TOKEN.blockEntry, this.line);
  }

  private fetchKey(): void {
    if (this.flowLevel === 0) {
      if (!this.simpleKeyAllowed) throw this.fail('mapping keys are not allowed in this context');
      this.rollIndent(this.column(), -1, TOKEN.blockMappingStart, this.line);
    }
    this.removeSimpleKey();
    this.simpleKeyAllowed = this.flowLevel === 0;
    this.pos++;
    this.push(TOKEN.key, this.line);
  }

  protected fetchValue(): void {
    const key = this.currentKey();
    if (key !== undefined && this.isStillPossible(key)) {
      this.insert(key.tokenNumber - this.tokensParsed, TOKEN.key, key.line);
      this.rollIndent(key.column, key.tokenNumber, TOKEN.blockMappingStart, key.line);
      key.possible = false;
      this.simpleKeyAllowed = false;
    } else {
      if (this.flowLevel === 0) {
        if (!this.simpleKeyAllowed) throw this.fail('mapping values are not allowed in this context');
        this.rollIndent(this.column(), -1, TOKEN.blockMappingStart, this.line);
      }
      this.simpleKeyAllowed = this.flowLevel === 0;
    }
    this.pos++;
    this.push(TOKEN.value, this.line);
  }

  // --- Directives.

  private fetchDirective(): void {
    this.unrollIndent(-1);
    this.removeSimpleKey();
    this.simpleKeyAllowed = false;
    const { line } = this;
    this.pos++;
    const name = this.scanDirectiveName();
    if (name === 'YAML') this.push(TOKEN.versionDirective, line, this.scanVersion());
    else if (name === 'TAG') {
      this.skipBlanks();
      const handle = this.scanTagHandle(true);
      if (!isBlank(this.at(0))) throw this.fail('did not find expected whitespace');
      this.skipBlanks();
      const prefix = this.scanTagUri('');
      if (!isBlankOrEnd(this.at(0))) throw this.fail('did not find expected whitespace or line break');
      this.push(TOKEN.tagDirective, line, handle, prefix);
    } else throw this.fail('found unknown directive name');
    this.finishHeaderLine();
  }

  /** Blanks, a comment, and the line break that must follow a directive or a block scalar's header. */
  protected finishHeaderLine(): void {
    this.skipBlanks();
    if (this.at(0) === HASH) this.skipLineContent();
    if (!isBreakOrEnd(this.at(0))) throw this.fail('did not find expected comment or line break');
    if (isBreak(this.at(0))) this.skipBreak();
  }

  private scanWord(): string {
    const from = this.pos;
    while (isWord(this.at(0))) this.pos++;
    return this.text.slice(from, this.pos);
  }

  private scanDirectiveName(): string {
    const name = this.scanWord();
    if (name === '') throw this.fail('could not find expected directive name');
    if (!isBlankOrEnd(this.at(0))) throw this.fail('found unexpected non-alphabetical character');
    return name;
  }

  private scanVersion(): string {
    this.skipBlanks();
    const major = this.scanVersionNumber();
    if (this.at(0) !== DOT) throw this.fail("did not find expected digit or '.' character");
    this.pos++;
    return `${major}.${this.scanVersionNumber()}`;
  }

  private scanVersionNumber(): number {
    let value = 0;
    let length = 0;
    for (; isDigit(this.at(0)); this.pos++) {
      if (++length > 2) throw this.fail('found extremely long version number');
      value = value * 10 + this.at(0) - 0x30;
    }
    if (length === 0) throw this.fail('did not find expected version number');
    return value;
  }

  // --- Anchors, aliases and tags.

  private fetchAnchor(type: TokenType): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    this.pos++;
    const name = this.scanWord();
    const next = this.at(0);
    const ends = isBlankOrEnd(next) || '?:,]}%@`'.includes(String.fromCharCode(next));
    if (name === '' || !ends) throw this.fail('did not find expected alphabetic or numeric character');
    this.push(type, this.line, name);
  }

  private fetchTag(): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    let handle = '';
    let suffix = '';
    if (this.at(1) === 0x3c) {
      this.pos += 2;
      suffix = this.scanTagUri('');
      if (this.at(0) !== 0x3e) throw this.fail("did not find the expected '>'");
      this.pos++;
    } else {
      handle = this.scanTagHandle(false);
      if (handle.length > 1 && handle.endsWith('!')) suffix = this.scanTagUri('');
      else {
        suffix = this.scanTagUri(handle);
        handle = '!';
        // The tag '!' alone.
        if (suffix === '') [handle, suffix] = ['', '!'];
      }
    }
    if (!isBlankOrEnd(this.at(0))) throw this.fail('did not find expected whitespace or line break');
    this.push(TOKEN.tag, this.line, handle, suffix);
  }

  private scanTagHandle(directive: boolean): string {
    if (this.at(0) !== 0x21) throw this.fail("did not find expected '!'");
    const from = this.pos++;
    this.scanWord();
    if (this.at(0) === 0x21) this.pos++;
    else if (directive && this.pos - from > 1) throw this.fail("did not find expected '!'");
    return this.text.slice(from, this.pos);
  }

  /** `head` is a handle that turned out to be the start of the URI; its '!' is dropped. */
  private scanTagUri(head: string): string {
    let uri = head.slice(1);
    let found = head !== '';
    for (let unit = this.at(0); isWord(unit) || URI_CHARACTERS.has(unit); unit = this.at(0)) {
      uri += unit === PERCENT ? this.scanUriEscape() : String.fromCharCode(unit);
      if (unit !== PERCENT) this.pos++;
      found = true;
    }
    if (!found) throw this.fail('did not find expected tag URI');
    return uri;
  }

  /** The `%XX` of one character. */
  private scanUriEscape(): string {
    let text = '';
    let width = 0;
    do {
      const digits = this.text.slice(this.pos + 1, this.pos + 3);
      if (this.at(0) !== PERCENT || !/^[0-9a-fA-F]{2}$/.test(digits)) throw this.fail('did not find URI escaped octet');
      const octet = Number.parseInt(digits, 16);
      if (text === '') {
        width =
          octet < 0x80
            ? 1
            : (octet & 0xe0) === 0xc0
              ? 2
              : (octet & 0xf0) === 0xe0
                ? 3
                : (octet & 0xf8) === 0xf0
                  ? 4
                  : 0;
        if (width === 0) throw this.fail('found an incorrect leading UTF-8 octet');
      } else if ((octet & 0xc0) !== 0x80) throw this.fail('found an incorrect trailing UTF-8 octet');
      text += String.fromCharCode(octet < 0x80 ? octet : 0xdc00 + octet);
      this.pos += 3;
    } while (--width > 0);
    return mendUtf8(text);
  }

  // --- Block scalars.

  private fetchBlockScalar(literal: boolean): void {
    this.removeSimpleKey();
    this.simpleKeyAllowed = true;
    const { line } = this;
    this.pos++;

    let chomping = this.scanChomping();
    let increment = 0;
    if (isDigit(this.at(0))) {
      if (this.at(0) === 0x30) throw this.fail('found an indentation indicator equal to 0');
      increment = this.at(0) - 0x30;
      this.pos++;
      if (chomping === 0) chomping = this.scanChomping();
    }
    this.finishHeaderLine();

    this.blockIndent = increment === 0 ? 0 : Math.max(this.indent, 0) + increment;
    let trailingBreaks = this.scanBlockBreaks();
    const indent = this.blockIndent;
    let value = '';
    let leadingBreak = '';
    let leadingBlank = false;
    while (this.pos - this.lineStart === indent && this.at(0) !== 0) {
      const blank = isBlank(this.at(0));
      if (!literal && !leadingBlank && !blank && leadingBreak === '\n') {
        if (trailingBreaks === '') value += ' ';
      } else value += leadingBreak;
      value += trailingBreaks;
      leadingBlank = blank;
      const from = this.pos;
      this.skipLineContent();
      value += this.text.slice(from, this.pos);
      leadingBreak = this.readBreak();
      trailingBreaks = this.scanBlockBreaks();
    }
    if (chomping !== -1) value += leadingBreak;
    if (chomping === 1) value += trailingBreaks;
    this.push(TOKEN.scalar, line, value, '', literal ? STYLE.literal : STYLE.folded);
  }

  private scanChomping(): -1 | 0 | 1 {
    const unit = this.at(0);
    if (unit !== PLUS && unit !== DASH) return 0;
    this.pos++;
    return unit === PLUS ? 1 : -1;
  }

  /** Indentation and empty lines before a block scalar's next line; finds its indentation when that is not known yet. */
  private scanBlockBreaks(): string {
    let breaks = '';
    let widest = 0;
    for (;;) {
      const limit = this.blockIndent === 0 ? Number.MAX_SAFE_INTEGER : this.lineStart + this.blockIndent;
      while (this.pos < limit && this.at(0) === SPACE) this.pos++;
      widest = Math.max(widest, this.pos - this.lineStart);
      if (this.pos < limit && this.at(0) === TAB) {
        throw this.fail('found a tab character where an indentation space is expected');
      }
      if (!isBreak(this.at(0))) break;
      breaks += this.readBreak();
    }
    if (this.blockIndent === 0) this.blockIndent = Math.max(widest, this.indent + 1, 1);
    return breaks;
  }

  // --- Quoted scalars.

  private fetchFlowScalar(single: boolean): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { line } = this;
    this.pos++;
    const value = this.scanQuoted(single);
    this.pos++;
    this.push(TOKEN.scalar, line, value, '', single ? STYLE.single : STYLE.double);
  }

  /** The content up to the closing quote, which stays. `from` marks text that can be taken over as it is. */
  private scanQuoted(single: boolean): string {
    const { text } = this;
    const mark = single ? APOSTROPHE : QUOTE;
    let value = '';
    let from = this.pos;
    for (;;) {
      if (this.pos === this.lineStart && this.atDocumentIndicator()) {
        throw this.fail('found unexpected document indicator');
      }
      if (this.at(0) === 0) throw this.fail('found unexpected end of stream');
      let escapedBreak = false;
      for (let unit = text.charCodeAt(this.pos); !isBlankOrEnd(unit); unit = text.charCodeAt(this.pos)) {
        if (unit === mark) {
          if (!single || this.at(1) !== APOSTROPHE) break;
          this.pos++;
          value += text.slice(from, this.pos++);
          from = this.pos;
        } else if (unit === BACKSLASH && !single) {
          value += text.slice(from, this.pos);
          if (isBreak(this.at(1))) {
            this.pos++;
            this.skipBreak();
            from = this.pos;
            escapedBreak = true;
            break;
          }
          value += this.scanEscape();
          from = this.pos;
        } else this.pos++;
      }
      if (this.at(0) === mark) return value + text.slice(from, this.pos);

      const blanks = this.pos;
      this.skipBlanks();
      // Blanks between words stay; those around a line break and after an escaped one go.
      if (!escapedBreak && !isBreak(this.at(0))) continue;
      if (!escapedBreak) value += text.slice(from, blanks);
      value += this.foldBreaks(!escapedBreak);
      from = this.pos;
    }
  }

  /** The line breaks (and blanks) at hand, folded: one becomes a space, several lose the first. */
  private foldBreaks(leading: boolean): string {
    const leadingBreak = leading ? this.readBreak() : '';
    let trailingBreaks = '';
    for (;;) {
      this.skipBlanks();
      if (!isBreak(this.at(0))) break;
      trailingBreaks += this.readBreak();
    }
    if (leadingBreak !== '\n') return leadingBreak + trailingBreaks;
    return trailingBreaks === '' ? ' ' : trailingBreaks;
  }

  private scanEscape(): string {
    const letter = this.text[this.pos + 1] ?? '';
    const simple = ESCAPES[letter];
    if (simple !== undefined) {
      this.pos += 2;
      return simple;
    }
    const length = HEX_ESCAPES[letter];
    if (length === undefined) throw this.fail('found unknown escape character');
    this.pos += 2;
    const digits = this.text.slice(this.pos, this.pos + length);
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) {
      throw this.fail('did not find expected hexdecimal number');
    }
    const code = Number.parseInt(digits, 16);
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
      throw this.fail('found invalid Unicode character escape code');
    }
    this.pos += length;
    return String.fromCodePoint(code);
  }

  // --- Plain scalars.

  private fetchPlainScalar(): void {
    this.saveSimpleKey();
    this.simpleKeyAllowed = false;
    const { text, line } = this;
    const inFlow = this.flowLevel > 0;
    const indent = this.indent + 1;
    let value = '';
    /** Text from `from` to `to` is still to be added; blanks inside it stay. */
    let from = this.pos;
    let to = this.pos;
    let leadingBlanks = false;
    let folded = '';
    for (;;) {
      if (this.pos === this.lineStart && this.atDocumentIndicator()) break;
      if (this.at(0) === HASH) break;
      const start = this.pos;
      let unit = text.charCodeAt(this.pos);
      while (!isBlankOrEnd(unit)) {
        if (unit === COLON ? isBlankOrEnd(this.at(1)) : inFlow && isFlowIndicator(unit)) break;
        unit = text.charCodeAt(++this.pos);
      }
      if (this.pos > start) {
        if (leadingBlanks) {
          value += text.slice(from, to) + folded;
          from = start;
          leadingBlanks = false;
        }
        to = this.pos;
      }
      if (!isBlank(unit) && !isBreak(unit)) break;
      this.skipBlanks();
      if (isBreak(this.at(0))) {
        leadingBlanks = true;
        folded = this.foldPlainBreaks(indent);
      }
      if (!inFlow && this.pos - this.lineStart < indent) break;
    }
    if (leadingBlanks) this.simpleKeyAllowed = true;
    this.push(TOKEN.scalar, line, value + text.slice(from, to));
  }

  private foldPlainBreaks(indent: number): string {
    const leadingBreak = this.readBreak();
    let trailingBreaks = '';
    for (let unit = this.at(0); isBlank(unit) || isBreak(unit); unit = this.at(0)) {
      if (isBreak(unit)) trailingBreaks += this.readBreak();
      else if (unit === TAB && this.pos - this.lineStart < indent) {
        throw this.fail('found a tab character that violates indentation');
      } else this.pos++;
    }
    if (leadingBreak !== '\n') return leadingBreak + trailingBreaks;
    return trailingBreaks === '' ? ' ' : trailingBreaks;
  }
}
