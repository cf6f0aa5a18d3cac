// A spec that is being changed: values set and taken out at paths, with everything that nobody knows left as it is.

import { isObject } from '../base/json.ts';

export type Draft = Record<string, unknown>;
export type Path = readonly string[];

/** undefined, empty texts, false, and empty lists and objects take the value out, and with it what is left empty around it. */
export function setIn(draft: Draft, path: Path, value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    if (isNothing(value)) delete draft[key];
    else draft[key] = value;
    return;
  }
  const inner = draft[key];
  const block: Draft = isObject(inner) ? inner : {};
  setIn(block, rest, value);
  if (Object.keys(block).length === 0) delete draft[key];
  else draft[key] = block;
}

export function listIn(draft: Draft, path: Path): readonly unknown[] {
  let here: unknown = draft;
  for (const key of path) here = isObject(here) ? here[key] : undefined;
  return Array.isArray(here) ? here : [];
}

/** Replaces what has the same name, or adds it at the end. */
export function putNamed(draft: Draft, path: Path, entry: Draft & { readonly name: string }): void {
  const list = [...listIn(draft, path)];
  const index = list.findIndex((other) => isObject(other) && other.name === entry.name);
  if (index >= 0) list[index] = entry;
  else list.push(entry);
  setIn(draft, path, list);
}

/** Takes one out; false where there is none. */
export function removeFrom(draft: Draft, path: Path, isMeant: (entry: unknown) => boolean): boolean {
  const list = listIn(draft, path);
  const left = list.filter((entry) => !isMeant(entry));
  if (left.length === list.length) return false;
  setIn(draft, path, left);
  return true;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
