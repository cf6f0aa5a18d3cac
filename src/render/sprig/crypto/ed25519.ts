// Ed25519 (RFC 8032): public keys and signatures.

import { sha512 } from '@noble/hashes/sha2.js';
import { joinBytes } from './der.ts';
import { bytesToNumber, invert, modulo, numberToBytes, power } from './numbers.ts';

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Coordinates with x = X/Z, y = Y/Z, xy = T/Z on -x² + y² = 1 + dx²y². */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
  readonly t: bigint;
}

interface Field {
  readonly d: bigint;
  readonly base: Point;
}

export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  const { scalar } = expandSeed(seed);
  return encodePoint(multiply(scalar));
}

export function signEd25519(seed: Uint8Array, message: Uint8Array): Uint8Array {
  const { scalar, prefix } = expandSeed(seed);
  const publicKey = encodePoint(multiply(scalar));
  const nonce = hashToScalar(prefix, message);
  const commitment = encodePoint(multiply(nonce));
  const challenge = hashToScalar(commitment, publicKey, message);
  const response = modulo(nonce + challenge * scalar, ORDER);
  return joinBytes([commitment, littleEndian(response)]);
}

function expandSeed(seed: Uint8Array): { scalar: bigint; prefix: Uint8Array } {
  const hash = sha512(seed);
  const low = hash.slice(0, 32);
  low[0] = (low[0] ?? 0) & 0xf8;
  low[31] = ((low[31] ?? 0) & 0x7f) | 0x40;
  return { scalar: bytesToNumber(low.toReversed()), prefix: hash.slice(32) };
}

function hashToScalar(...parts: readonly Uint8Array[]): bigint {
  return modulo(bytesToNumber(sha512(joinBytes(parts)).toReversed()), ORDER);
}

function littleEndian(value: bigint): Uint8Array {
  return numberToBytes(value, 32).reverse();
}

function field(): Field {
  const d = modulo(-121665n * invert(121666n, P), P);
  const y = modulo(4n * invert(5n, P), P);
  const x = evenRoot(modulo((y * y - 1n) * invert(d * y * y + 1n, P), P));
  return { d, base: { x, y, z: 1n, t: (x * y) % P } };
}

/** The even square root modulo P, of a number that has one. */
function evenRoot(square: bigint): bigint {
  let root = power(square, (P + 3n) / 8n, P);
  if (modulo(root * root - square, P) !== 0n) root = (root * power(2n, (P - 1n) / 4n, P)) % P;
  return root & 1n ? P - root : root;
}

function multiply(scalar: bigint): Point {
  const { d, base } = field();
  let result: Point = { x: 0n, y: 1n, z: 1n, t: 0n };
  let doubled = base;
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = addPoints(result, doubled, d);
    doubled = addPoints(doubled, doubled, d);
  }
  return result;
}

/** The formula is complete: it also doubles. */
function addPoints(a: Point, b: Point, d: bigint): Point {
  const first = ((a.y - a.x) * (b.y - b.x)) % P;
  const second = ((a.y + a.x) * (b.y + b.x)) % P;
  const third = (2n * a.t * b.t * d) % P;
  const fourth = (2n * a.z * b.z) % P;
  const e = second - first;
  const f = fourth - third;
  const g = fourth + third;
  const h = second + first;
  return { x: modulo(e * f, P), y: modulo(g * h, P), z: modulo(f * g, P), t: modulo(e * h, P) };
}

function encodePoint({ x, y, z }: Point): Uint8Array {
  const inverse = invert(z, P);
  const encoded = littleEndian((y * inverse) % P);
  if (((x * inverse) % P) & 1n) encoded[31] = (encoded[31] ?? 0) | 0x80;
  return encoded;
}
