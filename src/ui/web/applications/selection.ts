// Which Applications are selected, by their keys. It stays while one opens one of them and comes back.

import { signal } from '@preact/signals';

export const selected = signal<ReadonlySet<string>>(new Set());

let anchor: string | undefined;
let shown: readonly string[] = [];

/** In the order that is shown: what a range is of. */
export function showKeys(keys: readonly string[]): void {
  shown = keys;
}

/** `isRange`: up to the one that was selected last. */
export function toggle(key: string, isRange = false): void {
  const next = new Set(selected.value);
  const isOn = !next.has(key);
  const from = anchor === undefined ? -1 : shown.indexOf(anchor);
  const to = shown.indexOf(key);
  const among = isRange && from >= 0 && to >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [key];
  for (const one of among) {
    if (isOn) next.add(one);
    else next.delete(one);
  }
  anchor = key;
  selected.value = next;
}

export function selectAll(keys: readonly string[], isOn: boolean): void {
  selected.value = isOn ? new Set([...selected.value, ...keys]) : without(selected.value, keys);
}

export function clearSelection(): void {
  anchor = undefined;
  selected.value = new Set();
}

function without(all: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> {
  const next = new Set(all);
  for (const key of keys) next.delete(key);
  return next;
}
