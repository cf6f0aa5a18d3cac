// The built-in function `call`, which calls the func that is its first argument (Go: text/template/funcs.go, call).

import { kindName, typeName } from '../go/type-name.ts';
import { type GoMethod, GoNumber, GoOpaque, type GoValue } from '../go/value.ts';
import { convert, REFLECT_VALUE } from './assign.ts';
import { type CallSite, compileBuiltinCall } from './call.ts';
import type { Evaluate, Value } from './frame.ts';
import { goInteger, INTERFACE, normalType, typeKind } from './go-type.ts';

const PARAMS = [REFLECT_VALUE, `...${REFLECT_VALUE}`];

/** `calleeText` is the first operand as written; undefined where the func comes through the pipe. */
export function compileCallBuiltin(site: CallSite, calleeText: string | undefined): Evaluate {
  return compileBuiltinCall(site, {
    params: PARAMS,
    call: (callee, ...args) => callValue(calleeText ?? reflectText(callee), callee, args),
  });
}

/** What reflect's `Value.String` gives. */
function reflectText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value == null) return '<invalid Value>';
  return value instanceof GoNumber && kindName(value) === 'string' ? String(value.value) : `<${typeName(value)} Value>`;
}

function callValue(name: string, callee: Value, args: readonly Value[]): Value {
  if (callee == null) throw new Error('call of nil');
  const method = methodOf(callee);
  if (!method) throw new Error(`non-function ${name} of type ${typeName(callee)}`);
  const { params } = method;
  const variadic = params.at(-1)?.startsWith('...') === true;
  const fixed = variadic ? params.length - 1 : params.length;
  if (variadic ? args.length < fixed : args.length !== fixed) {
    throw new Error(`wrong number of args for ${name}: got ${args.length} want ${variadic ? 'at least ' : ''}${fixed}`);
  }
  const values = args.map((arg, index) => {
    const type = params[Math.min(index, params.length - 1)] ?? INTERFACE;
    return prepareArgument(arg, normalType(type.startsWith('...') ? type.slice(3) : type), index);
  });
  return method.call(...values);
}

/** The function that a func value holds. */
function methodOf(callee: GoValue): GoMethod | undefined {
  if (!(callee instanceof GoOpaque) || kindName(callee) !== 'func') return undefined;
  const { value } = callee;
  return isMethod(value) ? value : undefined;
}

function isMethod(value: unknown): value is GoMethod {
  return (
    typeof value === 'object' &&
    value !== null &&
    'call' in value &&
    typeof value.call === 'function' &&
    'params' in value &&
    Array.isArray(value.params)
  );
}

/** Go: prepareArg. */
function prepareArgument(value: Value, type: string, index: number): GoValue {
  if (type === INTERFACE) return value ?? null;
  const converted = convert(value ?? undefined, type);
  if (converted !== undefined) return converted;
  if (value == null) throw new Error(`arg ${index}: value is nil; should be of type ${type}`);
  const kind = typeKind(type);
  if ((kind === 'int' || kind === 'uint') && value instanceof GoNumber && typeof value.value === 'bigint') {
    return goInteger(type, value.value);
  }
  throw new Error(`arg ${index}: value has type ${typeName(value)}; should be ${type}`);
}
