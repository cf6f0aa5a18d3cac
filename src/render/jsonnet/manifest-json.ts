// Values as JSON, as the command prints it (three spaces a level) and as texts have it (one line).

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
    const place = messageSite(`Field ${quoteGo(name)}`);
    fields.set(name, manifest(value.index(name, place), place));
  }
  return fields;
}

export function messageSite(message: string): Site {
  return { begin: -1, end: -1, message };
}

/** Go's %#v of a string. */
function quoteGo(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
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
  const [mantissa = '', power = '0'] = seventeenDigits(value).split('e');
  const exponent = Number(power);
  if (exponent < -4) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa.replace(/\.?0+$/, '')}e-${size}`;
  }
  const point = exponent + 1;
  const digits = mantissa.replace('.', '');
  const sign = value < 0 ? 1 : 0;
  const plain =
    point > 0
      ? `${digits.slice(0, sign + point)}.${digits.slice(sign + point)}`
      : `${digits.slice(0, sign)}0.${'0'.repeat(-point)}${digits.slice(sign)}`;
  return plain.replace(/\.?0+$/, '');
}

/** What lies in the middle goes to the even digit with Go, and away from zero with JavaScript. */
function seventeenDigits(value: number): string {
  const text = value.toExponential(16);
  const at = text.indexOf('e') - 1;
  const last = text.charCodeAt(at) - 48;
  if (last % 2 === 0 || !/^-?[\d.]{18}50{9}e/.test(value.toExponential(26))) return text;
  return text.slice(0, at) + String(last - 1) + text.slice(at + 1);
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
