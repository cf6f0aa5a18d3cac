// The functions of jq that are neither written in jq nor of values alone: they take queries, or know of paths.

import type { Json } from '../../base/json.ts';
import { getPath } from './access.ts';
import { JqError, typeError } from './error.ts';
import type { Item, Run } from './evaluate.ts';
import { compareValues, isJsonObject, isTrue, sortedKeys } from './value.ts';

/** One argument of a call, as a query that can be run on any input. */
export type Argument = (input: Item) => Generator<Item, void, undefined>;

type Special = (run: Run, input: Item, ...args: readonly Argument[]) => Generator<Item, void, undefined>;

export const SPECIALS: ReadonlyMap<string, Special> = new Map<string, Special>([
  ['empty/0', function* () {}],
  ['error/0', fail],
  ['error/1', failWith],
  ['path/1', pathsOf],
  ['getpath/1', getPathOf],
  ['recurse/1', recurse],
  ['range/1', (run, input, end) => range(run, input, undefined, end, undefined)],
  ['range/2', (run, input, start, end) => range(run, input, start, end, undefined)],
  ['range/3', (run, input, start, end, step) => range(run, input, start, end, step)],
  ['while/2', whileTrue],
  ['until/2', untilTrue],
  ['repeat/1', repeat],
  ['limit/2', limit],
  ['skip/2', skip],
  ['first/1', first],
  ['last/1', last],
]);

/** A value of its own, which lies on no path. */
export function valueItem(input: Item, value: Json): Item {
  return input.path === undefined ? { value } : { value, path: null };
}

/** An argument's values, without their paths. */
export function* valuesOf(argument: Argument | undefined, input: Item): Generator<Json, void, undefined> {
  if (!argument) return;
  for (const { value } of argument({ value: input.value })) yield value;
}

// biome-ignore lint/correctness/useYield: it only throws.
function* fail(_: Run, { value }: Item): Generator<Item, void, undefined> {
  throw new JqError(value);
}

// biome-ignore lint/correctness/useYield: it only throws.
function* failWith(_: Run, input: Item, message: Argument | undefined): Generator<Item, void, undefined> {
  for (const value of valuesOf(message, input)) throw new JqError(value);
}

function* pathsOf(run: Run, input: Item, query: Argument | undefined): Generator<Item, void, undefined> {
  if (!query) return;
  for (const { value, path } of query({ value: input.value, path: [] })) {
    run.spend(1);
    if (!path) throw typeError('invalid path against', value);
    yield valueItem(input, [...path]);
  }
}

function* getPathOf(_: Run, input: Item, query: Argument | undefined): Generator<Item, void, undefined> {
  for (const path of valuesOf(query, input)) {
    if (input.path === undefined) {
      yield { value: getPath(input.value, path) };
      continue;
    }
    if (input.path === null) throw typeError('invalid path against', input.value);
    const value = getPath(input.value, path);
    yield { value, path: [...input.path, ...(Array.isArray(path) ? path : [])] };
  }
}

/** `def r: ., (f | r)`, whose depth is not that of the stack. */
function* recurse(run: Run, input: Item, query: Argument | undefined): Generator<Item, void, undefined> {
  yield input;
  if (!query) return;
  const open = [query(input)];
  while (open.length > 0) {
    run.spend(1);
    const next = open.at(-1)?.next();
    if (!next || next.done) {
      open.pop();
      continue;
    }
    yield next.value;
    open.push(query(next.value));
  }
}

function* range(
  run: Run,
  input: Item,
  starts: Argument | undefined,
  ends: Argument | undefined,
  steps: Argument | undefined,
): Generator<Item, void, undefined> {
  for (const start of starts ? valuesOf(starts, input) : [0]) {
    for (const end of valuesOf(ends, input)) {
      for (const step of steps ? valuesOf(steps, input) : [1]) {
        for (const bound of [start, end, step]) {
          if (typeof bound !== 'number') throw typeError('range cannot be applied to', bound);
        }
        const by = Number(step);
        const isOn = (at: number) => Math.sign(by) * Math.sign(compareValues(at, end)) < 0;
        for (let at = Number(start); isOn(at); at += by) {
          run.spend(1);
          yield valueItem(input, at);
        }
      }
    }
  }
}

function* whileTrue(
  run: Run,
  input: Item,
  condition: Argument | undefined,
  update: Argument | undefined,
): Generator<Item, void, undefined> {
  if (!condition || !update) return;
  // Every value that passes is given and gone on from, depth first.
  const passing = function* (item: Item) {
    for (const isOn of valuesOf(condition, item)) if (isTrue(isOn)) yield item;
  };
  yield* descend(run, passing(input), function* (item) {
    for (const next of update(item)) yield* passing(next);
  });
}

function* untilTrue(
  run: Run,
  input: Item,
  condition: Argument | undefined,
  update: Argument | undefined,
): Generator<Item, void, undefined> {
  if (!condition || !update) return;
  const open: Generator<Item, void, undefined>[] = [
    (function* () {
      yield input;
    })(),
  ];
  while (open.length > 0) {
    run.spend(1);
    const next = open.at(-1)?.next();
    if (!next || next.done) {
      open.pop();
      continue;
    }
    const item = next.value;
    for (const isOver of valuesOf(condition, item)) {
      if (isTrue(isOver)) yield item;
      else open.push(update(item));
    }
  }
}

/** The query on the same input again and again. */
function* repeat(run: Run, input: Item, query: Argument | undefined): Generator<Item, void, undefined> {
  while (query) {
    run.spend(1);
    yield* query(input);
  }
}

function* descend(
  run: Run,
  roots: Generator<Item, void, undefined>,
  children: (item: Item) => Generator<Item, void, undefined>,
): Generator<Item, void, undefined> {
  const open = [roots];
  while (open.length > 0) {
    run.spend(1);
    const next = open.at(-1)?.next();
    if (!next || next.done) {
      open.pop();
      continue;
    }
    yield next.value;
    open.push(children(next.value));
  }
}

function* limit(
  _: Run,
  input: Item,
  counts: Argument | undefined,
  query: Argument | undefined,
): Generator<Item, void, undefined> {
  for (const count of valuesOf(counts, input)) {
    if (typeof count !== 'number') throw typeError('limit cannot be applied to', count);
    if (count < 0) throw new JqError("limit doesn't support negative count");
    let left = count;
    if (left <= 0 || !query) continue;
    for (const item of query(input)) {
      yield item;
      if (--left <= 0) break;
    }
  }
}

function* skip(
  _: Run,
  input: Item,
  counts: Argument | undefined,
  query: Argument | undefined,
): Generator<Item, void, undefined> {
  for (const count of valuesOf(counts, input)) {
    if (typeof count !== 'number') throw typeError('skip cannot be applied to', count);
    if (count < 0) throw new JqError("skip doesn't support negative count");
    let left = count;
    if (!query) continue;
    for (const item of query(input)) if (left-- <= 0) yield item;
  }
}

function* first(_: Run, input: Item, query: Argument | undefined): Generator<Item, void, undefined> {
  if (!query) return;
  for (const item of query(input)) {
    yield item;
    return;
  }
}

function* last(_: Run, input: Item, query: Argument | undefined): Generator<Item, void, undefined> {
  if (!query) return;
  let found: Item | undefined;
  for (const item of query(input)) found = item;
  if (found) yield found;
}

/** What `.[]` gives: items, or values in the order of their keys, with where they are. */
export function* iterate({ value, path }: Item): Generator<Item, void, undefined> {
  if (path === null) throw typeError('invalid path on iterating against', value);
  const keys = Array.isArray(value) ? value.keys() : isJsonObject(value) ? sortedKeys(value) : undefined;
  if (!keys) throw typeError('cannot iterate over', value);
  for (const key of keys) {
    const item = Array.isArray(value) ? value[Number(key)] : isJsonObject(value) ? value[key] : undefined;
    yield { value: item ?? null, ...(path && { path: [...path, key] }) };
  }
}
