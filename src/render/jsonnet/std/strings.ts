// Functions of strings.

import type { Site } from '../failures.ts';
import type { Builtin } from '../function.ts';
import { indexValue, lengthOfValue } from '../indexing.ts';
import { formatJsonString, toText } from '../manifest-json.ts';
import { codePointsOf, isBasic, lengthOf } from '../text.ts';
import { asInteger, asNumber, asString, force, JsonnetArray, typeOf, type Value } from '../value.ts';
import { arrayOf, define, elementsOf, later, refuse } from './arguments.ts';
import { isMember } from './arrays.ts';
import { characterOf } from './character.ts';
import { format } from './format.ts';

export const STRINGS: readonly Builtin[] = [
  define('format(str, vals)', (site, str, vals) => format(str as Value, vals as Value, site)),
  define('substr(str, from, len)', (site, str, from, len) => substr([str, from, len] as Value[], site)),
  define('startsWith(a, b)', (site, a, b) => {
    const [text, part] = lengths(a as Value, b as Value, site);
    if (text < part) return false;
    return substr([a as Value, 0, part], site) === b;
  }),
  define('endsWith(a, b)', (site, a, b) => {
    const [text, part] = lengths(a as Value, b as Value, site);
    if (text < part) return false;
    return substr([a as Value, text - part, part], site) === b;
  }),
  define('lstripChars(str, chars)', (site, str, chars) => strip(str as Value, chars as Value, site, { left: true })),
  define('rstripChars(str, chars)', (site, str, chars) => strip(str as Value, chars as Value, site, { right: true })),
  define('stripChars(str, chars)', (site, str, chars) =>
    strip(str as Value, chars as Value, site, { left: true, right: true }),
  ),
  define('trim(str)', (site, str) => trimSpace(asString(str as Value, site))),
  define('stringChars(str)', (site, str) => {
    const elements = elementsOf(str as Value);
    if (elements) return arrayOf(elements);
    const list = str as Value;
    return arrayOf(
      Array.from({ length: lengthOfValue(list, site) }, (_, at) => later(() => indexValue(list, at, site))),
    );
  }),
  define('split(str, c)', (site, str, c) => {
    for (const [value, place] of [
      [str, 'first'],
      [c, 'second'],
    ] as const) {
      if (typeof value === 'string') continue;
      return refuse(`std.split ${place} parameter must be a String, got ${typeOf(value as Value)}`, site);
    }
    if (c === '') return refuse('std.split second parameter must have length 1 or greater, got 0', site);
    return arrayOf((str as string).split(c as string));
  }),
  define('splitLimit(str, c, maxsplits)', (site, ...args) => {
    const { text, by, most } = splitting('splitLimit', args as Value[], site);
    const parts = text.split(by);
    if (most === -1 || parts.length <= most + 1) return arrayOf(parts);
    return arrayOf([...parts.slice(0, most), parts.slice(most).join(by)]);
  }),
  define('splitLimitR(str, c, maxsplits)', (site, ...args) => {
    const { text, by, most } = splitting('splitLimitR', args as Value[], site);
    const parts: string[] = [];
    let rest = text;
    const count = text.split(by).length - 1;
    for (let left = most === -1 ? count : Math.min(most, count); left > 0; left--) {
      const at = rest.lastIndexOf(by);
      if (at < 0) break;
      parts.unshift(rest.slice(at + by.length));
      rest = rest.slice(0, at);
    }
    return arrayOf([rest, ...parts]);
  }),
  define('strReplace(str, from, to)', (site, str, from, to) => {
    const [text, wanted, other] = [str, from, to].map((value) => asString(value as Value, site)) as [
      string,
      string,
      string,
    ];
    if (wanted === '') return refuse("'from' string must not be zero length.", site);
    return text.split(wanted).join(other);
  }),
  define('asciiUpper(str)', (site, str) => {
    return charactersOf(str as Value, site).replace(/[a-z]/g, (character) => character.toUpperCase());
  }),
  define('asciiLower(str)', (site, str) => {
    return charactersOf(str as Value, site).replace(/[A-Z]/g, (character) => character.toLowerCase());
  }),
  define('isEmpty(str)', (site, str) => asString(str as Value, site) === ''),
  define('equalsIgnoreCase(str1, str2)', (site, a, b) => {
    const [x, y] = [asString(a as Value, site), asString(b as Value, site)];
    return x === y || foldCase(x) === foldCase(y);
  }),
  define('findSubstr(pat, str)', (site, pat, str) => {
    for (const [value, place] of [
      [pat, 'first'],
      [str, 'second'],
    ] as const) {
      if (typeof value === 'string') continue;
      return refuse(`findSubstr ${place} parameter should be a string, got ${typeOf(value as Value)}`, site);
    }
    return arrayOf(occurrences(pat as string, str as string));
  }),
  define('char(n)', (site, n) => characterOf(asNumber(n as Value, site), site)),
  define('codepoint(str)', (site, str) => {
    const text = asString(str as Value, site);
    const length = lengthOf(text);
    if (length !== 1) return refuse(`codepoint takes a string of length 1, got length ${length}`, site);
    return text.codePointAt(0) ?? 0;
  }),
  define('parseInt(str)', (site, str) => {
    const text = asString(str as Value, site);
    const isNumber =
      /^[+-]?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text.replace('+', ''))) === BigInt(text.replace('+', ''));
    return isNumber ? Number(text) : refuse(`${text} is not a base 10 integer`, site);
  }),
  define('parseOctal(str)', (site, str) => parseNatural(str as Value, 8, 'Not an octal number: ""', site)),
  define('parseHex(str)', (site, str) => parseNatural(str as Value, 16, 'Not hexadecimal: ""', site)),
  define('escapeStringJson(str_)', (site, str) => formatJsonString(toText(str as Value, site))),
  define('escapeStringPython(str)', (site, str) => formatJsonString(toText(str as Value, site))),
  define('escapeStringBash(str_)', (site, str) => `'${toText(str as Value, site).replaceAll("'", `'"'"'`)}'`),
  define('escapeStringDollars(str_)', (site, str) => toText(str as Value, site).replaceAll('$', '$$$$')),
  define('escapeStringXML(str_)', (site, str) => escapeXml(toText(str as Value, site))),
  define('resolvePath(f, r)', (site, f, r) => {
    if (typeof f !== 'string')
      return refuse(`std.split first parameter must be a String, got ${typeOf(f as Value)}`, site);
    return [...f.split('/').slice(0, -1), asString(r as Value, site)].join('/');
  }),
];

const XML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => XML[character] ?? character);
}

function lengths(a: Value, b: Value, site: Site): readonly [number, number] {
  return [lengthOfValue(a, site), lengthOfValue(b, site)];
}

function substr([str, from, len]: readonly Value[], site: Site): string {
  if (typeof str !== 'string')
    return refuse(`substr first parameter should be a string, got ${typeOf(str as Value)}`, site);
  if (typeof from !== 'number')
    return refuse(`substr second parameter should be a number, got ${typeOf(from as Value)}`, site);
  if (!Number.isInteger(from))
    return refuse(`substr second parameter should be an integer, got ${from.toFixed(6)}`, site);
  if (from < 0) return refuse(`substr second parameter should be greater than zero, got ${from.toFixed(6)}`, site);
  if (typeof len !== 'number')
    return refuse(`substr third parameter should be a number, got ${typeOf(len as Value)}`, site);
  if ((len | 0) !== len) return refuse(`substr third parameter should be an integer, got ${len.toFixed(6)}`, site);
  if (len < 0) return refuse(`substr third parameter should be greater than zero, got ${len}`, site);
  if (isBasic(str)) return str.slice(from, from + len);
  return Array.from(str)
    .slice(from, from + len)
    .join('');
}

function strip(str: Value, chars: Value, site: Site, { left = false, right = false }): string {
  if (typeof str !== 'string') return refuse(`Unexpected type ${typeOf(str)}, expected string`, site);
  const characters = codePointsOf(str);
  let begin = 0;
  let end = characters.length;
  if (left) while (begin < end && isMember(chars, characters[begin] as string, site)) begin++;
  if (right) while (end > begin && isMember(chars, characters[end - 1] as string, site)) end--;
  return typeof characters === 'string' ? str.slice(begin, end) : Array.from(characters).slice(begin, end).join('');
}

/** Go's strings.TrimSpace: Unicode's white space, which JavaScript's is but for a byte order mark and U+0085. */
function trimSpace(text: string): string {
  return text.replace(/^(?:(?!\ufeff)\s|\u0085)+|(?:(?!\ufeff)\s|\u0085)+$/g, '');
}

function splitting(name: string, [str, c, maxsplits]: readonly Value[], site: Site) {
  const text = asString(str as Value, site);
  const by = asString(c as Value, site);
  const most = asInteger(maxsplits as Value, site);
  if (most < -1) return refuse(`std.${name} third parameter should be -1 or non-negative, got ${most}`, site);
  if (by === '') return refuse(`std.${name} second parameter should have length 1 or greater, got 0`, site);
  return { text, by, most };
}

/** A string, or an array of strings of one character each. */
function charactersOf(value: Value, site: Site): string {
  if (typeof value === 'string') return value;
  if (!(value instanceof JsonnetArray)) {
    return lengthOfValue(value, site) === 0 ? '' : asString(indexValue(value, 0, site), site);
  }
  const one = (element: Value): string => {
    const text = asString(element, site);
    if (lengthOf(text) === 1) return text;
    return refuse(`codepoint takes a string of length 1, got length ${lengthOf(text)}`, site);
  };
  return value.elements.map((element) => one(force(element, site))).join('');
}

/** Overlapping ones, too. */
function occurrences(part: string, text: string): number[] {
  const found: number[] = [];
  if (part === '') return found;
  const basic = isBasic(text);
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    found.push(basic ? at : lengthOf(text.slice(0, at)));
  }
  return found;
}

/** As Go's strings.EqualFold: simple folding, which knows no characters that become several. */
function foldCase(text: string): string {
  return Array.from(text, (character) => {
    const upper = character.toUpperCase();
    const lower = (lengthOf(upper) === 1 ? upper : character).toLowerCase();
    return lengthOf(lower) === 1 ? lower : character;
  }).join('');
}

function parseNatural(value: Value, base: number, empty: string, site: Site): number {
  if (typeof value !== 'string') return refuse(`Expected string, got ${typeOf(value)}`, site);
  if (value === '') return refuse(empty, site);
  let total = 0;
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    const digit = code >= 97 ? code - 87 : code >= 65 ? code - 55 : code - 48;
    if (digit < 0 || digit >= base) return refuse(`${value} is not a base ${base} integer`, site);
    total = base * total + digit;
  }
  return total;
}
