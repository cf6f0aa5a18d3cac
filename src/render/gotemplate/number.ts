// Number literals: the value under all the types that can represent it, as Go's ideal constants (Go: parse/node.go, newNumber).

import { goComplex } from '../go/complex.ts';
import { quote, unquote } from '../go/quote.ts';
import { parseGoFloat, parseGoInt, parseGoUint } from '../go/strconv.ts';
import { type GoNumber, goInt } from '../go/value.ts';

export interface NumberConstant {
  /** Each is undefined where the type cannot hold the value. */
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  readonly complex: GoNumber | undefined;
}

/** A literal that is no number; the message is Go's. */
export class NumberSyntaxError extends Error {
  override readonly name = 'NumberSyntaxError';
}

/** The constant of a character literal with its quotes: `'a'`. */
export function parseCharacter(text: string): NumberConstant {
  const inner = text.slice(1, -1);
  const character = unquoteOne(text, inner);
  const code = character.codePointAt(0) ?? 0xfffd;
  const rune = code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
  return { int: BigInt(rune), uint: BigInt(rune), float: rune, complex: undefined };
}

function unquoteOne(text: string, inner: string): string {
  if (inner === '') throw new NumberSyntaxError('invalid syntax');
  // Go unquotes one character and then wants the closing quote.
  const plain = /^(?:[^\\]|\\(?:x..|u....|U........|[0-7]..|.))/su.exec(inner)?.[0];
  if (plain !== undefined && plain.length < inner.length) {
    unquoteSingle(`'${plain}'`);
    throw new NumberSyntaxError(`malformed character constant: ${text}`);
  }
  return unquoteSingle(text);
}

function unquoteSingle(text: string): string {
  try {
    return unquote(text);
  } catch (error) {
    throw new NumberSyntaxError('invalid syntax', { cause: error });
  }
}

/** The constant of a number literal, `1+2i` included. */
export function parseNumber(text: string, isComplex: boolean): NumberConstant {
  if (isComplex) return parseComplex(text);
  // Imaginary constants can only be complex unless they are zero.
  if (text.endsWith('i')) {
    const imaginary = parseGoFloat(text.slice(0, -1), 64);
    if (imaginary.error === undefined) return simplified(0, imaginary.value);
  }
  const unsigned = parseGoUint(text, 0, 64);
  const signed = parseGoInt(text, 0, 64);
  const int = signed.error === undefined ? signed.value : undefined;
  const uint = unsigned.error === undefined ? unsigned.value : int === 0n ? 0n : undefined;
  if (int !== undefined || uint !== undefined) return { int, uint, float: Number(int ?? uint), complex: undefined };
  const float = parseGoFloat(text, 64);
  if (float.error !== undefined) throw new NumberSyntaxError(`illegal number syntax: ${quote(text)}`);
  // Parsed as a float but looks like an integer: too large for one.
  if (!/[.eEpP]/.test(text)) throw new NumberSyntaxError(`integer overflow: ${quote(text)}`);
  return { int: asInt(float.value), uint: asUint(float.value), float: float.value, complex: undefined };
}

/** `1+2i`, read as fmt.Sscan does (Go: fmt/scan.go, complexTokens). */
function parseComplex(text: string): NumberConstant {
  const real = floatToken(text, 0);
  const sign = text[real.length] ?? '';
  const imaginary = floatToken(text, real.length + 1);
  const end = real.length + 1 + imaginary.length;
  if ((sign !== '+' && sign !== '-') || text[end] !== 'i') {
    throw new NumberSyntaxError('syntax error scanning complex number');
  }
  return simplified(parsePart(real), parsePart(sign + imaginary));
}

/** Go: floatToken, which takes an `i` for the beginning of Inf. */
function floatToken(text: string, at: number): string {
  const token =
    /^[+-]?[iI]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eEpP][+-]?[0-9_]*)?)/;
  return token.exec(text.slice(at))?.[0] ?? '';
}

function parsePart(part: string): number {
  const { value, error } = parseGoFloat(part, 64);
  if (error !== undefined) throw new NumberSyntaxError(error);
  return value;
}

function simplified(real: number, imaginary: number): NumberConstant {
  const complex = goComplex(real, imaginary);
  if (imaginary !== 0) return { int: undefined, uint: undefined, float: undefined, complex };
  return { int: asInt(real), uint: asUint(real), float: real, complex };
}

function asInt(value: number): bigint | undefined {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(value) : undefined;
}

function asUint(value: number): bigint | undefined {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 64 ? BigInt(value) : undefined;
}

/** How a literal without a wanted type is typed (Go: exec.go, idealConstant); undefined where it overflows int. */
export function idealConstant(text: string, constant: NumberConstant): GoNumber | number | undefined {
  if (constant.complex !== undefined) return constant.complex;
  const isHexInt = /^0[xX]./.test(text) && !/[pP]/.test(text);
  if (constant.float !== undefined && !isHexInt && !text.startsWith("'") && /[.eEpP]/.test(text)) return constant.float;
  return constant.int === undefined ? undefined : goInt(constant.int);
}
