// Paths into an object by RFC 6901, for removing what they name.

import { isObject } from '../base/json.ts';

/** The steps of `/spec/template/0`; undefined for a text that is no pointer. `~1` is a slash, `~0` a tilde. */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A copy without what lies at the path; the value itself when there is nothing. */
export function withoutPath(value: unknown, path: readonly (string | number)[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const index = Number(step);
    if (!/^\d+$/.test(String(step)) || index >= value.length) return value;
    if (rest.length === 0) return value.toSpliced(index, 1);
    return value.with(index, withoutPath(value[index], rest));
  }
  const key = String(step);
  if (!isObject(value) || !Object.hasOwn(value, key)) return value;
  if (rest.length > 0) return { ...value, [key]: withoutPath(value[key], rest) };
  const { [key]: _, ...others } = value;
  return others;
}

/** A copy with `inserted` at the path; maps on the way are made, lists are not. */
export function withPath(value: unknown, path: readonly (string | number)[], inserted: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return inserted;
  if (Array.isArray(value)) {
    const index = Number(step);
    return index < value.length ? value.with(index, withPath(value[index], rest, inserted)) : value;
  }
  const key = String(step);
  const map = isObject(value) ? value : {};
  return { ...map, [key]: withPath(map[key], rest, inserted) };
}
