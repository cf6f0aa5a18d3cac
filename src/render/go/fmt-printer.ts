// One value under one directive, by kind (Go: fmt/print.go, printArg and printValue). Long because the kinds are many.

import { complexParts } from './complex.ts';
import {
  formatCharacter,
  formatFloatVerb,
  formatHexBytes,
  formatInteger,
  formatQuoted,
  formatQuotedCharacter,
  formatString,
  formatUnicode,
} from './fmt-basic.ts';
import { type FmtFlags, noFlags, pad } from './fmt-flags.ts';
import { sortedKeys } from './sorted-keys.ts';
import type { FloatFormat } from './strconv.ts';
import { stringOf } from './stringer.ts';
import { utf8Decode } from './strings.ts';
import { kindName, typeName } from './type-name.ts';
import { GoMap, GoNumber, type GoOpaque, GoSlice, GoStruct, type GoValue } from './value.ts';

const NIL = '<nil>';

/** What `%p` and pointers inside other values print: Go prints an address, which no test and no chart can rely on. */
const ADDRESS = 0xc000012345n;

/** The text of one argument under a directive (Go: printArg). */
export function formatArgument(flags: FmtFlags, value: GoValue, verb: string): string {
  if (value === null) return verb === 'T' || verb === 'v' ? pad(flags, NIL) : badVerb(flags, value, verb);
  if (verb === 'T') return formatString(flags, typeName(value));
  if (verb === 'p') return formatPointer(flags, value, verb);
  if (value instanceof Uint8Array) return formatBytes(flags, value, verb, '[]byte');
  return formatMethods(flags, value, verb) ?? formatByKind(flags, value, verb, 0);
}

/** The same for a value inside another, or for what a reflect.Value holds (Go: printValue). */
export function formatNested(flags: FmtFlags, value: GoValue, verb: string, depth: number): string {
  // Inside a map or list a nil is a nil interface{}, which prints as such under every verb.
  if (value === null) return flags.sharpV ? 'interface {}(nil)' : NIL;
  return (depth > 0 ? formatMethods(flags, value, verb) : undefined) ?? formatByKind(flags, value, verb, depth);
}

/** `%!verb(type=value)`, for a verb that does not fit the value. */
export function badVerb(flags: FmtFlags, value: GoValue, verb: string): string {
  if (value === null) return `%!${verb}(${NIL})`;
  // Go keeps the directive's flags, but asks no method.
  const { erroring } = flags;
  flags.erroring = true;
  const shown =
    value instanceof Uint8Array ? formatBytes(flags, value, 'v', '[]byte') : formatByKind(flags, value, 'v', 0);
  flags.erroring = erroring;
  return `%!${verb}(${typeName(value)}=${shown})`;
}

/** What a reflect.Value holds, printed as an argument: at its top it has methods too (Go: printArg, case reflect.Value). */
export function formatReflected(value: GoValue, verb: string): string {
  const flags = noFlags();
  return value === null ? NIL : (formatMethods(flags, value, verb) ?? formatByKind(flags, value, verb, 0));
}

/** The value's own `Error` or `String`, where the verb accepts a string (Go: handleMethods). */
function formatMethods(flags: FmtFlags, value: GoValue, verb: string): string | undefined {
  if (flags.erroring) return undefined;
  if (verb === 'w') return badVerb(flags, value, verb);
  if (flags.sharpV || !'vsxXq'.includes(verb)) return undefined;
  if (typeof value !== 'object') return undefined;
  const text = stringOf(value);
  return text === undefined ? undefined : formatText(flags, text, verb, value);
}

function formatByKind(flags: FmtFlags, value: GoValue, verb: string, depth: number): string {
  if (typeof value === 'string') return formatText(flags, value, verb, value);
  if (typeof value === 'number') return formatFloatKind(flags, value, 64, verb, value);
  if (typeof value === 'boolean') {
    return verb === 't' || verb === 'v' ? pad(flags, String(value)) : badVerb(flags, value, verb);
  }
  if (value === null) return NIL;
  if (value instanceof GoNumber) return formatNumber(flags, value, verb);
  if (Array.isArray(value)) return formatList(flags, value, '[]interface {}', verb, depth);
  if (value instanceof GoSlice) return formatSlice(flags, value, verb, depth);
  if (value instanceof Uint8Array) return formatByteSlice(flags, value, verb, depth);
  if (value instanceof Map) return formatMap(flags, value, 'map[string]interface {}', verb, depth);
  if (value instanceof GoMap) return formatMap(flags, value.entries, value.type, verb, depth);
  if (value instanceof GoStruct) return formatStruct(flags, value, verb, depth);
  return formatOpaque(flags, value, verb);
}

function formatText(flags: FmtFlags, text: string, verb: string, value: GoValue): string {
  switch (verb) {
    case 'v':
      return flags.sharpV ? formatQuoted(flags, text) : formatString(flags, text);
    case 's':
      return formatString(flags, text);
    case 'x':
    case 'X':
      return formatHexBytes(flags, text, verb === 'X');
    case 'q':
      return formatQuoted(flags, text);
    default:
      return badVerb(flags, value, verb);
  }
}

function formatNumber(flags: FmtFlags, number: GoNumber, verb: string): string {
  const kind = kindName(number);
  if (kind === 'string') return formatText(flags, String(number.value), verb, number);
  if (kind === 'float32') return formatFloatKind(flags, Number(number.value), 32, verb, number);
  if (kind === 'complex128') return formatComplex(flags, number, verb);
  return formatIntegerKind(flags, BigInt(number.value), kind.startsWith('u'), verb, number);
}

function formatIntegerKind(flags: FmtFlags, value: bigint, unsigned: boolean, verb: string, whole: GoValue): string {
  switch (verb) {
    case 'v':
      return flags.sharpV && unsigned ? formatHex0x(flags, value, true) : formatInteger(flags, value, 10, verb, false);
    case 'd':
      return formatInteger(flags, value, 10, verb, false);
    case 'b':
      return formatInteger(flags, value, 2, verb, false);
    case 'o':
    case 'O':
      return formatInteger(flags, value, 8, verb, false);
    case 'x':
    case 'X':
      return formatInteger(flags, value, 16, verb, verb === 'X');
    case 'c':
      return formatCharacter(flags, value);
    case 'q':
      return formatQuotedCharacter(flags, value);
    case 'U':
      return formatUnicode(flags, value);
    default:
      return badVerb(flags, whole, verb);
  }
}

function formatHex0x(flags: FmtFlags, value: bigint, leading0x: boolean): string {
  const sharp = flags.sharp;
  flags.sharp = leading0x;
  const text = formatInteger(flags, value, 16, 'v', false);
  flags.sharp = sharp;
  return text;
}

function formatFloatKind(flags: FmtFlags, value: number, bits: 32 | 64, verb: string, whole: GoValue): string {
  const format = floatFormatOf(verb);
  if (format === undefined) return badVerb(flags, whole, verb);
  return formatFloatVerb(flags, value, bits, format, 'feEF'.includes(verb) ? 6 : -1);
}

function floatFormatOf(verb: string): FloatFormat | undefined {
  switch (verb) {
    case 'v':
      return 'g';
    case 'F':
      return 'f';
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
    case 'f':
    case 'e':
    case 'E':
      return verb;
    default:
      return undefined;
  }
}

function formatComplex(flags: FmtFlags, number: GoNumber, verb: string): string {
  if (floatFormatOf(verb) === undefined) return badVerb(flags, number, verb);
  const { real, imaginary } = complexParts(number);
  const plus = flags.plus;
  const first = formatFloatKind(flags, real, 64, verb, number);
  flags.plus = true;
  const second = formatFloatKind(flags, imaginary, 64, verb, number);
  flags.plus = plus;
  return `(${first}${second}i)`;
}

/** []byte as an argument of its own (Go: fmtBytes). */
function formatBytes(flags: FmtFlags, bytes: Uint8Array, verb: string, type: string): string {
  switch (verb) {
    case 'v':
    case 'd':
      if (flags.sharpV) return `${type}{${Array.from(bytes, (b) => formatHex0x(flags, BigInt(b), true)).join(', ')}}`;
      return `[${Array.from(bytes, (b) => formatInteger(flags, BigInt(b), 10, verb, false)).join(' ')}]`;
    case 's':
      return formatString(flags, utf8Decode(bytes));
    case 'x':
    case 'X':
      return formatHexBytes(flags, bytes, verb === 'X');
    case 'q':
      return formatQuoted(flags, utf8Decode(bytes));
    default:
      return formatByteSlice(flags, bytes, verb, 0);
  }
}

function formatByteSlice(flags: FmtFlags, bytes: Uint8Array, verb: string, depth: number): string {
  if ('sqxX'.includes(verb)) return formatBytes(flags, bytes, verb, '[]uint8');
  const items = Array.from(bytes, (byte) => new GoNumber('uint8', BigInt(byte)));
  return formatList(flags, items, '[]uint8', verb, depth);
}

function formatSlice(flags: FmtFlags, slice: GoSlice, verb: string, depth: number): string {
  return formatList(flags, slice.items, slice.type, verb, depth);
}

function formatList(flags: FmtFlags, items: readonly GoValue[], type: string, verb: string, depth: number): string {
  let text = flags.sharpV ? `${type}{` : '[';
  const between = flags.sharpV ? ', ' : ' ';
  for (let i = 0; i < items.length; i++) {
    if (i > 0) text += between;
    text += formatNested(flags, items[i] ?? null, verb, depth + 1);
  }
  return text + (flags.sharpV ? '}' : ']');
}

function formatMap(
  flags: FmtFlags,
  entries: ReadonlyMap<string, GoValue>,
  type: string,
  verb: string,
  depth: number,
): string {
  let text = flags.sharpV ? `${type}{` : 'map[';
  const between = flags.sharpV ? ', ' : ' ';
  let first = true;
  for (const key of sortedKeys(entries)) {
    if (!first) text += between;
    first = false;
    text += `${formatNested(flags, key, verb, depth + 1)}:`;
    text += formatNested(flags, entries.get(key) ?? null, verb, depth + 1);
  }
  return text + (flags.sharpV ? '}' : ']');
}

function formatStruct(flags: FmtFlags, struct: GoStruct, verb: string, depth: number): string {
  const pointer = struct.pointer || struct.type.startsWith('*');
  if (pointer && depth > 0) return formatPointer(flags, struct, verb);
  let text = pointer ? '&' : '';
  if (flags.sharpV) text += struct.type.replace(/^\*/, '');
  text += '{';
  const between = flags.sharpV ? ', ' : ' ';
  let first = true;
  for (const [name, value] of struct.fields) {
    if (!first) text += between;
    first = false;
    if (flags.plusV || flags.sharpV) text += `${name}:`;
    text += formatNested(flags, value, verb, depth + 1);
  }
  return `${text}}`;
}

function formatOpaque(flags: FmtFlags, value: GoOpaque, verb: string): string {
  const kind = kindName(value);
  if (kind === 'func') return formatPointer(flags, value, verb);
  return formatText(flags, value.text, verb, value);
}

/** Go: fmtPointer. */
function formatPointer(flags: FmtFlags, value: GoValue, verb: string): string {
  const kind = kindName(value);
  if (!['func', 'map', 'ptr', 'slice'].includes(kind)) return badVerb(flags, value, verb);
  switch (verb) {
    case 'v':
      if (flags.sharpV) return `(${typeName(value)})(${formatHex0x(flags, ADDRESS, true)})`;
      return formatHex0x(flags, ADDRESS, !flags.sharp);
    case 'p':
      return formatHex0x(flags, ADDRESS, !flags.sharp);
    case 'b':
    case 'o':
    case 'd':
    case 'x':
    case 'X':
      return formatIntegerKind(flags, ADDRESS, true, verb, value);
    default:
      return `%!${verb}(${typeName(value)}=${formatHex0x(noFlags(), ADDRESS, true)})`;
  }
}
