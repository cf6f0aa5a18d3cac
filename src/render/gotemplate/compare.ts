// eq, ne, lt, le, gt, ge (Go: text/template/funcs.go, Comparison).

import { complexParts } from '../go/complex.ts';
import { formatReflected } from '../go/fmt-printer.ts';
import { compareBytes } from '../go/strings.ts';
import { kindName, typeName } from '../go/type-name.ts';
import { GoNumber, GoStruct, type GoValue } from '../go/value.ts';
import type { Value } from './frame.ts';

type Kind = 'invalid' | 'bool' | 'complex' | 'int' | 'float' | 'string' | 'uint';

function basicKind(value: Value): Kind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
  }
  if (!(value instanceof GoNumber)) return 'invalid';
  const kind = kindName(value);
  if (kind.startsWith('int')) return 'int';
  if (kind.startsWith('uint')) return 'uint';
  return kind === 'float32' ? 'float' : kind === 'string' ? 'string' : 'complex';
}

/** `eq a b c`: a == b || a == c. */
export function eq(first: Value, ...others: Value[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison');
  for (const other of others) if (equal(first ?? undefined, other ?? undefined)) return true;
  return false;
}

export function ne(first: Value, second: Value): boolean {
  return !equal(first ?? undefined, second ?? undefined);
}

function equal(a: Value, b: Value): boolean {
  if (typeof a === typeof b && typeof a !== 'object') return a === b;
  const kind = basicKind(a);
  const other = basicKind(b);
  if (kind !== other) {
    // Integers compare whatever their signs.
    if (areIntegers(kind, other)) return integerOf(a) === integerOf(b);
    if (a != null && b != null) throw incompatible(a, b);
    return false;
  }
  switch (kind) {
    case 'bool':
      return a === b;
    case 'int':
    case 'uint':
      return integerOf(a) === integerOf(b);
    case 'float':
      return floatOf(a) === floatOf(b);
    case 'string':
      return textOf(a) === textOf(b);
    case 'complex':
      return sameComplex(a, b);
    case 'invalid':
      return equalOther(a, b);
  }
}

function equalOther(a: Value, b: Value): boolean {
  if (a == null || b == null) return a == null && b == null;
  if (kindName(a) !== kindName(b)) {
    throw new Error(`non-comparable types ${shown(a)}: ${typeName(a)}, ${typeName(b)}: ${formatReflected(b, 'v')}`);
  }
  const kind = kindName(b);
  if (kind === 'map' || kind === 'slice' || kind === 'func') {
    throw new Error(`non-comparable type ${shown(b)}: ${typeName(b)}`);
  }
  if (a instanceof GoStruct && b instanceof GoStruct && kind === 'struct') return sameStruct(a, b);
  return a === b;
}

function sameStruct(a: GoStruct, b: GoStruct): boolean {
  if (a.type !== b.type) return false;
  for (const [name, value] of a.fields) if (!equal(value, b.fields.get(name))) return false;
  return true;
}

function shown(value: GoValue): string {
  return formatReflected(value, 's');
}

export function lt(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b) < 0;
  const kind = basicKind(a);
  const other = basicKind(b);
  if (kind === 'invalid' || other === 'invalid') throw badComparison();
  if (kind !== other) {
    if (areIntegers(kind, other)) return integerOf(a) < integerOf(b);
    throw incompatible(a, b);
  }
  switch (kind) {
    case 'int':
    case 'uint':
      return integerOf(a) < integerOf(b);
    case 'float':
      return floatOf(a) < floatOf(b);
    case 'string':
      return compareBytes(textOf(a), textOf(b)) < 0;
    default:
      throw badComparison();
  }
}

export function le(a: Value, b: Value): boolean {
  return lt(a, b) || equal(a, b);
}

export function gt(a: Value, b: Value): boolean {
  return !le(a, b);
}

export function ge(a: Value, b: Value): boolean {
  return !lt(a, b);
}

function areIntegers(a: Kind, b: Kind): boolean {
  return (a === 'int' && b === 'uint') || (a === 'uint' && b === 'int');
}

function integerOf(value: Value): bigint {
  return value instanceof GoNumber ? BigInt(value.value) : 0n;
}

function floatOf(value: Value): number {
  return typeof value === 'number' ? value : value instanceof GoNumber ? Number(value.value) : Number.NaN;
}

function textOf(value: Value): string {
  return value instanceof GoNumber ? String(value.value) : typeof value === 'string' ? value : '';
}

function sameComplex(a: Value, b: Value): boolean {
  if (!(a instanceof GoNumber) || !(b instanceof GoNumber)) return false;
  const x = complexParts(a);
  const y = complexParts(b);
  return x.real === y.real && x.imaginary === y.imaginary;
}

function incompatible(a: Value, b: Value): Error {
  return new Error(`incompatible types for comparison: ${typeName(a ?? null)} and ${typeName(b ?? null)}`);
}

function badComparison(): Error {
  return new Error('invalid type for comparison');
}
