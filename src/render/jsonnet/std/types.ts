// What a value is, and comparisons of any two.

import type { Site } from '../failures.ts';
import type { Builtin } from '../function.ts';
import { indexValue, lengthOfValue } from '../indexing.ts';
import { formatJsonString, toText } from '../manifest-json.ts';
import { compare, equals } from '../operators.ts';
import { type TypeName, typeOf, type Value } from '../value.ts';
import { define, refuse } from './arguments.ts';

const is = (name: string, type: TypeName) => define(`${name}(v)`, (_, v) => typeOf(v as Value) === type);

export const TYPES: readonly Builtin[] = [
  define('type(x)', (_, x) => typeOf(x as Value)),
  is('isString', 'string'),
  is('isNumber', 'number'),
  is('isBoolean', 'boolean'),
  is('isObject', 'object'),
  is('isArray', 'array'),
  is('isFunction', 'function'),
  define('isNull(x)', (_, x) => x === null),
  define('id(x)', (_, x) => x as Value),
  define('length(x)', (site, x) => lengthOfValue(x as Value, site)),
  define('toString(a)', (site, a) => toText(a as Value, site)),
  define('equals(x, y)', (site, x, y) => equals(x as Value, y as Value, site)),
  define('primitiveEquals(x, y)', (site, x, y) => {
    const [left, right] = [typeOf(x as Value), typeOf(y as Value)];
    if (left !== right) return false;
    if (left === 'function') return refuse('Cannot test equality of functions', site);
    if (left === 'array' || left === 'object') {
      return refuse(`primitiveEquals operates on primitive types, got ${left}`, site);
    }
    return x === y;
  }),
  define('assertEqual(a, b)', (site, a, b) => {
    if (equals(a as Value, b as Value, site)) return true;
    const text = (value: Value) => (typeof value === 'string' ? formatJsonString(value) : toText(value, site));
    return refuse(`Assertion failed. ${text(a as Value)} != ${text(b as Value)}`, site);
  }),
  define('__compare(v1, v2)', (site, v1, v2) => compareInOrder(v1 as Value, v2 as Value, site)),
  define('__compare_array(arr1, arr2)', (site, a, b) => compareElements(a as Value, b as Value, site)),
  define('__array_less(arr1, arr2)', (site, a, b) => compareElements(a as Value, b as Value, site) < 0),
  define('__array_greater(arr1, arr2)', (site, a, b) => compareElements(a as Value, b as Value, site) > 0),
  define('__array_less_or_equal(arr1, arr2)', (site, a, b) => compareElements(a as Value, b as Value, site) <= 0),
  define('__array_greater_or_equal(arr1, arr2)', (site, a, b) => compareElements(a as Value, b as Value, site) >= 0),
];

/** As `<` and `>`, with errors of its own. */
function compareInOrder(x: Value, y: Value, site: Site): number {
  const [left, right] = [typeOf(x), typeOf(y)];
  if (left !== right) return refuse(`Comparison requires matching types. Got ${left} and ${right}`, site);
  if (left === 'array') return compareElements(x, y, site);
  if (['function', 'object', 'boolean'].includes(left)) {
    return refuse(`Values of type ${left} are not comparable.`, site);
  }
  return compare(x, y, site);
}

function compareElements(x: Value, y: Value, site: Site): number {
  const [left, right] = [lengthOfValue(x, site), lengthOfValue(y, site)];
  for (let at = 0; at < Math.min(left, right); at++) {
    const order = compareInOrder(indexValue(x, at, site), indexValue(y, at, site), site);
    if (order !== 0) return order;
  }
  return Math.sign(left - right);
}
