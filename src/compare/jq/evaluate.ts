// Runs a jq program: every query takes one item and gives any number of them, each when it is asked for (gojq has a machine for
// it; here they are generators). An item knows its path where somebody wants paths.

import type { Json } from '../../base/json.ts';
import { getPath, indexValue, type Path, setPath, sliceValue } from './access.ts';
import { variablesOf } from './check.ts';
import { JqBreak, JqError, typeError } from './error.ts';
import { applyFormat } from './format.ts';
import { BY_KEY, functionNamed, type JqFunction, list } from './functions.ts';
import { applyOperator } from './operators.ts';
import { prelude } from './prelude.ts';
import { define, labelNamed, type Scope, variableNamed } from './scope.ts';
import { type Argument, iterate, SPECIALS, valueItem, valuesOf } from './special.ts';
import type { Definition, Pattern, Query } from './syntax.ts';
import { combined, modify, widthOf } from './update.ts';
import { isTrue, objectFrom, sizeOf } from './value.ts';

export interface Item {
  readonly value: Json;
  /** Left out where nobody asks; null for a value that lies on no path. */
  readonly path?: Path | null;
}

/** What one run shares. */
export interface Run {
  /** Counts work; throws where there has been too much. */
  spend(work: number): void;
}

type Items = Generator<Item, void, undefined>;

/** Every output of the program for one input. Throws JqError, and what `spend` throws. */
export function evaluate(query: Query, input: Item, run: Run): Items {
  return evaluateIn(query, undefined, input, run);
}

function* evaluateIn(query: Query, scope: Scope | undefined, input: Item, run: Run): Items {
  run.spend(1);
  const on = (part: Query, item: Item) => evaluateIn(part, scope, item, run);
  const values = function* (part: Query): Generator<Json, void, undefined> {
    for (const { value } of evaluateIn(part, scope, { value: input.value }, run)) yield value;
  };
  switch (query.type) {
    case 'identity':
      yield input;
      return;
    case 'recurse':
      yield* evaluateIn(RECURSE, undefined, input, run);
      return;
    case 'literal':
      yield valueItem(input, query.value);
      return;
    case 'string':
      for (const text of interpolate(query, query.parts.length, values)) yield valueItem(input, text);
      return;
    case 'format':
      yield valueItem(input, applyFormat(query.name, input.value));
      return;
    case 'index':
      for (const key of values(query.key)) {
        for (const target of on(query.target, input)) yield at(target, key, indexValue(target.value, key));
      }
      return;
    case 'slice':
      yield* slices(query, input, values, on);
      return;
    case 'iterate':
      for (const target of on(query.target, input)) yield* iterate(target);
      return;
    case 'try':
      yield* attempt(query, input, on);
      return;
    case 'array': {
      const items: Json[] = [];
      if (query.items) {
        for (const value of values(query.items)) {
          run.spend(1);
          items.push(value);
        }
      }
      yield valueItem(input, items);
      return;
    }
    case 'object':
      for (const entries of objects(query.entries, input.value, values)) {
        yield valueItem(input, objectFrom(entries));
      }
      return;
    case 'negate':
    case 'plus':
      for (const value of values(query.operand)) {
        if (typeof value !== 'number') throw typeError(`cannot ${query.type}`, value);
        yield valueItem(input, query.type === 'negate' ? -value : value);
      }
      return;
    case 'pipe':
      for (const item of on(query.left, input)) yield* on(query.right, item);
      return;
    case 'comma':
      yield* on(query.left, input);
      yield* on(query.right, input);
      return;
    case 'binary':
      for (const right of values(query.right)) {
        for (const left of values(query.left)) {
          run.spend(sizeOf(left) + sizeOf(right));
          yield valueItem(input, applyOperator(query.operator, left, right));
        }
      }
      return;
    case 'and':
    case 'or':
      for (const left of values(query.left)) {
        if (isTrue(left) === (query.type === 'or')) yield valueItem(input, query.type === 'or');
        else for (const right of values(query.right)) yield valueItem(input, isTrue(right));
      }
      return;
    case 'alternative':
      yield* alternatives(query.left, query.right, input, on);
      return;
    case 'update':
      for (const value of updates(query, scope, input, run)) yield valueItem(input, value);
      return;
    case 'if':
      for (const condition of values(query.condition)) {
        if (isTrue(condition)) yield* on(query.then, input);
        else if (query.otherwise) yield* on(query.otherwise, input);
        else yield input;
      }
      return;
    case 'reduce':
    case 'foreach':
      yield* loop(query, scope, input, run);
      return;
    case 'bind':
      for (const value of values(query.source)) yield* bindAny(query.patterns, value, query.body, scope, input, run);
      return;
    case 'label': {
      const label = {};
      const inner: Scope = { kind: 'label', name: query.name, label, outer: scope };
      try {
        yield* evaluateIn(query.body, inner, input, run);
      } catch (error) {
        if (!(error instanceof JqBreak) || error.label !== label) throw error;
      }
      return;
    }
    case 'break':
      throw new JqBreak(labelNamed(query.name, scope));
    case 'variable':
      yield valueItem(input, variableNamed(query.name, scope));
      return;
    case 'call':
      yield* call(query, scope, input, run);
      return;
    case 'define':
      yield* evaluateIn(query.body, define(query.definition, scope), input, run);
      return;
  }
}

const IDENTITY: Query = { type: 'identity' };
const CHILDREN: Query = { type: 'try', body: { type: 'iterate', target: IDENTITY } };
const RECURSE: Query = { type: 'call', name: 'recurse', args: [CHILDREN] };

// Parts of values ------------------------------------------------------------------------------------------------------

type Values = (query: Query) => Generator<Json, void, undefined>;
type On = (query: Query, input: Item) => Items;

function at({ value: whole, path }: Item, key: Json, value: Json): Item {
  if (path === undefined) return { value };
  if (path === null) throw typeError('invalid path against', whole);
  return { value, path: [...path, key] };
}

function* slices(query: Extract<Query, { type: 'slice' }>, input: Item, values: Values, on: On): Items {
  for (const start of query.from ? values(query.from) : [null]) {
    for (const end of query.to ? values(query.to) : [null]) {
      for (const target of on(query.target, input)) {
        yield at(target, { start, end }, sliceValue(target.value, start, end));
      }
    }
  }
}

/** Texts with every combination of what their queries give; the first part changes fastest. */
function* interpolate(
  query: Extract<Query, { type: 'string' }>,
  count: number,
  values: Values,
): Generator<string, void, undefined> {
  const part = query.parts[count - 1];
  if (part === undefined) {
    yield '';
    return;
  }
  const texts = typeof part === 'string' ? [part] : values(part);
  for (const value of texts) {
    const text = typeof part === 'string' ? part : applyFormat(query.format ?? 'text', value);
    for (const before of interpolate(query, count - 1, values)) yield before + text;
  }
}

/** The entries of an object with every combination of keys and values; the last value changes fastest. */
function* objects(
  entries: Extract<Query, { type: 'object' }>['entries'],
  input: Json,
  values: Values,
): Generator<(readonly [string, Json])[], void, undefined> {
  const [entry, ...others] = entries;
  if (!entry) {
    yield [];
    return;
  }
  for (const key of values(entry.key)) {
    if (typeof key !== 'string') throw typeError('expected a string for object key but got', key);
    for (const value of entry.value ? values(entry.value) : [indexValue(input, key)]) {
      for (const rest of objects(others, input, values)) yield [[key, value], ...rest];
    }
  }
}

// Control --------------------------------------------------------------------------------------------------------------

function* attempt({ body, handler }: Extract<Query, { type: 'try' }>, input: Item, on: On): Items {
  const items = on(body, input);
  for (;;) {
    let next: IteratorResult<Item, void>;
    try {
      next = items.next();
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      if (handler) yield* on(handler, valueItem(input, error.value));
      return;
    }
    if (next.done) return;
    yield next.value;
  }
}

/** What of the left is neither false nor null; the right where there is none. An error ends the left. */
function* alternatives(left: Query, right: Query, input: Item, on: On): Items {
  let isFound = false;
  for (const item of on({ type: 'try', body: left }, input)) {
    if (!isTrue(item.value)) continue;
    isFound = true;
    yield item;
  }
  if (!isFound) yield* on(right, input);
}

function* loop(
  query: Extract<Query, { type: 'reduce' | 'foreach' }>,
  scope: Scope | undefined,
  input: Item,
  run: Run,
): Items {
  for (const start of evaluateIn(query.start, scope, input, run)) {
    let state: Item = start;
    for (const { value } of evaluateIn(query.source, scope, { value: input.value }, run)) {
      for (const inner of bind(query.pattern, value, scope, input, run)) {
        for (const next of evaluateIn(query.update, inner, state, run)) {
          state = next;
          if (query.type === 'reduce') continue;
          if (query.extract) yield* evaluateIn(query.extract, inner, state, run);
          else yield state;
        }
      }
    }
    if (query.type === 'reduce') yield state;
  }
}

// Updates --------------------------------------------------------------------------------------------------------------

/** `paths op= value`: the input with something else at each of the paths. */
function* updates(
  query: Extract<Query, { type: 'update' }>,
  scope: Scope | undefined,
  { value: input }: Item,
  run: Run,
): Generator<Json, void, undefined> {
  const { operator, left, right } = query;
  const paths = function* () {
    for (const { path, value } of evaluateIn(left, scope, { value: input, path: [] }, run)) {
      run.spend(1);
      if (!path) throw typeError('invalid path against', value);
      yield [...path];
    }
  };
  if (operator === '|=') {
    yield modify(input, paths(), run, (old) => evaluateIn(right, scope, { value: old }, run));
    return;
  }
  for (const { value: made } of evaluateIn(right, scope, { value: input }, run)) {
    let changed = input;
    for (const path of paths()) {
      run.spend(widthOf(changed, path));
      changed = setPath(changed, path, operator === '=' ? made : combined(operator, getPath(changed, path), made));
    }
    yield changed;
  }
}

// Names ----------------------------------------------------------------------------------------------------------------

function* bindAny(
  patterns: readonly Pattern[],
  value: Json,
  body: Query,
  scope: Scope | undefined,
  input: Item,
  run: Run,
): Items {
  const [pattern, ...others] = patterns;
  if (!pattern) return;
  // Behind `?//` every variable of every pattern is there, as null where its own pattern is not the one.
  let place = scope;
  if (patterns.length > 1 || place !== scope) {
    for (const name of patterns.flatMap(variablesOf)) place = { kind: 'variable', name, value: null, outer: place };
  }
  const bound = function* () {
    for (const inner of bind(pattern, value, place, input, run)) yield* evaluateIn(body, inner, input, run);
  };
  if (others.length === 0) {
    yield* bound();
    return;
  }
  const items = bound();
  for (;;) {
    let next: IteratorResult<Item, void>;
    try {
      next = items.next();
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      let outer = scope;
      for (const name of variablesOf(pattern)) outer = { kind: 'variable', name, value: null, outer };
      yield* bindAny(others, value, body, outer, input, run);
      return;
    }
    if (next.done) return;
    yield next.value;
  }
}

function* bind(
  pattern: Pattern,
  value: Json,
  scope: Scope | undefined,
  input: Item,
  run: Run,
): Generator<Scope | undefined, void, undefined> {
  if (pattern.type === 'name') {
    yield { kind: 'variable', name: pattern.name, value, outer: scope };
    return;
  }
  const parts: readonly Part[] =
    pattern.type === 'array'
      ? pattern.items.map((inner, index) => ({ key: { type: 'literal', value: index }, value: inner }))
      : pattern.entries;
  if (pattern.type === 'array' && value !== null && !Array.isArray(value)) {
    throw typeError('expected an array but got', value);
  }
  yield* bindParts(parts, value, scope, input, run);
}

interface Part {
  readonly key: Query;
  readonly name?: string;
  readonly value?: Pattern;
}

function* bindParts(
  [part, ...others]: readonly Part[],
  whole: Json,
  scope: Scope | undefined,
  input: Item,
  run: Run,
): Generator<Scope | undefined, void, undefined> {
  if (!part) {
    yield scope;
    return;
  }
  for (const { value: key } of evaluateIn(part.key, scope, { value: input.value }, run)) {
    const value = indexValue(whole, key);
    const named: Scope | undefined =
      part.name === undefined ? scope : { kind: 'variable', name: part.name, value, outer: scope };
    for (const inner of part.value ? bind(part.value, value, named, input, run) : [named]) {
      yield* bindParts(others, whole, inner, input, run);
    }
  }
}

// Calls ----------------------------------------------------------------------------------------------------------------

function* call(query: Extract<Query, { type: 'call' }>, scope: Scope | undefined, input: Item, run: Run): Items {
  const { name, args } = query;
  const key = `${name}/${args.length}`;
  for (let place = scope; place; place = place.outer) {
    if (place.kind === 'closure' && place.key === key) {
      yield* evaluateIn(place.query, place.place, input, run);
      return;
    }
    if (place.kind === 'function' && place.key === key) {
      yield* enter(place.definition, place, args, scope, input, run);
      return;
    }
  }
  const known = prelude().get(key);
  if (known) {
    yield* enter(known, undefined, args, scope, input, run);
    return;
  }
  const special = SPECIALS.get(key);
  if (special) {
    const queries = args.map(
      (arg): Argument =>
        (item) =>
          evaluateIn(arg, scope, item, run),
    );
    yield* special(run, input, ...queries);
    return;
  }
  const byKey = args.length === 1 && Object.hasOwn(BY_KEY, name) ? BY_KEY[name] : undefined;
  if (byKey && args[0]) {
    const keyQuery = args[0];
    const items = list(name, input.value).map((value) => ({
      key: [...evaluateIn(keyQuery, scope, { value }, run)].map((item) => item.value),
      value,
    }));
    run.spend(items.length * 8);
    yield valueItem(input, byKey(items));
    return;
  }
  const native = functionNamed(name, args.length);
  if (!native) throw new JqError(`function not defined: ${key}`);
  yield* callNative(native, args, [], scope, input, run);
}

/** With every combination of what the arguments give; the first changes fastest. */
function* callNative(
  native: JqFunction,
  args: readonly Query[],
  given: readonly Json[],
  scope: Scope | undefined,
  input: Item,
  run: Run,
): Items {
  const arg = args.at(-1);
  if (!arg) {
    run.spend(sizeOf(input.value) + given.reduce<number>((sum, value) => sum + sizeOf(value), 0));
    yield valueItem(input, native(input.value, ...given));
    return;
  }
  for (const value of valuesOf((item) => evaluateIn(arg, scope, item, run), input)) {
    yield* callNative(native, args.slice(0, -1), [value, ...given], scope, input, run);
  }
}

/** The body of a function: its parameters are queries of the caller's place, or with a `$` values of them. */
function* enter(
  definition: Definition,
  home: Scope | undefined,
  args: readonly Query[],
  caller: Scope | undefined,
  input: Item,
  run: Run,
): Items {
  yield* enterWith(0, home);

  function* enterWith(count: number, scope: Scope | undefined): Items {
    const parameter = definition.parameters[count];
    const arg = args[count];
    if (parameter === undefined || !arg) {
      yield* evaluateIn(definition.body, scope, input, run);
      return;
    }
    if (!parameter.startsWith('$')) {
      yield* enterWith(count + 1, { kind: 'closure', key: `${parameter}/0`, query: arg, place: caller, outer: scope });
      return;
    }
    const name = parameter.slice(1);
    for (const { value } of evaluateIn(arg, caller, { value: input.value }, run)) {
      const variable: Scope = { kind: 'variable', name, value, outer: scope };
      yield* enterWith(count + 1, { kind: 'closure', key: `${name}/0`, query: arg, place: caller, outer: variable });
    }
  }
}
