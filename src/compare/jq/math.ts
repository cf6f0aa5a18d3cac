// jq's functions of numbers. Of Go's package math those are left out that no rule about a manifest can want (Bessel's, gamma …).

import type { Json } from '../../base/json.ts';
import { typeError } from './error.ts';

type MathFunction = (input: Json, ...args: readonly Json[]) => Json;

const OF_ONE: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  fabs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: (x) => Math.sign(x) * Math.round(Math.abs(x)),
  rint: roundToEven,
  nearbyint: roundToEven,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  exp10: (x) => 10 ** x,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
};

const OF_TWO: Readonly<Record<string, (x: number, y: number) => number>> = {
  pow: (x, y) => x ** y,
  atan2: Math.atan2,
  hypot: Math.hypot,
  fmod: (x, y) => x % y,
  fmin: Math.min,
  fmax: Math.max,
  fdim: (x, y) => Math.max(x - y, 0),
  copysign: (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
  ldexp: (x, y) => x * 2 ** y,
  scalb: (x, y) => x * 2 ** y,
};

export const MATH: Readonly<Record<string, MathFunction>> = {
  ...Object.fromEntries(
    Object.entries(OF_ONE).map(([name, work]): [string, MathFunction] => [
      `${name}/0`,
      (input) => work(number(name, input)),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(OF_TWO).map(([name, work]): [string, MathFunction] => [
      `${name}/2`,
      (_, x = null, y = null) => work(number(name, x), number(name, y)),
    ]),
  ),
  'infinite/0': () => Number.POSITIVE_INFINITY,
  'nan/0': () => Number.NaN,
  'isnan/0': (input) => input !== null && Number.isNaN(number('isnan', input)),
  'isinfinite/0': (input) => typeof input === 'number' && Math.abs(input) === Number.POSITIVE_INFINITY,
  'isfinite/0': (input) => typeof input === 'number' && Math.abs(input) !== Number.POSITIVE_INFINITY,
  'isnormal/0': (input) => typeof input === 'number' && Number.isFinite(input) && Math.abs(input) >= 2 ** -1022,
};

function number(name: string, value: Json): number {
  if (typeof value === 'number') return value;
  throw typeError(`${name} cannot be applied to`, value);
}

/** Halves go to the even neighbour. */
function roundToEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}
