// The values that expressions work with are Go's (render/go/value.ts), as the templates beside them have them.

import { isObject } from '../base/json.ts';
import { formatDuration } from '../render/go/stringer.ts';
import { isValidUtf8, utf8Encode } from '../render/go/strings.ts';
import { instantIn } from '../render/go/time-value.ts';
import { typeName } from '../render/go/type-name.ts';
import {
  GoMap,
  type GoMethod,
  GoNumber,
  GoOpaque,
  GoSlice,
  GoStruct,
  type GoValue,
  goInt64,
} from '../render/go/value.ts';

/** JSON as Kubernetes' libraries read it: whole numbers are int64. */
export function goValueOf(json: unknown): GoValue {
  if (json === null || json === undefined) return null;
  if (typeof json === 'number') return Number.isSafeInteger(json) ? goInt64(json) : json;
  if (typeof json === 'string' || typeof json === 'boolean') return json;
  if (Array.isArray(json)) return json.map(goValueOf);
  if (!isObject(json)) return null;
  return new Map(
    Object.entries(json)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, goValueOf(value)]),
  );
}

/** A func value, which templates (`call`) and expressions can call. */
export function goFunction(params: readonly string[], result: string, call: (...args: GoValue[]) => GoValue): GoOpaque {
  const method: GoMethod = { params, result, call };
  return new GoOpaque(`func(${params.join(', ')}) ${result}`, method, '0x1', {});
}

/** The function of a func value. */
export function methodIn(value: GoValue): GoMethod | undefined {
  if (!(value instanceof GoOpaque) || !value.type.startsWith('func(')) return undefined;
  const { value: held } = value;
  return isMethod(held) ? held : undefined;
}

function isMethod(value: unknown): value is GoMethod {
  return isObject(value) && typeof value.call === 'function' && Array.isArray(value.params);
}

export const DURATION = 'time.Duration';

export function durationOf(nanoseconds: bigint): GoNumber {
  return new GoNumber(DURATION, BigInt.asIntN(64, nanoseconds));
}

export function isDuration(value: GoValue): value is GoNumber & { readonly value: bigint } {
  return value instanceof GoNumber && value.type === DURATION && typeof value.value === 'bigint';
}

/** undefined for what is no whole number; durations are none here. */
export function integerIn(value: GoValue): bigint | undefined {
  return value instanceof GoNumber && typeof value.value === 'bigint' && value.type !== DURATION
    ? value.value
    : undefined;
}

/** undefined for what is no number. */
export function numberIn(value: GoValue): number | undefined {
  if (typeof value === 'number') return value;
  if (!(value instanceof GoNumber)) return undefined;
  return typeof value.value === 'string' ? undefined : Number(value.value);
}

export function itemsIn(value: GoValue): readonly GoValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof GoSlice) return value.items;
  return value instanceof Uint8Array ? [...value].map((byte) => new GoNumber('uint8', BigInt(byte))) : undefined;
}

export function entriesIn(value: GoValue): ReadonlyMap<string, GoValue> | undefined {
  if (value instanceof Map) return value;
  return value instanceof GoMap ? value.entries : undefined;
}

/** The members and methods of a value that has some beside the items of a map; undefined where it has none of this name. */
export function memberOf(value: GoValue, name: string): GoValue | undefined {
  if (value instanceof GoStruct && value.fields.has(name)) return value.fields.get(name) ?? null;
  const methods = isDuration(value) ? durationMethods(value.value) : methodsOf(value);
  const method = methods && Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method && new GoOpaque(`func(${method.params.join(', ')}) ${method.result}`, method, '0x1', {});
}

function methodsOf(value: GoValue): Readonly<Record<string, GoMethod>> | undefined {
  const has =
    value instanceof GoStruct || value instanceof GoOpaque || value instanceof GoMap || value instanceof GoSlice;
  return has ? value.methods : undefined;
}

function durationMethods(nanoseconds: bigint): Readonly<Record<string, GoMethod>> {
  const method = (result: string, call: () => GoValue): GoMethod => ({ params: [], result, call });
  const inFloat = (unit: number) => method('float64', () => Number(nanoseconds) / unit);
  return {
    Nanoseconds: method('int64', () => goInt64(nanoseconds)),
    Microseconds: method('int64', () => goInt64(nanoseconds / 1_000n)),
    Milliseconds: method('int64', () => goInt64(nanoseconds / 1_000_000n)),
    Seconds: inFloat(1e9),
    Minutes: inFloat(6e10),
    Hours: inFloat(3.6e12),
    Abs: method(DURATION, () => durationOf(nanoseconds < 0n ? -nanoseconds : nanoseconds)),
    String: method('string', () => formatDuration(nanoseconds)),
  };
}

/** What expr-lang's function `type` tells. */
export function typeOf(value: GoValue): string {
  if (value === null) return 'nil';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'float';
  if (isDuration(value)) return DURATION;
  if (value instanceof GoNumber)
    return value.type.startsWith('uint') ? 'uint' : value.type.startsWith('int') ? 'int' : 'float';
  if (itemsIn(value)) return 'array';
  if (value instanceof Map) return 'map';
  if (methodIn(value)) return 'func';
  return value instanceof GoMap ? 'map' : typeName(value);
}

/** In bytes for a text, as Go counts; a Go string is UTF-8. */
export function lengthOf(value: GoValue): number | undefined {
  if (typeof value === 'string') return isValidUtf8(value) ? [...value].length : utf8Encode(value).length;
  return itemsIn(value)?.length ?? entriesIn(value)?.size;
}

/** Deep equality; numbers of different types are compared by their value. */
export function isEqual(a: GoValue, b: GoValue): boolean {
  if (a === b) return true;
  const [left, right] = [numberIn(a), numberIn(b)];
  if (left !== undefined && right !== undefined) {
    const [first, second] = [integerIn(a), integerIn(b)];
    return first !== undefined && second !== undefined ? first === second : left === right;
  }
  const [at, other] = [instantIn(a), instantIn(b)];
  if (at && other) return at.seconds === other.seconds && at.nanoseconds === other.nanoseconds;
  const [items, others] = [itemsIn(a), itemsIn(b)];
  if (items && others) {
    return items.length === others.length && items.every((item, index) => isEqual(item, others[index] ?? null));
  }
  const [entries, rest] = [entriesIn(a), entriesIn(b)];
  if (!entries || !rest || entries.size !== rest.size) return false;
  return [...entries].every(([key, value]) => rest.has(key) && isEqual(value, rest.get(key) ?? null));
}
