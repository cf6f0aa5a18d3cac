// Go's encoding/json: writing Go values, and reading JSON into them with Go's error texts.

import { HawserError } from '../../base/errors.ts';
import { jsonFields } from './json-fields.ts';
import { quote } from './quote.ts';
import { formatFloat } from './strconv.ts';
import { compareBytes, utf8Encode } from './strings.ts';
import { typeName } from './type-name.ts';
import { GoMap, type GoMethod, GoNumber, type GoOpaque, GoSlice, GoStruct, type GoValue, NilMap } from './value.ts';

export interface JsonOptions {
  /** Written before each line as often as it is deep (`json.MarshalIndent`); without it all stands on one line. */
  readonly indent?: string;
  /** False leaves `<`, `>` and `&` as they are (`Encoder.SetEscapeHTML(false)`). */
  readonly escapeHtml?: boolean;
}

/**
 * The JSON of a Go value: keys in the order of their bytes, a struct's fields in their own. A method `MarshalJSON` gives
 * the value to write in its owner's place. Throws `RenderFailed` with Go's text where JSON has no such value.
 */
export function encodeJson(value: GoValue, options: JsonOptions = {}): string {
  return new Writer(options).write(value, '\n');
}

function fail(message: string): HawserError {
  return new HawserError('RenderFailed', `json: ${message}`);
}

class Writer {
  private readonly indent: string | undefined;
  private readonly escapeHtml: boolean;

  constructor(options: JsonOptions) {
    this.indent = options.indent;
    this.escapeHtml = options.escapeHtml ?? true;
  }

  /** `lineBreak` is a line break and the indentation of the line on which this value begins. */
  write(value: GoValue, lineBreak: string): string {
    if (value === null) return 'null';
    if (typeof value === 'string') return writeJsonString(value, this.escapeHtml);
    if (typeof value === 'number') return writeJsonFloat(value, 64);
    if (typeof value === 'boolean') return String(value);
    if (Array.isArray(value)) return this.list(value, lineBreak);
    if (value instanceof Map) return this.sorted(value, lineBreak);
    if (value instanceof Uint8Array) return `"${toBase64(value)}"`;
    if (value instanceof GoNumber) return writeNumber(value);
    if (value instanceof GoSlice) return value.isNil ? 'null' : this.list(value.items, lineBreak);
    const marshal: GoMethod | undefined = value.methods.MarshalJSON;
    if (marshal !== undefined) return this.write(marshal.call(), lineBreak);
    if (value instanceof GoMap) return this.sorted(value.entries, lineBreak);
    if (value instanceof GoStruct) return this.map(jsonFields(value), lineBreak);
    return this.opaque(value);
  }

  private list(items: readonly GoValue[], lineBreak: string): string {
    if (items.length === 0) return '[]';
    const inner = this.indent === undefined ? '' : lineBreak + this.indent;
    let text = '[';
    for (let i = 0; i < items.length; i++) {
      text += `${i > 0 ? ',' : ''}${inner}${this.write(items[i] ?? null, inner)}`;
    }
    return `${text}${inner === '' ? '' : lineBreak}]`;
  }

  private sorted(map: ReadonlyMap<string, GoValue>, lineBreak: string): string {
    return map instanceof NilMap ? 'null' : this.map(sortedEntries(map), lineBreak);
  }

  private map(entries: readonly (readonly [string, GoValue])[], lineBreak: string): string {
    if (entries.length === 0) return '{}';
    const inner = this.indent === undefined ? '' : lineBreak + this.indent;
    const colon = inner === '' ? ':' : ': ';
    let text = '{';
    for (const [key, value] of entries) {
      const comma = text === '{' ? '' : ',';
      text += `${comma}${inner}${writeJsonString(key, this.escapeHtml)}${colon}${this.write(value, inner)}`;
    }
    return `${text}${inner === '' ? '' : lineBreak}}`;
  }

  private opaque(value: GoOpaque): string {
    if (value.type.startsWith('func')) throw fail(`unsupported type: ${value.type}`);
    // Go sees a struct without exported fields.
    return '{}';
  }
}

function sortedEntries(map: ReadonlyMap<string, GoValue>): [string, GoValue][] {
  return [...map].sort(([a], [b]) => compareBytes(a, b));
}

function writeNumber(number: GoNumber): string {
  const { type, value } = number;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return writeJsonFloat(value, type === 'float32' ? 32 : 64);
  if (type !== 'json.Number') throw fail(`unsupported type: ${typeName(number)}`);
  const text = value === '' ? '0' : value;
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text)) throw fail(`invalid number literal ${quote(text)}`);
  return text;
}

/** A float as ECMAScript writes it (Go: floatEncoder). */
export function writeJsonFloat(value: number, bits: 32 | 64): string {
  if (!Number.isFinite(value)) throw fail(`unsupported value: ${formatFloat(value, 'g', -1, bits)}`);
  if (bits === 64) return Object.is(value, -0) ? '-0' : String(value);
  const size = Math.fround(Math.abs(value));
  const exponential = size !== 0 && (size < Math.fround(1e-6) || size >= Math.fround(1e21));
  return formatFloat(value, exponential ? 'e' : 'f', -1, 32).replace(/e-0(\d)$/, 'e-$1');
}

const NEEDS_ESCAPE = /["\\\0-\x1f\u2028\u2029\ud800-\udfff]/;
const NEEDS_HTML_ESCAPE = /["\\\0-\x1f<>&\u2028\u2029\ud800-\udfff]/;
const ESCAPED = /["\\\0-\x1f\u2028\u2029]/g;
const HTML_ESCAPED = /["\\\0-\x1f<>&\u2028\u2029]/g;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A string literal of JSON; a stray byte becomes the escape of U+FFFD. */
export function writeJsonString(text: string, escapeHtml = true): string {
  if (!(escapeHtml ? NEEDS_HTML_ESCAPE : NEEDS_ESCAPE).test(text)) return `"${text}"`;
  const escaped = text.replace(
    escapeHtml ? HTML_ESCAPED : ESCAPED,
    (unit) => SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped.isWellFormed() ? escaped : escaped.replace(/[\ud800-\udfff]/gu, '\\ufffd')}"`;
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Go allows 10,000 levels, which the JavaScript stack does not. */
const MAX_DEPTH = 1000;

/** `json.Unmarshal` into an `interface{}`. Throws `RenderFailed` with Go's text. */
export function decodeJson(text: string): GoValue {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new HawserError('RenderFailed', findSyntaxError(text));
  }
  return toGo(parsed, text, 0);
}

/**
 * The same where the text may hold numbers that float64 cannot: Go leaves nil in their place, goes on, and tells of the first.
 * Throws where the text is no JSON.
 */
export function decodeJsonLeniently(text: string): { readonly value: GoValue; readonly error?: string } {
  try {
    return { value: decodeJson(text) };
  } catch (error) {
    if (!(error instanceof HawserError) || !error.message.startsWith('json: cannot unmarshal number')) throw error;
    const parsed: unknown = JSON.parse(text, (_, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? null : value,
    );
    return { value: toGo(parsed, text, 0), error: error.message };
  }
}

/** `json.Unmarshal` into a `map[string]interface{}`; null is Go's nil map. */
export function decodeJsonMap(text: string): Map<string, GoValue> | null {
  const { value, error } = decodeJsonLeniently(text);
  if (!(value instanceof Map) && !(value === null && error === undefined)) {
    throw wrongTarget(value, 'map[string]interface {}');
  }
  if (error !== undefined) throw new HawserError('RenderFailed', error);
  return value;
}

/** `json.Unmarshal` into a `[]interface{}`; null is Go's nil slice. */
export function decodeJsonList(text: string): GoValue[] | null {
  const { value, error } = decodeJsonLeniently(text);
  if (!Array.isArray(value) && !(value === null && error === undefined)) throw wrongTarget(value, '[]interface {}');
  if (error !== undefined) throw new HawserError('RenderFailed', error);
  return value;
}

function wrongTarget(value: GoValue, target: string): HawserError {
  // Only a number that float64 cannot hold has become nil.
  return fail(`cannot unmarshal ${value === null ? 'number' : jsonKind(value)} into Go value of type ${target}`);
}

/** What encoding/json calls such a value in its errors. */
export function jsonKind(value: GoValue): string {
  if (Array.isArray(value)) return 'array';
  if (value instanceof Map) return 'object';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function toGo(value: unknown, text: string, depth: number): GoValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw fail(`cannot unmarshal number ${hugeNumber(text)} into Go value of type float64`);
    return value;
  }
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
  if (depth >= MAX_DEPTH) throw new HawserError('LimitExceeded', `json: nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) return value.map((item) => toGo(item, text, depth + 1));
  const map = new Map<string, GoValue>();
  for (const [key, item] of Object.entries(value)) map.set(key.toWellFormed(), toGo(item, text, depth + 1));
  return map;
}

/** The first number of a text that float64 cannot hold. */
function hugeNumber(text: string): string {
  const outside = text.replace(/"(?:[^"\\]|\\.)*"/gs, '""');
  return (outside.match(/-?\d[\d.eE+-]*/g) ?? []).find((number) => !Number.isFinite(Number(number))) ?? '';
}

const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/** What Go's scanner says of a text that is no JSON (scanner.go). It reads bytes, and shows a bad one as a rune. */
function findSyntaxError(text: string): string {
  const bytes = utf8Encode(text);
  let at = 0;
  const peek = () => String.fromCharCode(bytes[at] ?? 0);
  const unexpected = (context: string): string => {
    if (at >= bytes.length) return 'unexpected end of JSON input';
    const character = peek();
    const shown = character === "'" ? "\\'" : character === '"' ? '"' : quote(character).slice(1, -1);
    return `invalid character '${shown}' ${context}`;
  };
  /** Inside a literal, number or escape Go's scanner takes the end for a space. */
  const unexpectedInside = (context: string) =>
    at < bytes.length ? unexpected(context) : `invalid character ' ' ${context}`;
  const skipSpace = () => {
    while (at < bytes.length && ' \t\r\n'.includes(peek())) at++;
  };

  /** Open collections, innermost last. */
  const stack: ('object' | 'array')[] = [];
  let state: 'value' | 'firstItem' | 'key' | 'firstKey' | 'colon' | 'afterValue' = 'value';
  for (;;) {
    skipSpace();
    const character = peek();
    const open = stack[stack.length - 1];
    if (state === 'afterValue') {
      if (open === undefined) return unexpected('after top-level value');
      const close = open === 'object' ? '}' : ']';
      if (at < bytes.length && character === close) {
        stack.pop();
        at++;
      } else if (at < bytes.length && character === ',') {
        state = open === 'object' ? 'key' : 'value';
        at++;
      } else return unexpected(open === 'object' ? 'after object key:value pair' : 'after array element');
    } else if (state === 'colon') {
      if (character !== ':') return unexpected('after object key');
      state = 'value';
      at++;
    } else if ((state === 'firstKey' && character === '}') || (state === 'firstItem' && character === ']')) {
      stack.pop();
      state = 'afterValue';
      at++;
    } else if (state === 'key' || state === 'firstKey') {
      if (character !== '"') return unexpected('looking for beginning of object key string');
      const problem = scanString();
      if (problem !== undefined) return problem;
      state = 'colon';
    } else if (character === '{' || character === '[') {
      stack.push(character === '{' ? 'object' : 'array');
      if (stack.length > 10000) return unexpected('exceeded max depth');
      state = character === '{' ? 'firstKey' : 'firstItem';
      at++;
    } else {
      const problem = scanScalar(character);
      if (problem !== undefined) return problem;
      state = 'afterValue';
    }
  }

  function scanScalar(character: string): string | undefined {
    if (character === '"') return scanString();
    const literal = LITERALS[character];
    if (literal !== undefined) return scanLiteral(literal);
    if (character === '-' || /\d/.test(character)) return scanNumber();
    return unexpected('looking for beginning of value');
  }

  function scanLiteral(literal: string): string | undefined {
    for (const expected of literal) {
      if (peek() !== expected) return unexpectedInside(`in literal ${literal} (expecting '${expected}')`);
      at++;
    }
    return undefined;
  }

  function scanNumber(): string | undefined {
    const isDigit = () => /\d/.test(peek());
    const skipDigits = () => {
      while (isDigit()) at++;
    };
    if (peek() === '-') {
      at++;
      if (!isDigit()) return unexpectedInside('in numeric literal');
    }
    if (peek() === '0') at++;
    else skipDigits();
    if (peek() === '.') {
      at++;
      if (!isDigit()) return unexpectedInside('after decimal point in numeric literal');
      skipDigits();
    }
    if (peek() === 'e' || peek() === 'E') {
      at++;
      if (peek() === '+' || peek() === '-') at++;
      if (!isDigit()) return unexpectedInside('in exponent of numeric literal');
      skipDigits();
    }
    return undefined;
  }

  function scanString(): string | undefined {
    for (at++; at < bytes.length; at++) {
      const character = peek();
      if (character === '"') {
        at++;
        return undefined;
      }
      if (character < ' ') return unexpected('in string literal');
      if (character !== '\\') continue;
      at++;
      if (peek() === 'u' && at < bytes.length) {
        for (let k = 0; k < 4; k++) {
          at++;
          if (!/[0-9a-fA-F]/.test(peek())) return unexpectedInside('in \\u hexadecimal character escape');
        }
      } else if (at >= bytes.length || !'bfnrt\\/"'.includes(peek())) return unexpectedInside('in string escape code');
    }
    return unexpected('in string literal');
  }
}
