// Functions of objects.

import { compareBytes } from '../../go/strings.ts';
import { spend } from '../call-stack.ts';
import type { Site } from '../failures.ts';
import { type Builtin, callFunction } from '../function.ts';
import { type FieldCode, JsonnetObject, NO_CODE, objectOf, withoutField } from '../object.ts';
import { asBoolean, asString, force, JsonnetArray, type Lazy, typeOf, unexpected, type Value } from '../value.ts';
import { arrayOf, asFunction, define, defineLazy, later, refuse } from './arguments.ts';

export const OBJECTS: readonly Builtin[] = [
  define('objectFieldsEx(obj, hidden)', (site, obj, hidden) =>
    arrayOf(fieldsOf(asObject(obj as Value, site), asBoolean(hidden as Value, site))),
  ),
  define('objectFields(o)', (site, o) => arrayOf(fieldsOf(asObject(o as Value, site), false))),
  define('objectFieldsAll(o)', (site, o) => arrayOf(fieldsOf(asObject(o as Value, site), true))),
  define('objectHasEx(obj, fname, hidden)', (site, obj, fname, hidden) => {
    const object = asObject(obj as Value, site);
    return hasField(object, asString(fname as Value, site), asBoolean(hidden as Value, site));
  }),
  define('objectHas(o, f)', (site, o, f) => hasField(asObject(o as Value, site), asString(f as Value, site), false)),
  define('objectHasAll(o, f)', (site, o, f) => hasField(asObject(o as Value, site), asString(f as Value, site), true)),
  define('objectValues(o)', (site, o) => values(asObject(o as Value, site), false, site)),
  define('objectValuesAll(o)', (site, o) => values(asObject(o as Value, site), true, site)),
  define('objectKeysValues(o)', (site, o) => keysAndValues(asObject(o as Value, site), false, site)),
  define('objectKeysValuesAll(o)', (site, o) => keysAndValues(asObject(o as Value, site), true, site)),
  define('objectRemoveKey(obj, key)', (site, obj, key) => {
    const object = asObject(obj as Value, site);
    return withoutField(object, asString(key as Value, site));
  }),
  defineLazy('get(o, f, default?, inc_hidden?)', (site, o, f, fallback, includesHidden) => {
    const object = asObject(force(o as Lazy, site), site);
    const name = asString(force(f as Lazy, site), site);
    const hidden = includesHidden === undefined || asBoolean(force(includesHidden, site), site);
    if (hasField(object, name, hidden)) return object.index(name, site);
    return fallback === undefined ? null : force(fallback, site);
  }),
  define('mapWithKey(func, obj)', (site, func, obj) => {
    if (typeOf(func as Value) !== 'function') {
      return refuse(`std.mapWithKey first param must be function, got ${typeOf(func as Value)}`, site);
    }
    if (!(obj instanceof JsonnetObject)) {
      return refuse(`std.mapWithKey second param must be object, got ${typeOf(obj as Value)}`, site);
    }
    const fun = asFunction(func as Value, site);
    return lazyObject(
      obj.visible.map((name) => [name, () => callFunction(fun, [name, later(() => obj.index(name, site))], site)]),
    );
  }),
  define('mergePatch(target, patch)', (site, target, patch) => mergePatch(target as Value, patch as Value, site)),
  define('prune(a)', (site, a) => prune(a as Value, site)),
  // What comprehensions of objects were once made of.
  define('$objectFlatMerge(x)', (site, x) => refuse(`Unexpected type ${typeOf(x as Value)}, expected array`, site)),
];

export function asObject(value: Value, site: Site): JsonnetObject {
  if (value instanceof JsonnetObject) return value;
  throw unexpected(value, 'object', site);
}

function fieldsOf(object: JsonnetObject, includesHidden: boolean): readonly string[] {
  return includesHidden ? [...object.visibilities.keys()].sort(compareBytes) : object.visible;
}

function hasField(object: JsonnetObject, name: string, includesHidden: boolean): boolean {
  const visibility = object.visibilities.get(name);
  return visibility !== undefined && (includesHidden || visibility !== '::');
}

function values(object: JsonnetObject, includesHidden: boolean, site: Site): JsonnetArray {
  return arrayOf(fieldsOf(object, includesHidden).map((name) => later(() => object.index(name, site))));
}

function keysAndValues(object: JsonnetObject, includesHidden: boolean, site: Site): JsonnetArray {
  const entry = (name: string) =>
    lazyObject([
      ['key', () => name],
      ['value', () => object.index(name, site)],
    ]);
  return arrayOf(fieldsOf(object, includesHidden).map(entry));
}

/** Fields that are computed when they are asked for. */
function lazyObject(entries: readonly (readonly [string, () => Value])[]): JsonnetObject {
  const fields = new Map<string, FieldCode>(entries.map(([name, code]) => [name, { code, visibility: ':' }]));
  return new JsonnetObject({ fields, code: NO_CODE, frame: undefined });
}

/** RFC 7396; fields are computed when they are asked for. */
function mergePatch(target: Value, patch: Value, site: Site): Value {
  if (!(patch instanceof JsonnetObject)) return patch;
  const base = target instanceof JsonnetObject ? target : objectOf([]);
  const patched = new Set(patch.visible);
  const dropped = new Set(patch.visible.filter((name) => patch.index(name, site) === null));
  const known = new Set(base.visible);
  const names = [...new Set([...base.visible, ...patch.visible])].filter((name) => !dropped.has(name));
  return lazyObject(
    names.map((name) => [
      name,
      () => {
        if (!patched.has(name)) return base.index(name, site);
        return mergePatch(known.has(name) ? base.index(name, site) : null, patch.index(name, site), site);
      },
    ]),
  );
}

/** Without null and what is empty, at any depth. */
function prune(value: Value, site: Site): Value {
  spend(1, site);
  if (value instanceof JsonnetArray) {
    const kept = value.elements.map((element) => prune(force(element, site), site));
    return arrayOf(kept.filter(hasContent));
  }
  if (!(value instanceof JsonnetObject)) return value;
  const entries = value.visible.map((name) => [name, prune(value.index(name, site), site)] as const);
  return objectOf(entries.filter(([, one]) => hasContent(one)));
}

function hasContent(value: Value): boolean {
  if (value instanceof JsonnetArray) return value.elements.length > 0;
  if (value instanceof JsonnetObject) return value.visible.length > 0;
  return value !== null;
}
