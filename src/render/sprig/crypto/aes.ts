// AES-256 in CBC mode (FIPS 197), synchronously, as template functions must be: the platform's own is a promise.

const ROUNDS = 14;
const BLOCK = 16;

/** The tables of the cipher; made when first needed. */
interface Tables {
  readonly box: Uint8Array;
  readonly inverse: Uint8Array;
}

/** The blocks of `plain`, each mixed with the cipher block before it. Whole blocks only. */
export function encryptCbc(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array {
  const tables = makeTables();
  const schedule = expandKey(key, tables);
  const cipher = new Uint8Array(plain.length);
  let previous = iv;
  for (let at = 0; at < plain.length; at += BLOCK) {
    const block = xor(plain.subarray(at, at + BLOCK), previous);
    encryptBlock(block, schedule, tables);
    cipher.set(block, at);
    previous = block;
  }
  return cipher;
}

export function decryptCbc(key: Uint8Array, iv: Uint8Array, cipher: Uint8Array): Uint8Array {
  const tables = makeTables();
  const schedule = expandKey(key, tables);
  const plain = new Uint8Array(cipher.length);
  let previous = iv;
  for (let at = 0; at < cipher.length; at += BLOCK) {
    const source = cipher.subarray(at, at + BLOCK);
    const block = source.slice();
    decryptBlock(block, schedule, tables);
    plain.set(xor(block, previous), at);
    previous = source;
  }
  return plain;
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, index) => byte ^ (b[index] ?? 0));
}

/** Multiplication by x in GF(2^8). */
function double(byte: number): number {
  return ((byte << 1) ^ (byte & 0x80 ? 0x11b : 0)) & 0xff;
}

function multiply(a: number, b: number): number {
  let product = 0;
  let factor = a;
  for (let rest = b; rest > 0; rest >>= 1) {
    if (rest & 1) product ^= factor;
    factor = double(factor);
  }
  return product;
}

function makeTables(): Tables {
  const box = new Uint8Array(256);
  const inverse = new Uint8Array(256);
  let power = 1;
  let reciprocal = 1;
  do {
    // 3 generates the field, and 0xf6 is its inverse.
    power = multiply(power, 3);
    reciprocal = multiply(reciprocal, 0xf6);
    const rotated = [1, 2, 3, 4].map((by) => ((reciprocal << by) | (reciprocal >> (8 - by))) & 0xff);
    box[power] = rotated.reduce((mixed, byte) => mixed ^ byte, reciprocal) ^ 0x63;
  } while (power !== 1);
  box[0] = 0x63;
  for (let byte = 0; byte < 256; byte++) inverse[box[byte] ?? 0] = byte;
  return { box, inverse };
}

function expandKey(key: Uint8Array, { box }: Tables): Uint8Array {
  const schedule = new Uint8Array(BLOCK * (ROUNDS + 1));
  schedule.set(key);
  let constant = 1;
  for (let at = key.length; at < schedule.length; at += 4) {
    let word = [...schedule.subarray(at - 4, at)];
    if (at % key.length === 0) {
      const [first = 0, ...rest] = word;
      word = [...rest, first].map((byte) => box[byte] ?? 0);
      word[0] = (word[0] ?? 0) ^ constant;
      constant = double(constant);
    } else if (at % key.length === BLOCK) word = word.map((byte) => box[byte] ?? 0);
    for (let k = 0; k < 4; k++) schedule[at + k] = (schedule[at + k - key.length] ?? 0) ^ (word[k] ?? 0);
  }
  return schedule;
}

function encryptBlock(block: Uint8Array, schedule: Uint8Array, { box }: Tables): void {
  addRoundKey(block, schedule, 0);
  for (let round = 1; round <= ROUNDS; round++) {
    substitute(block, box);
    shiftRows(block, 1);
    if (round < ROUNDS) mixColumns(block, [2, 3, 1, 1]);
    addRoundKey(block, schedule, round);
  }
}

function decryptBlock(block: Uint8Array, schedule: Uint8Array, { inverse }: Tables): void {
  for (let round = ROUNDS; round >= 1; round--) {
    addRoundKey(block, schedule, round);
    if (round < ROUNDS) mixColumns(block, [14, 11, 13, 9]);
    shiftRows(block, 3);
    substitute(block, inverse);
  }
  addRoundKey(block, schedule, 0);
}

function addRoundKey(block: Uint8Array, schedule: Uint8Array, round: number): void {
  for (let k = 0; k < BLOCK; k++) block[k] = (block[k] ?? 0) ^ (schedule[round * BLOCK + k] ?? 0);
}

function substitute(block: Uint8Array, table: Uint8Array): void {
  for (let k = 0; k < BLOCK; k++) block[k] = table[block[k] ?? 0] ?? 0;
}

/** Row r moves left by r × `step`. Columns lie one after the other. */
function shiftRows(block: Uint8Array, step: number): void {
  const before = block.slice();
  for (let row = 1; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      block[column * 4 + row] = before[((column + row * step) % 4) * 4 + row] ?? 0;
    }
  }
}

function mixColumns(block: Uint8Array, factors: readonly number[]): void {
  for (let column = 0; column < BLOCK; column += 4) {
    const before = block.slice(column, column + 4);
    for (let row = 0; row < 4; row++) {
      block[column + row] = before.reduce(
        (mixed, byte, index) => mixed ^ multiply(byte, factors[(index - row + 4) % 4] ?? 0),
        0,
      );
    }
  }
}
