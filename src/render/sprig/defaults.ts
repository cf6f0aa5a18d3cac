// Sprig's functions of unset values and of choice (Sprig v3.3.0: defaults.go, functions.go).

import { isEmpty } from './empty.ts';
import { type FunctionTable, fail, goFunction } from './function.ts';

export function defaultFunctions(): FunctionTable {
  return {
    default: goFunction(['interface {}', '...interface {}'], 'interface {}', (fallback, given = null) =>
      isEmpty(given) ? fallback : given,
    ),
    empty: goFunction(['interface {}'], 'bool', isEmpty),
    coalesce: goFunction(
      ['...interface {}'],
      'interface {}',
      (...values) => values.find((value) => !isEmpty(value)) ?? null,
    ),
    all: goFunction(['...interface {}'], 'bool', (...values) => !values.some(isEmpty)),
    any: goFunction(['...interface {}'], 'bool', (...values) => values.some((value) => !isEmpty(value))),
    ternary: goFunction(['interface {}', 'interface {}', 'bool'], 'interface {}', (whenTrue, whenFalse, condition) =>
      condition ? whenTrue : whenFalse,
    ),
    fail: goFunction(['string'], 'string', (message) => fail(message)),
  };
}
