// Sprig's functions of numbers (Sprig v3.3.0: numeric.go). Integers are int64 and wrap around.

import { atoi, parseGoInt } from '../go/strconv.ts';
import { type GoNumber, GoSlice, type GoValue, goInt, goInt64 } from '../go/value.ts';
import { toFloat64, toInt64 } from './cast.ts';
import { add, type Decimal, divide, multiply, subtract, toDecimal, toFloat } from './decimal.ts';
import type { SprigLimits } from './environment.ts';
import { type FunctionTable, fail, failTooLarge, goFunction, intOf } from './function.ts';
import { printed } from './text.ts';

export function mathFunctions(limits: SprigLimits): FunctionTable {
  const biggest = goFunction(['interface {}', '...interface {}'], 'int64', (first, ...rest) =>
    goInt64(rest.map(toInt64).reduce(greater, toInt64(first))),
  );
  const steps = (start: number, stop: number, step: number) => untilStep(start, stop, step, limits.listLength);
  return {
    atoi: goFunction(['string'], 'int', (text) => goInt(atoi(text).value)),
    int64: goFunction(['interface {}'], 'int64', (value) => goInt64(toInt64(value))),
    int: goFunction(['interface {}'], 'int', (value) => goInt(toInt64(value))),
    float64: goFunction(['interface {}'], 'float64', toFloat64),
    toDecimal: goFunction(['interface {}'], 'int64', octalToDecimal),
    seq: goFunction(['...int'], 'string', (...params) => sequence(params.map(intOf), steps)),
    until: goFunction(['int'], '[]int', (count) => intSlice(steps(0, intOf(count), intOf(count) < 0 ? -1 : 1))),
    untilStep: goFunction(['int', 'int', 'int'], '[]int', (start, stop, step) =>
      intSlice(steps(intOf(start), intOf(stop), intOf(step))),
    ),
    add1: goFunction(['interface {}'], 'int64', (value) => goInt64(toInt64(value) + 1n)),
    add: goFunction(['...interface {}'], 'int64', (...values) =>
      goInt64(values.map(toInt64).reduce((sum, value) => sum + value, 0n)),
    ),
    sub: goFunction(['interface {}', 'interface {}'], 'int64', (a, b) => goInt64(toInt64(a) - toInt64(b))),
    div: goFunction(['interface {}', 'interface {}'], 'int64', (a, b) => goInt64(toInt64(a) / divisorOf(b))),
    mod: goFunction(['interface {}', 'interface {}'], 'int64', (a, b) => goInt64(toInt64(a) % divisorOf(b))),
    mul: goFunction(['interface {}', '...interface {}'], 'int64', (first, ...rest) =>
      goInt64(rest.map(toInt64).reduce((product, value) => BigInt.asIntN(64, product * value), toInt64(first))),
    ),
    add1f: goFunction(['interface {}'], 'float64', (value) => fold(add, value, [1])),
    addf: goFunction(['...interface {}'], 'float64', (...values) => fold(add, 0, values)),
    subf: goFunction(['interface {}', '...interface {}'], 'float64', (first, ...rest) => fold(subtract, first, rest)),
    divf: goFunction(['interface {}', '...interface {}'], 'float64', (first, ...rest) => fold(divide, first, rest)),
    mulf: goFunction(['interface {}', '...interface {}'], 'float64', (first, ...rest) => fold(multiply, first, rest)),
    biggest,
    max: biggest,
    min: goFunction(['interface {}', '...interface {}'], 'int64', (first, ...rest) =>
      goInt64(rest.map(toInt64).reduce(lesser, toInt64(first))),
    ),
    maxf: goFunction(['interface {}', '...interface {}'], 'float64', (first, ...rest) =>
      rest.map(toFloat64).reduce((most, next) => Math.max(most, next), toFloat64(first)),
    ),
    minf: goFunction(['interface {}', '...interface {}'], 'float64', (first, ...rest) =>
      rest.map(toFloat64).reduce((least, next) => Math.min(least, next), toFloat64(first)),
    ),
    ceil: goFunction(['interface {}'], 'float64', (value) => Math.ceil(toFloat64(value))),
    floor: goFunction(['interface {}'], 'float64', (value) => Math.floor(toFloat64(value))),
    round: goFunction(['interface {}', 'int', '...float64'], 'float64', (value, places, roundOn = 0.5) =>
      round(toFloat64(value), intOf(places), roundOn),
    ),
  };
}

function greater(a: bigint, b: bigint): bigint {
  return b > a ? b : a;
}

function lesser(a: bigint, b: bigint): bigint {
  return b < a ? b : a;
}

function divisorOf(value: GoValue): bigint {
  const divisor = toInt64(value);
  if (divisor === 0n) fail('runtime error: integer divide by zero');
  return divisor;
}

/** Sprig's execDecimalOp. */
function fold(operation: (a: Decimal, b: Decimal) => Decimal, first: GoValue, rest: readonly GoValue[]): number {
  const decimals = rest.map((value) => () => toDecimal(toFloat64(value)));
  return toFloat(decimals.reduce((result, next) => operation(result, next()), toDecimal(toFloat64(first))));
}

/** What an octal number like a file mode is in decimal. */
function octalToDecimal(value: GoValue): GoNumber {
  const { value: number, error } = parseGoInt(printed(value), 8, 64);
  return goInt64(error === undefined ? number : 0n);
}

function untilStep(start: number, stop: number, step: number, limit: number): number[] {
  if (stop < start ? step >= 0 : step <= 0) return [];
  const length = Math.ceil((stop - start) / step);
  if (length > limit) failTooLarge('the list of numbers', limit);
  return Array.from({ length }, (_, index) => start + index * step);
}

function intSlice(numbers: readonly number[]): GoSlice {
  return new GoSlice('[]int', numbers.map(goInt));
}

/** Like the command of that name: `seq LAST`, `seq FIRST LAST`, `seq FIRST STEP LAST`, the last included. */
function sequence(params: readonly number[], steps: (start: number, stop: number, step: number) => number[]): string {
  if (params.length === 0 || params.length > 3) return '';
  const start = params.length === 1 ? 1 : (params[0] ?? 0);
  const end = params.at(-1) ?? 0;
  const direction = end < start ? -1 : 1;
  const step = params.length === 3 ? (params[1] ?? 0) : direction;
  if (params.length === 3 && direction < 0 && step > 0) return '';
  return steps(start, end + direction, step).join(' ');
}

/** Rounds at `places` digits; a fraction of `roundOn` and more goes up. Below zero Go's fractions are negative, so that it goes down. */
function round(value: number, places: number, roundOn: number): number {
  const power = powerOfTen(places);
  const digits = power * value;
  const fraction = digits - Math.trunc(digits);
  return (fraction >= roundOn ? Math.ceil(digits) : Math.floor(digits)) / power;
}

/** Go's math.Pow(10, exponent), bit for bit: it squares a mantissa of [0.5, 1). */
function powerOfTen(exponent: number): number {
  let mantissa = 1;
  let binary = 0;
  let square = 0.625;
  let squareBinary = 4;
  for (let rest = Math.abs(exponent); rest !== 0; rest = Math.floor(rest / 2)) {
    if (squareBinary > 4096) return exponent < 0 ? 0 : Number.POSITIVE_INFINITY;
    if (rest % 2 === 1) {
      mantissa *= square;
      binary += squareBinary;
    }
    square *= square;
    squareBinary *= 2;
    if (square < 0.5) {
      square += square;
      squareBinary--;
    }
  }
  if (exponent < 0) {
    mantissa = 1 / mantissa;
    binary = -binary;
  }
  return scaleByPowerOfTwo(mantissa, binary);
}

/** math.Ldexp, in two steps so that neither factor overflows. */
function scaleByPowerOfTwo(mantissa: number, binary: number): number {
  const half = Math.trunc(binary / 2);
  return mantissa * 2 ** half * 2 ** (binary - half);
}
