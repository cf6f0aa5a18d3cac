// std.format and the operator %: Python's formatting, with the arithmetic of Jsonnet's own definition, whose roundings show.

import { depthNow, stackLimit } from '../call-stack.ts';
import type { Site } from '../failures.ts';
import { formatNumber, toText } from '../manifest-json.ts';
import { JsonnetObject } from '../object.ts';
import { divide } from '../operators.ts';
import { codePointsOf, lengthOf } from '../text.ts';
import { asNumber, finite, force, JsonnetArray, type Lazy, typeOf, type Value } from '../value.ts';
import { refuse } from './arguments.ts';
import { characterOf } from './character.ts';
import { goLog, goPow } from './go-math.ts';

interface Flags {
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly left: boolean;
  readonly blank: boolean;
  readonly plus: boolean;
}

interface FormatCode {
  readonly key: string | undefined;
  readonly flags: Flags;
  readonly width: number | '*';
  readonly precision: number | '*' | undefined;
  readonly type: string;
  readonly isCapital: boolean;
}

/** `vals`: an array, an object, or a single value. */
export function format(str: Value, vals: Value, site: Site): string {
  if (typeof str !== 'string') {
    return refuse(`Unexpected type ${typeOf(str)}`, site);
  }
  const codes = parsedCodes(str, site);
  if (vals instanceof JsonnetObject) return formatFields(codes, vals, site);
  return formatList(codes, vals instanceof JsonnetArray ? vals.elements : [vals], site);
}

/** A program formats with few texts, many times. */
const known = new Map<string, readonly (string | FormatCode)[]>();
const MOST_KNOWN = 1_000;

function parsedCodes(text: string, site: Site): readonly (string | FormatCode)[] {
  const found = known.get(text);
  if (found) return found;
  const codes = parseCodes(text, site);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, codes);
  return codes;
}

const TYPES: Readonly<Record<string, string>> = {
  d: 'd',
  i: 'd',
  u: 'd',
  o: 'o',
  x: 'x',
  e: 'e',
  f: 'f',
  g: 'g',
  c: 'c',
  s: 's',
  '%': '%',
};

function parseCodes(text: string, site: Site): readonly (string | FormatCode)[] {
  const codes: (string | FormatCode)[] = [];
  let at = 0;
  const here = (): string => {
    const code = text.codePointAt(at);
    return code === undefined ? refuse('Truncated format code.', site) : String.fromCodePoint(code);
  };
  const number = (): number | '*' => {
    if (text[at] === '*') {
      at++;
      return '*';
    }
    let value = 0;
    for (; /\d/.test(here()); at++) value = value * 10 + Number(text[at]);
    return value;
  };
  for (;;) {
    const next = text.indexOf('%', at);
    codes.push(text.slice(at, next < 0 ? undefined : next));
    if (next < 0) return codes;
    at = next + 1;
    let key: string | undefined;
    if (here() === '(') {
      const close = text.indexOf(')', at);
      if (close < 0) return refuse('Truncated format code.', site);
      key = text.slice(at + 1, close);
      at = close + 1;
    }
    const begin = at;
    while ('#0- +'.includes(here())) at++;
    const set = text.slice(begin, at);
    const flags = {
      alternate: set.includes('#'),
      zero: set.includes('0'),
      left: set.includes('-'),
      blank: set.includes(' '),
      plus: set.includes('+'),
    };
    const width = number();
    let precision: number | '*' | undefined;
    if (here() === '.') {
      at++;
      precision = number();
    }
    if ('hlL'.includes(here())) at++;
    const letter = here();
    const isCapital = 'XEFG'.includes(letter);
    const type = TYPES[isCapital ? letter.toLowerCase() : letter];
    if (type === undefined) return refuse(`Unrecognised conversion type: ${letter}`, site);
    at += letter.length;
    codes.push({ key, flags, width, precision, type, isCapital });
  }
}

/** What of a value and its code is known once somebody asks: errors come in the order of Jsonnet's own definition. */
interface Formatted {
  value(): Value;
  width(): Value;
  precision(): Value | undefined;
  readonly place: number | string;
}

function formatList(codes: readonly (string | FormatCode)[], values: readonly Lazy[], site: Site): string {
  let result = '';
  let used = 0;
  const count = values.length;
  const take = (missing: string): (() => Value) => {
    const place = used++;
    return () => {
      if (place < count) return force(values[place] as Lazy, site);
      return refuse(`Not enough values to format: ${count}, ${missing} ${place}`, site);
    };
  };
  for (const code of codes) {
    if (typeof code === 'string') {
      result += code;
      continue;
    }
    const { width, precision } = code;
    const widthOf = width === '*' ? take('expected at least') : () => width;
    const precisionOf = precision === '*' ? take('expected at least') : () => precision;
    const place = used;
    const value = code.type === '%' ? () => null : take('expected more than');
    result += formatted(code, { value, width: widthOf, precision: precisionOf, place }, site);
  }
  if (used < count) return refuse(`Too many values to format: ${count}, expected ${used}`, site);
  return result;
}

function formatFields(codes: readonly (string | FormatCode)[], object: JsonnetObject, site: Site): string {
  let result = '';
  for (const code of codes) {
    if (typeof code === 'string') {
      result += code;
      continue;
    }
    const { key, width, precision } = code;
    result += formatted(
      code,
      {
        value: () => {
          if (key === undefined) return refuse('Mapping keys required.', site);
          return object.has(key) ? object.index(key, site) : refuse(`No such field: ${key}`, site);
        },
        width: () => (width === '*' ? refuse('Cannot use * field width with object.', site) : width),
        precision: () => (precision === '*' ? refuse('Cannot use * precision with object.', site) : precision),
        place: key ?? '',
      },
      site,
    );
  }
  return result;
}

/** With spaces up to its width. */
function formatted(code: FormatCode, parts: Formatted, site: Site): string {
  const { left } = code.flags;
  const wanted = left ? undefined : parts.width();
  const text = code.type === '%' ? '%' : formatValue(code, parts, site);
  const width = asNumber(wanted ?? parts.width(), site);
  const padding = paddingOf(width - lengthOf(text), ' ', site);
  return left ? text + padding : padding + text;
}

/** Each character is a call inside the one before it, with go-jsonnet, and then a sum that waits. */
function paddingOf(width: number, character: string, site: Site): string {
  if (width <= 0) return '';
  const count = Math.ceil(width);
  if (depthNow() + 2 * count > stackLimit()) return refuse('max stack frames exceeded.', site);
  return character.repeat(count);
}

function formatValue({ flags, type, isCapital }: FormatCode, parts: Formatted, site: Site): string {
  const value = parts.value();
  if (type === 's') return toText(value, site);
  if (type === 'c') return formatCharacter(value, site);
  if (typeof value !== 'number') return refuse(`Format required number at ${parts.place}, got ${typeOf(value)}`, site);
  const zeros = () => (flags.zero && !flags.left ? asNumber(parts.width(), site) : 0);
  const digits = () => {
    const found = parts.precision() ?? 0;
    if (typeof found === 'number') return found;
    return refuse(`std.max second param expected number, got ${typeOf(found)}`, site);
  };
  const places = () => {
    const found = parts.precision();
    return found === undefined || found === null ? 6 : asNumber(found, site);
  };
  switch (type) {
    case 'd':
    case 'o': {
      const magnitude = Math.floor(Math.abs(value));
      const prefix = type === 'o' && flags.alternate ? '0' : '';
      return renderInteger(value <= -1, magnitude, zeros(), digits(), flags, type === 'o' ? 8 : 10, prefix, site);
    }
    case 'x':
      return renderHex(Math.floor(value), zeros(), digits(), flags, isCapital, site);
    case 'f':
      return renderDecimal(value, zeros(), flags, true, places(), site);
    case 'e':
      return renderScientific(value, zeros(), flags, true, isCapital, places(), site);
    default:
      return renderGeneral(value, zeros(), flags, isCapital, places(), site);
  }
}

function formatCharacter(value: Value, site: Site): string {
  if (typeof value === 'number') return characterOf(value, site);
  if (typeof value !== 'string') return refuse(`%c expected number / string, got: ${typeOf(value)}`, site);
  const length = codePointsOf(value).length;
  return length === 1 ? value : refuse(`%c expected 1-sized string got: ${length}`, site);
}

type Signs = Pick<Flags, 'blank' | 'plus'>;

function signOf(isNegative: boolean, { blank, plus }: Signs): string {
  if (isNegative) return '-';
  if (plus) return '+';
  return blank ? ' ' : '';
}

/** `magnitude` is whole, and at least 0. Digits are those that dividing doubles gives. */
function renderInteger(
  isNegative: boolean,
  magnitude: number,
  minCharacters: number,
  minDigits: number,
  signs: Signs,
  radix: number,
  prefix: string,
  site: Site,
): string {
  let digits = '';
  if (magnitude === 0) digits = '0';
  else if (Number.isSafeInteger(magnitude)) digits = prefix + magnitude.toString(radix);
  else {
    for (let rest = magnitude; rest !== 0; rest = Math.floor(rest / radix))
      digits = formatNumber(rest % radix) + digits;
    digits = prefix + digits;
  }
  const width = minCharacters - (isNegative || signs.blank || signs.plus ? 1 : 0);
  return signOf(isNegative, signs) + padZeros(digits, Math.max(width, minDigits), site);
}

function padZeros(digits: string, width: number, site: Site): string {
  return paddingOf(width - digits.length, '0', site) + digits;
}

function renderHex(
  value: number,
  minCharacters: number,
  minDigits: number,
  flags: Flags,
  isCapital: boolean,
  site: Site,
): string {
  let digits = '';
  for (let rest = Math.floor(Math.abs(value)); rest !== 0; rest = Math.floor(rest / 16)) {
    digits = '0123456789abcdef'.charAt(rest % 16) + digits;
  }
  if (isCapital) digits = digits.toUpperCase();
  const isNegative = value < 0;
  const taken = (isNegative || flags.blank || flags.plus ? 1 : 0) + (flags.alternate ? 2 : 0);
  const prefix = flags.alternate ? (isCapital ? '0X' : '0x') : '';
  const number = padZeros(digits || '0', Math.max(minCharacters - taken, minDigits), site);
  return signOf(isNegative, flags) + prefix + number;
}

/** `hasTrailing`: zeros at the end of the fraction stay. */
function renderDecimal(
  value: number,
  zeros: number,
  flags: Flags,
  hasTrailing: boolean,
  precision: number,
  site: Site,
): string {
  const magnitude = Math.abs(value);
  const denominator = finite(goPow(10, precision), site);
  const numerator = finite(magnitude * denominator, site) + 0.5;
  const whole = Math.sign(magnitude) * Math.floor(divide(numerator, denominator, site));
  const fraction = Math.floor(numerator) % denominator;
  const pointSize = precision === 0 && !flags.alternate ? 0 : 1;
  const text = renderInteger(value < 0, whole, zeros - precision - pointSize, 0, flags, 10, '', site);
  if (precision === 0) return text + (flags.alternate ? '.' : '');
  if (!hasTrailing && !(fraction > 0)) return text;
  const digits = renderInteger(false, fraction, precision, 0, { blank: false, plus: false }, 10, '', site);
  return `${text}.${hasTrailing ? digits : digits.replace(/0+$/, '')}`;
}

function exponentOf(value: number): number {
  return value === 0 ? 0 : Math.floor(goLog(Math.abs(value)) / goLog(10));
}

function renderScientific(
  value: number,
  zeros: number,
  flags: Flags,
  hasTrailing: boolean,
  isCapital: boolean,
  precision: number,
  site: Site,
): string {
  const exponent = exponentOf(value);
  const signs = { blank: false, plus: true };
  const suffix = (isCapital ? 'E' : 'e') + renderInteger(exponent < 0, Math.abs(exponent), 3, 0, signs, 10, '', site);
  // 10 to the power of -324 is 0.
  const mantissa = exponent === -324 ? (value * 10) / goPow(10, exponent + 1) : value / goPow(10, exponent);
  return renderDecimal(finite(mantissa, site), zeros - suffix.length, flags, hasTrailing, precision, site) + suffix;
}

function renderGeneral(
  value: number,
  zeros: number,
  flags: Flags,
  isCapital: boolean,
  precision: number,
  site: Site,
): string {
  const exponent = exponentOf(value);
  if (exponent < -4 || exponent >= precision) {
    return renderScientific(value, zeros, flags, flags.alternate, isCapital, precision - 1, site);
  }
  return renderDecimal(value, zeros, flags, flags.alternate, precision - Math.max(1, exponent + 1), site);
}
