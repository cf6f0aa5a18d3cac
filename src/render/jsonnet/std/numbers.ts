// Functions of numbers.

import type { Builtin } from '../function.ts';
import { compare, modulo } from '../operators.ts';
import { asBoolean, asNumber, finite, force, type Lazy, typeOf, type Value } from '../value.ts';
import { define, defineLazy, refuse } from './arguments.ts';
import { format } from './format.ts';
import {
  frexp,
  goAcos,
  goAsin,
  goAtan,
  goAtan2,
  goCos,
  goExp,
  goHypot,
  goLog,
  goPow,
  goRound,
  goSin,
  goTan,
} from './go-math.ts';

const of = (name: string, compute: (x: number) => number) =>
  define(`${name}(x)`, (site, x) => finite(compute(asNumber(x as Value, site)), site));

const ofTwo = (signature: string, compute: (x: number, y: number) => number) =>
  define(signature, (site, x, y) => finite(compute(asNumber(x as Value, site), asNumber(y as Value, site)), site));

const whether = (name: string, holds: (x: number) => boolean) =>
  define(`${name}(x)`, (site, x) => holds(asNumber(x as Value, site)));

const ofNumber = (name: string, parameter: string, compute: (x: number) => number) =>
  define(`${name}(${parameter})`, (site, x) =>
    typeof x === 'number' ? compute(x) : refuse(`std.${name} expected number, got ${typeOf(x as Value)}`, site),
  );

const choose = (name: string, choice: (a: number, b: number) => number) =>
  define(`${name}(a, b)`, (site, a, b) => {
    if (typeof a !== 'number')
      return refuse(`std.${name} first param expected number, got ${typeOf(a as Value)}`, site);
    if (typeof b !== 'number')
      return refuse(`std.${name} second param expected number, got ${typeOf(b as Value)}`, site);
    return choice(a, b);
  });

export const NUMBERS: readonly Builtin[] = [
  of('ceil', Math.ceil),
  of('floor', Math.floor),
  of('sqrt', Math.sqrt),
  of('sin', goSin),
  of('cos', goCos),
  of('tan', goTan),
  of('asin', goAsin),
  of('acos', goAcos),
  of('atan', goAtan),
  of('log', goLog),
  of('log2', (x) => goLog(x) / goLog(2)),
  of('log10', (x) => goLog(x) / goLog(10)),
  of('exp', (x) => (goExp(x) === 0 && x > 0 ? Number.POSITIVE_INFINITY : goExp(x))),
  of('mantissa', (x) => frexp(x)[0]),
  of('exponent', (x) => frexp(x)[1]),
  of('round', goRound),
  of('deg2rad', (x) => (x * Math.PI) / 180),
  of('rad2deg', (x) => (x * 180) / Math.PI),
  ofTwo('hypot(x, y)', goHypot),
  ofTwo('atan2(y, x)', goAtan2),
  ofTwo('pow(x, n)', goPow),
  define('modulo(x, y)', (site, x, y) => modulo(x as Value, y as Value, site)),
  define('mod(a, b)', (site, a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return modulo(a, b, site);
    if (typeof a === 'string') return format(a, b as Value, site);
    const types = `${typeOf(a as Value)} and ${typeOf(b as Value)}`;
    return refuse(`Operator % cannot be used on types ${types}.`, site);
  }),
  whether('isEven', (x) => Math.trunc(x) % 2 === 0),
  whether('isOdd', (x) => Math.trunc(x) % 2 !== 0),
  whether('isInteger', Number.isInteger),
  whether('isDecimal', (x) => !Number.isInteger(x)),
  ofNumber('abs', 'n', (n) => (n > 0 ? n : -n)),
  ofNumber('sign', 'n', (n) => (n > 0 ? 1 : n < 0 ? -1 : 0)),
  choose('max', (a, b) => (a > b ? a : b)),
  choose('min', (a, b) => (a < b ? a : b)),
  defineLazy('clamp(x, minVal, maxVal)', (site, ...args) => {
    const [x, low, high] = args.map((one) => () => force(one as Lazy, site)) as [() => Value, () => Value, () => Value];
    if (compare(x(), low(), site) < 0) return low();
    return compare(x(), high(), site) > 0 ? high() : x();
  }),
  define('xor(x, y)', (site, x, y) => asBoolean(x as Value, site) !== asBoolean(y as Value, site)),
  define('xnor(x, y)', (site, x, y) => asBoolean(x as Value, site) === asBoolean(y as Value, site)),
];
