// Sprig's random strings and numbers (goutils v1.1.1: cryptorandomstringutils.go; xstrings v1.5.0: Shuffle).

import { encodeBaseN } from '../go/base-n.ts';
import { runesOf } from '../go/strings.ts';
import { goInt } from '../go/value.ts';
import type { SprigEnvironment, SprigLimits } from './environment.ts';
import { type FunctionTable, fail, failTooLarge, goFunction, intOf } from './function.ts';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ASCII = Array.from({ length: 127 - 32 }, (_, index) => String.fromCharCode(32 + index)).join('');

export function randomFunctions({ random }: SprigEnvironment, limits: SprigLimits): FunctionTable {
  const below = (limit: number) => randomBelow(limit, random);
  const text = (alphabet: string) =>
    goFunction(['int'], 'string', (count) => randomText(intOf(count), alphabet, below, limits));
  return {
    randAlphaNum: text(UPPER + LOWER + DIGITS),
    randAlpha: text(UPPER + LOWER),
    randAscii: text(ASCII),
    randNumeric: text(DIGITS),
    randBytes: goFunction(['int'], 'string', (count) => {
      const length = intOf(count);
      if (length < 0) fail('runtime error: makeslice: len out of range');
      if (length > limits.stringLength) failTooLarge('the random bytes', limits.stringLength);
      return encodeBaseN('base64', random(length));
    }),
    randInt: goFunction(['int', 'int'], 'int', (min, max) => {
      const range = intOf(max) - intOf(min);
      if (range <= 0) fail('invalid argument to Intn');
      return goInt(below(range) + intOf(min));
    }),
    shuffle: goFunction(['string'], 'string', (value) => shuffle(value, below)),
    uuidv4: goFunction([], 'string', () => formatUuid(random(16))),
  };
}

/** A number of [0, limit), each with the same chance. */
function randomBelow(limit: number, random: SprigEnvironment['random']): number {
  // Six bytes are exact in a float; values of the last, incomplete run of `limit` are thrown away.
  const range = 2 ** 48;
  const usable = range - (range % limit);
  for (;;) {
    const value = random(6).reduce((number, byte) => number * 256 + byte, 0);
    if (value < usable) return value % limit;
  }
}

/** goutils drops the error of a negative length. */
function randomText(count: number, alphabet: string, below: (limit: number) => number, limits: SprigLimits): string {
  if (count > limits.stringLength) failTooLarge('the random text', limits.stringLength);
  let text = '';
  for (let index = 0; index < count; index++) text += alphabet.charAt(below(alphabet.length));
  return text;
}

function shuffle(text: string, below: (limit: number) => number): string {
  const runes = runesOf(text);
  for (let last = runes.length - 1; last > 0; last--) {
    const chosen = below(last + 1);
    const rune = runes[last] ?? 0;
    runes[last] = runes[chosen] ?? 0;
    runes[chosen] = rune;
  }
  return runes.map((rune) => String.fromCodePoint(rune)).join('');
}

/** The version and variant of RFC 9562 over random bytes. */
function formatUuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, index) => {
    const marked = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  }).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
