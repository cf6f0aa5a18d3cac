// The YAML scanner of go-yaml v3, which cuts two tokens ahead of the parser so as to find comments (scannerc.go: yaml_parser_fetch_more_tokens).
// Without comments this shows in errors just behind a document, and in empty flow collections as keys, which v2 loses.

import { Scanner, TOKEN } from '../../yaml/scanner.ts';

const AHEAD = 2;
/** So many tokens that were read are dropped at once. */
const READ_TOKENS = 1024;

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
}
