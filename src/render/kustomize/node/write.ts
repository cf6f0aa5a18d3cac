// From nodes to text with their styles and comments, as go-yaml v3 writes them (emitterc.go). Long because it is one state machine; the states and
// their order are the original's, since where a comment lands depends on them.

import { type Node, STYLE } from './node.ts';
import { documentEvents, type EmitterEvent } from './node-events.ts';
import { analyzeScalar, isBreakCharacter, type ScalarAnalysis } from './scalar-analysis.ts';

/** The YAML text of a node (kyaml: String). */
export function writeNode(
  node: Node,
  comments: { readonly headComment?: string; readonly footComment?: string } = {},
): string {
  const emitter = new Emitter([...documentEvents(node, comments.headComment ?? '', comments.footComment ?? '')]);
  return emitter.run();
}

type State =
  | 'documentStart'
  | 'documentContent'
  | 'documentEnd'
  | 'flowSequenceFirst'
  | 'flowSequenceTrail'
  | 'flowSequenceItem'
  | 'flowMappingFirst'
  | 'flowMappingTrail'
  | 'flowMappingKey'
  | 'flowMappingSimpleValue'
  | 'flowMappingValue'
  | 'blockSequenceFirst'
  | 'blockSequenceItem'
  | 'blockMappingFirst'
  | 'blockMappingKey'
  | 'blockMappingSimpleValue'
  | 'blockMappingValue'
  | 'end';

const INDENT = 2;
/** A longer key is written with `? `. */
const MAX_SIMPLE_KEY = 128;
const ENCODER = new TextEncoder();

class Emitter {
  private readonly events: readonly EmitterEvent[];
  private position = 0;
  private state: State = 'documentStart';
  private readonly states: State[] = [];
  private out = '';
  private column = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  private flowLevel = 0;
  /** The last character was whitespace, or there is none. */
  private whitespace = true;
  /** Only indentation and indicators stand on this line so far. */
  private indention = true;
  private footIndent = -1;
  private isInMapping = false;
  private isSimpleKey = false;
  private head = '';
  private line = '';
  private foot = '';
  private tail = '';
  private keyLine = '';
  private analysis: ScalarAnalysis = analyzeScalar('');

  constructor(events: readonly EmitterEvent[]) {
    this.events = events;
  }

  run(): string {
    for (; this.position < this.events.length; this.position++) {
      const event = this.events[this.position];
      if (event === undefined) break;
      this.analyze(event);
      this.step(event);
    }
    return this.out;
  }

  private analyze(event: EmitterEvent): void {
    this.head = event.head || this.head;
    this.line = event.line || this.line;
    this.foot = event.foot || this.foot;
    this.tail = event.tail || this.tail;
    if (event.type === 'scalar') this.analysis = analyzeScalar(event.value);
  }

  private step(event: EmitterEvent): void {
    switch (this.state) {
      case 'documentStart':
        this.documentStart();
        return;
      case 'documentContent':
        this.documentContent(event);
        return;
      case 'documentEnd':
        this.documentEnd();
        return;
      case 'flowSequenceFirst':
      case 'flowSequenceTrail':
      case 'flowSequenceItem':
        this.flowSequenceItem(event, this.state === 'flowSequenceFirst', this.state === 'flowSequenceTrail');
        return;
      case 'flowMappingFirst':
      case 'flowMappingTrail':
      case 'flowMappingKey':
        this.flowMappingKey(event, this.state === 'flowMappingFirst', this.state === 'flowMappingTrail');
        return;
      case 'flowMappingSimpleValue':
      case 'flowMappingValue':
        this.flowMappingValue(event, this.state === 'flowMappingSimpleValue');
        return;
      case 'blockSequenceFirst':
      case 'blockSequenceItem':
        this.blockSequenceItem(event, this.state === 'blockSequenceFirst');
        return;
      case 'blockMappingFirst':
      case 'blockMappingKey':
        this.blockMappingKey(event, this.state === 'blockMappingFirst');
        return;
      case 'blockMappingSimpleValue':
      case 'blockMappingValue':
        this.blockMappingValue(event, this.state === 'blockMappingSimpleValue');
        return;
      case 'end':
        return;
    }
  }

  private popState(): void {
    this.state = this.states.pop() ?? 'end';
  }

  private popIndent(): void {
    this.indent = this.indents.pop() ?? -1;
  }

  private increaseIndent(flow: boolean, isCompactSequence = false): void {
    this.indents.push(this.indent);
    if (this.indent < 0) this.indent = flow ? INDENT : 0;
    else if (this.states.at(-1) === 'blockSequenceItem') this.indent += 2;
    else {
      this.indent = INDENT * Math.floor((this.indent + INDENT) / INDENT);
      if (isCompactSequence) this.indent -= 2;
    }
  }

  // --- Documents.

  private documentStart(): void {
    if (this.head !== '') {
      this.processHead();
      this.putBreak();
    }
    this.state = 'documentContent';
  }

  private documentContent(event: EmitterEvent): void {
    this.states.push('documentEnd');
    this.processHead();
    this.node(event, false, false);
    this.processLine();
    this.processFoot();
  }

  private documentEnd(): void {
    this.footIndent = 0;
    this.processFoot();
    this.footIndent = -1;
    this.writeIndent();
    this.state = 'end';
  }

  // --- Collections.

  private hasTrailingComments(): boolean {
    return this.line !== '' || this.foot !== '' || this.tail !== '';
  }

  private flowSequenceItem(event: EmitterEvent, isFirst: boolean, isTrail: boolean): void {
    if (isFirst) {
      this.writeIndicator('[', true, true, false);
      this.increaseIndent(true);
      this.flowLevel++;
    }
    if (event.type === 'sequenceEnd') {
      this.flowLevel--;
      this.popIndent();
      if (this.column === 0) this.writeIndent();
      this.writeIndicator(']', false, false, false);
      this.processLine();
      this.processFoot();
      this.popState();
      return;
    }
    if (!isFirst && !isTrail) this.writeIndicator(',', false, false, false);
    this.processHead();
    if (this.column === 0) this.writeIndent();
    this.states.push(this.hasTrailingComments() ? 'flowSequenceTrail' : 'flowSequenceItem');
    this.node(event, false, false);
    if (this.hasTrailingComments()) this.writeIndicator(',', false, false, false);
    this.processLine();
    this.processFoot();
  }

  private flowMappingKey(event: EmitterEvent, isFirst: boolean, isTrail: boolean): void {
    if (isFirst) {
      this.writeIndicator('{', true, true, false);
      this.increaseIndent(true);
      this.flowLevel++;
    }
    if (event.type === 'mappingEnd') {
      const hasComments = this.head !== '' || this.foot !== '' || this.tail !== '';
      if (hasComments && !isFirst && !isTrail) this.writeIndicator(',', false, false, false);
      this.processHead();
      this.flowLevel--;
      this.popIndent();
      this.writeIndicator('}', false, false, false);
      this.processLine();
      this.processFoot();
      this.popState();
      return;
    }
    if (!isFirst && !isTrail) this.writeIndicator(',', false, false, false);
    this.processHead();
    if (this.column === 0) this.writeIndent();
    if (this.canBeSimpleKey(event)) {
      this.states.push('flowMappingSimpleValue');
      this.node(event, true, true);
      return;
    }
    this.writeIndicator('?', true, false, false);
    this.states.push('flowMappingValue');
    this.node(event, true, false);
  }

  private flowMappingValue(event: EmitterEvent, isSimple: boolean): void {
    this.writeIndicator(':', !isSimple, false, false);
    this.states.push(this.hasTrailingComments() ? 'flowMappingTrail' : 'flowMappingKey');
    this.node(event, true, false);
    if (this.hasTrailingComments()) this.writeIndicator(',', false, false, false);
    this.processLine();
    this.processFoot();
  }

  private blockSequenceItem(event: EmitterEvent, isFirst: boolean): void {
    if (isFirst) this.increaseIndent(false, this.isInMapping && (this.column === 0 || !this.indention));
    if (event.type === 'sequenceEnd') {
      this.popIndent();
      this.popState();
      return;
    }
    this.processHead();
    this.writeIndent();
    this.writeIndicator('-', true, false, true);
    this.states.push('blockSequenceItem');
    this.node(event, false, false);
    this.processLine();
    this.processFoot();
  }

  private blockMappingKey(event: EmitterEvent, isFirst: boolean): void {
    if (isFirst) this.increaseIndent(false);
    this.processHead();
    if (event.type === 'mappingEnd') {
      this.popIndent();
      this.popState();
      return;
    }
    this.writeIndent();
    if (this.line !== '') {
      this.keyLine = this.line;
      this.line = '';
    }
    if (this.canBeSimpleKey(event)) {
      this.states.push('blockMappingSimpleValue');
      this.node(event, true, true);
      return;
    }
    this.writeIndicator('?', true, false, true);
    this.states.push('blockMappingValue');
    this.node(event, true, false);
  }

  private blockMappingValue(event: EmitterEvent, isSimple: boolean): void {
    if (isSimple) this.writeIndicator(':', false, false, false);
    else {
      this.writeIndent();
      this.writeIndicator(':', true, false, true);
    }
    if (this.keyLine !== '') this.placeKeyLine(event);
    this.states.push('blockMappingKey');
    this.node(event, true, false);
    this.processLine();
    this.processFoot();
  }

  /** The line comment of a key goes behind a plain value, or above a block. */
  private placeKeyLine(event: EmitterEvent): void {
    if (event.type === 'scalar') {
      if (this.line !== '') return;
      this.line = this.keyLine;
      this.keyLine = '';
    } else if (event.style !== STYLE.flow && (event.type === 'mappingStart' || event.type === 'sequenceStart')) {
      [this.line, this.keyLine] = [this.keyLine, this.line];
      this.processLine();
      [this.line, this.keyLine] = [this.keyLine, this.line];
    }
  }

  // --- Nodes.

  private node(event: EmitterEvent, isInMapping: boolean, isSimpleKey: boolean): void {
    this.isInMapping = isInMapping;
    this.isSimpleKey = isSimpleKey;
    if (event.type === 'alias') this.writeMark('*', event.value);
    else if (event.anchor !== '') this.writeMark('&', event.anchor);
    if (event.tag !== '') this.writeTag(event.tag);
    if (event.type === 'scalar') this.scalar(event);
    else if (event.type === 'sequenceStart') {
      const isFlow = this.flowLevel > 0 || event.style === STYLE.flow || this.nextType() === 'sequenceEnd';
      this.state = isFlow ? 'flowSequenceFirst' : 'blockSequenceFirst';
      return;
    } else if (event.type === 'mappingStart') {
      const isFlow = this.flowLevel > 0 || event.style === STYLE.flow || this.nextType() === 'mappingEnd';
      this.state = isFlow ? 'flowMappingFirst' : 'blockMappingFirst';
      return;
    }
    this.popState();
  }

  private nextType(): string | undefined {
    return this.events[this.position + 1]?.type;
  }

  private canBeSimpleKey(event: EmitterEvent): boolean {
    const length = byteLength(event.anchor) + (event.tag === '' ? 0 : byteLength(event.tag));
    switch (event.type) {
      case 'alias':
        return byteLength(event.value) <= MAX_SIMPLE_KEY;
      case 'scalar':
        return !this.analysis.multiline && length + byteLength(event.value) <= MAX_SIMPLE_KEY;
      case 'sequenceStart':
        return this.nextType() === 'sequenceEnd' && length <= MAX_SIMPLE_KEY;
      case 'mappingStart':
        return this.nextType() === 'mappingEnd' && length <= MAX_SIMPLE_KEY;
      default:
        return false;
    }
  }

  private writeMark(indicator: string, name: string): void {
    this.writeIndicator(indicator, true, false, false);
    this.put(name);
    this.whitespace = false;
    this.indention = false;
  }

  private writeTag(tag: string): void {
    if (!this.whitespace) this.put(' ');
    this.put(tag.startsWith('!') ? tag : `!<${tag}>`);
    this.whitespace = false;
    this.indention = false;
  }

  private scalar(event: EmitterEvent): void {
    const style = this.scalarStyle(event);
    this.increaseIndent(true);
    if (style === 0) this.plain(event.value);
    else if (style === STYLE.single) this.singleQuoted(event.value);
    else if (style === STYLE.double) this.doubleQuoted(event.value);
    else if (style === STYLE.literal) this.literal(event.value);
    else this.folded(event.value);
    this.popIndent();
  }

  private scalarStyle({ value, style: wanted }: EmitterEvent): number {
    const { multiline, flowPlain, blockPlain, single, block } = this.analysis;
    let style = this.isSimpleKey && multiline ? STYLE.double : wanted;
    if (style === 0) {
      const isAllowed = this.flowLevel > 0 ? flowPlain : blockPlain;
      if (!isAllowed || (value === '' && (this.flowLevel > 0 || this.isSimpleKey))) style = STYLE.single;
    }
    if (style === STYLE.single && !single) style = STYLE.double;
    const isBlock = style === STYLE.literal || style === STYLE.folded;
    return isBlock && (!block || this.flowLevel > 0 || this.isSimpleKey) ? STYLE.double : style;
  }

  private plain(text: string): void {
    if (text !== '' && !this.whitespace) this.put(' ');
    this.putLines(text, (character) => character);
    if (text !== '') this.whitespace = false;
    this.indention = false;
  }

  private singleQuoted(text: string): void {
    this.writeIndicator("'", true, false, false);
    this.putLines(text, (character) => (character === "'" ? "''" : character));
    this.writeIndicator("'", false, false, false);
    this.whitespace = false;
    this.indention = false;
  }

  /** A text whose line breaks are doubled, as they are folded when read. */
  private putLines(text: string, escape_: (character: string) => string): void {
    let breaks = false;
    for (const character of text) {
      if (isBreakCharacter(character)) {
        if (!breaks && character === '\n') this.putBreak();
        this.putTextBreak(character);
        breaks = true;
      } else {
        if (breaks) this.writeIndent();
        this.put(escape_(character));
        this.indention = false;
        breaks = false;
      }
    }
  }

  private doubleQuoted(text: string): void {
    this.writeIndicator('"', true, false, false);
    for (const character of text) this.put(escapeCharacter(character));
    this.writeIndicator('"', false, false, false);
    this.whitespace = false;
    this.indention = false;
  }

  private literal(text: string): void {
    this.blockHeader('|', text);
    let breaks = true;
    for (const character of text) {
      if (isBreakCharacter(character)) {
        this.putTextBreak(character);
        breaks = true;
      } else {
        if (breaks) this.writeIndent();
        this.put(character);
        this.indention = false;
        breaks = false;
      }
    }
  }

  /** The original looks at the start of the text for what follows a line break. */
  private folded(text: string): void {
    this.blockHeader('>', text);
    const startsBlank = /^[\n\r\u0085\u2028\u2029]*(?:[ \t]|$)/.test(text);
    let breaks = true;
    let leadingSpaces = true;
    for (const character of text) {
      if (isBreakCharacter(character)) {
        if (!breaks && !leadingSpaces && character === '\n' && !startsBlank) this.putBreak();
        this.putTextBreak(character);
        breaks = true;
      } else {
        if (breaks) {
          this.writeIndent();
          leadingSpaces = character === ' ' || character === '\t';
        }
        this.put(character);
        this.indention = false;
        breaks = false;
      }
    }
  }

  private blockHeader(indicator: string, text: string): void {
    this.writeIndicator(indicator, true, false, false);
    if (text.startsWith(' ') || isBreakCharacter(text.charAt(0)))
      this.writeIndicator(String(INDENT), false, false, false);
    const chomping = chompingHint(text);
    if (chomping !== '') this.writeIndicator(chomping, false, false, false);
    if (this.line === '') this.putBreak();
    else this.processLine();
    this.whitespace = true;
  }

  // --- Comments.

  private processHead(): void {
    if (this.tail !== '') {
      this.writeIndent();
      this.writeComment(this.tail);
      this.tail = '';
      this.footIndent = Math.max(this.indent, 0);
    }
    if (this.head === '') return;
    this.writeIndent();
    this.writeComment(this.head);
    this.head = '';
  }

  private processLine(): void {
    if (this.line === '') return;
    if (!this.whitespace) this.put(' ');
    this.writeComment(this.line);
    this.line = '';
  }

  private processFoot(): void {
    if (this.foot === '') return;
    this.writeIndent();
    this.writeComment(this.foot);
    this.foot = '';
    this.footIndent = Math.max(this.indent, 0);
  }

  private writeComment(comment: string): void {
    let breaks = false;
    let pound = false;
    for (const character of comment) {
      if (isBreakCharacter(character)) {
        this.putTextBreak(character);
        breaks = true;
        pound = false;
        continue;
      }
      if (breaks) this.writeIndent();
      if (!pound) {
        if (character !== '#') this.put('# ');
        pound = true;
      }
      this.put(character);
      this.indention = false;
      breaks = false;
    }
    if (!breaks) this.putBreak();
    this.whitespace = true;
  }

  // --- Characters.

  private put(text: string): void {
    this.out += text;
    this.column += text.length;
  }

  private putBreak(): void {
    this.out += '\n';
    this.column = 0;
    this.indention = true;
  }

  /** A line break of the text itself stays what it is. */
  private putTextBreak(character: string): void {
    this.out += character;
    this.column = 0;
    this.indention = true;
  }

  private writeIndent(): void {
    const indent = Math.max(this.indent, 0);
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.putBreak();
    if (this.footIndent === indent) this.putBreak();
    if (this.column < indent) this.put(' '.repeat(indent - this.column));
    this.whitespace = true;
    this.footIndent = -1;
  }

  private writeIndicator(
    indicator: string,
    needsWhitespace: boolean,
    isWhitespace: boolean,
    keepsIndention: boolean,
  ): void {
    if (needsWhitespace && !this.whitespace) this.put(' ');
    this.put(indicator);
    this.whitespace = isWhitespace;
    this.indention = this.indention && keepsIndention;
  }
}

function byteLength(text: string): number {
  return ENCODER.encode(text).length;
}

/** `-` where the text ends without a line break, `+` where it ends with more than one (or is nothing else). */
function chompingHint(text: string): string {
  if (!isBreakCharacter(text.charAt(text.length - 1))) return '-';
  return text.length === 1 || isBreakCharacter(text.charAt(text.length - 2)) ? '+' : '';
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escapeCharacter(character: string): string {
  const short = ESCAPES[character];
  if (short !== undefined && character !== '\xa0') return short;
  const code = character.codePointAt(0) ?? 0;
  const isPrintable =
    (code >= 0x20 && code < 0x7f) ||
    (code >= 0xa0 && code <= 0xfffd && code !== 0xfeff && (code < 0xd800 || code > 0xdfff));
  if (isPrintable) return character;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
