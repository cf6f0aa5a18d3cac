// Work that one call of a template function does beyond being called. It is counted, since in workerd no clock runs while code does, and
// nothing else would end a template that calls few functions with large arguments.

import { GoMap, GoSlice, GoStruct, type GoValue } from './value.ts';

/** Who counts. One operation is about what a loop turn takes. */
export interface Work {
  /** Throws `LimitExceeded` where there has been too much. */
  spend(operations: number): void;
}

/** Where nobody counts. */
export const UNCOUNTED: Work = { spend: () => undefined };

/** Sizes below this count for nothing: they are all that most calls see. */
const SMALL = 1024;
/** Characters and elements that a function goes through in one operation. */
const CHARACTERS_SHIFT = 6;
const ELEMENTS_SHIFT = 2;

/** What a value counts for that a function takes or gives: by its own size, not by what lies inside. */
export function spendSize(work: Work, value: GoValue | undefined): void {
  if (typeof value === 'string') {
    if (value.length >= SMALL) work.spend(value.length >> CHARACTERS_SHIFT);
  } else if (typeof value === 'object' && value !== null) {
    const size = elementCount(value);
    if (size >= SMALL) work.spend(size >> (value instanceof Uint8Array ? CHARACTERS_SHIFT : ELEMENTS_SHIFT));
  }
}

/** What a function counts for that goes through a text with a parser or an expression: some operations for each `characters`. */
export function spendText(work: Work, text: string, charactersAnOperation: number): void {
  work.spend(Math.ceil(text.length / charactersAnOperation));
}

/** Characters that the writers of YAML, JSON and TOML write in one operation. */
const WRITTEN_SHIFT = 5;

/**
 * What a function counts for that goes through all that a value holds: what is held twice counts twice, and of a value that holds itself
 * there is no end but the one that `work` makes.
 */
export function spendContent(work: Work, value: GoValue): void {
  if (work === UNCOUNTED) return;
  const waiting: GoValue[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') {
      if (next.length >= SMALL) work.spend(next.length >> WRITTEN_SHIFT);
      continue;
    }
    if (typeof next !== 'object' || next === null) continue;
    work.spend(next instanceof Uint8Array ? next.length >> WRITTEN_SHIFT : elementCount(next) + 1);
    for (const inner of childrenOf(next)) waiting.push(inner);
  }
}

function elementCount(value: GoValue): number {
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof Map) return value.size;
  if (value instanceof GoMap) return value.entries.size;
  if (value instanceof GoSlice) return value.items.length;
  return value instanceof GoStruct ? value.fields.size : 0;
}

function childrenOf(value: GoValue): Iterable<GoValue> {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return value.values();
  if (value instanceof GoMap) return value.entries.values();
  if (value instanceof GoSlice) return value.items;
  return value instanceof GoStruct ? value.fields.values() : [];
}
