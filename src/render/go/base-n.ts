// Go's encoding/base64 and encoding/base32 (standard alphabets, with padding), with their leniency and error texts.

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An alphabet of 2^bits characters, of which `block` make whole bytes. */
interface Encoding {
  readonly name: string;
  readonly alphabet: string;
  readonly bits: number;
  readonly block: number;
}

const ENCODINGS = {
  base64: { name: 'base64', alphabet: BASE64, bits: 6, block: 4 },
  base32: { name: 'base32', alphabet: BASE32, bits: 5, block: 8 },
} as const satisfies Record<string, Encoding>;

export type EncodingName = keyof typeof ENCODINGS;

/** What was decoded before the first error, if there was one. */
export interface Decoded {
  readonly bytes: Uint8Array;
  readonly error?: string;
}

export function encodeBaseN(name: EncodingName, bytes: Uint8Array): string {
  if (name === 'base64') return encodeBase64(bytes);
  const { alphabet, bits, block } = ENCODINGS[name];
  const mask = (1 << bits) - 1;
  let text = '';
  let pending = 0;
  let width = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xffff;
    for (width += 8; width >= bits; width -= bits) text += alphabet.charAt((pending >> (width - bits)) & mask);
  }
  if (width > 0) text += alphabet.charAt((pending << (bits - width)) & mask);
  return text.padEnd(Math.ceil(text.length / block) * block, '=');
}

/** By the platform, piece by piece, since a call takes only so many arguments. */
function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += PIECE) binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(binary);
}

const PIECE = 8192;

/** Decodes; line breaks count for nothing. The error is Go's CorruptInputError, whose offset counts bytes. */
export function decodeBaseN(name: EncodingName, input: Uint8Array): Decoded {
  return name === 'base64' ? decodeBase64(input) : decodeBase32(input);
}

const CR = 0x0d;
const LF = 0x0a;
const PADDING = 0x3d;

function valuesOf({ alphabet }: Encoding): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (let index = 0; index < alphabet.length; index++) values[alphabet.charCodeAt(index)] = index;
  return values;
}

const BASE64_VALUES = valuesOf(ENCODINGS.base64);
const BASE32_VALUES = valuesOf(ENCODINGS.base32);

/** encoding/base64: decodeQuantum, quantum by quantum. */
function decodeBase64(input: Uint8Array): Decoded {
  const bytes: number[] = [];
  const corrupt = (offset: number): Decoded => ({
    bytes: Uint8Array.from(bytes),
    error: `illegal base64 data at input byte ${offset}`,
  });
  let at = 0;
  while (at < input.length) {
    const digits: number[] = [];
    let ended = false;
    while (digits.length < 4) {
      const byte = input[at];
      if (byte === undefined) {
        if (digits.length === 0) return { bytes: Uint8Array.from(bytes) };
        return corrupt(at - digits.length);
      }
      at++;
      const value = BASE64_VALUES[byte] ?? -1;
      if (value >= 0) {
        digits.push(value);
        continue;
      }
      if (byte === CR || byte === LF) continue;
      if (byte !== PADDING || digits.length < 2) return corrupt(at - 1);
      if (digits.length === 2) {
        at = skipBreaks(input, at);
        if (at === input.length) return corrupt(input.length);
        if (input[at] !== PADDING) return corrupt(at - 1);
        at++;
      }
      at = skipBreaks(input, at);
      ended = true;
      break;
    }
    const [a = 0, b = 0, c = 0, d = 0] = digits;
    const word = (a << 18) | (b << 12) | (c << 6) | d;
    const produced = [(word >> 16) & 0xff, (word >> 8) & 0xff, word & 0xff].slice(0, digits.length - 1);
    bytes.push(...produced);
    if (ended && at < input.length) return corrupt(at);
  }
  return { bytes: Uint8Array.from(bytes) };
}

function skipBreaks(input: Uint8Array, from: number): number {
  let at = from;
  while (at < input.length && (input[at] === LF || input[at] === CR)) at++;
  return at;
}

/** How many bytes so many digits of a last block stand for; -1 where so many cannot be. */
const BASE32_BYTES = [-1, -1, 1, -1, 2, 3, -1, 4, 5];

/** encoding/base32: decode. Its offsets do not count the line breaks, which it strips first. */
function decodeBase32(input: Uint8Array): Decoded {
  const source = input.filter((byte) => byte !== CR && byte !== LF);
  const bytes: number[] = [];
  const corrupt = (offset: number): Decoded => ({
    bytes: Uint8Array.from(bytes),
    error: `illegal base32 data at input byte ${offset}`,
  });
  const length = source.length;
  let at = 0;
  let ended = false;
  while (at < length && !ended) {
    const digits: number[] = [];
    while (digits.length < 8) {
      const byte = source[at];
      if (byte === undefined) return corrupt(length - digits.length);
      at++;
      const rest = length - at;
      if (byte === PADDING && digits.length >= 2 && rest < 8) {
        if (rest + digits.length < 7) return corrupt(length);
        for (let k = 0; k < 7 - digits.length; k++) {
          if (rest > k && source[at + k] !== PADDING) return corrupt(length - rest + k - 1);
        }
        ended = true;
        if (digits.length === 1 || digits.length === 3 || digits.length === 6) return corrupt(length - rest - 1);
        break;
      }
      const value = BASE32_VALUES[byte] ?? -1;
      if (value < 0) return corrupt(length - rest - 1);
      digits.push(value);
    }
    const count = BASE32_BYTES[digits.length] ?? 0;
    let word = 0n;
    for (let k = 0; k < 8; k++) word = (word << 5n) | BigInt(digits[k] ?? 0);
    for (let k = 0; k < count; k++) bytes.push(Number((word >> BigInt(32 - 8 * k)) & 0xffn));
  }
  return { bytes: Uint8Array.from(bytes) };
}
