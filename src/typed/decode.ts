// JSON into a built-in type and back, as Go's decoder and encoder leave it: unknown fields dropped and reported, empty values
// left out or written by the field's tags, quantities in canonical form, wrong types refused with Go's words.
//
// Source: encoding/json (UnmarshalTypeError), sigs.k8s.io/json (strict errors), metav1.Time, resource.Quantity, intstr.

import { isObject } from '../base/json.ts';
import { canonicalQuantity, QUANTITY_ERROR } from './quantity.ts';
import type { Field, TypeNode } from './types.ts';

/** The keys as written, with repetitions, of the objects that repeat one. */
export type WrittenKeys = WeakMap<object, readonly string[]>;

/** A value that the type cannot hold; the message is Go's. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

export interface Decoded {
  readonly value: Record<string, unknown>;
  /** `unknown field "spec.x"`, `duplicate field "data.a"`, in the order of the document. */
  readonly strict: readonly string[];
}

/** From JSON text, or from a Go map (runtime.FromUnstructured): the same, but for the messages. */
export type DecodeSource = 'json' | 'map';

interface Walk {
  readonly source: DecodeSource;
  readonly strict: string[];
  readonly keys: WrittenKeys | undefined;
  /** The first wrong type; Go goes on and reports the first. */
  problem: string | undefined;
}

/** Where Go is: the innermost struct and the path of fields, for its messages. */
interface Context {
  readonly struct: string;
  readonly fields: string;
  /** `spec.containers[0]`, for strict errors. */
  readonly path: string;
}

const MICRO = '2006-01-02T15:04:05.000000Z07:00';

const ROOT: Context = { struct: '', fields: '', path: '' };

/** Decodes an object of a struct type. Throws DecodeError. */
export function decodeStruct(
  type: TypeNode,
  value: unknown,
  keys?: WrittenKeys,
  source: DecodeSource = 'json',
): Decoded {
  const walk: Walk = { source, strict: [], keys, problem: undefined };
  const decoded = decode(type, value, ROOT, walk);
  if (walk.problem !== undefined) throw new DecodeError(walk.problem);
  return { value: isObject(decoded) ? decoded : {}, strict: walk.strict };
}

/** The value of a type that was never set, as the encoder writes it. */
export function zeroStruct(type: TypeNode): Record<string, unknown> {
  return decodeStruct(type, {}).value;
}

function decode(type: TypeNode, value: unknown, context: Context, walk: Walk): unknown {
  if (value === null || value === undefined) return undefined;
  switch (type.kind) {
    case 'struct':
      return isObject(value) ? decodeFields(type, value, context, walk) : wrongType(type, value, context, walk);
    case 'map':
      return isObject(value) ? decodeMap(type, value, context, walk) : wrongType(type, value, context, walk);
    case 'list':
      return Array.isArray(value) ? decodeList(type, value, context, walk) : wrongType(type, value, context, walk);
    case 'string':
      return typeof value === 'string' ? value : wrongType(type, value, context, walk);
    case 'boolean':
      return typeof value === 'boolean' ? value : wrongType(type, value, context, walk);
    case 'number':
      return typeof value === 'number' ? value : wrongType(type, value, context, walk);
    case 'integer':
      return decodeInteger(type, value, context, walk);
    case 'bytes':
      return decodeBytes(type, value, context, walk);
    case 'quantity':
      return canonicalQuantity(value) ?? fail(walk, QUANTITY_ERROR);
    case 'intOrString':
      return typeof value === 'string'
        ? value
        : decodeInteger({ kind: 'integer', goName: 'int32', bits: 32 }, value, context, walk);
    case 'time':
    case 'microTime':
      return decodeTime(type, value, context, walk);
    case 'duration':
      return typeof value === 'string' ? value : wrongType({ ...type, goName: 'string' }, value, context, walk);
    default:
      return value;
  }
}

function fail(walk: Walk, message: string): undefined {
  walk.problem ??= message;
  return undefined;
}

function wrongType(type: TypeNode, value: unknown, context: Context, walk: Walk): undefined {
  return wrong(describe(value), type.goName, context, walk);
}

function wrong(what: string, goName: string, context: Context, walk: Walk): undefined {
  if (walk.source === 'map') return fail(walk, explainConversion(what, goName));
  const where = context.struct === '' ? 'value' : `struct field ${context.struct}.${context.fields}`;
  return fail(walk, `json: cannot unmarshal ${what} into Go ${where} of type ${goName}`);
}

/** k8s.io/apimachinery, pkg/runtime/converter.go (fromUnstructured). */
function explainConversion(what: string, goName: string): string {
  const from = { array: 'slice', object: 'map', number: 'int64' }[what] ?? what;
  if (goName.startsWith('[]')) return `cannot restore slice from ${from}`;
  if (goName.startsWith('map[')) return `cannot restore map from ${from}`;
  if (!/^(string|bool|u?int(32|64)?|float64)$/.test(goName) && goName.includes('.'))
    return `cannot restore struct from: ${from}`;
  // Go converts an integer to a string, to the character of that number, and is stopped from it.
  if (goName === 'string' && from === 'int64') return 'cannot convert int64 to string';
  return `unrecognized type: ${goName}`;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'object' ? 'object' : typeof value;
}

function decodeInteger(type: TypeNode, value: unknown, context: Context, walk: Walk): unknown {
  if (typeof value !== 'number') return wrongType(type, value, context, walk);
  const isWhole = Number.isInteger(value);
  const fits = type.bits === 64 || (value >= -2147483648 && value <= 2147483647);
  return isWhole && fits ? value : wrong(`number ${value}`, type.goName, context, walk);
}

function decodeBytes(type: TypeNode, value: unknown, context: Context, walk: Walk): unknown {
  if (typeof value !== 'string') return wrongType(type, value, context, walk);
  const text = value.replace(/[\r\n]/g, '');
  const good = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  if (good.test(text)) return text;
  const problem = `illegal base64 data at input byte ${firstBadByte(text)}`;
  return fail(walk, walk.source === 'map' ? `error decoding from json: ${problem}` : problem);
}

/** base64.CorruptInputError: the offset of the first byte that does not fit, or of the unfinished group. */
function firstBadByte(text: string): number {
  const bad = text.search(/[^A-Za-z0-9+/]/);
  if (bad < 0) return text.length - (text.length % 4);
  const isPadding = text[bad] === '=' && bad % 4 >= 2;
  if (!isPadding) return text[bad] === '=' && bad % 4 < 2 ? bad : bad;
  return bad % 4 === 2 && text[bad + 1] !== '=' ? bad + 1 : bad + (bad % 4 === 2 ? 2 : 1);
}

function decodeTime(type: TypeNode, value: unknown, context: Context, walk: Walk): unknown {
  if (typeof value !== 'string') return wrongType({ ...type, goName: 'string' }, value, context, walk);
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.exec(value);
  if (match && type.kind === 'microTime' && !/^\.\d{6}$/.test(match[2] ?? '')) {
    const rest = value.slice(19);
    return fail(walk, `parsing time "${value}" as "${MICRO}": cannot parse "${rest}" as ".000000"`);
  }
  const at = match ? Date.parse(`${match[1]}${match[3]}`) : Number.NaN;
  if (!match || Number.isNaN(at)) {
    const layout = type.kind === 'time' ? '2006-01-02T15:04:05Z07:00' : MICRO;
    return fail(walk, `parsing time "${value}" as "${layout}": cannot parse "${value}" as "2006"`);
  }
  const seconds = new Date(at).toISOString().slice(0, 19);
  if (type.kind === 'time') return `${seconds}Z`;
  return `${seconds}.${(match[2] ?? '.').slice(1, 7).padEnd(6, '0')}Z`;
}

function decodeFields(type: TypeNode, value: Record<string, unknown>, context: Context, walk: Walk): unknown {
  const fields = type.fields?.() ?? new Map<string, Field>();
  const struct = type.goName.slice(type.goName.lastIndexOf('.') + 1);
  const found = new Map<string, unknown>();
  const seen = new Set<string>();
  for (const key of walk.keys?.get(value) ?? Object.keys(value)) {
    const path = context.path === '' ? key : `${context.path}.${key}`;
    const field = fields.get(key);
    if (!field) walk.strict.push(`unknown field "${path}"`);
    else if (seen.has(key)) walk.strict.push(`duplicate field "${path}"`);
    else {
      seen.add(key);
      const within = `${context.fields === '' ? '' : `${context.fields}.`}${field.embedded}${key}`;
      const inner = { struct, fields: within, path };
      found.set(key, decode(field.type, value[key], inner, walk));
    }
  }
  const out: Record<string, unknown> = {};
  for (const field of fields.values()) {
    const written = encodeField(field, found.get(field.name));
    if (written !== undefined) out[field.name] = written;
  }
  return out;
}

/** What the encoder writes for a field; undefined: nothing. */
function encodeField(field: Field, value: unknown): unknown {
  const { type, pointer, omit } = field;
  if (pointer) return value === undefined && omit === 'never' ? null : value;
  if (type.kind === 'struct') {
    const struct = value ?? zeroStruct(type);
    return omit === 'zero' && isZero(struct) ? undefined : struct;
  }
  // Go structs with a text form of their own: never empty for `omitempty`.
  if (omit !== 'zero' && type.kind in ZERO_TEXTS) return value ?? ZERO_TEXTS[type.kind];
  // What Go keeps as raw JSON is a struct to it.
  if (type.kind === 'any' && isObject(value)) return value;
  const empty = isEmpty(value);
  if (empty && omit !== 'never') return undefined;
  // A list that was given empty stays so until it is stored, where Go knows no difference.
  if (Array.isArray(value)) return value;
  if (!empty || value === 0 || value === '' || value === false) return value;
  return zeroOf(type);
}

const ZERO_TEXTS: Readonly<Partial<Record<TypeNode['kind'], unknown>>> = {
  intOrString: 0,
  quantity: '0',
  time: null,
  microTime: null,
  duration: '0s',
};

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** True for a struct in which only empty structs and nulls are set. */
/** What storing does to lists and maps that are written even when empty: they come back as null. */
export function settleEmpties(type: TypeNode, value: unknown): unknown {
  if (type.kind === 'list' && Array.isArray(value)) {
    const element = type.element?.();
    return element ? value.map((item) => settleEmpties(element, item)) : value;
  }
  if (!isObject(value)) return value;
  if (type.kind === 'map') {
    const element = type.element?.();
    if (!element) return value;
    // Bytes that are null come back as none.
    const settle = (member: unknown) =>
      member === null && element.kind === 'bytes' ? '' : settleEmpties(element, member);
    for (const [key, member] of Object.entries(value)) if (typeof member === 'object') value[key] = settle(member);
    return value;
  }
  if (type.kind !== 'struct') return value;
  for (const field of type.fields?.().values() ?? []) {
    const member = value[field.name];
    if (Array.isArray(member) && member.length === 0) value[field.name] = null;
    else if (member !== null && typeof member === 'object') value[field.name] = settleEmpties(field.type, member);
  }
  return value;
}

function isZero(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).every(isZero);
  return isEmpty(value);
}

function zeroOf(type: TypeNode): unknown {
  switch (type.kind) {
    case 'string':
      return '';
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'duration':
      return '0s';
    default:
      return null;
  }
}

function decodeMap(type: TypeNode, value: Record<string, unknown>, context: Context, walk: Walk): unknown {
  const element = type.element?.();
  const out: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const key of walk.keys?.get(value) ?? Object.keys(value)) {
    const path = context.path === '' ? key : `${context.path}.${key}`;
    if (seen.has(key)) walk.strict.push(`duplicate field "${path}"`);
    seen.add(key);
    if (!element) out[key] = value[key];
    else out[key] = decode(element, value[key], { ...context, path }, walk) ?? zeroOfElement(element);
  }
  return out;
}

function decodeList(type: TypeNode, value: readonly unknown[], context: Context, walk: Walk): unknown {
  const element = type.element?.();
  if (!element) return value;
  return value.map((item, index) => {
    const path = `${context.path}[${index}]`;
    return decode(element, item, { ...context, path }, walk) ?? zeroOfElement(element);
  });
}

/** `null` in a list or map is the element's zero value. */
function zeroOfElement(element: TypeNode): unknown {
  if (element.kind === 'struct') return zeroStruct(element);
  return element.kind === 'quantity' ? '0' : zeroOf(element);
}
