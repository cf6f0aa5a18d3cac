// How Go's fmt writes one basic value under flags: booleans, integers, floats, strings (Go: fmt/format.go).

import { type FmtFlags, firstRunes, pad, padding, padWithSpaces } from './fmt-flags.ts';
import { canBackquote, quote, quoteRune, quoteRuneToAscii, quoteToAscii } from './quote.ts';
import { type FloatFormat, formatFloat } from './strconv.ts';
import { utf8Encode } from './strings.ts';
import { isPrint } from './unicode.ts';

const MAX_RUNE = 0x10ffffn;

export type IntegerBase = 2 | 8 | 10 | 16;

/** An integer; `value` carries its sign. `verb` `O` writes the prefix `0o`. */
export function formatInteger(flags: FmtFlags, value: bigint, base: IntegerBase, verb: string, upper: boolean): string {
  const negative = value < 0n;
  let digits = (negative ? -value : value).toString(base);
  if (upper) digits = digits.toUpperCase();
  if (flags.precision !== undefined) {
    // Go: a precision of 0 and a value of 0 means "print nothing" but padding.
    if (flags.precision === 0 && value === 0n) return ' '.repeat(flags.width ?? 0);
    digits = digits.padStart(flags.precision, '0');
  } else if (flags.zero && !flags.minus && flags.width !== undefined) {
    const room = negative || flags.plus || flags.space ? 1 : 0;
    digits = digits.padStart(flags.width - room, '0');
  }
  if (flags.sharp) {
    if (base === 2) digits = `0b${digits}`;
    else if (base === 8 && !digits.startsWith('0')) digits = `0${digits}`;
    else if (base === 16) digits = `${upper ? '0X' : '0x'}${digits}`;
  }
  if (verb === 'O') digits = `0o${digits}`;
  const sign = negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : '';
  return padWithSpaces(flags, sign + digits);
}

/** `%U`: `U+0078`, with `#` also `U+0078 'x'`. */
export function formatUnicode(flags: FmtFlags, value: bigint): string {
  const unsigned = BigInt.asUintN(64, value);
  let text = `U+${unsigned
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 0, 4), '0')}`;
  if (flags.sharp && unsigned <= MAX_RUNE && isPrint(Number(unsigned))) {
    text += ` '${String.fromCodePoint(Number(unsigned))}'`;
  }
  return padWithSpaces(flags, text);
}

/** `%c`: the rune itself. */
export function formatCharacter(flags: FmtFlags, value: bigint): string {
  return pad(flags, String.fromCodePoint(runeOf(value)));
}

/** `%q` of an integer: a quoted rune. */
export function formatQuotedCharacter(flags: FmtFlags, value: bigint): string {
  return pad(flags, flags.plus ? quoteRuneToAscii(runeOf(value)) : quoteRune(runeOf(value)));
}

function runeOf(value: bigint): number {
  const unsigned = BigInt.asUintN(64, value);
  if (unsigned > MAX_RUNE || (unsigned >= 0xd800n && unsigned <= 0xdfffn)) return 0xfffd;
  return Number(unsigned);
}

/** A text cut to the precision, which counts runes, and padded. */
export function formatString(flags: FmtFlags, text: string): string {
  return pad(flags, cut(flags, text));
}

/** `%q` of a text: a Go string literal; with `#` between backquotes where that can be. */
export function formatQuoted(flags: FmtFlags, text: string): string {
  const shown = cut(flags, text);
  if (flags.sharp && canBackquote(shown)) return pad(flags, `\`${shown}\``);
  return pad(flags, flags.plus ? quoteToAscii(shown) : quote(shown));
}

function cut(flags: FmtFlags, text: string): string {
  return flags.precision === undefined ? text : firstRunes(text, flags.precision);
}

/** `%x` of a text or bytes: two hexadecimal digits a byte. The precision counts bytes. */
export function formatHexBytes(flags: FmtFlags, source: string | Uint8Array, upper: boolean): string {
  const all = typeof source === 'string' ? utf8Encode(source) : source;
  const bytes = flags.precision === undefined ? all : all.subarray(0, flags.precision);
  if (bytes.length === 0) return padding(flags, flags.width ?? 0);
  const prefix = flags.sharp ? (upper ? '0X' : '0x') : '';
  let text = '';
  for (const byte of bytes) {
    if (text === '') text = prefix;
    else if (flags.space) text += ` ${prefix}`;
    const digits = byte.toString(16).padStart(2, '0');
    text += upper ? digits.toUpperCase() : digits;
  }
  return pad(flags, text);
}

/** A float in the format of `verb`; `precision` counts where the directive has none. */
export function formatFloatVerb(
  flags: FmtFlags,
  value: number,
  bits: 32 | 64,
  verb: FloatFormat,
  precision: number,
): string {
  const wanted = flags.precision ?? precision;
  const plain = formatFloat(value, verb, wanted, bits);
  const signed = plain.startsWith('-') || plain.startsWith('+');
  let sign = signed ? plain.slice(0, 1) : '+';
  let digits = signed ? plain.slice(1) : plain;
  if (flags.space && sign === '+' && !flags.plus) sign = ' ';
  if (digits === 'Inf' || digits === 'NaN') {
    if (digits === 'NaN' && !flags.space && !flags.plus) sign = '';
    // Go: "+Inf" keeps its sign here because the text of strconv has it; a plain "%f" of it prints "+Inf".
    return padWithSpaces(flags, sign + digits);
  }
  if (flags.sharp && verb !== 'b') digits = keepTrailingZeros(digits, verb, wanted);
  if (!flags.plus && sign === '+') return pad(flags, digits);
  if (flags.zero && !flags.minus && flags.width !== undefined && flags.width > digits.length + 1) {
    return sign + padding(flags, flags.width - digits.length - 1) + digits;
  }
  return pad(flags, sign + digits);
}

/** The `#` flag: always a decimal point, and for %g the zeros that strconv drops (Go: fmtFloat, "The sharp flag forces"). */
function keepTrailingZeros(digits: string, verb: FloatFormat, precision: number): string {
  const exponentAt = digits.search(verb === 'x' || verb === 'X' ? /[pP]/ : /[eE]/);
  const tail = exponentAt < 0 ? '' : digits.slice(exponentAt);
  let head = exponentAt < 0 ? digits : digits.slice(0, exponentAt);
  let missing = verb === 'g' || verb === 'G' || verb === 'x' ? (precision === -1 ? 6 : precision) : 0;
  missing -= significantDigits(head);
  if (!head.includes('.')) {
    if (head === '0') missing--;
    head += '.';
  }
  return head + '0'.repeat(Math.max(missing, 0)) + tail;
}

/** All digits from the first that is not zero; Go counts the `x` of a hexadecimal prefix as one too. */
function significantDigits(head: string): number {
  return head.replace('.', '').replace(/^0+/, '').length;
}
