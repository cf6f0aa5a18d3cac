// Kubernetes' protobuf into JSON: typed Go clients, kubectl's `create` among them, send nothing else.
//
// Source of the envelope: k8s.io/apimachinery, pkg/runtime/serializer/protobuf. Answers are always JSON, which every client reads.

import { DecodeError } from '../../typed/decode.ts';
import type { Field, TypeNode } from '../../typed/types.ts';
import { typeOf } from '../../typed/types.ts';

const MAGIC = [0x6b, 0x38, 0x73, 0x00];

export interface ProtobufObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** The message itself, to be read by the kind's type. */
  readonly raw: Uint8Array;
}

type Value = bigint | Uint8Array;
interface Entry {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
  readonly wire: number;
  readonly value: Value;
}

/** Opens the envelope. Throws DecodeError for bytes that have none. */
export function readEnvelope(bytes: Uint8Array): ProtobufObject {
  if (MAGIC.some((byte, index) => bytes[index] !== byte))
    throw new DecodeError('provided data does not appear to be a protobuf message, expected prefix k8s');
  let apiVersion = '';
  let kind = '';
  let raw = new Uint8Array();
  for (const { number, value } of readEntries(bytes.subarray(MAGIC.length))) {
    if (!(value instanceof Uint8Array)) continue;
    if (number === 1)
      for (const entry of readEntries(value)) {
        if (entry.number === 1) apiVersion = text(entry.value);
        if (entry.number === 2) kind = text(entry.value);
      }
    if (number === 2) raw = Uint8Array.from(value);
  }
  return { apiVersion, kind, raw };
}

/** A message of a struct type as a JSON object. */
export function decodeProtobuf(type: TypeNode, bytes: Uint8Array): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const byNumber = new Map<string, Field>();
  for (const field of type.fields?.().values() ?? []) if (field.number !== '') byNumber.set(field.number, field);
  readFields(byNumber, '', bytes, out);
  return out;
}

function readFields(
  fields: ReadonlyMap<string, Field>,
  prefix: string,
  bytes: Uint8Array,
  out: Record<string, unknown>,
): void {
  for (const entry of readEntries(bytes)) {
    const number = `${prefix}${entry.number}`;
    const field = fields.get(number);
    if (field) readField(field, entry, out);
    // A Go struct that is embedded is a message of its own.
    else if (entry.value instanceof Uint8Array) readFields(fields, `${number}.`, entry.value, out);
  }
}

function readField(field: Field, entry: Entry, out: Record<string, unknown>): void {
  const { type, name } = field;
  const element = type.element?.();
  if (type.kind === 'list' && element) {
    const own = out[name];
    const list: unknown[] = Array.isArray(own) ? own : [];
    out[name] = list;
    list.push(readValue(element, entry));
    return;
  }
  if (type.kind === 'map' && element && entry.value instanceof Uint8Array) {
    const own = out[name];
    const map: Record<string, unknown> = typeof own === 'object' && own !== null ? { ...own } : {};
    let key = '';
    let value: unknown = element.kind === 'string' ? '' : undefined;
    for (const part of readEntries(entry.value)) {
      if (part.number === 1) key = text(part.value);
      if (part.number === 2) value = readValue(element, part);
    }
    map[key] = value ?? (element.kind === 'bytes' ? '' : value);
    out[name] = map;
    return;
  }
  out[name] = readValue(type, entry);
}

function readValue(type: TypeNode, { value, wire }: Entry): unknown {
  if (!(value instanceof Uint8Array)) {
    if (type.kind === 'boolean') return value !== 0n;
    if (type.kind === 'number' && wire === 1) return floatOf(value);
    return Number(BigInt.asIntN(64, value));
  }
  switch (type.kind) {
    case 'string':
      return text(value);
    case 'bytes':
      return base64(value);
    case 'struct':
      return decodeProtobuf(type, value);
    case 'quantity':
      return text(find(value, 1) ?? new Uint8Array());
    case 'intOrString':
      return number(value, 1) === 0 ? number(value, 2) : text(find(value, 3) ?? new Uint8Array());
    case 'time':
      return timeText(value, false);
    case 'microTime':
      return timeText(value, true);
    case 'duration':
      return durationText(number(value, 1));
    case 'list':
      // A named list (ExtraValue) is a message with its items as field 1.
      return readEntries(value).flatMap((entry) => (type.element ? [readValue(type.element(), entry)] : []));
    default:
      return readAny(type, value);
  }
}

/** Values that are JSON of their own inside the message. */
function readAny(type: TypeNode, bytes: Uint8Array): unknown {
  switch (type.name) {
    case 'apiextensions/v1.JSONSchemaPropsOrBool': {
      const schema = find(bytes, 2);
      return schema ? decodeProtobuf(typeOf('apiextensions/v1.JSONSchemaProps'), schema) : number(bytes, 1) !== 0;
    }
    case 'apiextensions/v1.JSONSchemaPropsOrArray': {
      const schema = find(bytes, 1);
      return schema ? decodeProtobuf(typeOf('apiextensions/v1.JSONSchemaProps'), schema) : undefined;
    }
    default: {
      const raw = find(bytes, 1);
      if (!raw || raw.length === 0) return undefined;
      const nested = raw[0] === MAGIC[0] && raw[1] === MAGIC[1];
      return nested ? undefined : JSON.parse(text(raw));
    }
  }
}

function find(bytes: Uint8Array, wanted: number): Uint8Array | undefined {
  const found = readEntries(bytes).find(({ number: own }) => own === wanted)?.value;
  return found instanceof Uint8Array ? found : undefined;
}

function number(bytes: Uint8Array, wanted: number): number {
  const found = readEntries(bytes).find(({ number: own }) => own === wanted)?.value;
  return typeof found === 'bigint' ? Number(BigInt.asIntN(64, found)) : 0;
}

function readEntries(bytes: Uint8Array): Entry[] {
  const out: Entry[] = [];
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new DecodeError('unexpected EOF');
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new DecodeError('unexpected EOF');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = Number(tag & 7n);
    const field = Number(tag >> 3n);
    if (wire === 0) out.push({ number: field, wire, value: varint() });
    else if (wire === 2) out.push({ number: field, wire, value: take(Number(varint())) });
    else if (wire === 1 || wire === 5) out.push({ number: field, wire, value: littleEndian(take(wire === 1 ? 8 : 4)) });
    else throw new DecodeError(`proto: illegal wireType ${wire}`);
  }
  return out;
}

function littleEndian(bytes: Uint8Array): bigint {
  return [...bytes].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function floatOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function text(value: Value): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function timeText(bytes: Uint8Array, micro: boolean): string | undefined {
  if (bytes.length === 0) return undefined;
  const seconds = number(bytes, 1);
  if (seconds < -62_000_000_000) return undefined;
  const date = new Date(seconds * 1000).toISOString().slice(0, 19);
  if (!micro) return `${date}Z`;
  return `${date}.${String(Math.floor(number(bytes, 2) / 1000)).padStart(6, '0')}Z`;
}

/** Go's time.Duration.String for whole seconds and below. */
function durationText(nanos: number): string {
  if (nanos === 0) return '0s';
  const total = nanos / 1e9;
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
