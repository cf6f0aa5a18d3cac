// The functions that every template has (Go: text/template/funcs.go, builtins). `and`, `or` and `call` are the compiler's.

import { sprint, sprintf, sprintln } from '../go/fmt.ts';
import { type GoValue, goInt } from '../go/value.ts';
import { REFLECT_VALUE } from './assign.ts';
import type { Callable } from './call.ts';
import { eq, ge, gt, le, lt, ne } from './compare.ts';
import { escapeHtml, escapeJs, escapeQuery } from './escape.ts';
import { index, len, slice } from './index-slice.ts';
import { printArguments } from './print-value.ts';
import { isTrue } from './truth.ts';

const ANY = 'interface {}';
const ONE = [REFLECT_VALUE];
const TWO = [REFLECT_VALUE, REFLECT_VALUE];
const ONE_OR_MORE = [REFLECT_VALUE, `...${REFLECT_VALUE}`];
const ANY_NUMBER = [`...${ANY}`];

export const BUILTINS: ReadonlyMap<string, Callable> = new Map<string, Callable>([
  ['eq', { params: ONE_OR_MORE, call: eq }],
  ['ne', { params: TWO, call: ne }],
  ['lt', { params: TWO, call: lt }],
  ['le', { params: TWO, call: le }],
  ['gt', { params: TWO, call: gt }],
  ['ge', { params: TWO, call: ge }],
  ['not', { params: ONE, call: (value) => !isTrue(value) }],
  ['len', { params: ONE, call: (item) => goInt(len(item)) }],
  ['index', { params: ONE_OR_MORE, call: index }],
  ['slice', { params: ONE_OR_MORE, call: slice }],
  ['print', { params: ANY_NUMBER, call: (...values: GoValue[]) => sprint(values) }],
  ['println', { params: ANY_NUMBER, call: (...values: GoValue[]) => sprintln(values) }],
  [
    'printf',
    {
      params: ['string', `...${ANY}`],
      call: (format: string, ...values: GoValue[]) => sprintf(format, values),
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
