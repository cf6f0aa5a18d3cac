// Go's type texts (`map[string]interface {}`, `[]string`, `time.Duration`), as far as reflection in templates needs them.

import { GoMap, GoNumber, type GoNumberType, GoSlice, type GoValue, NilMap } from '../go/value.ts';

export const INTERFACE = 'interface {}';

/** Named types that charts meet, and what they are. Others of their kind are assignable only to themselves. */
const UNDERLYING: Readonly<Record<string, string>> = {
  'chartutil.Values': 'map[string]interface {}',
  'common.Values': 'map[string]interface {}',
  'chartutil.VersionSet': '[]string',
  'common.VersionSet': '[]string',
  'engine.files': 'map[string][]uint8',
  'url.Values': 'map[string][]string',
  'json.RawMessage': '[]uint8',
};

export function underlyingType(type: string): string {
  return UNDERLYING[type] ?? type;
}

/** The two spellings that Go knows for some types, brought to the one that `%T` prints. */
export function normalType(type: string): string {
  if (type === 'any') return INTERFACE;
  if (type === '[]byte') return '[]uint8';
  if (type === 'byte') return 'uint8';
  if (type === 'rune') return 'int32';
  return type.includes('any') ? type.replace(/\]any$/, `]${INTERFACE}`) : type;
}

/** What a map's or list's type consists of. */
interface Parts {
  readonly key: string;
  readonly element: string;
}

/** There are few types, and each field access asks for one. */
const partsOf = new Map<string, Parts>();

/** The type of a map's or list's elements; `interface {}` for a named type that is not known. */
export function elementType(type: string): string {
  return (partsOf.get(type) ?? readParts(type)).element;
}

/** The type of a map's keys. */
export function keyType(type: string): string {
  return (partsOf.get(type) ?? readParts(type)).key;
}

function readParts(type: string): Parts {
  const plain = underlyingType(type);
  const isMap = plain.startsWith('map[');
  const end = isMap ? closingBracket(plain, 3) : plain.indexOf(']');
  const parts = {
    key: isMap ? plain.slice(4, end) : 'string',
    element: isMap || plain.startsWith('[') ? plain.slice(end + 1) : INTERFACE,
  };
  partsOf.set(type, parts);
  return parts;
}

function closingBracket(type: string, open: number): number {
  let depth = 0;
  for (let i = open; i < type.length; i++) {
    if (type[i] === '[') depth++;
    else if (type[i] === ']' && --depth === 0) return i;
  }
  return type.length;
}

const INTEGERS: Readonly<Record<string, 'int' | 'uint'>> = {
  int: 'int',
  int8: 'int',
  int16: 'int',
  int32: 'int',
  int64: 'int',
  'time.Duration': 'int',
  'time.Month': 'int',
  'time.Weekday': 'int',
  uint: 'uint',
  uint8: 'uint',
  uint16: 'uint',
  uint32: 'uint',
  uint64: 'uint',
  uintptr: 'uint',
};

const BITS: Readonly<Record<string, number>> = {
  int8: 8,
  int16: 16,
  int32: 32,
  uint8: 8,
  uint16: 16,
  uint32: 32,
};

export type TypeKind = 'bool' | 'string' | 'int' | 'uint' | 'float' | 'complex' | 'interface' | 'nilable' | 'other';

/** The kind of a parameter's type, as far as literals care. */
export function typeKind(type: string): TypeKind {
  if (type === INTERFACE) return 'interface';
  if (type === 'string' || type === 'json.Number') return 'string';
  if (type === 'bool') return 'bool';
  if (type === 'float64' || type === 'float32') return 'float';
  if (type === 'complex128') return 'complex';
  const integer = INTEGERS[type];
  if (integer !== undefined) return integer;
  return canBeNil(type) ? 'nilable' : 'other';
}

function canBeNil(type: string): boolean {
  return /^(?:map\[|\[\]|\*|func\(|chan |interface \{)/.test(underlyingType(type)) || type === 'error';
}

/** An integer of the type `type`, cut to its width as reflect's SetInt does. */
export function goInteger(type: string, value: bigint): GoNumber {
  const bits = BITS[type] ?? 64;
  const fitted = INTEGERS[type] === 'uint' ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  return new GoNumber(integerType(type), fitted);
}

function integerType(type: string): GoNumberType {
  switch (type) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
    case 'uintptr':
    case 'time.Duration':
    case 'time.Month':
    case 'time.Weekday':
      return type;
    default:
      return 'int';
  }
}

/** Go's zero value of a type; null for a nil interface, pointer or func. */
export function zeroOf(type: string): GoValue {
  switch (typeKind(type)) {
    case 'bool':
      return false;
    case 'string':
      return type === 'string' ? '' : new GoNumber('json.Number', '');
    case 'float':
      return type === 'float64' ? 0 : new GoNumber('float32', 0);
    case 'int':
    case 'uint':
      return goInteger(type, 0n);
    case 'complex':
      return new GoNumber('complex128', '(0+0i)');
    default:
      return zeroOfComposite(type);
  }
}

function zeroOfComposite(type: string): GoValue {
  const plain = underlyingType(type);
  if (plain === 'map[string]interface {}') return type === plain ? new NilMap() : new GoMap(type, new NilMap());
  if (plain.startsWith('map[')) return new GoMap(type, new NilMap());
  if (plain === '[]interface {}') return [];
  if (plain === '[]uint8') return new Uint8Array();
  return plain.startsWith('[]') ? new GoSlice(type, []) : null;
}

/** A zero value for a literal `nil`; undefined where the type has no nil. */
export function nilOf(type: string): GoValue | undefined {
  const kind = typeKind(type);
  return kind === 'interface' || kind === 'nilable' ? zeroOf(type) : undefined;
}
