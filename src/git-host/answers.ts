// Reading what a Git server's API answers: lists, texts and numbers, or nothing.

import { at } from '../base/json.ts';

export function arrayAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** '' where there is no text. */
export function textIn(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** 0 where there is no number. */
export function numberIn(value: unknown, ...path: readonly string[]): number {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : 0;
}
