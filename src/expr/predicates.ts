// The functions that ask a predicate about each element of a list.

import { formatValue } from '../render/go/fmt.ts';
import { type GoValue, goInt } from '../render/go/value.ts';
import { applyBinary, order } from './operators.ts';
import { PREDICATE_BUILTINS } from './parse.ts';
import { typeOf } from './value.ts';

/** What the predicate says about an element. */
export type Predicate = (item: GoValue, index: number, accumulated?: GoValue) => GoValue;

export function isPredicateBuiltin(name: string): boolean {
  return PREDICATE_BUILTINS.has(name);
}

/** Throws an `Error` with the reason. */
export function applyPredicate(
  name: string,
  items: readonly GoValue[],
  ask: Predicate | undefined,
  more: readonly GoValue[],
): GoValue {
  const given = (): Predicate => {
    if (!ask) throw new Error(`not enough arguments to call ${name}`);
    return ask;
  };
  const holds = (item: GoValue, index: number) => isTrue(name, given()(item, index));
  switch (name) {
    case 'all':
      return items.every(holds);
    case 'none':
      return !items.some(holds);
    case 'any':
      return items.some(holds);
    case 'one':
      return items.filter(holds).length === 1;
    case 'filter':
      return items.filter(holds);
    case 'map':
      return items.map((item, index) => given()(item, index));
    case 'count':
      return goInt(items.filter((item, index) => (ask ? isTrue(name, ask(item, index)) : item === true)).length);
    case 'sum':
      return items
        .map((item, index) => (ask ? ask(item, index) : item))
        .reduce((total, value) => applyBinary('+', total, value), goInt(0) as GoValue);
    case 'find':
      return items.find(holds) ?? null;
    case 'findIndex':
      return indexOrNil(items.findIndex(holds));
    case 'findLast':
      return items.findLast(holds) ?? null;
    case 'findLastIndex':
      return indexOrNil(items.findLastIndex(holds));
    case 'groupBy':
      return groupBy(items, given());
    case 'sortBy':
      return sortBy(items, given(), more[0]);
    default:
      return reduce(items, given(), more[0]);
  }
}

function isTrue(name: string, value: GoValue): boolean {
  if (typeof value === 'boolean') return value;
  throw new Error(`predicate of ${name} should return boolean (got ${typeOf(value)})`);
}

function indexOrNil(index: number): GoValue {
  return index < 0 ? null : goInt(index);
}

function groupBy(items: readonly GoValue[], ask: Predicate): GoValue {
  const groups = new Map<string, GoValue[]>();
  items.forEach((item, index) => {
    const key = formatValue(ask(item, index));
    groups.set(key, [...(groups.get(key) ?? []), item]);
  });
  return groups;
}

function sortBy(items: readonly GoValue[], ask: Predicate, direction: GoValue = 'asc'): GoValue {
  const sign = direction === 'desc' ? -1 : 1;
  return items
    .map((item, index) => ({ item, key: ask(item, index) }))
    .sort((a, b) => sign * order('<', a.key, b.key))
    .map(({ item }) => item);
}

function reduce(items: readonly GoValue[], ask: Predicate, initial: GoValue | undefined): GoValue {
  const [first, ...rest] = items;
  if (initial === undefined && first === undefined) throw new Error('reduce of an empty array with no initial value');
  let accumulated = initial ?? first ?? null;
  const from = initial === undefined ? 1 : 0;
  (initial === undefined ? rest : items).forEach((item, index) => {
    accumulated = ask(item, index + from, accumulated);
  });
  return accumulated;
}
