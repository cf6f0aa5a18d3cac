// The elliptic curves P-256, P-384 and P-521 (FIPS 186-5) and ECDSA on them.

import { bitLength, bytesToNumber, invert, modulo, numberToBytes, type Random, randomNumber } from './numbers.ts';

/** y² = x³ - 3x + b over the numbers modulo p; the point (x, y), which has the order n, determines b. */
export interface Curve {
  readonly objectId: string;
  readonly p: bigint;
  readonly n: bigint;
  readonly x: bigint;
  readonly y: bigint;
}

export const P256: Curve = {
  objectId: '1.2.840.10045.3.1.7',
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

export const P384: Curve = {
  objectId: '1.3.132.0.34',
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
  n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
  y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
};

export const P521: Curve = {
  objectId: '1.3.132.0.35',
  p: (1n << 521n) - 1n,
  n: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  x: 0xc6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
  y: 0x11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
};

export const CURVES: readonly Curve[] = [P256, P384, P521];

/** The bytes of a coordinate. */
export function coordinateLength(curve: Curve): number {
  return Math.ceil(bitLength(curve.p) / 8);
}

/** The public point of a private number, uncompressed. */
export function publicPoint(curve: Curve, secret: bigint): Uint8Array {
  const { x, y } = toAffine(curve, multiply(curve, secret));
  const length = coordinateLength(curve);
  return Uint8Array.of(4, ...numberToBytes(x, length), ...numberToBytes(y, length));
}

export function generateSecret(curve: Curve, random: Random): bigint {
  return randomNumber(curve.n, random);
}

/** An ECDSA signature of a digest. */
export function signDigest(curve: Curve, secret: bigint, digest: Uint8Array, random: Random): { r: bigint; s: bigint } {
  const excess = Math.max(0, digest.length * 8 - bitLength(curve.n));
  const message = bytesToNumber(digest) >> BigInt(excess);
  for (;;) {
    const nonce = randomNumber(curve.n, random);
    const r = toAffine(curve, multiply(curve, nonce)).x % curve.n;
    const s = (invert(nonce, curve.n) * modulo(message + r * secret, curve.n)) % curve.n;
    if (r !== 0n && s !== 0n) return { r, s };
  }
}

/** x = X/Z², y = Y/Z³; Z is 0 at infinity. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}

const INFINITY: Point = { x: 1n, y: 1n, z: 0n };

function multiply(curve: Curve, scalar: bigint): Point {
  let result = INFINITY;
  let doubled: Point = { x: curve.x, y: curve.y, z: 1n };
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = addPoints(curve, result, doubled);
    doubled = doublePoint(curve, doubled);
  }
  return result;
}

function doublePoint({ p }: Curve, { x, y, z }: Point): Point {
  if (z === 0n) return INFINITY;
  const delta = (z * z) % p;
  const gamma = (y * y) % p;
  const beta = (x * gamma) % p;
  const alpha = (3n * (x - delta) * (x + delta)) % p;
  const newX = modulo(alpha * alpha - 8n * beta, p);
  const newZ = modulo((y + z) ** 2n - gamma - delta, p);
  return { x: newX, y: modulo(alpha * (4n * beta - newX) - 8n * gamma * gamma, p), z: newZ };
}

function addPoints(curve: Curve, a: Point, b: Point): Point {
  if (a.z === 0n) return b;
  if (b.z === 0n) return a;
  const { p } = curve;
  const aSquare = (a.z * a.z) % p;
  const bSquare = (b.z * b.z) % p;
  const aX = (a.x * bSquare) % p;
  const bX = (b.x * aSquare) % p;
  const aY = (a.y * bSquare * b.z) % p;
  const bY = (b.y * aSquare * a.z) % p;
  if (aX === bX) return aY === bY ? doublePoint(curve, a) : INFINITY;
  const h = modulo(bX - aX, p);
  const r = modulo(bY - aY, p);
  const square = (h * h) % p;
  const cube = (square * h) % p;
  const v = (aX * square) % p;
  const x = modulo(r * r - cube - 2n * v, p);
  return { x, y: modulo(r * (v - x) - aY * cube, p), z: (h * a.z * b.z) % p };
}

function toAffine({ p }: Curve, { x, y, z }: Point): { x: bigint; y: bigint } {
  const inverse = invert(z, p);
  const square = (inverse * inverse) % p;
  return { x: (x * square) % p, y: (y * square * inverse) % p };
}
