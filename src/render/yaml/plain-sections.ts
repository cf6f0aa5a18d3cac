// What a reader of a document's head need not read: sections under keys at the top that hold nothing but plain block YAML. Most of a
// manifest is that (the schema of a CustomResourceDefinition above all), and lines that a regular expression knows are passed over
// some ten times faster than tokens. What is taken for plain is a small part of what go-yaml takes, and never more.

/** Line breaks, tabs and marks that go-yaml sees and these expressions do not. */
const UNUSUAL = /[\t\r\x85\u2028\u2029\ufeff]/;

/** Deeper than this, the composer's own limit may speak. */
const MAX_BLOCKS = 500;

/** Text of a plain scalar after its first character: no ': ', no ' #', no space at its end. */
const REST = '(?:[^\\s:#]|:(?=[^\\s])|(?<=[^\\s])#| +(?=[^\\s#]))*';

/** What JSON has no number for is not for passing over. */
const NO_HUGE_NUMBER = '(?!\\d[\\d._]*[eE][-+]?\\d+(?:\\s|$)|\\d{300})';

/** No indicator begins it. */
const PLAIN = `${NO_HUGE_NUMBER}(?:[A-Za-z0-9_/$^(~;]|\\.(?=[A-HJ-MO-Za-hj-mo-z])|-(?=[A-Za-z-]))${REST}|-?\\d{1,18}(?![^\\s])`;

/** On more lines than one too, where these are indented. */
const QUOTED = `"(?:[^"\\\\\\n]|\\\\["\\\\nrt]|\\\\?\\n(?=[ \\n]))*"|'(?:[^'\\n]|''|\\n(?=[ \\n]))*'`;

const ITEM = `${NO_HUGE_NUMBER}[A-Za-z0-9_/][A-Za-z0-9_/.-]*|"[^"\\\\\\n]*"|'[^'\\n]*'`;
const FLOW = `\\{\\}|\\[ *(?:(?:${ITEM})(?:, *(?:${ITEM}))*)? *\\]`;

/** Keys that are text whatever YAML 1.1 makes of words; null is none. */
const KEY = `(?!(?:null|Null|NULL):)[A-Za-z_$/][\\w./$-]{0,200}|"[^"\\\\\\n<]{1,200}"`;

/** 1 dashes; then what is there: 2 a key, 3 a plain scalar, 4 any other complete value, 5 a block scalar's header, 6 a comment. */
const ENTRY = new RegExp(
  `((?:- +)*)(?:()(?:${KEY}):(?=[ \\n]|$) *|)(?:()(?:${PLAIN})|()(?:${QUOTED}|${FLOW})|()[|>][-+]?(?=\\n)|)(?: +()#[^\\n]*| *)(?:\\n|$)`,
  'y',
);

const KEY_HERE = /"?([^":]*)/y;
const CONTINUATION = new RegExp(`[^\\s:#]${REST} *(?:\\n|$)`, 'y');

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;

interface Block {
  readonly column: number;
  readonly isSequence: boolean;
}

/**
 * `text` without the values of the keys at its top that are not wanted, as far as everything from its start is plain block YAML. Lines are
 * dropped and not blanked: places in the result are not those of `text`.
 */
export function withoutPlainSections(text: string, isWanted: (key: string) => boolean): string {
  if (UNUSUAL.test(text)) return text;
  const lines = new PlainLines(text);
  let kept = '';
  let keptTo = 0;
  /** Where the value of the unwanted key begins in whose section the reader is. */
  let dropFrom: number | undefined;
  while (lines.position < text.length) {
    const begin = lines.position;
    if (!lines.next()) return kept + text.slice(keptTo);
    if (lines.topKey === undefined) continue;
    if (dropFrom !== undefined) {
      kept += text.slice(keptTo, dropFrom);
      keptTo = begin;
    }
    dropFrom = lines.isOpen && !isWanted(lines.topKey) ? lines.position : undefined;
  }
  return kept + text.slice(keptTo, dropFrom ?? text.length);
}

/** Passes the lines of a document one entry after the other, holding the blocks that are open. */
class PlainLines {
  /** Where the next line begins. */
  position = 0;
  /** The key at the top of the document that the last entry is. */
  topKey: string | undefined;
  /** The last entry has no value on its own line. */
  isOpen = false;
  private readonly text: string;
  private readonly blocks: Block[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Passes one entry with all lines of its scalar, or a line without content; false where it is not plain. */
  next(): boolean {
    this.topKey = undefined;
    const indentation = this.toContent();
    if (this.passBlank()) return true;
    const begin = this.position;
    const entry = this.match(ENTRY);
    if (entry === null) return false;
    const [, dashes = '', key, plain, complete, header, comment] = entry;
    const isPlaced =
      dashes === '' && key === undefined
        ? this.mayHaveValue(indentation) && header === undefined
        : this.place(indentation, dashes, key !== undefined);
    if (!isPlaced) return false;
    if (key !== undefined && this.blocks.length === 1) this.topKey = this.keyAt(begin);
    this.isOpen = (plain ?? complete ?? header) === undefined;
    const column = this.column();
    if (plain !== undefined) return this.passContinuation(column, comment === undefined);
    return header === undefined || this.passBlockScalar(column);
  }

  private match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.position;
    const found = expression.exec(this.text);
    if (found !== null) this.position = expression.lastIndex;
    return found;
  }

  private keyAt(position: number): string | undefined {
    KEY_HERE.lastIndex = position;
    return KEY_HERE.exec(this.text)?.[1];
  }

  private column(): number {
    return this.blocks[this.blocks.length - 1]?.column ?? -1;
  }

  /** Passes the spaces at the start of a line; how many. */
  private toContent(): number {
    const begin = this.position;
    while (this.text.charCodeAt(this.position) === SPACE) this.position++;
    return this.position - begin;
  }

  /** Passes the rest of a line that is empty or a comment. */
  private passBlank(): boolean {
    const unit = this.text.charCodeAt(this.position);
    if (unit !== LINE_FEED && unit !== HASH && this.position < this.text.length) return false;
    this.passLine();
    return true;
  }

  private passLine(): void {
    const end = this.text.indexOf('\n', this.position);
    this.position = end === -1 ? this.text.length : end + 1;
  }

  private isAtBreak(): boolean {
    return this.text.charCodeAt(this.position) === LINE_FEED;
  }

  /** Opens and closes blocks for an entry of these dashes and perhaps a key. */
  private place(indentation: number, dashes: string, hasKey: boolean): boolean {
    let mayOpen = this.isOpen || this.blocks.length === 0;
    for (; this.column() > indentation; mayOpen = false) this.blocks.pop();
    let column = indentation;
    for (let at = 0; at < dashes.length; ) {
      if (!this.enter(column, true, mayOpen)) return false;
      mayOpen = true;
      const next = dashes.indexOf('-', at + 1);
      const width = (next === -1 ? dashes.length : next) - at;
      at += width;
      column += width;
    }
    if (!hasKey) return this.blocks.length > 1;
    return this.enter(column, false, mayOpen) && this.blocks[0]?.isSequence === false;
  }

  /** The value of the entry before, on a line of its own. */
  private mayHaveValue(indentation: number): boolean {
    return this.isOpen && indentation > this.column();
  }

  private enter(column: number, isSequence: boolean, mayOpen: boolean): boolean {
    const top = this.blocks[this.blocks.length - 1];
    if (top?.column === column) {
      if (top.isSequence === isSequence) return true;
      // A sequence may stand at the column of the mapping whose key it belongs to.
      if (isSequence) return mayOpen && this.open(column, true);
      const below = this.blocks[this.blocks.length - 2];
      if (below?.column !== column || below.isSequence) return false;
      this.blocks.pop();
      return true;
    }
    return mayOpen && this.open(column, isSequence);
  }

  private open(column: number, isSequence: boolean): boolean {
    this.blocks.push({ column, isSequence });
    return this.blocks.length < MAX_BLOCKS && this.blocks[0]?.column === 0;
  }

  /** The further lines of a plain scalar in a block at `column`; a comment ends it. */
  private passContinuation(column: number, mayContinue: boolean): boolean {
    while (this.position < this.text.length) {
      const begin = this.position;
      const indentation = this.toContent();
      if (this.isAtBreak()) {
        this.position++;
        continue;
      }
      if (indentation <= column || this.position === this.text.length) {
        this.position = begin;
        return true;
      }
      if (!mayContinue || this.match(CONTINUATION) === null) {
        if (!this.passBlank()) return false;
        mayContinue = false;
      }
    }
    return true;
  }

  private passBlockScalar(column: number): boolean {
    let blanks = 0;
    let indentation: number | undefined;
    while (this.position < this.text.length) {
      const begin = this.position;
      const here = this.toContent();
      if (this.isAtBreak()) {
        if (indentation === undefined) blanks = Math.max(blanks, here);
        this.position++;
        continue;
      }
      indentation ??= Math.max(here, column + 1);
      if (here < indentation) {
        this.position = begin;
        break;
      }
      this.passLine();
    }
    // A blank line that is indented deeper than the text sets the indentation.
    return blanks <= (indentation ?? 0);
  }
}
