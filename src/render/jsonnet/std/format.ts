// std.format and the operator %: Python's formatting, with the arithmetic of Jsonnet's own definition, whose roundings show.

import { spendText } from '../call-stack.ts';
import type { Site } from '../failures.ts';
import { formatNumber, toText } from '../manifest-json.ts';
import { JsonnetObject } from '../object.ts';
import { codePointsOf, lengthOf } from '../text.ts';
import { finite, force, JsonnetArray, type Lazy, typeOf, type Value } from '../value.ts';
import { refuse } from './arguments.ts';
import { goPow } from './go-math.ts';

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

function formatList(codes: readonly (string | FormatCode)[], values: readonly Lazy[], site: Site): string {
  let result = '';
  let used = 0;
  const count = values.length;
  const take = (missing: string): Value => {
    if (used >= count) return refuse(`Not enough values to format: ${count}, ${missing} ${used}`, site);
    return force(values[used++] as Lazy, site);
  };
  for (const code of codes) {
    if (typeof code === 'string') {
      result += code;
      continue;
    }
    const width = code.width === '*' ? take('expected at least') : code.width;
    const precision = code.precision === '*' ? take('expected at least') : code.precision;
    let text = '%';
    if (code.type !== '%') {
      const place = used;
      text = formatValue(
        take('expected more than'),
        code,
        width as number,
        precision as number | undefined,
        place,
        site,
      );
    }
    result += padded(text, code, width as number, site);
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
    if (width === '*') return refuse('Cannot use * field width with object.', site);
    if (precision === '*') return refuse('Cannot use * precision with object.', site);
    let text = '%';
    if (code.type !== '%') {
      if (key === undefined) return refuse('Mapping keys required.', site);
      if (!object.has(key)) return refuse(`No such field: ${key}`, site);
      text = formatValue(object.index(key, site), code, width, precision, key, site);
    }
    result += padded(text, code, width, site);
  }
  return result;
}

function padded(text: string, { flags }: FormatCode, width: number, site: Site): string {
  spendText(width, site);
  const padding = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return flags.left ? text + padding : padding + text;
}

function formatValue(
  value: Value,
  { flags, type, isCapital }: FormatCode,
  width: number,
  precision: number | undefined,
  place: number | string,
  site: Site,
): string {
  if (type === 's') return toText(value, site);
  if (type === 'c') return formatCharacter(value, site);
  if (typeof value !== 'number') return refuse(`Format required number at ${place}, got ${typeOf(value)}`, site);
  const zeros = flags.zero && !flags.left ? width : 0;
  const digits = precision ?? 0;
  spendText(Math.max(zeros, digits), site);
  switch (type) {
    case 'd':
      return renderInteger(value <= -1, Math.floor(Math.abs(value)), zeros, digits, flags, 10, '');
    case 'o':
      return renderInteger(
        value <= -1,
        Math.floor(Math.abs(value)),
        zeros,
        digits,
        flags,
        8,
        flags.alternate ? '0' : '',
      );
    case 'x':
      return renderHex(Math.floor(value), zeros, digits, flags, isCapital);
    case 'f':
      return renderDecimal(value, zeros, flags, true, precision ?? 6, site);
    case 'e':
      return renderScientific(value, zeros, flags, true, isCapital, precision ?? 6, site);
    default:
      return renderGeneral(value, zeros, flags, isCapital, precision ?? 6, site);
  }
}

function formatCharacter(value: Value, site: Site): string {
  if (typeof value === 'number') return String.fromCodePoint(Math.trunc(value));
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
  return signOf(isNegative, signs) + digits.padStart(Math.max(width, minDigits), '0');
}

function renderHex(value: number, minCharacters: number, minDigits: number, flags: Flags, isCapital: boolean): string {
  let digits = '';
  for (let rest = Math.floor(Math.abs(value)); rest !== 0; rest = Math.floor(rest / 16)) {
    digits = '0123456789abcdef'.charAt(rest % 16) + digits;
  }
  if (isCapital) digits = digits.toUpperCase();
  const isNegative = value < 0;
  const taken = (isNegative || flags.blank || flags.plus ? 1 : 0) + (flags.alternate ? 2 : 0);
  const prefix = flags.alternate ? (isCapital ? '0X' : '0x') : '';
  const number = (digits || '0').padStart(Math.max(minCharacters - taken, minDigits), '0');
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
  const whole = Math.sign(magnitude) * Math.floor(numerator / denominator);
  const fraction = Math.floor(numerator) % denominator;
  const pointSize = precision === 0 && !flags.alternate ? 0 : 1;
  const text = renderInteger(value < 0, whole, zeros - precision - pointSize, 0, flags, 10, '');
  if (precision === 0) return text + (flags.alternate ? '.' : '');
  if (!hasTrailing && !(fraction > 0)) return text;
  const digits = renderInteger(false, fraction, precision, 0, { blank: false, plus: false }, 10, '');
  return `${text}.${hasTrailing ? digits : digits.replace(/0+$/, '')}`;
}

function exponentOf(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log(Math.abs(value)) / Math.log(10));
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
  const suffix = (isCapital ? 'E' : 'e') + renderInteger(exponent < 0, Math.abs(exponent), 3, 0, signs, 10, '');
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
