// HMAC signatures of webhooks, compared in constant time.

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { equalInConstantTime } from '../base/constant-time.ts';
import { toHex } from '../base/hex.ts';
import type { Delivery } from './provider.ts';

const encoder = new TextEncoder();

/** The hash functions that a signature may name, and the hexadecimal digits of each. */
export const HASHES = {
  sha256: { name: 'SHA-256', digits: 64 },
  sha384: { name: 'SHA-384', digits: 96 },
  sha512: { name: 'SHA-512', digits: 128 },
} as const;

export type Hash = keyof typeof HASHES;

/** Up to here the way to the runtime's own function and back takes longer than the hash. */
const SMALL_BYTES = 64 << 10;

/** Lower-case hex of the HMAC over `body`. */
export async function hmacHex(hash: Hash, secret: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
  if (hash === 'sha256' && body.byteLength <= SMALL_BYTES) return toHex(hmac(sha256, encoder.encode(secret), body));
  // A key without a single byte cannot be imported; nobody signs with one.
  const algorithm = { name: 'HMAC', hash: HASHES[hash].name };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, body)));
}

/** Whether `signature` (lower-case hex without a prefix) is the HMAC-SHA256 of `body`. */
export async function isSignedSha256(
  signature: string,
  secret: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return equalInConstantTime(signature, await hmacHex('sha256', secret, body));
}

/** What keeps a header from being an HMAC-SHA256 in hex; `form` is the whole header's pattern. */
export function signatureProblem(headers: Headers, name: string, form: RegExp): string | undefined {
  const value = headers.get(name);
  if (!value) return `the header ${name} is missing`;
  return form.test(value) ? undefined : `the header ${name} is not of the form that it must have`;
}

/** A token that is sent as it stands. */
export async function isToken({ headers }: Delivery, name: string, secret: string): Promise<boolean> {
  return equalInConstantTime(headers.get(name) ?? '', secret);
}
