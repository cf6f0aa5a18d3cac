// The math library (gopher-lua: mathlib.go). Its random numbers are the caller's.

import { type Arguments, addFunctions, type LibraryFunction } from './arguments.ts';
import { type Machine, modulo } from './machine.ts';
import { LuaTable } from './table.ts';

export function openMath(machine: Machine, random: () => number): void {
  const library = new LuaTable();
  addFunctions(library, { ...FUNCTIONS, random: (args) => [randomOf(args, random())] }, machine);
  library.set('pi', Math.PI);
  library.set('huge', Number.MAX_VALUE);
  machine.globals.set('math', library);
}

const of =
  (calculate: (value: number) => number): LibraryFunction =>
  (args) => [calculate(args.number(1))];

const FUNCTIONS: Readonly<Record<string, LibraryFunction>> = {
  abs: of(Math.abs),
  acos: of(Math.acos),
  asin: of(Math.asin),
  atan: of(Math.atan),
  atan2: (args) => [Math.atan2(args.number(1), args.number(2))],
  ceil: of(Math.ceil),
  cos: of(Math.cos),
  cosh: of(Math.cosh),
  deg: of((value) => (value * 180) / Math.PI),
  exp: of(Math.exp),
  floor: of(Math.floor),
  fmod: (args) => [args.number(1) % args.number(2)],
  frexp: (args) => frexp(args.number(1)),
  ldexp: (args) => [args.number(1) * 2 ** args.integer(2)],
  log: of(Math.log),
  log10: of(Math.log10),
  max: (args) => [extreme(args, (a, b) => a > b)],
  min: (args) => [extreme(args, (a, b) => a < b)],
  mod: (args) => [modulo(args.number(1), args.number(2))],
  modf: (args) => [Math.trunc(args.number(1)), args.number(1) - Math.trunc(args.number(1))],
  pow: (args) => [args.number(1) ** args.number(2)],
  rad: of((value) => (value * Math.PI) / 180),
  randomseed: () => [],
  sin: of(Math.sin),
  sinh: of(Math.sinh),
  sqrt: of(Math.sqrt),
  tan: of(Math.tan),
  tanh: of(Math.tanh),
};

function extreme(args: Arguments, isBetter: (a: number, b: number) => boolean): number {
  if (args.count === 0) throw args.machine.fail('wrong number of arguments');
  return args.all
    .map((_, index) => args.number(index + 1))
    .reduce((best, value) => (isBetter(value, best) ? value : best));
}

function frexp(value: number): [number, number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  const exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1);
  const fraction = value * 2 ** -exponent;
  return Math.abs(fraction) >= 1 ? [fraction / 2, exponent + 1] : [fraction, exponent];
}

function randomOf(args: Arguments, random: number): number {
  if (args.count === 0) return random;
  const [low, high] = args.count === 1 ? [1, args.integer(1)] : [args.integer(1), args.integer(2)];
  if (high < low) throw args.machine.fail('invalid argument to random');
  return low + Math.floor(random * (high - low + 1));
}
