// The YAML scanner of go-yaml v3, which cuts two tokens ahead of the parser so as to find comments (scannerc.go: yaml_parser_fetch_more_tokens).
// Without comments this shows in errors just behind a document, in empty flow collections as keys, which v2 loses, and in tabs before comments.

import { isBlank, isBreak, Scanner, TOKEN, type TokenType } from '../../yaml/scanner.ts';

const AHEAD = 2;
/** So many tokens that were read are dropped at once. */
const READ_TOKENS = 1024;
/** go-yaml looks no further than this for a comment. */
export const MAX_GAP = 512;
const HASH = 0x23;
/** A comment behind these, on their line, counts as one on a line of its own. */
const NO_LINE_COMMENT: ReadonlySet<TokenType | undefined> = new Set([
  undefined,
  TOKEN.streamStart,
  TOKEN.versionDirective,
  TOKEN.tagDirective,
  TOKEN.documentStart,
  TOKEN.documentEnd,
  TOKEN.blockEntry,
]);

export class AheadScanner extends Scanner {
  override skip(): void {
    super.skip();
    if (this.head < READ_TOKENS) return;
    this.tokens.splice(0, this.head);
    this.head = 0;
  }

  protected override fetchMoreTokens(): void {
    for (;;) {
      const first = this.tokens[this.head];
      const isAhead = this.tokens.length - this.head > AHEAD;
      if (isAhead && first !== undefined && (!first.key?.held || !this.isStillPossible(first.key))) break;
      if (this.tokens.at(-1)?.type === TOKEN.streamEnd) break;
      this.fetchNextToken();
    }
    this.available = true;
  }

  /** Comments on lines of their own are passed in one go, whatever blanks stand before them (yaml_parser_scan_comments). */
  protected override skipComment(): number {
    const isOfLine =
      !NO_LINE_COMMENT.has(this.tokens.at(-1)?.type) && !isBlankText(this.text, this.lineStart, this.pos);
    let unit = super.skipComment();
    if (isOfLine) return unit;
    for (;;) {
      let at = this.pos;
      while (at - this.pos < MAX_GAP && isBlankOrBreak(this.text.charCodeAt(at))) at++;
      if (this.text.charCodeAt(at) !== HASH) return unit;
      this.skipTo(at);
      unit = super.skipComment();
    }
  }

  protected skipTo(position: number): void {
    while (this.pos < position) {
      if (isBreak(this.text.charCodeAt(this.pos))) this.skipBreak();
      else this.pos++;
    }
  }
}

function isBlankOrBreak(unit: number): boolean {
  return isBlank(unit) || isBreak(unit);
}

function isBlankText(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isBlank(text.charCodeAt(at))) return false;
  return true;
}
