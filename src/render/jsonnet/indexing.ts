// Elements, characters and fields, and how many there are.

import { failure } from './call-stack.ts';
import type { Site } from './failures.ts';
import { JsonnetObject } from './object.ts';
import { codePointsOf, lengthOf } from './text.ts';
import { asNumber, asString, force, JsonnetArray, type Lazy, typeOf, type Value } from './value.ts';

/** std.length. */
export function lengthOfValue(value: Value, site: Site): number {
  if (typeof value === 'string') return lengthOf(value);
  if (value instanceof JsonnetArray) return value.elements.length;
  if (value instanceof JsonnetObject) return value.visible.length;
  if (value !== null && typeof value === 'object') {
    return value.parameters.filter(({ isOptional }) => !isOptional).length;
  }
  throw failure(`Unexpected type ${typeOf(value)}`, site);
}

/** `a[b]` of anything. */
export function indexValue(owner: Value, key: Value, site: Site): Value {
  if (owner instanceof JsonnetObject) return owner.index(asString(key, site), site);
  if (owner instanceof JsonnetArray) {
    const at = Math.trunc(asNumber(key, site));
    const { elements } = owner;
    if (at < 0 || at >= elements.length) throw outOfBounds(at, elements.length, site);
    return force(elements[at] as Lazy, site);
  }
  if (typeof owner === 'string') {
    const at = Math.trunc(asNumber(key, site));
    const found = codePointsOf(owner);
    const character = at < 0 ? undefined : found[at];
    if (character === undefined) throw outOfBounds(at, found.length, site);
    return character;
  }
  const name = { number: 'Number', boolean: 'Boolean', null: 'Null', function: 'Function' }[typeOf(owner) as 'number'];
  throw failure(`Value non indexable: *jsonnet.value${name}`, site);
}

function outOfBounds(at: number, length: number, site: Site): Error {
  return failure(`Index ${at} out of bounds, not within [0, ${length})`, site);
}
