// Go's package strconv: numbers to and from text. Long because the rules are; quoting is in quote.ts.

import { quote } from './quote.ts';

/** What a Go parser returns: a value (the nearest one when out of range) and Go's error text, if any. */
export interface Parsed<T> {
  readonly value: T;
  readonly error?: string;
}

export type FloatFormat = 'b' | 'e' | 'E' | 'f' | 'g' | 'G' | 'x' | 'X';

/** The significant decimal digits of a number without trailing zeros, and how many of them stand before the point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/**
 * `strconv.FormatFloat(value, format, precision, bits)`; precision -1 is the shortest text that reads back as the same number.
 */
export function formatFloat(value: number, format: FloatFormat, precision: number, bits: 32 | 64 = 64): string {
  const number = bits === 32 ? Math.fround(value) : value;
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '+Inf' : '-Inf';
  const negative = number < 0 || Object.is(number, -0);
  const sign = negative ? '-' : '';
  const size = Math.abs(number);
  if (format === 'b') return sign + formatBinary(size, bits);
  if (format === 'x' || format === 'X') return sign + formatHex(size, format, precision, bits);
  if (precision < 0) return sign + formatShortest(size, format, bits);
  const wanted = (format === 'g' || format === 'G') && precision === 0 ? 1 : precision;
  const exact = exactDecimal(size);
  const kept = format === 'f' ? exact.point + wanted : format === 'e' || format === 'E' ? wanted + 1 : wanted;
  return sign + layOut(roundDecimal(exact, kept), format, wanted, false);
}

function formatShortest(size: number, format: FloatFormat, bits: 32 | 64): string {
  const decimal = bits === 32 ? shortestDecimal32(size) : splitExponential(size.toExponential());
  const count = decimal.digits.length;
  const precision = format === 'f' ? count - decimal.point : format === 'e' || format === 'E' ? count - 1 : count;
  return layOut(decimal, format, Math.max(precision, 0), true);
}

/** Go: formatDigits. `shortest` tells that the precision was not asked for. */
function layOut(decimal: Decimal, format: FloatFormat, precision: number, shortest: boolean): string {
  if (format === 'f') return fixed(decimal, precision);
  if (format === 'e' || format === 'E') return exponential(decimal, precision, format);
  const count = decimal.digits.length;
  const limit = shortest ? 6 : precision > count && count >= decimal.point ? count : precision;
  const exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= limit) {
    return exponential(decimal, Math.min(precision, count) - 1, format === 'g' ? 'e' : 'E');
  }
  const shown = precision > decimal.point ? count : precision;
  return fixed(decimal, Math.max(shown - decimal.point, 0));
}

/** Go: fmtE. */
function exponential(decimal: Decimal, precision: number, letter: string): string {
  const { digits } = decimal;
  const first = digits === '' ? '0' : digits.slice(0, 1);
  const fraction = precision > 0 ? `.${digits.slice(1, precision + 1).padEnd(precision, '0')}` : '';
  const exponent = digits === '' ? 0 : decimal.point - 1;
  return `${first}${fraction}${letter}${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Go: fmtF. */
function fixed(decimal: Decimal, precision: number): string {
  const { digits, point } = decimal;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (precision <= 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, precision)) + digits;
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`;
}

function splitExponential(text: string): Decimal {
  const at = text.indexOf('e');
  const digits = text.slice(0, at).replace('.', '');
  return digits === '0' ? { digits: '', point: 0 } : { digits, point: Number(text.slice(at + 1)) + 1 };
}

/** The shortest decimal that is nearer to this float32 than to its neighbours. */
function shortestDecimal32(size: number): Decimal {
  const exact = exactDecimal(size);
  for (let precision = 1; precision < 9; precision++) {
    const rounded = roundDecimal(exact, precision);
    const above = nextAbove(exact, precision);
    // At a power of two the gap above is wider than the gap below: the next decimal above may fit, and Go takes it in a tie.
    const tie =
      exact.digits.length === precision + 1 && exact.digits.endsWith('5') && Number.isInteger(Math.log2(size));
    if (readsBackAs(rounded, size) && !(tie && readsBackAs(above, size))) return rounded;
    if (readsBackAs(above, size)) return above;
  }
  return roundDecimal(exact, 9);
}

function readsBackAs(decimal: Decimal, size: number): boolean {
  return Math.fround(Number(`0.${decimal.digits}e${decimal.point}`)) === size;
}

function nextAbove(decimal: Decimal, kept: number): Decimal {
  const head = decimal.digits.slice(0, kept).padEnd(kept, '0');
  const digits = (BigInt(head) + 1n).toString();
  return trimZeros({ digits, point: decimal.point + digits.length - kept });
}

function trimZeros(decimal: Decimal): Decimal {
  return { digits: decimal.digits.replace(/0+$/, ''), point: decimal.point };
}

/** All decimal digits of a finite positive float64. */
function exactDecimal(size: number): Decimal {
  const { mantissa, exponent } = splitFloat(size);
  if (mantissa === 0n) return { digits: '', point: 0 };
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString();
    return trimZeros({ digits, point: digits.length });
  }
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString();
  return trimZeros({ digits, point: digits.length + exponent });
}

/** Rounds an exact decimal to `kept` digits, ties to even (Go: decimal.Round). */
function roundDecimal(decimal: Decimal, kept: number): Decimal {
  const { digits, point } = decimal;
  if (kept >= digits.length) return decimal;
  if (kept < 0) return { digits: '', point: 0 };
  const rest = digits.slice(kept);
  const tie = rest === '5';
  const up = tie ? kept > 0 && Number(digits[kept - 1]) % 2 === 1 : rest >= '5';
  const head = digits.slice(0, kept);
  if (!up) return head === '' ? { digits: '', point: 0 } : trimZeros({ digits: head, point });
  const raised = (BigInt(head === '' ? '0' : head) + 1n).toString();
  return trimZeros({ digits: raised, point: point + raised.length - kept });
}

const scratch = new DataView(new ArrayBuffer(8));

/** `size` = mantissa · 2^exponent, with the bits that the type has. */
function splitFloat(size: number, bits: 32 | 64 = 64): { mantissa: bigint; exponent: number } {
  if (bits === 32) {
    scratch.setFloat32(0, size);
    const raw = scratch.getUint32(0);
    const biased = (raw >>> 23) & 0xff;
    const mantissa = BigInt(raw & 0x7fffff) | (biased === 0 ? 0n : 1n << 23n);
    return { mantissa, exponent: Math.max(biased, 1) - 150 };
  }
  scratch.setFloat64(0, size);
  const raw = scratch.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const mantissa = (raw & ((1n << 52n) - 1n)) | (biased === 0 ? 0n : 1n << 52n);
  return { mantissa, exponent: Math.max(biased, 1) - 1075 };
}

/** Go: fmtB. */
function formatBinary(size: number, bits: 32 | 64): string {
  const { mantissa, exponent } = splitFloat(size, bits);
  return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}

/** Go: fmtX. */
function formatHex(size: number, format: 'x' | 'X', precision: number, bits: 32 | 64): string {
  const float = splitFloat(size, bits);
  const fractionBits = bits === 32 ? 23 : 52;
  let mantissa = float.mantissa << BigInt(60 - fractionBits);
  let exponent = float.mantissa === 0n ? 0 : float.exponent + fractionBits;
  while (mantissa !== 0n && (mantissa & (1n << 60n)) === 0n) {
    mantissa <<= 1n;
    exponent--;
  }
  if (precision >= 0 && precision < 15) {
    const shift = BigInt(precision * 4);
    const extra = (mantissa << shift) & ((1n << 60n) - 1n);
    mantissa >>= 60n - shift;
    if ((extra | (mantissa & 1n)) > 1n << 59n) mantissa++;
    mantissa <<= 60n - shift;
    if ((mantissa & (1n << 61n)) !== 0n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const all = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, '0');
  const digits = precision < 0 ? all.replace(/0+$/, '') : all.slice(0, precision).padEnd(precision, '0');
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const text = `0x${mantissa >> 60n}${digits === '' ? '' : `.${digits}`}p${power}`;
  return format === 'X' ? text.toUpperCase() : text;
}

function parseError(name: string, text: string, reason: string): string {
  return `strconv.${name}: parsing ${quote(text)}: ${reason}`;
}

const SYNTAX = 'invalid syntax';
const RANGE = 'value out of range';

/** `strconv.ParseInt`; base 0 reads Go's prefixes and underscores, bits 0 means 64. */
export function parseGoInt(text: string, base: number, bits: number): Parsed<bigint> {
  return scanInt('ParseInt', text, base, bits);
}

/** `strconv.Atoi`. */
export function atoi(text: string): Parsed<bigint> {
  return scanInt('Atoi', text, 10, 64);
}

function scanInt(name: string, text: string, base: number, bits: number): Parsed<bigint> {
  const width = BigInt(bits === 0 ? 64 : bits);
  const signed = text.startsWith('-') || text.startsWith('+');
  const scanned = scanUint(signed ? text.slice(1) : text, base, Number(width));
  if (typeof scanned === 'string' && scanned !== RANGE) return { value: 0n, error: parseError(name, text, scanned) };
  const limit = 1n << (width - 1n);
  if (text.startsWith('-')) {
    if (typeof scanned === 'string' || scanned > limit) return { value: -limit, error: parseError(name, text, RANGE) };
    return { value: -scanned };
  }
  if (typeof scanned === 'string' || scanned >= limit) {
    return { value: limit - 1n, error: parseError(name, text, RANGE) };
  }
  return { value: scanned };
}

/** `strconv.ParseUint`. */
export function parseGoUint(text: string, base: number, bits: number): Parsed<bigint> {
  const width = bits === 0 ? 64 : bits;
  const scanned = scanUint(text, base, width);
  if (typeof scanned !== 'string') return { value: scanned };
  const value = scanned === RANGE ? (1n << BigInt(width)) - 1n : 0n;
  return { value, error: parseError('ParseUint', text, scanned) };
}

/** The value, or why there is none. Go reads from left to right: an overflow before a bad digit is told first. */
function scanUint(text: string, base: number, bits: number): bigint | string {
  if (text === '') return SYNTAX;
  if (base !== 0 && (base < 2 || base > 36)) return `invalid base ${base}`;
  const prefix = base === 0 ? prefixOf(text) : { base, length: 0 };
  const underscored = base === 0 && text.includes('_');
  const digits = underscored ? text.slice(prefix.length).replaceAll('_', '') : text.slice(prefix.length);
  let good = 0;
  while (good < digits.length && digitValue(digits.charCodeAt(good)) < prefix.base) good++;
  const value =
    good === 0
      ? 0n
      : good < 11
        ? BigInt(Number.parseInt(digits.slice(0, good), prefix.base))
        : bigValue(digits.slice(0, good), prefix.base);
  if (value >> BigInt(bits) !== 0n) return RANGE;
  return good < digits.length || (underscored && !underscoresFit(text)) ? SYNTAX : value;
}

function bigValue(digits: string, base: number): bigint {
  if (base === 10) return BigInt(digits);
  if (base === 16) return BigInt(`0x${digits}`);
  let value = 0n;
  for (let i = 0; i < digits.length; i++) value = value * BigInt(base) + BigInt(digitValue(digits.charCodeAt(i)));
  return value;
}

function prefixOf(text: string): { base: number; length: number } {
  if (!text.startsWith('0')) return { base: 10, length: 0 };
  const letter = text.length >= 3 ? text[1]?.toLowerCase() : undefined;
  if (letter === 'b') return { base: 2, length: 2 };
  if (letter === 'o') return { base: 8, length: 2 };
  if (letter === 'x') return { base: 16, length: 2 };
  return { base: 8, length: 1 };
}

function digitValue(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x7a ? lower - 0x61 + 10 : 99;
}

/** Underscores stand only between digits, or between a base prefix and a digit (Go: underscoreOK). */
function underscoresFit(text: string): boolean {
  const unsigned = /^[-+]/.test(text) ? text.slice(1) : text;
  const prefix = /^0[box]/i.exec(unsigned)?.[0] ?? '';
  const isNumeral = prefix.toLowerCase() === '0x' ? /[0-9a-f]/i : /[0-9]/;
  let saw = prefix === '' ? '^' : '0';
  for (const character of unsigned.slice(prefix.length)) {
    if (isNumeral.test(character)) saw = '0';
    else if (character === '_') {
      if (saw !== '0') return false;
      saw = '_';
    } else {
      if (saw === '_') return false;
      saw = '!';
    }
  }
  return saw !== '_';
}

const DECIMAL_FLOAT = /^[-+]?(?:[0-9_]+(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9][0-9_]*)?$/;
const HEX_FLOAT = /^([-+]?)0[xX]([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([-+]?[0-9][0-9_]*)$/;
const SPECIAL_FLOAT = /^(?:([-+]?)inf(?:inity)?|nan)$/i;

/** `strconv.ParseFloat(text, bits)`. */
export function parseGoFloat(text: string, bits: 32 | 64 = 64): Parsed<number> {
  const special = SPECIAL_FLOAT.exec(text);
  if (special) {
    if (text.length === 3 && text.toLowerCase() === 'nan') return { value: Number.NaN };
    return { value: special[1] === '-' ? -Infinity : Infinity };
  }
  const hex = HEX_FLOAT.exec(text);
  const fits =
    (hex || (DECIMAL_FLOAT.test(text) && /[0-9]/.test(text))) && (!text.includes('_') || underscoresFit(text));
  const exact = fits ? (hex ? hexFloat(hex, bits) : Number(text.replaceAll('_', ''))) : undefined;
  if (exact === undefined) return { value: 0, error: parseError('ParseFloat', text, SYNTAX) };
  const value = bits === 32 ? Math.fround(exact) : exact;
  return Number.isFinite(value) ? { value } : { value, error: parseError('ParseFloat', text, RANGE) };
}

function hexFloat(match: RegExpExecArray, bits: 32 | 64): number | undefined {
  const whole = (match[2] ?? '').replaceAll('_', '');
  const fraction = (match[3] ?? '').replaceAll('_', '');
  if (whole + fraction === '') return undefined;
  const mantissa = BigInt(`0x${whole}${fraction}`);
  const power = Math.max(-100000, Math.min(100000, Number((match[4] ?? '0').replaceAll('_', ''))));
  const value = scale(mantissa, power - 4 * fraction.length, bits);
  return match[1] === '-' ? -value : value;
}

/** mantissa · 2^exponent, rounded once to the type's precision, ties to even. */
function scale(mantissa: bigint, exponent: number, bits: 32 | 64): number {
  if (mantissa === 0n) return 0;
  const precision = bits === 32 ? 24 : 53;
  const least = bits === 32 ? -149 : -1074;
  const length = mantissa.toString(2).length;
  const drop = Math.max(length - precision, least - exponent, 0);
  if (length + exponent > 2000) return Infinity;
  if (drop > length + 1) return 0;
  let kept = mantissa >> BigInt(drop);
  const rest = mantissa - (kept << BigInt(drop));
  const half = drop === 0 ? 1n : 1n << BigInt(drop - 1);
  if (drop > 0 && (rest > half || (rest === half && (kept & 1n) === 1n))) kept++;
  let value = Number(kept);
  for (let power = exponent + drop; power !== 0; ) {
    const step = Math.max(-1000, Math.min(1000, power));
    value *= 2 ** step;
    power -= step;
  }
  return value;
}

/** `strconv.ParseBool`. */
export function parseGoBool(text: string): Parsed<boolean> {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(text)) return { value: true };
  if (/^(?:0|f|F|false|FALSE|False)$/.test(text)) return { value: false };
  return { value: false, error: parseError('ParseBool', text, SYNTAX) };
}
