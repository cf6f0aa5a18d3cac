// Values changed at some of their paths, as jq's update operators change them.

import type { Json } from '../../base/json.ts';
import { deletePaths, getPath, indexValue, setPath } from './access.ts';
import type { Item, Run } from './evaluate.ts';
import { applyOperator } from './operators.ts';
import type { BinaryOperator } from './syntax.ts';
import { isTrue, sizeOf } from './value.ts';

/** The first that `update` gives; what gives nothing is deleted, once all the others are set. */
export function modify(
  input: Json,
  paths: Iterable<Json[]>,
  run: Run,
  update: (old: Json) => Generator<Item, void, undefined>,
): Json {
  let changed = input;
  const gone: Json[] = [];
  for (const path of paths) {
    const next = update(getPath(changed, path)).next();
    if (next.done) gone.push(path);
    else {
      run.spend(widthOf(changed, path));
      changed = setPath(changed, path, next.value.value);
    }
  }
  return gone.length > 0 ? deletePaths(changed, gone) : changed;
}

/** What is copied to change one place: all that lies beside the path. */
export function widthOf(value: Json, path: readonly Json[]): number {
  let width = 0;
  let here = value;
  for (const part of path) {
    width += sizeOf(here);
    here = here === null ? null : indexValue(here, part);
  }
  return width >> 4; // To copy is cheaper than to take a step.
}

const ARITHMETIC: Readonly<Record<string, BinaryOperator>> = { '+=': '+', '-=': '-', '*=': '*', '/=': '/', '%=': '%' };

export function combined(operator: string, old: Json, made: Json): Json {
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic) return applyOperator(arithmetic, old, made);
  return isTrue(old) ? old : made;
}
