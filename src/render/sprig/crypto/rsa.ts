// RSA keys in PKCS #1 and signatures by PKCS #1 v1.5 with SHA-256.

import { sha256 } from '@noble/hashes/sha2.js';
import { integer, joinBytes, readInteger, readSequence, sequence } from './der.ts';
import { bitLength, bytesToNumber, invert, numberToBytes, power, type Random, randomPrime } from './numbers.ts';

export interface RsaKey {
  readonly modulus: bigint;
  readonly publicExponent: bigint;
  readonly privateExponent: bigint;
  readonly p: bigint;
  readonly q: bigint;
}

const PUBLIC_EXPONENT = 65537n;

/** The DigestInfo of SHA-256 (RFC 8017, 9.2), before the digest. */
const SHA256_PREFIX = Uint8Array.from([
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
]);

export function generateRsaKey(bits: number, random: Random): RsaKey {
  for (;;) {
    const p = randomPrime(bits / 2, random);
    const q = randomPrime(bits / 2, random);
    const totient = (p - 1n) * (q - 1n);
    if (p === q || totient % PUBLIC_EXPONENT === 0n) continue;
    const privateExponent = invert(PUBLIC_EXPONENT, totient);
    return { modulus: p * q, publicExponent: PUBLIC_EXPONENT, privateExponent, p, q };
  }
}

/** RSAPrivateKey of RFC 8017, A.1.2. */
export function encodeRsaKey({ modulus, publicExponent, privateExponent, p, q }: RsaKey): Uint8Array {
  return sequence(
    integer(0),
    integer(modulus),
    integer(publicExponent),
    integer(privateExponent),
    integer(p),
    integer(q),
    integer(privateExponent % (p - 1n)),
    integer(privateExponent % (q - 1n)),
    integer(invert(q, p)),
  );
}

export function decodeRsaKey(bytes: Uint8Array): RsaKey {
  const [, modulus, publicExponent, privateExponent, p, q] = readSequence(bytes);
  return {
    modulus: readInteger(modulus),
    publicExponent: readInteger(publicExponent),
    privateExponent: readInteger(privateExponent),
    p: readInteger(p),
    q: readInteger(q),
  };
}

/** RSAPublicKey of RFC 8017, A.1.1. */
export function encodeRsaPublicKey({ modulus, publicExponent }: RsaKey): Uint8Array {
  return sequence(integer(modulus), integer(publicExponent));
}

export function signRsa({ modulus, privateExponent, p, q }: RsaKey, message: Uint8Array): Uint8Array {
  const length = Math.ceil(bitLength(modulus) / 8);
  const info = joinBytes([SHA256_PREFIX, sha256(message)]);
  const padding = new Uint8Array(length - info.length - 3).fill(0xff);
  const padded = bytesToNumber(joinBytes([Uint8Array.of(0, 1), padding, Uint8Array.of(0), info]));
  // By the Chinese remainder theorem, in a quarter of the time.
  const byP = power(padded, privateExponent % (p - 1n), p);
  const byQ = power(padded, privateExponent % (q - 1n), q);
  const difference = (((byP - byQ) % p) + p) % p;
  return numberToBytes(byQ + q * ((difference * invert(q, p)) % p), length);
}
