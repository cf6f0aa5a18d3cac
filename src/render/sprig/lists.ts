// Sprig's functions of lists (Sprig v3.3.0: list.go). Each has a twin `must…` that returns the error where the plain one
// panics with it; a template shows the same text for both.

import { kindName } from '../go/type-name.ts';
import { type GoMethod, GoSlice, type GoValue, nilSlice } from '../go/value.ts';
import type { Work } from '../go/work.ts';
import { floatToInt64, toInt64 } from './cast.ts';
import { deepEqual } from './deep-equal.ts';
import { elementsOf, requireElements } from './elements.ts';
import { isEmpty } from './empty.ts';
import { countedFunction, type FunctionTable, fail, failNilDereference, goFunction, intOf } from './function.ts';

const ANY_LIST = '[]interface {}';

export function listFunctions(): FunctionTable {
  const list = goFunction(['...interface {}'], ANY_LIST, (...values) => values);
  const append = goFunction(['interface {}', 'interface {}'], ANY_LIST, (items, value) => [
    ...requireElements(items, 'Cannot push on type'),
    value,
  ]);
  return {
    list,
    tuple: list,
    append,
    push: append,
    mustAppend: append,
    mustPush: append,
    ...withMust(
      'prepend',
      goFunction(['interface {}', 'interface {}'], ANY_LIST, (items, value) => [
        value,
        ...requireElements(items, 'Cannot prepend on type'),
      ]),
    ),
    ...withMust(
      'first',
      goFunction(
        ['interface {}'],
        'interface {}',
        (items) => requireElements(items, 'Cannot find first on type')[0] ?? null,
      ),
    ),
    ...withMust(
      'last',
      goFunction(
        ['interface {}'],
        'interface {}',
        (items) => requireElements(items, 'Cannot find last on type').at(-1) ?? null,
      ),
    ),
    ...withMust(
      'rest',
      goFunction(['interface {}'], ANY_LIST, (items) => {
        const elements = requireElements(items, 'Cannot find rest on type');
        return elements.length === 0 ? nilSlice(ANY_LIST) : elements.slice(1);
      }),
    ),
    ...withMust(
      'initial',
      goFunction(['interface {}'], ANY_LIST, (items) => {
        const elements = requireElements(items, 'Cannot find initial on type');
        return elements.length === 0 ? nilSlice(ANY_LIST) : elements.slice(0, -1);
      }),
    ),
    ...withMust(
      'reverse',
      goFunction(['interface {}'], ANY_LIST, (items) =>
        requireElements(items, 'Cannot find reverse on type').toReversed(),
      ),
    ),
    ...withMust(
      'compact',
      goFunction(['interface {}'], ANY_LIST, (items) =>
        requireElements(items, 'Cannot compact on type').filter((element) => !isEmpty(element)),
      ),
    ),
    ...withMust(
      'uniq',
      countedFunction(['interface {}'], ANY_LIST, (work, items) =>
        unique(work, requireElements(items, 'Cannot find uniq on type')),
      ),
    ),
    ...withMust(
      'without',
      countedFunction(['interface {}', '...interface {}'], ANY_LIST, (work, items, ...omitted) =>
        requireElements(items, 'Cannot find without on type').filter((element) => !holds(work, omitted, element)),
      ),
    ),
    ...withMust(
      'has',
      countedFunction(
        ['interface {}', 'interface {}'],
        'bool',
        (work, needle, items) =>
          items !== null && holds(work, requireElements(items, 'Cannot find has on type'), needle),
      ),
    ),
    ...withMust(
      'slice',
      goFunction(['interface {}', '...interface {}'], 'interface {}', (items, ...indices) => slice(items, indices)),
    ),
    concat: goFunction(['...interface {}'], 'interface {}', (...lists) => concat(lists)),
    ...withMust(
      'chunk',
      goFunction(['int', 'interface {}'], '[][]interface {}', (size, items) =>
        chunk(intOf(size), requireElements(items, 'Cannot chunk type')),
      ),
    ),
  };
}

function withMust(name: string, method: GoMethod): FunctionTable {
  return { [name]: method, [`must${name.charAt(0).toUpperCase()}${name.slice(1)}`]: method };
}

function holds(work: Work, elements: readonly GoValue[], needle: GoValue): boolean {
  return elements.some((element) => deepEqual(work, needle, element));
}

function unique(work: Work, elements: readonly GoValue[]): GoValue[] {
  const kept: GoValue[] = [];
  const seen = new Set<GoValue>();
  for (const element of elements) {
    if (typeof element !== 'object' || element === null) {
      // A primitive equals only itself; NaN not even that, though a Set says so.
      if (seen.has(element) && !Number.isNaN(element)) continue;
      seen.add(element);
    } else if (holds(work, kept, element)) continue;
    kept.push(element);
  }
  return kept;
}

function slice(items: GoValue, indices: readonly GoValue[]): GoValue {
  if (items === null) failNilDereference();
  const elements = elementsOf(items) ?? fail(`list should be type of slice or array but ${kindName(items)}`);
  if (elements.length === 0) return null;
  const [first = 0, second] = indices;
  const start = Number(toInt64(first));
  const end = second === undefined ? elements.length : Number(toInt64(second));
  if (start < 0 || end < start || end > elements.length) fail('reflect.Value.Slice: slice index out of bounds');
  if (items instanceof Uint8Array) return items.subarray(start, end);
  const part = elements.slice(start, end);
  return items instanceof GoSlice ? new GoSlice(items.type, part) : part;
}

function concat(lists: readonly GoValue[]): GoValue {
  const joined: GoValue[] = [];
  for (const list of lists) {
    if (list === null) failNilDereference();
    const elements = elementsOf(list) ?? fail(`Cannot concat type ${kindName(list)} as list`);
    for (const element of elements) joined.push(element);
  }
  return joined.length === 0 ? nilSlice(ANY_LIST) : joined;
}

/** Lists of `size` elements each. The arithmetic is Go's, so that senseless sizes fail as they do there. */
function chunk(size: number, elements: readonly GoValue[]): GoSlice {
  const count = Number(floatToInt64(Math.floor((elements.length - 1) / size) + 1));
  if (count < 0) fail('runtime error: makeslice: len out of range');
  const chunks: GoValue[] = [];
  for (let index = 0; index < count; index++) {
    const length = index === count - 1 ? elements.length % size || size : size;
    if (length < 0) fail('runtime error: makeslice: len out of range');
    chunks.push(elements.slice(index * size, index * size + length));
  }
  return new GoSlice('[][]interface {}', chunks);
}
