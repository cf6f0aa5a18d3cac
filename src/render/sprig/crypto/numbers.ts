// Whole numbers for keys and signatures: bytes, modular arithmetic, primes. Not in constant time: it makes the keys and
// certificates that a chart asks for, and answers no attacker's questions.

export type Random = (length: number) => Uint8Array;

export function bytesToNumber(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** Big-endian, `length` bytes long. */
export function numberToBytes(value: bigint, length: number): Uint8Array {
  const hex = value.toString(16).padStart(length * 2, '0');
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
}

export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** The remainder that is not negative. */
export function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = modulo(base, modulus);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** The number by which `value` gives 1. The two must have no common divisor. */
export function invert(value: bigint, modulus: bigint): bigint {
  let [a, b] = [modulo(value, modulus), modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return modulo(x, modulus);
}

/** A random number of [1, limit). */
export function randomNumber(limit: bigint, random: Random): bigint {
  const bits = bitLength(limit);
  for (;;) {
    const value = bytesToNumber(random(Math.ceil(bits / 8))) & ((1n << BigInt(bits)) - 1n);
    if (value > 0n && value < limit) return value;
  }
}

/** A random prime of exactly `bits` bits, with the two highest set so that a product of two has all its bits. */
export function randomPrime(bits: number, random: Random): bigint {
  const primes = smallPrimes();
  for (;;) {
    const top = 3n << BigInt(bits - 2);
    const start = (bytesToNumber(random(Math.ceil(bits / 8))) & ((1n << BigInt(bits)) - 1n)) | top | 1n;
    const rests = primes.map((prime) => Number(start % BigInt(prime)));
    for (let step = 0; step < 8192; step += 2) {
      if (primes.some((prime, index) => ((rests[index] ?? 0) + step) % prime === 0)) continue;
      const candidate = start + BigInt(step);
      if (bitLength(candidate) === bits && isProbablePrime(candidate, random)) return candidate;
    }
  }
}

/**
 * Miller–Rabin with random bases after one with 2, for candidates of many more bits than the primes of the sieve; they are
 * random, not chosen by an enemy.
 */
export function isProbablePrime(candidate: bigint, random: Random): boolean {
  if (smallPrimes().some((prime) => candidate % BigInt(prime) === 0n)) return false;
  let odd = candidate - 1n;
  let twos = 0;
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
  const isComposite = (base: bigint) => {
    let value = power(base, odd, candidate);
    if (value === 1n || value === candidate - 1n) return false;
    for (let k = 1; k < twos; k++) {
      value = (value * value) % candidate;
      if (value === candidate - 1n) return false;
    }
    return true;
  };
  if (isComposite(2n)) return false;
  for (let round = 0; round < 8; round++) if (isComposite(randomNumber(candidate - 1n, random))) return false;
  return true;
}

let sieve: readonly number[] | undefined;

/** The odd primes below 4000. */
function smallPrimes(): readonly number[] {
  sieve ??= makeSieve();
  return sieve;
}

function makeSieve(): number[] {
  const primes: number[] = [];
  for (let candidate = 3; candidate < 4000; candidate += 2) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}
