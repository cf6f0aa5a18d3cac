// The functions that every template has (Go: text/template/funcs.go, builtins). `and`, `or` and `call` are the compiler's.

import { sprint, sprintf, sprintln } from '../go/fmt.ts';
import { goInt } from '../go/value.ts';
import { REFLECT_VALUE } from './assign.ts';
import type { Callable } from './call.ts';
import { eq, ge, gt, le, lt, ne } from './compare.ts';
import { escapeHtml, escapeJs, escapeQuery } from './escape.ts';
import type { Value } from './frame.ts';
import { index, len, slice } from './index-slice.ts';
import { printArguments } from './print-value.ts';
import { isTrue } from './truth.ts';

const ANY = 'interface {}';
const ONE = [REFLECT_VALUE];
const TWO = [REFLECT_VALUE, REFLECT_VALUE];
const ONE_OR_MORE = [REFLECT_VALUE, `...${REFLECT_VALUE}`];
const ANY_NUMBER = [`...${ANY}`];

const orNull = (value: Value) => (value === undefined ? null : value);

export const BUILTINS: ReadonlyMap<string, Callable> = new Map<string, Callable>([
  ['eq', { params: ONE_OR_MORE, call: (first, ...others) => eq(first, ...others) }],
  ['ne', { params: TWO, call: (a, b) => ne(a, b) }],
  ['lt', { params: TWO, call: (a, b) => lt(a, b) }],
  ['le', { params: TWO, call: (a, b) => le(a, b) }],
  ['gt', { params: TWO, call: (a, b) => gt(a, b) }],
  ['ge', { params: TWO, call: (a, b) => ge(a, b) }],
  ['not', { params: ONE, call: (value) => !isTrue(value) }],
  ['len', { params: ONE, call: (item) => goInt(len(item)) }],
  ['index', { params: ONE_OR_MORE, call: (item, ...indexes) => index(item, ...indexes) }],
  ['slice', { params: ONE_OR_MORE, call: (item, ...indexes) => slice(item, ...indexes) }],
  ['print', { params: ANY_NUMBER, call: (...values) => sprint(values.map(orNull)) }],
  ['println', { params: ANY_NUMBER, call: (...values) => sprintln(values.map(orNull)) }],
  [
    'printf',
    {
      params: ['string', `...${ANY}`],
      call: (format, ...values) => sprintf(typeof format === 'string' ? format : '', values.map(orNull)),
    },
  ],
  ['html', { params: ANY_NUMBER, call: (...values) => escapeHtml(printArguments(values)) }],
  ['js', { params: ANY_NUMBER, call: (...values) => escapeJs(printArguments(values)) }],
  ['urlquery', { params: ANY_NUMBER, call: (...values) => escapeQuery(printArguments(values)) }],
]);

/** The built-in functions that the compiler makes itself, since they do not take plain arguments. */
const SPECIAL: ReadonlySet<string> = new Set(['and', 'or', 'call']);

export function isBuiltin(name: string): boolean {
  return BUILTINS.has(name) || SPECIAL.has(name);
}
