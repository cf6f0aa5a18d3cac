// Values as JSON, as the command prints it (three spaces a level) and as texts have it (one line).

import { quote } from '../go/quote.ts';
import { formatFloat } from '../go/strconv.ts';
import { depthNow, enter, failure, leaveTo } from './call-stack.ts';
import type { Site } from './failures.ts';
import { JsonnetObject } from './object.ts';
import { force, JsonnetArray, type Lazy, type Value } from './value.ts';

/** What of a value is left when all of it is there. */
export type Manifested = string | number | boolean | null | readonly Manifested[] | ReadonlyMap<string, Manifested>;

/** What `+` and `%s` make of a value. */
export function toText(value: Value, site: Site): string {
  return typeof value === 'string' ? value : formatJson(manifest(value, site), false);
}

/** Every field and element, in the order in which they are asked for. Fields are in the order of their names. */
export function manifest(value: Value, site: Site): Manifested {
  const before = depthNow();
  enter(site);
  const result = manifestHere(value);
  leaveTo(before);
  return result;
}

function manifestHere(value: Value): Manifested {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof JsonnetArray) {
    const { elements } = value;
    const list: Manifested[] = [];
    for (let index = 0; index < elements.length; index++) {
      const place = messageSite(`Array element ${index}`);
      list.push(manifest(force(elements[index] as Lazy, place), place));
    }
    return list;
  }
  if (!(value instanceof JsonnetObject)) {
    throw failure("couldn't manifest function as JSON", undefined);
  }
  value.checkAssertions(messageSite('Checking object assertions'));
  const fields = new Map<string, Manifested>();
  for (const name of value.visible) {
    const place = messageSite(`Field ${quote(name)}`);
    fields.set(name, manifest(value.index(name, place), place));
  }
  return fields;
}

export function messageSite(message: string): Site {
  return { begin: -1, end: -1, message };
}

/** `isMultiLine`: three spaces a level; otherwise `{"a": [1, 2]}`. */
export function formatJson(value: Manifested, isMultiLine: boolean): string {
  const parts: string[] = [];
  write(value, isMultiLine, '', parts);
  return parts.join('');
}

function write(value: Manifested, isMultiLine: boolean, indent: string, parts: string[]): void {
  if (typeof value === 'string') parts.push(formatJsonString(value));
  else if (typeof value === 'number') parts.push(formatNumber(value));
  else if (typeof value !== 'object' || value === null) parts.push(String(value));
  else {
    const isList = Array.isArray(value);
    const entries = isList ? value.entries() : (value as ReadonlyMap<string, Manifested>).entries();
    const inner = isMultiLine ? `${indent}   ` : '';
    let between = isMultiLine ? `\n${inner}` : '';
    let isEmpty = true;
    parts.push(isList ? '[' : '{');
    for (const [key, item] of entries) {
      parts.push(between);
      if (!isList) parts.push(formatJsonString(String(key)), ': ');
      write(item, isMultiLine, inner, parts);
      between = isMultiLine ? `,\n${inner}` : ', ';
      isEmpty = false;
    }
    if (isEmpty) parts.push(' ');
    else if (isMultiLine) parts.push('\n', indent);
    parts.push(isList ? ']' : '}');
  }
}

/** `%.17g`, and integers with all their digits. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) {
    if (Object.is(value, -0)) return '-0';
    return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
  }
  return formatFloat(value, 'g', 17);
}

const ESCAPED = /["\\\u0000-\u001f\u007f-\u009f]/;
const ALL_ESCAPED = /["\\\u0000-\u001f\u007f-\u009f]/g;

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** With quotes. */
export function formatJsonString(text: string): string {
  if (!ESCAPED.test(text)) return `"${text}"`;
  const escaped = (character: string) =>
    SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `"${text.replace(ALL_ESCAPED, escaped)}"`;
}
