// The little languages of `--set`, `--set-string`, `--set-file`, `--set-json` and `--set-literal` (Helm: pkg/strvals).

import { quote } from '../go/quote.ts';
import { parseGoInt } from '../go/strconv.ts';
import { isSpace } from '../go/unicode.ts';
import { type GoValue, goInt64 } from '../go/value.ts';
import type { Values } from './chart.ts';
import { decodeJsonPrefix } from './json-prefix.ts';
import {
  EndOfLine,
  type LineReader,
  listAt,
  MAX_NESTED_NAME_LEVEL,
  nestedList,
  nestedTable,
  readIndex,
  readLine,
  readUntil,
  refused,
  setKey,
  tableAt,
  withItem,
} from './strvals-reader.ts';

/** How the text after `=` becomes a value. */
type ReadValue = (text: string) => GoValue;

interface Dialect {
  readonly kind: 'text' | 'json' | 'literal';
  readonly readValue: ReadValue;
}

/** `--set`: `a.b=1,c[0]={x,y}`; integers become int64, `true`, `false` and `null` what they say. */
export function applySet(line: string, values: Values): void {
  parse(line, values, { kind: 'text', readValue: typedValue });
}

/** `--set-string`: the same, every value a string. */
export function applySetString(line: string, values: Values): void {
  parse(line, values, { kind: 'text', readValue: (text) => text });
}

/** `--set-file`: the same, every value the content of the file that it names. */
export function applySetFile(line: string, values: Values, readFile: (name: string) => string): void {
  parse(line, values, { kind: 'text', readValue: readFile });
}

/** `--set-json`: values are JSON; an empty one is null. */
export function applySetJson(line: string, values: Values): void {
  parse(line, values, { kind: 'json', readValue: (text) => text });
}

/** `--set-literal`: one key, and everything after its `=` is the value. */
export function applySetLiteral(line: string, values: Values): void {
  parse(line, values, { kind: 'literal', readValue: (text) => text });
}

function parse(line: string, values: Values, dialect: Dialect): void {
  const reader = readLine(line);
  try {
    for (;;) parseKey(reader, values, dialect, 0);
  } catch (error) {
    if (!(error instanceof EndOfLine)) throw error;
  }
}

/** One `key=value`, or the rest of one below a table. Throws EndOfLine where the line is over before it. */
function parseKey(reader: LineReader, values: Values, dialect: Dialect, level: number): void {
  const isLiteral = dialect.kind === 'literal';
  const { text: key, stop } = readUntil(reader, isLiteral ? '=[.' : '=[,.', !isLiteral);
  if (stop === undefined) {
    if (key === '') throw new EndOfLine();
    throw refused(`key ${quote(key)} has no value`);
  }
  if (stop === ',') {
    setKey(values, key, '');
    throw refused(`key ${quote(key)} has no value (cannot end with ,)`);
  }
  if (stop === '[') parseListKey(reader, values, key, dialect, level);
  else if (stop === '.') parseTableKey(reader, values, key, dialect, level + 1);
  else if (!parseValue(reader, dialect, (value) => setKey(values, key, value))) throw new EndOfLine();
}

function parseListKey(reader: LineReader, values: Values, key: string, dialect: Dialect, level: number): void {
  const index = readIndex(reader, dialect.kind !== 'literal');
  const holder = { list: listAt(values, key) };
  try {
    parseItem(reader, holder, index, dialect, level);
  } finally {
    // Helm sets the list even where reading its item failed half-way.
    setKey(values, key, holder.list);
  }
}

function parseTableKey(reader: LineReader, values: Values, key: string, dialect: Dialect, level: number): void {
  if (level > MAX_NESTED_NAME_LEVEL) {
    throw refused(`value name nested level is greater than maximum supported nested level of ${MAX_NESTED_NAME_LEVEL}`);
  }
  const inner = tableAt(values, key);
  try {
    parseKey(reader, inner, dialect, level);
    if (inner.size === 0) throw refused(`key map ${quote(key)} has no value`);
  } finally {
    if (inner.size > 0) setKey(values, key, inner);
  }
}

/** What follows `key[index]`: a value, another index, or a key inside. */
function parseItem(
  reader: LineReader,
  holder: { list: GoValue[] },
  index: number,
  dialect: Dialect,
  level: number,
): void {
  if (index < 0) throw refused(`negative ${index} index not allowed`);
  const { text, stop } = readUntil(reader, '[.=', dialect.kind !== 'literal');
  if (text !== '') throw refused(`unexpected data at end of array index: ${quote(text)}`);
  if (stop === undefined) throw new EndOfLine();
  if (stop === '=') {
    parseValue(reader, dialect, (value) => {
      holder.list = withItem(holder.list, index, value);
    });
  } else if (stop === '[') {
    const nextIndex = readIndex(reader, dialect.kind !== 'literal');
    const inner = { list: nestedList(holder.list, index) };
    parseItem(reader, inner, nextIndex, dialect, level);
    holder.list = withItem(holder.list, index, inner.list);
  } else {
    const inner = nestedTable(holder.list, index);
    parseKey(reader, inner, dialect, level);
    holder.list = withItem(holder.list, index, inner);
  }
}

/** The value after `=`, given to `store` at the moment at which Helm sets it; false where the line ended right after the `=`. */
function parseValue(reader: LineReader, dialect: Dialect, store: (value: GoValue) => void): boolean {
  if (dialect.kind === 'literal') store(readUntil(reader, '', false).text);
  else if (dialect.kind === 'json') parseJsonValue(reader, store);
  else return parseTextValue(reader, dialect.readValue, store);
  return true;
}

function parseTextValue(reader: LineReader, readValue: ReadValue, store: (value: GoValue) => void): boolean {
  const first = reader.chars[reader.next];
  if (first === undefined) {
    store('');
    return false;
  }
  if (first !== '{') {
    store(readValue(readUntil(reader, ',', true).text));
    return true;
  }
  reader.next++;
  const list: GoValue[] = [];
  for (;;) {
    const { text, stop } = readUntil(reader, ',}', true);
    if (stop === undefined) throw refused("list must terminate with '}'");
    list.push(readValue(text));
    if (stop === '}') break;
  }
  if (reader.chars[reader.next] === ',') reader.next++;
  store(list);
  return true;
}

function parseJsonValue(reader: LineReader, store: (value: GoValue) => void): void {
  if (skipEmptyValue(reader)) {
    store(null);
    return;
  }
  const rest = reader.chars.slice(reader.next).join('');
  const { value, length } = decodeJsonPrefix(rest);
  store(value);
  reader.next += [...rest.slice(0, length)].length;
  skipEmptyValue(reader);
}

/** Skips blanks and one comma; true where nothing else came before the comma or the end. */
function skipEmptyValue(reader: LineReader): boolean {
  for (;;) {
    const char = reader.chars[reader.next];
    if (char === undefined) return true;
    if (char !== ',' && !isSpace(char.codePointAt(0) ?? 0)) return false;
    reader.next++;
    if (char === ',') return true;
  }
}

function typedValue(text: string): GoValue {
  const folded = text.toLowerCase();
  if (folded === 'true') return true;
  if (folded === 'false') return false;
  if (folded === 'null') return null;
  if (text === '0') return goInt64(0);
  if (text !== '' && !text.startsWith('0')) {
    const parsed = parseGoInt(text, 10, 64);
    if (parsed.error === undefined) return goInt64(parsed.value);
  }
  return text;
}
