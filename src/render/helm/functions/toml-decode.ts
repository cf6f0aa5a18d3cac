// Reading TOML (BurntSushi/toml v1.6.0: parse.go, decode.go), into the Go values and with the error texts that charts show.

import { HawserError } from '../../../base/errors.ts';
import { quote } from '../../go/quote.ts';
import { parseGoFloat, parseGoInt } from '../../go/strconv.ts';
import { parseTime } from '../../go/time-parse.ts';
import { timeValue } from '../../go/time-value.ts';
import { GoSlice, type GoValue, goInt64 } from '../../go/value.ts';
import { fixedZone, UTC, type Zone } from '../../go/zone.ts';
import { tomlKey } from './toml-key.ts';
import { type Item, type ItemType, TomlLexer } from './toml-lexer.ts';

type Table = Map<string, GoValue>;

const TABLES = '[]map[string]interface {}';

/** How deep arrays and inline tables may lie in each other; the library has no bound but its stack. */
const MAX_DEPTH = 500;

/** A TOML document as a Go map[string]interface{}. Throws RenderFailed with the library's text. */
export function decodeToml(text: string): Table {
  const parser = new Parser(withoutByteOrderMark(text));
  return parser.parse();
}

function withoutByteOrderMark(text: string): string {
  const rest = text.replace(/^(?:\ufeff|\udcff\udcfe|\udcfe\udcff)/, '');
  if (rest.slice(0, 6).includes('\0')) {
    throw tomlError(1, '', 'files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8');
  }
  return rest;
}

function tomlError(line: number, lastKey: string, message: string): HawserError {
  const where = lastKey === '' ? '' : ` (last key ${quote(lastKey)})`;
  return new HawserError('RenderFailed', `toml: line ${line}${where}: ${message}`);
}

function tooDeep(): HawserError {
  return new HawserError('LimitExceeded', `TOML is nested more than ${MAX_DEPTH} deep`);
}

class Parser {
  private readonly lexer: TomlLexer;
  private readonly root: Table = new Map();
  /** Keys of arrays, and of tables that only a longer key implied. */
  private readonly arrays = new Set<string>();
  private readonly implicit = new Set<string>();
  private context: readonly string[] = [];
  private currentKey = '';
  private line = 1;
  private depth = 0;

  constructor(text: string) {
    this.lexer = new TomlLexer(text);
  }

  parse(): Table {
    for (let item = this.next(); item.type !== 'eof'; item = this.next()) this.topLevel(item);
    return this.root;
  }

  private next(): Item {
    const item = this.lexer.nextItem();
    if (item.type === 'error') throw this.problemAt(item, item.text);
    return item;
  }

  private problemAt(item: Item, message: string): HawserError {
    return tomlError(item.line, this.current(), message);
  }

  private problem(message: string): HawserError {
    return tomlError(this.line, this.current(), message);
  }

  /** The full name of the key at hand. */
  private current(): string {
    if (this.currentKey === '') return tomlKey(this.context);
    return this.context.length === 0 ? this.currentKey : `${tomlKey(this.context)}.${this.currentKey}`;
  }

  private topLevel(item: Item): void {
    switch (item.type) {
      case 'commentStart':
        this.next();
        return;
      case 'tableStart':
        this.openContext(this.readKey('tableEnd'), false);
        this.noteArray(this.context, false);
        return;
      case 'arrayTableStart':
        this.openContext(this.readKey('arrayTableEnd'), true);
        this.noteArray(this.context, false);
        return;
      default:
        this.readPair();
    }
  }

  private readKey(end: ItemType): string[] {
    const first = this.next();
    this.line = first.line;
    const key: string[] = [];
    for (let item = first; item.type !== end && item.type !== 'eof'; item = this.next()) {
      key.push(item.type === 'text' ? item.text : this.readString(item));
    }
    return key;
  }

  private readString(item: Item): string {
    const value = this.readValue(item, false);
    return typeof value === 'string' ? value : '';
  }

  /** `a.b = value`, at the top level. */
  private readPair(): void {
    const outer = this.context;
    this.enterKey(this.readKey('keyEnd'));
    const value = this.readValue(this.next(), false);
    this.setValue(this.currentKey, value);
    this.noteArray([...this.context, this.currentKey], Array.isArray(value));
    this.context = outer;
    this.currentKey = '';
  }

  /** Makes the last part of the key the current one, and tables of the others. */
  private enterKey(key: readonly string[]): void {
    if (key.length > MAX_DEPTH) throw tooDeep();
    this.currentKey = key.at(-1) ?? '';
    for (const part of key.slice(0, -1)) {
      const context = [...this.context, part];
      this.implicit.add(tomlKey(context));
      this.openContext(context, false);
    }
  }

  private readValue(item: Item, parentIsArray: boolean): GoValue {
    switch (item.type) {
      case 'string':
      case 'rawString':
        return item.text;
      case 'escapedString':
        return this.replaceEscapes(item, item.text);
      case 'multilineString':
        return this.replaceEscapes(item, joinEscapedLines(withoutFirstNewline(item.text)));
      case 'rawMultilineString':
        return withoutFirstNewline(item.text);
      case 'integer':
        return this.readInteger(item);
      case 'float':
        return this.readFloat(item);
      case 'bool':
        return item.text === 'true';
      case 'datetime':
        return this.readDatetime(item);
      case 'array':
        return this.nested(() => this.readArray());
      default:
        return this.nested(() => this.readInlineTable(parentIsArray));
    }
  }

  private nested(read: () => GoValue): GoValue {
    if (++this.depth > MAX_DEPTH) {
      throw tooDeep();
    }
    const value = read();
    this.depth--;
    return value;
  }

  private readInteger(item: Item): GoValue {
    const { text } = item;
    if (!hasGoodUnderscores(text)) {
      throw this.problemAt(item, `Invalid integer ${quote(text)}: underscores must be surrounded by digits`);
    }
    if (hasLeadingZero(text)) {
      throw this.problemAt(item, `Invalid integer ${quote(text)}: cannot have leading zeroes`);
    }
    const { value, error } = parseGoInt(text, 0, 64);
    if (error !== undefined) throw this.problemAt(item, `${text} is out of range for int64`);
    return goInt64(value);
  }

  private readFloat(item: Item): GoValue {
    const { text } = item;
    const invalid = (why: string) => this.problemAt(item, `Invalid float ${quote(text)}: ${why}`);
    const parts = text.split(/[.eE]/).filter((part) => part !== '');
    if (!parts.every(hasGoodUnderscores)) throw invalid('underscores must be surrounded by digits');
    if (hasLeadingZero(parts[0] ?? '')) throw invalid('cannot have leading zeroes');
    if (/\.(?!\d)/.test(text)) throw invalid("'.' must be followed by one or more digits");
    const plain = text.replaceAll('_', '').replace(/^[+-]nan$/, 'nan');
    const { value, error } = parseGoFloat(plain, 64);
    if (error === undefined) return value;
    if (error.endsWith('value out of range')) throw this.problemAt(item, `${text} is out of range for float64`);
    throw this.problemAt(item, `Invalid float value: ${quote(text)}`);
  }

  private readDatetime(item: Item): GoValue {
    const text = item.text.replaceAll('z', 'Z').replaceAll('t', 'T').replaceAll(' ', 'T');
    for (const [layout, zone] of DATETIME_LAYOUTS) {
      const instant = parsedOrNot(layout, text, zone);
      if (!instant) continue;
      if (lacksLeadingZero(text, layout)) break;
      return timeValue(instant, UTC);
    }
    throw this.problemAt(item, `invalid datetime: ${quote(text)}`);
  }

  private readArray(): GoValue {
    this.noteArray([...this.context, this.currentKey], true);
    const array: GoValue[] = [];
    for (let item = this.next(); item.type !== 'arrayEnd'; item = this.next()) {
      if (item.type === 'commentStart') this.next();
      else array.push(this.readValue(item, true));
    }
    return array;
  }

  private readInlineTable(parentIsArray: boolean): GoValue {
    const table: Table = new Map();
    const outerContext = this.context;
    const outerKey = this.currentKey;
    const context = [...this.context, this.currentKey];
    this.context = context;
    this.currentKey = '';
    this.implicit.add(tomlKey(context));
    this.openContext(context, parentIsArray);
    const inside = this.context;
    for (let item = this.next(); item.type !== 'inlineTableEnd'; item = this.next()) {
      if (item.type === 'commentStart') {
        this.next();
        continue;
      }
      const key = this.readKey('keyEnd');
      this.enterKey(key);
      const value = this.readValue(this.next(), false);
      this.setValue(this.currentKey, value);
      this.noteArray([...this.context, this.currentKey], Array.isArray(value));
      this.tableBelow(table, key.slice(0, -1)).set(this.currentKey, value);
      this.context = inside;
    }
    this.context = outerContext;
    this.currentKey = outerKey;
    return table;
  }

  private tableBelow(table: Table, path: readonly string[]): Table {
    let here = table;
    for (const part of path) {
      const step = here.get(part) ?? new Map<string, GoValue>();
      if (!(step instanceof Map)) throw this.problem(`${quote(tomlKey(this.context))} is not a table`);
      here.set(part, step);
      here = step;
    }
    return here;
  }

  /** parser.addContext: makes the table, or one more of an array of tables, into which keys are written from now on. */
  private openContext(key: readonly string[], isArray: boolean): void {
    if (key.length > MAX_DEPTH) throw tooDeep();
    let table = this.root;
    const context: string[] = [];
    for (const part of key.slice(0, -1)) {
      context.push(part);
      if (!table.has(part)) {
        this.implicit.add(tomlKey(context));
        table.set(part, new Map());
      }
      const step = innermostTable(table.get(part));
      if (!step) throw this.problem(`Key '${tomlKey(context)}' was already created as a hash.`);
      table = step;
    }
    this.context = context;
    const last = key.at(-1) ?? '';
    if (isArray) {
      const array = table.get(last) ?? new GoSlice(TABLES, []);
      if (!(array instanceof GoSlice)) {
        throw this.problem(`Key '${tomlKey(key)}' was already created and cannot be used as an array.`);
      }
      array.items.push(new Map());
      table.set(last, array);
    } else this.setValue(last, new Map());
    this.context = [...context, last];
  }

  private setValue(key: string, value: GoValue): void {
    let table = this.root;
    const context: string[] = [];
    for (const part of this.context) {
      context.push(part);
      const step = innermostTable(table.get(part));
      if (!step) throw this.problem(`Key '${tomlKey(context)}' has already been defined.`);
      table = step;
    }
    const name = tomlKey([...context, key]);
    if (table.has(key)) {
      const wasImplicit = this.implicit.delete(name);
      if (!wasImplicit) throw this.problem(`Key '${name}' has already been defined.`);
      // What a longer key implied is there already; an array is set for good.
      if (!this.arrays.has(name)) return;
    }
    table.set(key, value);
  }

  private noteArray(key: readonly string[], isArray: boolean): void {
    const name = tomlKey(key.at(-1) === '' && key.length > 1 ? key.slice(0, -1) : key);
    if (isArray) this.arrays.add(name);
    else this.arrays.delete(name);
  }

  private replaceEscapes(item: Item, text: string): string {
    const blank = /(?<!\\)(?:\\\\)*\\([ \t])/.exec(text)?.[1];
    if (blank !== undefined) throw this.problemAt(item, `invalid escape: '\\${blank}'`);
    return text.replace(/\\(?:x(..)|u(.{4})|U(.{8})|(.))/gs, (_, x, short, long, simple: string | undefined) => {
      if (simple !== undefined) return SIMPLE_ESCAPES[simple] ?? simple;
      const hex = String(x ?? short ?? long);
      const code = Number.parseInt(hex, 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        throw this.problemAt(item, `Escaped character '\\u${hex}' is not valid UTF-8.`);
      }
      return String.fromCodePoint(code);
    });
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\x1b',
};

/** Zones that say which parts a time without an offset has; Go prints their names. */
const LOCAL_DATETIME = fixedZone('datetime-local', 0);
const LOCAL_DATE = fixedZone('date-local', 0);
const LOCAL_TIME = fixedZone('time-local', 0);

const DATETIME_LAYOUTS: readonly (readonly [layout: string, zone: Zone])[] = [
  ['2006-01-02T15:04:05.999999999Z07:00', UTC],
  ['2006-01-02T15:04:05.999999999', LOCAL_DATETIME],
  ['2006-01-02', LOCAL_DATE],
  ['15:04:05.999999999', LOCAL_TIME],
  ['2006-01-02T15:04Z07:00', UTC],
  ['2006-01-02T15:04', LOCAL_DATETIME],
  ['15:04', LOCAL_TIME],
];

function parsedOrNot(layout: string, text: string, zone: Zone): ReturnType<typeof parseTime> | undefined {
  try {
    return parseTime(layout, text, zone);
  } catch {
    return undefined;
  }
}

/** Go reads `1:02` as `01:02`, which TOML forbids: separators must stand where the layout has them. */
function lacksLeadingZero(text: string, layout: string): boolean {
  for (let at = 0; at < layout.length; at++) {
    const character = layout.charAt(at);
    if (character === '.' || character === 'Z') return false;
    if (!/\d/.test(character) && text[at] !== character) return true;
  }
  return false;
}

/** A table, or the last one of an array of tables. */
function innermostTable(value: GoValue | undefined): Table | undefined {
  const table = value instanceof GoSlice ? value.items.at(-1) : value;
  return table instanceof Map ? table : undefined;
}

function withoutFirstNewline(text: string): string {
  return text.replace(/^\r?\n/, '');
}

/** A backslash at the end of a line takes all blanks with it up to the next text. */
function joinEscapedLines(text: string): string {
  return text.replace(/\\\\|\\[ \t\r]*\n[ \t\r\n]*/g, (match) => (match === '\\\\' ? match : ''));
}

function hasLeadingZero(text: string): boolean {
  return /^0(?![box])./s.test(text) || /^[+-]0./s.test(text);
}

function hasGoodUnderscores(text: string): boolean {
  if (/^[+-]?(?:nan|inf)$/.test(text)) return true;
  // An `x`, `o`, `b` or sign is no digit that an underscore might follow; hexadecimal digits are.
  return /[0-9a-fA-F]$/.test(text) && !/(?<![0-9a-fA-F])_/.test(text);
}
