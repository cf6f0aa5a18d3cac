// Git's objects: a type and bytes, named by the SHA-1 of both.

import { sha1 } from '@noble/hashes/legacy.js';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  readonly type: ObjectType;
  readonly content: Uint8Array;
}

/** 40 lower-case hex digits. */
export type ObjectId = string;

/** What stands for "no object" in pushes: the ref did not exist before, or does not after. */
export const ZERO_ID: ObjectId = '0'.repeat(40);

const encoder = new TextEncoder();
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The id that Git gives to an object of this type and content. */
export function hashObject(type: ObjectType, content: Uint8Array): ObjectId {
  return toHex(
    sha1
      .create()
      .update(encoder.encode(`${type} ${content.length}\0`))
      .update(content)
      .digest(),
  );
}

export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += HEX[byte];
  return hex;
}

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
