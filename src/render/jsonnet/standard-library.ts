// The object `std`.

import { failure } from './call-stack.ts';
import type { Site } from './failures.ts';
import { Builtin, type JsonnetFunction } from './function.ts';
import { type Manifested, manifest } from './manifest-json.ts';
import { type FieldCode, JsonnetObject, NO_CODE, objectOf } from './object.ts';
import type { Source } from './source.ts';
import { positionOf } from './source.ts';
import { arrayOf, define } from './std/arguments.ts';
import { ARRAYS } from './std/arrays.ts';
import { ENCODING } from './std/encoding.ts';
import { MANIFESTS } from './std/manifest.ts';
import { NUMBERS } from './std/numbers.ts';
import { OBJECTS } from './std/objects.ts';
import { PARSERS } from './std/parse.ts';
import { STRINGS } from './std/strings.ts';
import { TYPES } from './std/types.ts';
import { asString, finite, force, type Lazy, type Value } from './value.ts';

const PURE: readonly Builtin[] = [
  ...TYPES,
  ...NUMBERS,
  ...STRINGS,
  ...ARRAYS,
  ...OBJECTS,
  ...ENCODING,
  ...PARSERS,
  ...MANIFESTS,
];

const BY_NAME = new Map(PURE.map((one) => [one.name, one]));

/** A function of the host (std.native): takes and gives JSON. */
export interface NativeFunction {
  readonly parameters: readonly string[];
  /** What it throws is the program's error. */
  run(...args: readonly unknown[]): unknown;
}

export interface LibraryOptions {
  readonly externals: ReadonlyMap<string, Lazy>;
  readonly natives: ReadonlyMap<string, NativeFunction>;
  /** Lines of std.trace, without a line feed. */
  trace(line: string): void;
}

/** What `std` is for one evaluation; each file has `thisFile` beside it. */
export function createLibrary({ externals, natives, trace }: LibraryOptions) {
  const own = [
    define('extVar(x)', (site, x) => {
      const name = asString(x as Value, site);
      const found = externals.get(name);
      if (found === undefined) throw failure(`Undefined external variable: ${name}`, site);
      return force(found, site);
    }),
    define('native(x)', (site, x) => {
      const name = asString(x as Value, site);
      const found = natives.get(name);
      return found ? nativeFunction(name, found) : null;
    }),
    define('trace(str, rest)', (site, str, rest) => {
      trace(`TRACE: ${placeOf(site)} ${asString(str as Value, site)}`);
      return rest as Value;
    }),
  ];
  const fields = new Map<string, FieldCode>();
  for (const one of [...PURE, ...own]) fields.set(one.name, { value: one, visibility: '::' });
  fields.set('pi', { value: Math.PI, visibility: '::' });
  const base = new JsonnetObject({ fields, code: NO_CODE, frame: undefined });
  return {
    standard: ({ name, path }: Source): JsonnetObject => {
      const file = objectOf([['thisFile', path === '' ? name : path]], '::');
      return new JsonnetObject([base, file]);
    },
    internal: (name: string): JsonnetFunction => BY_NAME.get(name) as Builtin,
  };
}

function placeOf({ source, begin }: Site): string {
  return source ? `${source.name}:${positionOf(source.text, begin).line}` : ':0';
}

function nativeFunction(name: string, { parameters, run }: NativeFunction): Builtin {
  return new Builtin(name, parameters, (args, site) => {
    const given = args.map((value) => plainJson(manifest(value, site)));
    let result: unknown;
    try {
      result = run(...given);
    } catch (error) {
      throw failure(error instanceof Error ? error.message : String(error), site);
    }
    return fromJson(result, site);
  });
}

function plainJson(value: Manifested): unknown {
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [key, plainJson(one)]));
  return value;
}

function fromJson(value: unknown, site: Site): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return finite(value, site);
  if (Array.isArray(value)) return arrayOf(value.map((one) => fromJson(one, site)));
  if (typeof value === 'object') {
    return objectOf(Object.entries(value).map(([key, one]) => [key, fromJson(one, site)] as const));
  }
  throw failure(`Not a json type: ${String(value)}`, site);
}
