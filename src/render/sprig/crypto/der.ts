// ASN.1 in DER: writing and reading what keys and certificates are made of.

import { fail } from '../function.ts';
import { bitLength, bytesToNumber, numberToBytes } from './numbers.ts';

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A value that was read. */
export interface DerNode {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
}

export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joinBytes([Uint8Array.of(tag, ...lengthBytes(length)), ...parts]);
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return der(TAG.sequence, ...parts);
}

/** A number that is not negative. */
export function integer(value: bigint | number): Uint8Array {
  const number = BigInt(value);
  // One bit more than the number needs, since the first is the sign.
  return der(TAG.integer, numberToBytes(number, Math.floor(bitLength(number) / 8) + 1));
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return der(TAG.bitString, Uint8Array.of(unusedBits), bytes);
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return der(TAG.octetString, bytes);
}

export function objectId(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(TAG.objectId, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

export function nullValue(): Uint8Array {
  return der(TAG.null);
}

/** `[number]` around whole values. */
export function explicit(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return der(0xa0 + number, ...parts);
}

/** The first value in `bytes`. Fails where there is none. */
export function readDer(bytes: Uint8Array): DerNode {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) fail('asn1: syntax error: data truncated');
  const lengthSize = first < 0x80 ? 0 : first & 0x7f;
  if (lengthSize > 4) fail('asn1: structure error: length too large');
  const length = lengthSize === 0 ? first : Number(bytesToNumber(bytes.subarray(2, 2 + lengthSize)));
  const start = 2 + lengthSize;
  if (start + length > bytes.length) fail('asn1: syntax error: data truncated');
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) };
}

/** The values inside a sequence or set. */
export function readChildren({ content }: DerNode): DerNode[] {
  const children: DerNode[] = [];
  for (let at = 0; at < content.length; ) {
    const child = readDer(content.subarray(at));
    children.push(child);
    at += child.whole.length;
  }
  return children;
}

/** The children of the sequence that `bytes` hold. */
export function readSequence(bytes: Uint8Array): DerNode[] {
  const node = readDer(bytes);
  if (node.tag !== TAG.sequence) fail("asn1: structure error: tags don't match");
  return readChildren(node);
}

/** The number of an integer that is not negative. */
export function readInteger(node: DerNode | undefined): bigint {
  if (node?.tag !== TAG.integer) fail('asn1: structure error: integer expected');
  return bytesToNumber(node.content);
}

export function readObjectId(node: DerNode | undefined): string {
  if (node?.tag !== TAG.objectId) fail('asn1: structure error: object identifier expected');
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of node.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [joined = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(joined / 40));
  return [first, joined - first * 40, ...rest].join('.');
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = [...numberToBytes(BigInt(length), Math.ceil(bitLength(BigInt(length)) / 8))];
  return [0x80 | bytes.length, ...bytes];
}

function base128(arc: number): number[] {
  const digits = [arc & 0x7f];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
