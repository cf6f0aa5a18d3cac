// DSA keys with parameters of 2048 and 256 bits (Go: crypto/dsa, GenerateParameters), which Sprig can make, though not sign with.

import { integer, sequence } from './der.ts';
import { bytesToNumber, isProbablePrime, power, type Random, randomNumber, randomPrime } from './numbers.ts';

const BITS = 2048;
const ORDER_BITS = 256;

/** A new key as Sprig writes it: version, P, Q, G, Y, X. */
export function generateDsaKey(random: Random): Uint8Array {
  const { p, q } = generateParameters(random);
  const cofactor = (p - 1n) / q;
  let base = 2n;
  let generator = power(base, cofactor, p);
  while (generator === 1n) generator = power(++base, cofactor, p);
  const secret = randomNumber(q, random);
  const values = [0n, p, q, generator, power(generator, secret, p), secret];
  return sequence(...values.map(integer));
}

/** A prime q, and a prime p of which p - 1 is a multiple of q. */
function generateParameters(random: Random): { p: bigint; q: bigint } {
  for (;;) {
    const q = randomPrime(ORDER_BITS, random);
    for (let tries = 0; tries < 4 * BITS; tries++) {
      const start = bytesToNumber(random(BITS / 8)) | (1n << BigInt(BITS - 1)) | 1n;
      const p = start - (start % (2n * q)) + 1n;
      if (p >> BigInt(BITS - 1) === 1n && isProbablePrime(p, random)) return { p, q };
    }
  }
}
