// The YAML scanner with the comments that it passes, each with what it belongs to (go-yaml v3, scannerc.go: yaml_parser_scan_comments,
// yaml_parser_scan_line_comment, yaml_parser_unroll_indent). v2 and v3 cut the same tokens; only v3 keeps comments.

import type { NodeStyle } from '../../yaml/node.ts';
import { isBlank, isBreak, TOKEN, type Token, type TokenType } from '../../yaml/scanner.ts';
import { AheadScanner, MAX_GAP } from './ahead-scanner.ts';

interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

interface Comment {
  /** Where the search for the next token began. */
  readonly scanMark: Mark;
  readonly startMark: Mark;
  readonly endMark: Mark;
  /** The comment belongs to the first token that begins here or later. */
  tokenIndex: number;
  head: string;
  line: string;
  readonly foot: string;
}

export interface Comments {
  head: string;
  line: string;
  foot: string;
}

const NOWHERE: Mark = { index: 0, line: 0, column: 0 };
const HASH = 0x23;

export class CommentScanner extends AheadScanner {
  /** The comments since they were last taken. */
  readonly pending: Comments = { head: '', line: '', foot: '' };
  private comments: Comment[] = [];
  private readonly starts = new WeakMap<Token, number>();
  /** Where the tokens begin that may still turn out to be keys, by their number. */
  private readonly startOfNumber = new Map<number, number>();
  private contentStart: number | undefined;
  private keyStart: number | undefined;
  private scanMark: Mark | undefined;

  override peek(): Token {
    const token = super.peek();
    this.unfold(token);
    return token;
  }

  /** Takes the comments that belong to the event at hand. */
  takeComments(): Comments {
    const taken = { ...this.pending };
    this.pending.head = '';
    this.pending.line = '';
    this.pending.foot = '';
    return taken;
  }

  /** parserc.go: yaml_parser_unfold_comments. */
  private unfold(token: Token): void {
    const start = this.startOf(token);
    for (let comment = this.comments[0]; comment !== undefined; comment = this.comments[0]) {
      if (start < comment.tokenIndex) return;
      if (comment.head !== '') {
        if (token.type === TOKEN.blockEnd) return;
        this.pending.head = joinLines(this.pending.head, comment.head);
      }
      this.pending.foot = joinLines(this.pending.foot, comment.foot);
      this.pending.line = joinLines(this.pending.line, comment.line);
      this.comments.shift();
    }
  }

  private startOf(token: Token): number {
    return this.starts.get(token) ?? 0;
  }

  private mark(): Mark {
    return { index: this.pos, line: this.line, column: this.column() };
  }

  // --- Tokens with their starts.

  protected override push(type: TokenType, line: number, value?: string, suffix?: string, style?: NodeStyle): void {
    super.push(type, line, value, suffix, style);
    const token = this.tokens.at(-1);
    if (token !== undefined) this.starts.set(token, this.contentStart ?? this.pos);
  }

  protected override insert(at: number, type: TokenType, line: number): void {
    super.insert(at, type, line);
    const token = this.tokens[at < 0 ? this.tokens.length - 1 : this.head + at];
    if (token !== undefined) this.starts.set(token, this.keyStart ?? this.pos);
  }

  protected override fetchValue(): void {
    const key = this.currentKey();
    this.keyStart = key === undefined ? undefined : this.startOfNumber.get(key.tokenNumber);
    super.fetchValue();
    this.keyStart = undefined;
  }

  protected override fetchNextToken(): void {
    this.scanMark = this.mark();
    super.fetchNextToken();
    this.scanMark = undefined;
  }

  protected override fetchContent(unit: number): void {
    const last = this.tokens.at(-1);
    const belongsToLast = this.flowLevel === 0 ? unit === 0x3a : unit === 0x2c;
    const commentIndex = belongsToLast && last !== undefined ? this.startOf(last) : this.pos;
    this.contentStart = this.pos;
    this.startOfNumber.set(this.tokensParsed + (this.tokens.length - this.head), this.pos);
    super.fetchContent(unit);
    this.contentStart = undefined;
    if (this.tokens.at(-1)?.type !== TOKEN.blockEntry) this.scanLineComment(commentIndex);
  }

  /** The end of a block stands before the comments that are indented less. */
  protected override unrollIndent(column: number): void {
    if (this.flowLevel > 0) return;
    const mark = this.scanMark ?? this.mark();
    this.scanMark = undefined;
    let blockIndex = mark.index - 1;
    while (this.indent > column) {
      let stop = blockIndex;
      for (const comment of this.comments.toReversed()) {
        if (comment.endMark.index < stop) break;
        if (comment.startMark.column === this.indent + 1) blockIndex = comment.startMark.index;
        stop = comment.scanMark.index;
      }
      this.contentStart = blockIndex;
      this.push(TOKEN.blockEnd, this.line);
      this.contentStart = undefined;
      this.indent = this.indents.pop() ?? -1;
    }
  }

  protected override finishHeaderLine(): void {
    if (this.contentStart !== undefined) this.scanLineComment(this.contentStart);
    super.finishHeaderLine();
  }

  protected override skipToNextToken(): void {
    const scanMark = this.mark();
    for (;;) {
      if (this.pos === 0 && this.text.charCodeAt(0) === 0xfeff) this.pos++;
      const tabs = this.flowLevel > 0 || !this.simpleKeyAllowed;
      let unit = this.text.charCodeAt(this.pos);
      while (unit === 0x20 || (unit === 0x09 && tabs)) unit = this.text.charCodeAt(++this.pos);
      this.turnEntryComment(unit);
      if (unit === HASH) this.scanComments(scanMark);
      if (!isBreak(this.text.charCodeAt(this.pos))) return;
      this.skipBreak();
      if (this.flowLevel === 0) this.simpleKeyAllowed = true;
    }
  }

  /** `- # comment` with the entry below: the comment becomes the head of what follows. */
  private turnEntryComment(unit: number): void {
    const comment = this.comments.at(-1);
    if (comment === undefined || comment.line === '' || isBreak(unit)) return;
    const [before, last] = [this.tokens.at(-2), this.tokens.at(-1)];
    if (before?.type !== TOKEN.blockSequenceStart || last?.type !== TOKEN.blockEntry) return;
    comment.head = comment.line;
    comment.line = '';
    if (comment.startMark.line === this.line - 1) comment.tokenIndex = this.pos;
  }

  // --- Comments.

  /** How many line breaks stand between the last character and here. */
  private newlines(): number {
    let count = 0;
    for (let at = this.pos - 1; at >= 0; at--) {
      const unit = this.text.charCodeAt(at);
      if (isBreak(unit)) {
        if (unit === 0x0a && this.text.charCodeAt(at - 1) === 0x0d) at--;
        count++;
      } else if (!isBlank(unit)) break;
    }
    return count;
  }

  /** The comment at the end of the line that a token stands on. */
  private scanLineComment(tokenIndex: number): void {
    if (this.newlines() > 0) return;
    let at = this.pos;
    while (at - this.pos < MAX_GAP && isBlank(this.text.charCodeAt(at))) at++;
    if (at - this.pos >= MAX_GAP || this.text.charCodeAt(at) !== HASH) return;
    this.pos = at;
    const startMark = this.mark();
    const line = this.readLine();
    this.comments.push({ scanMark: NOWHERE, startMark, endMark: NOWHERE, tokenIndex, head: '', line, foot: '' });
  }

  /** Moves to the end of the line; returns its text. */
  private readLine(): string {
    const from = this.pos;
    while (!isBreakOrEnd(this.text.charCodeAt(this.pos))) this.pos++;
    return this.text.slice(from, this.pos);
  }

  /** Comments on lines of their own: feet of what they follow, or heads of what follows them. */
  private scanComments(firstScanMark: Mark): void {
    const newlines = this.newlines();
    const token = this.tokens.at(this.tokens.at(-1)?.type === TOKEN.flowEntry && this.tokens.length > 1 ? -2 : -1);
    const nextIndent = Math.max(this.indent, 0);
    let scanMark = firstScanMark;
    let tokenIndex = token === undefined ? 0 : this.startOf(token);
    let startMark = NOWHERE;
    let text = '';
    let recentEmpty = false;
    let firstEmpty = newlines <= 1;
    let line = this.line;
    let column = this.column();
    let footLine = -1;
    if (scanMark.line > 0) {
      footLine = this.line - newlines + 1;
      if (newlines === 0 && column > 1) footLine++;
    }
    const endAsFoot = (end: Mark): void => {
      this.comments.push({ scanMark, startMark, endMark: end, tokenIndex, head: '', line: '', foot: text });
      scanMark = end;
      tokenIndex = end.index;
      text = '';
    };

    let peek = 0;
    for (; peek < MAX_GAP; peek++) {
      column++;
      const unit = this.text.charCodeAt(this.pos + peek);
      if (isBlank(unit)) continue;
      const closesFlow = this.flowLevel > 0 && (unit === 0x5d || unit === 0x7d);
      const here: Mark = { index: this.pos + peek, line, column };
      if (closesFlow || isBreakOrEnd(unit)) {
        if (closesFlow || !recentEmpty) {
          const isFoot =
            firstEmpty &&
            ((startMark.line === footLine && token?.type !== TOKEN.value) || startMark.column - 1 < nextIndent);
          if (closesFlow || isFoot) {
            if (text !== '') {
              if (startMark.column - 1 < nextIndent) tokenIndex = startMark.index;
              endAsFoot(here);
            }
          } else if (text !== '' && unit !== 0) text += '\n';
        }
        if (!isBreak(unit)) break;
        firstEmpty = false;
        recentEmpty = true;
        column = 0;
        line++;
        continue;
      }
      if (text !== '' && column - 1 < nextIndent && column !== startMark.column) endAsFoot(here);
      if (unit !== HASH) break;
      if (text === '') startMark = here;
      else text += '\n';
      recentEmpty = false;
      this.skipTo(here.index);
      text += this.readLine();
      // The line break at hand is passed over.
      peek = 0;
      column = 0;
      line = this.line;
    }
    if (text !== '') {
      const endMark: Mark = { index: this.pos + peek - 1, line, column };
      this.comments.push({ scanMark, startMark, endMark, tokenIndex: startMark.index, head: text, line: '', foot: '' });
    }
  }
}

function isBreakOrEnd(unit: number): boolean {
  return unit === 0 || isBreak(unit);
}

function joinLines(text: string, more: string): string {
  return text === '' || more === '' ? text + more : `${text}\n${more}`;
}
