// What the parsers of `--set` and `--set-literal` share (Helm: pkg/strvals): reading up to a delimiter, lists by index, Go's refusals.

import { HawserError } from '../../base/errors.ts';
import { atoi } from '../go/strconv.ts';
import { typeName } from '../go/type-name.ts';
import type { GoValue } from '../go/value.ts';
import type { Values } from './chart.ts';

const MAX_INDEX = 65536;
export const MAX_NESTED_NAME_LEVEL = 30;

/** Go's io.EOF: where it comes from the place of a key, the line is simply over. */
export class EndOfLine extends Error {
  constructor() {
    super('EOF');
  }
}

/** A line and how far it is read, by characters. */
export interface LineReader {
  readonly chars: readonly string[];
  next: number;
}

export function readLine(line: string): LineReader {
  return { chars: [...line], next: 0 };
}

export interface Run {
  readonly text: string;
  /** The delimiter that ended the run; undefined at the end of the line. */
  readonly stop: string | undefined;
}

/** Characters up to one of `stops`, which is consumed. A backslash takes the next character as it is, where `escapes` says so. */
export function readUntil(reader: LineReader, stops: string, escapes: boolean): Run {
  let text = '';
  for (;;) {
    const char = reader.chars[reader.next];
    if (char === undefined) return { text, stop: undefined };
    reader.next++;
    if (stops.includes(char)) return { text, stop: char };
    if (escapes && char === '\\') {
      const escaped = reader.chars[reader.next];
      if (escaped === undefined) return { text, stop: undefined };
      reader.next++;
      text += escaped;
    } else text += char;
  }
}

/** The number of `[N]`, whose bracket was just read. */
export function readIndex(reader: LineReader, escapes: boolean): number {
  const { text, stop } = readUntil(reader, ']', escapes);
  if (stop === undefined) throw refused('error parsing index: EOF');
  const parsed = atoi(text);
  if (parsed.error !== undefined) throw refused(`error parsing index: ${parsed.error}`);
  return Number(parsed.value);
}

/** The list with `value` at `index`, as long as it needs to be; the given one where it is long enough. */
export function withItem(list: GoValue[], index: number, value: GoValue): GoValue[] {
  if (index < 0) throw refused(`negative ${index} index not allowed`);
  if (index > MAX_INDEX) throw refused(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`);
  const grown = list.length > index ? list : [...list, ...Array<GoValue>(index + 1 - list.length).fill(null)];
  grown[index] = value;
  return grown;
}

/** An empty key is not set, silently. */
export function setKey(values: Values, key: string, value: GoValue): void {
  if (key !== '') values.set(key, value);
}

/** The list at `key`, an empty one where there is none. */
export function listAt(values: Values, key: string): GoValue[] {
  const found = values.get(key);
  if (found === undefined) return [];
  if (Array.isArray(found)) return found;
  throw notConvertible(found, '[]interface {}');
}

/** The table at `key`, a new one where there is none. */
export function tableAt(values: Values, key: string): Values {
  const found = values.get(key);
  if (found === undefined) return new Map();
  if (found instanceof Map) return found;
  throw notConvertible(found, 'map[string]interface {}');
}

/** The list inside a list, empty where that place is nil or beyond the end. */
export function nestedList(list: readonly GoValue[], index: number): GoValue[] {
  const found = list[index] ?? null;
  if (found === null) return [];
  if (Array.isArray(found)) return found;
  throw notConvertible(found, '[]interface {}');
}

/** The table inside a list, new where that place holds something else. */
export function nestedTable(list: GoValue[], index: number): Values {
  const found = list[index];
  if (found instanceof Map) return found;
  const table: Values = new Map();
  if (index < list.length) list[index] = table;
  return table;
}

export function refused(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}

/** Go's panic of a type assertion, which the parser of a key turns into an error. */
function notConvertible(value: GoValue, type: string): HawserError {
  const from = value === null ? 'interface {} is nil' : `interface {} is ${typeName(value)}`;
  return refused(`unable to parse key: interface conversion: ${from}, not ${type}`);
}
