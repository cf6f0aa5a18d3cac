// Command-line flags as the Go tools read them (spf13/pflag v1.0.10): `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-abc`,
// flags between arguments, `--`, and the same refusals. commander reads some of these otherwise.

import { HawserError } from '../base/errors.ts';
import { quote } from '../render/go/quote.ts';
import { atoi, parseGoBool, parseGoFloat } from '../render/go/strconv.ts';

/** `array` takes each value as it is, `slice` splits it at commas as CSV, `map` reads `key=value,…`. */
export type FlagKind = 'bool' | 'string' | 'array' | 'slice' | 'int' | 'float' | 'duration' | 'map';

export interface FlagSpec {
  readonly kind: FlagKind;
  readonly short?: string;
  /** The value of a flag that is given without one. */
  readonly bare?: string;
  readonly help: string;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

export interface ParsedFlags {
  readonly arguments: readonly string[];
  /** True where the flag was given and is true. */
  isSet(name: string): boolean;
  /** The last value given; undefined where none was. */
  last(name: string): string | undefined;
  /** All values in order, CSV taken apart. */
  all(name: string): readonly string[];
}

/** Reads a command line. Throws `InvalidInput` with pflag's text; `--help` and `-h` end it as the flag `help`. */
export function parseFlags(specs: FlagSpecs, args: readonly string[]): ParsedFlags {
  const values = new Map<string, string[]>();
  const positional: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      positional.push(...rest.splice(0));
    } else if (arg.startsWith('--')) {
      if (readLong(specs, arg, rest, values)) break;
    } else if (arg.startsWith('-') && arg.length > 1) {
      if (readShort(specs, arg.slice(1), rest, values)) break;
    } else positional.push(arg);
  }
  return {
    arguments: positional,
    isSet: (name) => parseGoBool(values.get(name)?.at(-1) ?? 'false').value,
    last: (name) => values.get(name)?.at(-1),
    all: (name) => values.get(name) ?? [],
  };
}

/** True where help was asked for. */
function readLong(specs: FlagSpecs, arg: string, rest: string[], values: Map<string, string[]>): boolean {
  const body = arg.slice(2);
  if (body.startsWith('-') || body.startsWith('=')) throw refused(`bad flag syntax: ${arg}`);
  const equals = body.indexOf('=');
  const name = equals < 0 ? body : body.slice(0, equals);
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec === undefined) {
    if (name !== 'help') throw refused(`unknown flag: --${name}`);
    values.set('help', ['true']);
    return true;
  }
  const value = equals < 0 ? (bareValue(spec) ?? rest.shift()) : body.slice(equals + 1);
  if (value === undefined) throw refused(`flag needs an argument: --${name}`);
  addValue(name, spec, value, values);
  return false;
}

function readShort(specs: FlagSpecs, letters: string, rest: string[], values: Map<string, string[]>): boolean {
  for (let left = letters; left !== ''; ) {
    const letter = left.charAt(0);
    const found = Object.entries(specs).find(([, spec]) => spec.short === letter);
    if (found === undefined) {
      if (letter !== 'h') throw refused(`unknown shorthand flag: '${letter}' in -${left}`);
      values.set('help', ['true']);
      return true;
    }
    const [name, spec] = found;
    const bare = bareValue(spec);
    let value: string | undefined;
    let after = '';
    if (left.length > 2 && left.charAt(1) === '=') value = left.slice(2);
    else if (bare !== undefined) {
      value = bare;
      after = left.slice(1);
    } else value = left.length > 1 ? left.slice(1) : rest.shift();
    if (value === undefined) throw refused(`flag needs an argument: '${letter}' in -${left}`);
    addValue(name, spec, value, values);
    left = after;
  }
  return false;
}

function bareValue(spec: FlagSpec): string | undefined {
  return spec.bare ?? (spec.kind === 'bool' ? 'true' : undefined);
}

function addValue(name: string, spec: FlagSpec, value: string, values: Map<string, string[]>): void {
  const problem = problemOf(spec.kind, value);
  if (problem !== undefined) {
    const flag = spec.short === undefined ? `--${name}` : `-${spec.short}, --${name}`;
    throw refused(`invalid argument ${quote(value)} for ${quote(flag)} flag: ${problem}`);
  }
  const present = values.get(name) ?? [];
  values.set(name, present);
  present.push(...(spec.kind === 'slice' ? readCsv(value) : [value]));
}

function problemOf(kind: FlagKind, value: string): string | undefined {
  switch (kind) {
    case 'bool':
      return parseGoBool(value).error;
    case 'int':
      return atoi(value).error?.replace('strconv.Atoi', 'strconv.ParseInt');
    case 'float':
      return parseGoFloat(value).error;
    case 'duration':
      return durationProblem(value);
    case 'map':
      for (const pair of value === '' ? [] : value.split(',')) {
        if (!pair.includes('=')) return `${pair} must be formatted as key=value`;
      }
      return undefined;
    default:
      return undefined;
  }
}

/** The refusals of Go's time.ParseDuration. */
function durationProblem(value: string): string | undefined {
  let rest = value.replace(/^[+-]/, '');
  if (rest === '0') return undefined;
  if (rest === '') return `time: invalid duration ${quote(value)}`;
  while (rest !== '') {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return `time: invalid duration ${quote(value)}`;
    const unit = /^[^.\d]*/.exec(rest.slice(number.length))?.[0] ?? '';
    if (unit === '') return `time: missing unit in duration ${quote(value)}`;
    if (!['ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h'].includes(unit)) {
      return `time: unknown unit ${quote(unit)} in duration ${quote(value)}`;
    }
    rest = rest.slice(number.length + unit.length);
  }
  return undefined;
}

/** One line of CSV as encoding/csv reads it: quotes around a field, doubled inside. */
function readCsv(line: string): string[] {
  if (line === '') return [];
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    if (isQuoted && char === '"' && line.charAt(index + 1) === '"') {
      field += '"';
      index++;
    } else if (char === '"' && (isQuoted || field === '')) isQuoted = !isQuoted;
    else if (char === ',' && !isQuoted) {
      fields.push(field);
      field = '';
    } else field += char;
  }
  return [...fields, field];
}

function refused(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}
