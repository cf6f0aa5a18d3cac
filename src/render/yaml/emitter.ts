// Values → YAML text in block style, byte for byte as go-yaml's emitter writes it (emitterc.go and encode.go of go.yaml.in/yaml
// v2.4.4 and v3.0.5). The original is a state machine over events that serves all of YAML; what Go values need of it is this.

import { formatFloat } from '../go/strconv.ts';
import { byteLength, isValidUtf8, utf8Encode } from '../go/strings.ts';
import { compareKeys } from './key-order.ts';
import { type Dialect, isOldBoolean, resolvesToString } from './resolve.ts';
import { isBreak, isMultiline, isPrintable, type ScalarStyle, selectStyle } from './scalar-style.ts';

/** A map's entries in the order in which they are to be written. */
export class Entries<V> {
  readonly list: readonly (readonly [string, V])[];
  constructor(list: readonly (readonly [string, V])[]) {
    this.list = list;
  }
}

/** What a value is to the emitter. A bigint is an integer, a number a float; a Map is written in the order of its keys. */
export type Shape<V> = null | boolean | string | number | bigint | readonly V[] | ReadonlyMap<string, V> | Entries<V>;

export interface EmitterOptions<V> {
  readonly dialect: Dialect;
  shapeOf(value: V): Shape<V>;
  /** A float as a plain scalar. */
  formatFloat(value: number): string;
}

/** v2 folds lines at the first space after this many columns; v3 does not. */
const WIDTH = 80;
const INDENT = 2;
/** A longer key is written with `? `. */
const MAX_SIMPLE_KEY_BYTES = 128;

/** The document of a value, with its last line break. */
export function emitDocument<V>(value: V, options: EmitterOptions<V>): string {
  const emitter = new Emitter(options);
  emitter.node(value, 'root');
  return emitter.finish();
}

/** Where a node stands. */
type Context = 'root' | 'item' | 'key' | 'value';

class Emitter<V> {
  private readonly options: EmitterOptions<V>;
  private readonly width: number;
  private out = '';
  private column = 0;
  private indent = -1;
  /** The last character was whitespace (or there is none). */
  private whitespace = true;
  /** Only indentation and indicators like `- ` stand on this line so far. */
  private indention = true;

  constructor(options: EmitterOptions<V>) {
    this.options = options;
    this.width = options.dialect === 'v2' ? WIDTH : Number.MAX_SAFE_INTEGER;
  }

  finish(): string {
    this.writeIndent();
    return this.out;
  }

  node(value: V, context: Context): void {
    const shape = this.options.shapeOf(value);
    if (typeof shape === 'string') this.string(shape, false);
    else if (shape === null) this.plainText('null');
    else if (typeof shape === 'number') this.plainText(this.options.formatFloat(shape));
    else if (typeof shape === 'boolean' || typeof shape === 'bigint') this.plainText(String(shape));
    else if (shape instanceof Entries) this.mapping(shape.list);
    else if (shape instanceof Map) this.mapping(this.sorted(shape));
    else if (Array.isArray(shape) && shape.length > 0) this.sequence(shape, context);
    else this.plainText('[]');
  }

  private sorted(map: ReadonlyMap<string, V>): [string, V][] {
    const { dialect } = this.options;
    return [...map].sort(([a], [b]) => compareKeys(a, b, dialect));
  }

  private sequence(items: readonly V[], context: Context): void {
    const outer = this.indent;
    const indentless = this.options.dialect === 'v2' && context === 'value' && !this.indention;
    if (!indentless) this.indent = outer < 0 ? 0 : outer + INDENT;
    for (const item of items) {
      this.writeIndent();
      this.writeIndicator('-', true, true);
      this.node(item, 'item');
    }
    this.indent = outer;
  }

  private mapping(entries: readonly (readonly [string, V])[]): void {
    if (entries.length === 0) this.plainText('{}');
    const outer = this.indent;
    this.indent = outer < 0 ? 0 : outer + INDENT;
    for (const [key, value] of entries) {
      this.writeIndent();
      if (isSimpleKey(key)) {
        this.string(key, true);
        this.writeIndicator(':', false, false);
      } else {
        this.writeIndicator('?', true, true);
        this.string(key, false);
        this.writeIndent();
        this.writeIndicator(':', true, true);
      }
      this.node(value, 'value');
    }
    this.indent = outer;
  }

  // --- Scalars. Their continuation lines are indented one level more.

  private string(value: string, asKey: boolean): void {
    const { dialect } = this.options;
    let text = value;
    let plain = true;
    if (isValidUtf8(value)) plain = resolvesToString(value, dialect) && !isBase60(value);
    else {
      text = foldBase64(value);
      this.writeIndicator('!!binary', true, false);
    }
    if (dialect === 'v3' && plain && isOldBoolean(text)) plain = false;
    const wanted: ScalarStyle = text.includes('\n') ? 'literal' : plain ? 'plain' : 'double';
    const style = selectStyle(text, wanted, asKey, dialect);

    const outer = this.indent;
    this.indent = outer < 0 ? INDENT : outer + INDENT;
    if (style === 'plain') this.plainScalar(text, !asKey);
    else if (style === 'single') this.singleQuoted(text, !asKey);
    else if (style === 'double') this.doubleQuoted(text, !asKey);
    else this.literal(text);
    this.indent = outer;
  }

  /** A word that is never folded. */
  private plainText(text: string): void {
    if (!this.whitespace) this.put(' ');
    this.put(text);
    this.whitespace = false;
    this.indention = false;
  }

  private plainScalar(text: string, mayFold: boolean): void {
    if (text !== '' && !this.whitespace) this.put(' ');
    if (this.fits(text, mayFold)) this.put(text);
    else this.folded(text, false);
    if (text !== '') this.whitespace = false;
    this.indention = false;
  }

  private singleQuoted(text: string, mayFold: boolean): void {
    this.writeIndicator("'", true, false);
    if (this.fits(text, mayFold)) this.put(text.replaceAll("'", "''"));
    else this.folded(text, true);
    this.writeIndicator("'", false, false);
  }

  /** True when the text is written as it is: it has no line break, and no space comes late enough to be folded at. */
  private fits(text: string, mayFold: boolean): boolean {
    if (isMultiline(text)) return false;
    // Doubled quotes count, so that the bound is twice the length.
    return !mayFold || this.column + 2 * text.length <= this.width || !text.includes(' ');
  }

  /** Text that has line breaks or may be folded at its spaces. */
  private folded(text: string, quoted: boolean): void {
    let spaces = false;
    let breaks = false;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 0x20) {
        const inside = !quoted || (i > 0 && i < text.length - 1);
        const late = !spaces && this.column > this.width && inside;
        if (late && text.charCodeAt(i + 1) !== 0x20) this.writeIndent();
        else this.put(' ');
        spaces = true;
      } else if (isBreak(unit)) {
        if (!breaks && unit === 0x0a) this.putBreak();
        this.putTextBreak(text.charAt(i));
        breaks = true;
      } else {
        if (breaks) this.writeIndent();
        this.put(quoted && unit === 0x27 ? "''" : text.charAt(i));
        this.indention = false;
        spaces = false;
        breaks = false;
      }
    }
  }

  private doubleQuoted(text: string, mayFold: boolean): void {
    this.writeIndicator('"', true, false);
    // go-yaml looks for a byte order mark at the start of the text, whatever character it is at, and then escapes all.
    const escapeAll = text.charCodeAt(0) === 0xfeff;
    let spaces = false;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (escapeAll || !isPrintable(unit) || isBreak(unit) || unit === 0x22 || unit === 0x5c) {
        const code = text.codePointAt(i) ?? 0;
        if (code > 0xffff) i++;
        this.put(escapeCharacter(code));
        spaces = false;
      } else if (unit === 0x20) {
        if (mayFold && !spaces && this.column > this.width && i > 0 && i < text.length - 1) {
          this.writeIndent();
          if (text.charCodeAt(i + 1) === 0x20) this.put('\\');
        } else this.put(' ');
        spaces = true;
      } else {
        this.put(text.charAt(i));
        spaces = false;
      }
    }
    this.writeIndicator('"', false, false);
  }

  private literal(text: string): void {
    this.writeIndicator('|', true, false);
    const first = text.charCodeAt(0);
    if (first === 0x20 || isBreak(first)) this.put(String(INDENT));
    this.put(chompingHint(text));
    this.putBreak();
    this.whitespace = true;
    let from = 0;
    for (let i = 0; i <= text.length; i++) {
      if (i < text.length && !isBreak(text.charCodeAt(i))) continue;
      if (i > from) {
        this.writeIndent();
        this.put(text.slice(from, i));
        this.indention = false;
      }
      if (i < text.length) this.putTextBreak(text.charAt(i));
      from = i + 1;
    }
  }

  // --- Characters.

  /** Writes text without line breaks and without surrogate pairs. */
  private put(text: string): void {
    this.out += text;
    this.column += text.length;
  }

  private putBreak(): void {
    this.out += '\n';
    this.column = 0;
    this.indention = true;
  }

  /** A line break of the text itself; those that are no line feed stay what they are. */
  private putTextBreak(character: string): void {
    if (character === '\n') this.putBreak();
    else {
      this.out += character;
      this.column = 0;
      this.indention = true;
    }
  }

  private writeIndent(): void {
    const indent = Math.max(this.indent, 0);
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace)) this.putBreak();
    if (this.column < indent) this.put(' '.repeat(indent - this.column));
    this.whitespace = true;
    this.indention = true;
  }

  /** `keepsIndention`: after it the line still counts as indentation, so that a collection may begin on it. */
  private writeIndicator(indicator: string, needsWhitespace: boolean, keepsIndention: boolean): void {
    if (needsWhitespace && !this.whitespace) this.put(' ');
    this.put(indicator);
    this.whitespace = false;
    this.indention = this.indention && keepsIndention;
  }
}

function isSimpleKey(key: string): boolean {
  if (!isValidUtf8(key)) return !foldBase64(key).includes('\n');
  if (key.length > MAX_SIMPLE_KEY_BYTES || isMultiline(key)) return false;
  return key.length * 3 <= MAX_SIMPLE_KEY_BYTES || byteLength(key) <= MAX_SIMPLE_KEY_BYTES;
}

/** The base 60 numbers of YAML 1.1, which older readers still know. */
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

function isBase60(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first < 0x3a || first > 0x7f) && text.includes(':') && BASE_60.test(text);
}

/** Base64 in lines of 70 characters when it is longer than one. */
function foldBase64(text: string): string {
  let binary = '';
  for (const byte of utf8Encode(text)) binary += String.fromCharCode(byte);
  const base64 = btoa(binary);
  return base64.length < 70 ? base64 : base64.replace(/.{1,70}/g, '$&\n');
}

const SHORT_ESCAPES: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  27: '\\e',
  34: '\\"',
  92: '\\\\',
  133: '\\N',
  160: '\\_',
  8232: '\\L',
  8233: '\\P',
};

function escapeCharacter(code: number): string {
  const short = SHORT_ESCAPES[code];
  if (short !== undefined) return short;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

/** `-` where the text ends without a line break, `+` where it ends with more than one (or is nothing else). */
function chompingHint(text: string): string {
  if (!isBreak(text.charCodeAt(text.length - 1))) return '-';
  return text.length === 1 || isBreak(text.charCodeAt(text.length - 2)) ? '+' : '';
}

/** A float as both dialects write it. */
export function formatYamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return formatFloat(value, 'g', -1);
}
