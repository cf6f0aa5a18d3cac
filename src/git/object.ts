// Git's objects: a type and bytes, named by the SHA-1 of both.

import { sha1 } from '@noble/hashes/legacy.js';
import { toHex } from '../base/hex.ts';

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
