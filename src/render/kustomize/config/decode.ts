// Turns JSON into typed values the way Go's encoding/json fills structs: names of fields match without case, null leaves the zero value, a value of the
// wrong type is an error. sigs.k8s.io/yaml adds that numbers and booleans become strings where a string is wanted.

import { HawserError } from '../../../base/errors.ts';
import { isObject, type Json } from '../../../base/json.ts';

export interface DecodeMode {
  /** A field that the type does not have is an error. */
  readonly strict: boolean;
  /** A number or boolean for a string is taken by its text. */
  readonly coerce: boolean;
}

/** Reads `value`, found at `path` (for messages). */
export type Decoder<T> = (value: Json | undefined, path: string, mode: DecodeMode) => T;

type DecodedRecord<F> = { [K in keyof F]: F[K] extends Decoder<infer T> ? T : never };

function wrong(path: string, wanted: string, value: Json): Error {
  const hint = wanted === 'a string' && typeof value !== 'object' ? 'put it into quotes' : undefined;
  return fieldFailure(
    path,
    `${path === '' ? 'the document' : `'${path}'`} must be ${wanted}, not ${kindName(value)}`,
    hint,
  );
}

function fieldFailure(field: string, message: string, hint?: string): HawserError {
  return new HawserError('RenderFailed', message, { ...(hint === undefined ? {} : { hint }), data: { field } });
}

function kindName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `the ${typeof value} ${String(value)}`;
}

export const text: Decoder<string> = (value, path, mode) => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (mode.coerce && typeof value !== 'object') return String(value);
  throw wrong(path, 'a string', value);
};

/** A string of an embedded struct, which sigs.k8s.io/yaml never coerces (convertToJSONableObject looks one level deep). */
export const plainText: Decoder<string> = (value, path, mode) => text(value, path, { ...mode, coerce: false });

export const flag: Decoder<boolean> = (value, path) => {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw wrong(path, 'true or false', value);
};

export const whole: Decoder<number> = (value, path) => {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw wrong(path, 'a whole number', value);
};

export const anything: Decoder<Json> = (value) => value ?? null;

export function list<T>(of: Decoder<T>): Decoder<T[]> {
  return (value, path, mode) => optionalList(of)(value, path, mode) ?? [];
}

/** A list of which it matters whether it is there. */
export function optionalList<T>(of: Decoder<T>): Decoder<T[] | undefined> {
  return (value, path, mode) => {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw wrong(path, 'a list', value);
    return value.map((item, index) => of(item, `${path}[${index}]`, mode));
  };
}

/** A mapping from strings to strings, sorted by nothing. */
export const textMap: Decoder<ReadonlyMap<string, string> | undefined> = (value, path, mode) => {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw wrong(path, 'a mapping', value);
  return new Map(Object.entries(value).map(([key, item]) => [key, text(item, `${path}.${key}`, mode)]));
};

/** A mapping of anything. */
export const anyMap: Decoder<Readonly<Record<string, Json>> | undefined> = (value, path) => {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw wrong(path, 'a mapping', value);
  return value;
};

export function optional<T>(of: Decoder<T>): Decoder<T | undefined> {
  return (value, path, mode) => (value === undefined || value === null ? undefined : of(value, path, mode));
}

/** A struct. Every field is decoded, from undefined where it is not there. */
export function record<F extends Record<string, Decoder<unknown>>>(fields: F): Decoder<DecodedRecord<F>> {
  const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  return (value, path, mode) => {
    const decoded: Record<string, unknown> = {};
    for (const [name, decode] of Object.entries(fields)) decoded[name] = decode(undefined, name, mode);
    if (value === undefined || value === null) return decoded as DecodedRecord<F>;
    if (!isJsonObject(value)) throw wrong(path, 'a mapping', value);
    // Go reads the keys sorted: of two spellings of one field the later counts, and both must be right.
    for (const key of Object.keys(value).sort()) {
      const place = path === '' ? key : `${path}.${key}`;
      const name = Object.hasOwn(fields, key) ? key : names.get(key.toLowerCase());
      const decode = name === undefined ? undefined : fields[name];
      if (name !== undefined && decode !== undefined) decoded[name] = decode(value[key], place, mode);
      else if (mode.strict) throw fieldFailure(place, `unknown field '${place}'`, hintFor(key, Object.keys(fields)));
    }
    return decoded as DecodedRecord<F>;
  };
}

function isJsonObject(value: Json): value is { [key: string]: Json } {
  return isObject(value);
}

/** The field that was meant, where only a few letters differ. */
function hintFor(given: string, known: readonly string[]): string | undefined {
  const close = known.find((name) => name.startsWith(given) || given.startsWith(name) || differsByOne(name, given));
  return close === undefined ? undefined : `did you mean '${close}'?`;
}

function differsByOne(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end <= 1;
}
