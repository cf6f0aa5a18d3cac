// Sprig's functions of strings (Sprig v3.3.0: strings.go).

import { sliceBoundsError } from '../go/bounds.ts';
import { toLower, toTitleWords, toUpper } from '../go/case.ts';
import { quote } from '../go/quote.ts';
import { replaceText, splitText, trimRunes, trimSpace } from '../go/split.ts';
import { byteLength, compareBytes, mendUtf8, sliceBytes } from '../go/strings.ts';
import { GoMap, type GoNumber, type GoSlice, type GoValue } from '../go/value.ts';
import { abbreviate, abbreviateBoth } from './abbreviate.ts';
import { elementsOf, stringSlice } from './elements.ts';
import type { SprigLimits } from './environment.ts';
import { type FunctionTable, fail, failTooLarge, goFunction, intOf } from './function.ts';
import { printed, stringsOf, textOf } from './text.ts';
import {
  deleteSpace,
  initialsOf,
  swapCase,
  toKebabCase,
  toPascalCase,
  toSnakeCase,
  uncapitalize,
} from './word-case.ts';
import { wrapText } from './wrap.ts';

export function stringFunctions(limits: SprigLimits): FunctionTable {
  const repeat = (count: GoNumber, text: string) => repeatText(BigInt(count.value), text, limits.stringLength);
  const indent = (spaces: GoNumber, text: string) => indentText(repeat(spaces, ' '), text, limits.stringLength);
  const trimAll = goFunction(['string', 'string'], 'string', (cutset, text) => trimRunes(text, cutset));
  return {
    hello: goFunction([], 'string', () => 'Hello!'),
    abbrev: goFunction(['int', 'string'], 'string', (width, text) => abbreviate(intOf(width), text)),
    abbrevboth: goFunction(['int', 'int', 'string'], 'string', (left, right, text) =>
      abbreviateBoth(intOf(left), intOf(right), text),
    ),
    trunc: goFunction(['int', 'string'], 'string', (count, text) => truncate(intOf(count), text)),
    trim: goFunction(['string'], 'string', trimSpace),
    upper: goFunction(['string'], 'string', toUpper),
    lower: goFunction(['string'], 'string', toLower),
    title: goFunction(['string'], 'string', toTitleWords),
    untitle: goFunction(['string'], 'string', uncapitalize),
    substr: goFunction(['int', 'int', 'string'], 'string', (start, end, text) =>
      substring(BigInt(start.value), BigInt(end.value), text),
    ),
    repeat: goFunction(['int', 'string'], 'string', (count, text) => repeat(count, text)),
    trimall: trimAll,
    trimAll,
    trimSuffix: goFunction(['string', 'string'], 'string', (suffix, text) =>
      suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
    ),
    trimPrefix: goFunction(['string', 'string'], 'string', (prefix, text) =>
      text.startsWith(prefix) ? text.slice(prefix.length) : text,
    ),
    nospace: goFunction(['string'], 'string', deleteSpace),
    initials: goFunction(['string'], 'string', initialsOf),
    swapcase: goFunction(['string'], 'string', swapCase),
    snakecase: goFunction(['string'], 'string', toSnakeCase),
    camelcase: goFunction(['string'], 'string', toPascalCase),
    kebabcase: goFunction(['string'], 'string', toKebabCase),
    wrap: goFunction(['int', 'string'], 'string', (width, text) => wrapText(text, intOf(width), '', false)),
    wrapWith: goFunction(['int', 'string', 'string'], 'string', (width, lineBreak, text) =>
      wrapText(text, intOf(width), lineBreak, true),
    ),
    contains: goFunction(['string', 'string'], 'bool', (part, text) => text.includes(part)),
    hasPrefix: goFunction(['string', 'string'], 'bool', (prefix, text) => text.startsWith(prefix)),
    hasSuffix: goFunction(['string', 'string'], 'bool', (suffix, text) => text.endsWith(suffix)),
    quote: goFunction(['...interface {}'], 'string', (...values) => joinShown(values, (value) => quote(textOf(value)))),
    squote: goFunction(['...interface {}'], 'string', (...values) =>
      joinShown(values, (value) => `'${printed(value)}'`),
    ),
    cat: goFunction(['...interface {}'], 'string', (...values) => joinShown(values, printed)),
    indent: goFunction(['int', 'string'], 'string', (spaces, text) => indent(spaces, text)),
    nindent: goFunction(['int', 'string'], 'string', (spaces, text) => `\n${indent(spaces, text)}`),
    replace: goFunction(['string', 'string', 'string'], 'string', (old, replacement, text) =>
      replaceText(text, old, replacement),
    ),
    plural: goFunction(['string', 'string', 'int'], 'string', (one, many, count) => (intOf(count) === 1 ? one : many)),
    toString: goFunction(['interface {}'], 'string', textOf),
    split: goFunction(['string', 'string'], 'map[string]string', (separator, text) =>
      numberedParts(splitText(text, separator)),
    ),
    splitList: goFunction(['string', 'string'], '[]string', (separator, text) =>
      stringSlice(splitText(text, separator)),
    ),
    splitn: goFunction(['string', 'int', 'string'], 'map[string]string', (separator, limit, text) =>
      numberedParts(splitText(text, separator, intOf(limit))),
    ),
    toStrings: goFunction(['interface {}'], '[]string', stringsOf),
    join: goFunction(['string', 'interface {}'], 'string', (separator, list) =>
      mendUtf8(stringsOf(list).items.join(separator)),
    ),
    sortAlpha: goFunction(['interface {}'], '[]string', sortAlpha),
  };
}

/** The first `count` bytes, or the last where it is negative. */
function truncate(count: number, text: string): string {
  const length = byteLength(text);
  if (count < 0 && length + count > 0) return sliceBytes(text, length + count, length);
  if (count >= 0 && length > count) return sliceBytes(text, 0, count);
  return text;
}

function substring(start: bigint, end: bigint, text: string): string {
  const length = BigInt(byteLength(text));
  const from = start < 0n ? 0n : start;
  const to = start >= 0n && (end < 0n || end > length) ? length : end;
  const error = sliceBoundsError(from, to, length);
  if (error !== undefined) fail(error);
  return sliceBytes(text, Number(from), Number(to));
}

/** The largest number that Go tries to allocate. */
const MAX_ALLOCATION = 1n << 48n;
const MAX_INT = 0x7fff_ffff_ffff_ffffn;

function repeatText(count: bigint, text: string, limit: number): string {
  if (count < 0n) fail('strings: negative Repeat count');
  const length = count * BigInt(byteLength(text));
  if (length > MAX_INT) fail('strings: Repeat output length overflow');
  if (length > MAX_ALLOCATION) fail('runtime error: makeslice: len out of range');
  if (length > limit) failTooLarge('the repeated text', limit);
  return text === '' ? '' : text.repeat(Number(count));
}

function indentText(padding: string, text: string, limit: number): string {
  if (padding === '' || !text.includes('\n')) return padding + text;
  const lines = text.split('\n');
  if (lines.length * padding.length + text.length > limit) failTooLarge('the indented text', limit);
  return padding + lines.join(`\n${padding}`);
}

/** The values but the nils, shown and with spaces between them. */
function joinShown(values: readonly GoValue[], show: (value: GoValue) => string): string {
  const [only] = values;
  if (values.length === 1) return only === null || only === undefined ? '' : show(only);
  return values
    .filter((value) => value !== null)
    .map(show)
    .join(' ');
}

/** `_0`, `_1` … with the parts. */
function numberedParts(parts: readonly string[]): GoMap {
  return new GoMap('map[string]string', new Map(parts.map((part, index) => [`_${index}`, part])));
}

/** Sorts by bytes. Like Sprig's, it sorts a []string in place. */
function sortAlpha(list: GoValue): GoSlice {
  if (!elementsOf(list)) return stringSlice([textOf(list)]);
  const strings = stringsOf(list);
  strings.items.sort((a, b) => compareBytes(textOf(a), textOf(b)));
  return strings;
}
