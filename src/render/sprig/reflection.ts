// Sprig's functions of types (Sprig v3.3.0: reflect.go).

import { kindName, typeName } from '../go/type-name.ts';
import { deepEqual } from './deep-equal.ts';
import { countedFunction, type FunctionTable, goFunction } from './function.ts';

export function reflectionFunctions(): FunctionTable {
  return {
    typeOf: goFunction(['interface {}'], 'string', typeName),
    typeIs: goFunction(['string', 'interface {}'], 'bool', (type, value) => type === typeName(value)),
    typeIsLike: goFunction(['string', 'interface {}'], 'bool', (type, value) => {
      const actual = typeName(value);
      return type === actual || `*${type}` === actual;
    }),
    kindOf: goFunction(['interface {}'], 'string', kindName),
    kindIs: goFunction(['string', 'interface {}'], 'bool', (kind, value) => kind === kindName(value)),
    deepEqual: countedFunction(['interface {}', 'interface {}'], 'bool', deepEqual),
  };
}
