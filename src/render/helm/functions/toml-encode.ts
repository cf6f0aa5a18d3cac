// Writing TOML (BurntSushi/toml v1.6.0: encode.go).

import { HawserError } from '../../../base/errors.ts';
import { quote } from '../../go/quote.ts';
import { formatFloat } from '../../go/strconv.ts';
import { formatDuration } from '../../go/stringer.ts';
import { compareBytes, utf8Decode } from '../../go/strings.ts';
import { formatTime } from '../../go/time-format.ts';
import { instantIn } from '../../go/time-value.ts';
import { kindName, typeName } from '../../go/type-name.ts';
import { GoMap, type GoMethod, GoNumber, GoOpaque, GoSlice, GoStruct, type GoValue } from '../../go/value.ts';
import { UTC } from '../../go/zone.ts';
import { tomlKey, tomlKeyPart, tomlString } from './toml-key.ts';

const INDENT = '  ';

/** How deep values may lie in each other; one that holds itself would never end. */
const MAX_DEPTH = 500;

/** What a value is in TOML; undefined for nil. */
type Shape = 'value' | 'table' | 'array' | 'tables' | undefined;

/** A value as TOML. Throws RenderFailed with the library's text. */
export function encodeToml(value: GoValue): string {
  if (value === null) throw problem('reflect: call of reflect.Value.Type on zero Value');
  if (value instanceof GoSlice && value.isNil) return '[]';
  const output = { text: '' };
  encode(output, [], value);
  return output.text;
}

interface Output {
  text: string;
}

function problem(message: string): HawserError {
  return new HawserError('RenderFailed', message);
}

function encode(output: Output, key: readonly string[], value: GoValue): void {
  switch (shapeOf(value)) {
    case undefined:
      return;
    case 'table':
      encodeTable(output, key, entriesOf(value));
      return;
    case 'tables':
      encodeTables(output, key, elementsOf(value));
      return;
    default:
      writePair(output, key, value, false);
  }
}

function encodeTables(output: Output, key: readonly string[], tables: readonly GoValue[]): void {
  if (key.length === 0) throw problem('toml: top-level values must be Go maps or structs');
  for (const table of tables) {
    writeNewline(output);
    output.text += `${indentOf(key)}[[${tomlKey(key)}]]\n`;
    encodeEntries(output, key, entriesOf(table));
  }
}

function encodeTable(output: Output, key: readonly string[], entries: readonly Entry[]): void {
  if (key.length === 1) writeNewline(output);
  if (key.length > 0) output.text += `${indentOf(key)}[${tomlKey(key)}]\n`;
  encodeEntries(output, key, entries);
}

function encodeEntries(output: Output, key: readonly string[], entries: readonly Entry[]): void {
  if (key.length > MAX_DEPTH)
    throw new HawserError('LimitExceeded', `TOML would be nested more than ${MAX_DEPTH} deep`);
  for (const [name, value] of plainFirst(entries)) encode(output, [...key, name], value);
}

type Entry = readonly [name: string, value: GoValue];

/** Keys with plain values before those with tables, which would swallow them. */
function plainFirst(entries: readonly Entry[]): Entry[] {
  const shaped = entries.map((entry) => ({ entry, shape: shapeOf(entry[1]) }));
  const isTable = (shape: Shape) => shape === 'table' || shape === 'tables';
  return [...shaped.filter(({ shape }) => !isTable(shape)), ...shaped.filter(({ shape }) => isTable(shape))].map(
    ({ entry }) => entry,
  );
}

function writePair(output: Output, key: readonly string[], value: GoValue, isInline: boolean): void {
  if (key.length === 0) {
    output.text += elementText(value, 0);
    return;
  }
  output.text += `${indentOf(key)}${tomlKeyPart(key.at(-1) ?? '')} = ${elementText(value, 0)}`;
  if (!isInline) output.text += '\n';
}

/** A newline before a table, but not at the top of the document. */
function writeNewline(output: Output): void {
  if (output.text !== '') output.text += '\n';
}

function indentOf(key: readonly string[]): string {
  return INDENT.repeat(key.length - 1);
}

/** A value as it stands in an array or behind a `=`. */
function elementText(value: GoValue, depth: number): string {
  if (depth > MAX_DEPTH) throw new HawserError('LimitExceeded', `TOML would be nested more than ${MAX_DEPTH} deep`);
  if (typeof value === 'string') return tomlString(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return floatText(value, 64);
  if (value instanceof GoNumber) return numberText(value);
  const marshalled = marshalledText(value);
  if (marshalled !== undefined) return marshalled;
  if (isTable(value)) return inlineTableText(entriesOf(value), depth);
  return `[${elementsOf(value)
    .map((element) => elementText(element, depth + 1))
    .join(', ')}]`;
}

function inlineTableText(entries: readonly Entry[], depth: number): string {
  const ordered = plainFirst(entries);
  const last = ordered.length - 1;
  // A nil that comes last leaves its comma behind.
  const pairs = ordered.map(([name, value], index) =>
    value === null ? '' : `${tomlKeyPart(name)} = ${elementText(value, depth + 1)}${index < last ? ', ' : ''}`,
  );
  return `{${pairs.join('')}}`;
}

function floatText(value: number, bits: 32 | 64): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const text = formatFloat(value, 'g', -1, bits);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function numberText(number: GoNumber): string {
  switch (number.type) {
    case 'float32':
      return floatText(Number(number.value), 32);
    case 'time.Duration':
      return tomlString(formatDuration(BigInt(number.value)));
    case 'json.Number':
      return jsonNumberText(String(number.value));
    case 'complex128':
      throw problem(`unexpected type: ${number.type}`);
    default:
      return String(number.value);
  }
}

function jsonNumberText(text: string): string {
  if (text === '') return '0';
  if (/^-?\d+$/.test(text)) return String(BigInt(text));
  const value = Number(text);
  if (Number.isNaN(value)) throw problem(`unable to convert ${quote(text)} to int64 or float64`);
  return floatText(value, 64);
}

/** Times, and what else writes itself as text. */
function marshalledText(value: GoValue): string | undefined {
  const instant = instantIn(value);
  if (instant) {
    const layout = LOCAL_LAYOUTS[instant.zone.name];
    return layout === undefined
      ? formatTime(instant, '2006-01-02T15:04:05.999999999Z07:00')
      : formatTime({ ...instant, zone: UTC }, layout);
  }
  const text = textMarshaler(value)?.call();
  return text instanceof Uint8Array ? tomlString(utf8Decode(text)) : undefined;
}

const LOCAL_LAYOUTS: Readonly<Record<string, string>> = {
  'datetime-local': '2006-01-02T15:04:05.999999999',
  'date-local': '2006-01-02',
  'time-local': '15:04:05.999999999',
};

function textMarshaler(value: GoValue): GoMethod | undefined {
  const methods = value instanceof GoOpaque || value instanceof GoStruct ? value.methods : undefined;
  return methods && Object.hasOwn(methods, 'MarshalText') ? methods.MarshalText : undefined;
}

function isTable(value: GoValue): boolean {
  return value instanceof Map || value instanceof GoMap || value instanceof GoStruct;
}

function shapeOf(value: GoValue): Shape {
  if (value === null || (value instanceof GoSlice && value.isNil)) return undefined;
  if (typeof value !== 'object' || value instanceof GoNumber || textMarshaler(value)) return 'value';
  if (isTable(value)) return 'table';
  if (Array.isArray(value) || value instanceof GoSlice) return isTableArray(value) ? 'tables' : 'array';
  if (value instanceof Uint8Array) return 'array';
  throw problem(`unsupported type: ${kindName(value)}`);
}

function isTableArray(value: GoValue): boolean {
  const elements = elementsOf(value);
  let isTables = elements.length > 0;
  for (const element of elements) {
    const shape = shapeOf(element);
    if (shape === undefined) throw problem('toml: cannot encode array with nil element');
    if (shape !== 'table') isTables = false;
  }
  return isTables;
}

function elementsOf(value: GoValue): readonly GoValue[] {
  if (Array.isArray(value)) return value;
  if (value instanceof GoSlice) return value.items;
  if (value instanceof Uint8Array) return Array.from(value, (byte) => new GoNumber('uint8', BigInt(byte)));
  throw problem(`unexpected type: ${typeName(value)}`);
}

/** A map's entries sorted by key; a struct's fields in order, those of embedded structs in their place. */
function entriesOf(value: GoValue): Entry[] {
  if (value instanceof GoStruct) {
    return [...value.fields].flatMap(([name, field]) =>
      value.tags[name]?.embedded && field instanceof GoStruct ? entriesOf(field) : [[name, field]],
    );
  }
  const entries = value instanceof GoMap ? value.entries : value instanceof Map ? value : new Map<string, GoValue>();
  return [...entries].sort(([a], [b]) => compareBytes(a, b));
}
