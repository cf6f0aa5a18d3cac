// Exact decimal arithmetic (shopspring/decimal v1.4.0), by which Sprig adds, subtracts, multiplies and divides floats.

import { formatFloat } from '../go/strconv.ts';
import { fail } from './function.ts';

/** value × 10^exponent. */
export interface Decimal {
  readonly value: bigint;
  readonly exponent: number;
}

/** decimal.DivisionPrecision: the digits after the point of a quotient. */
const DIVISION_PRECISION = 16;

/** The decimal of a float's shortest text. Fails for NaN and the infinities, as the library panics. */
export function toDecimal(value: number): Decimal {
  if (!Number.isFinite(value)) fail(`Cannot create a Decimal from ${formatFloat(value, 'g', -1, 64)}`);
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { value: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** The nearest float. */
export function toFloat({ value, exponent }: Decimal): number {
  return Number(`${value}e${exponent}`);
}

export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { value: scaled(a, exponent) + scaled(b, exponent), exponent };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { value: -b.value, exponent: b.exponent });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { value: a.value * b.value, exponent: a.exponent + b.exponent };
}

/** The quotient, rounded half away from zero at 16 digits after the point. */
export function divide(a: Decimal, b: Decimal): Decimal {
  if (b.value === 0n) fail('decimal division by 0');
  const shift = a.exponent - b.exponent + DIVISION_PRECISION;
  const dividend = shift >= 0 ? a.value * 10n ** BigInt(shift) : a.value;
  const divisor = shift >= 0 ? b.value : b.value * 10n ** BigInt(-shift);
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const sign = a.value < 0n === b.value < 0n ? 1n : -1n;
  const roundsAway = 2n * absolute(remainder) >= absolute(divisor);
  return { value: roundsAway ? quotient + sign : quotient, exponent: -DIVISION_PRECISION };
}

function scaled({ value, exponent }: Decimal, to: number): bigint {
  return value * 10n ** BigInt(exponent - to);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
