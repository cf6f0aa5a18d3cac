// Bytes as text, and what is computed of texts.

import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { sha3_512 } from '@noble/hashes/sha3.js';
import { toHex } from '../../../base/hex.ts';
import type { Site } from '../failures.ts';
import type { Builtin } from '../function.ts';
import { decodeText } from '../text.ts';
import { asArray, asInteger, asString, force, formatGoFloat, JsonnetArray, typeOf, type Value } from '../value.ts';
import { arrayOf, define, refuse } from './arguments.ts';

const encode = (text: string) => new TextEncoder().encode(text);

const digest = (name: string, hash: (bytes: Uint8Array) => Uint8Array) =>
  define(`${name}(s)`, (site, s) => toHex(hash(encode(asString(s as Value, site)))));

export const ENCODING: readonly Builtin[] = [
  digest('md5', md5),
  digest('sha1', sha1),
  digest('sha256', sha256),
  digest('sha512', sha512),
  digest('sha3', sha3_512),
  define('base64(input)', (site, input) => encodeBase64(bytesOf(input as Value, site))),
  define('base64Decode(str)', (site, str) => decodeText(decodeBase64(str as Value, site))),
  define('base64DecodeBytes(str)', (site, str) => arrayOf([...decodeBase64(str as Value, site)])),
  define('encodeUTF8(str)', (site, str) => arrayOf([...encode(asString(str as Value, site))])),
  define('decodeUTF8(arr)', (site, arr) => {
    const bytes = asArray(arr as Value, site).elements.map((element) => {
      const byte = asInteger(force(element, site), site);
      return byte >= 0 && byte <= 255 ? byte : refuse(`Bytes must be integers in range [0, 255], got ${byte}`, site);
    });
    return decodeText(new Uint8Array(bytes));
  }),
];

/** Of a string with no character beyond the first 256, or of an array of bytes. */
function bytesOf(input: Value, site: Site): Uint8Array {
  const check = (byte: number) => {
    if (byte >= 0 && byte <= 255) return byte;
    const bounds = '(must be 0 <= X <= 255)';
    return refuse(
      `base64 encountered invalid codepoint value in the array ${bounds}, got ${formatGoFloat(byte)}`,
      site,
    );
  };
  if (typeof input === 'string') {
    for (const character of input) check(character.codePointAt(0) ?? 0);
    return encode(input);
  }
  if (!(input instanceof JsonnetArray)) {
    return refuse(`base64 can only base64 encode strings / arrays of single bytes, got ${typeOf(input)}`, site);
  }
  const bytes = input.elements.map((element) => {
    const value = force(element, site);
    if (typeof value === 'number' && (value | 0) === value) return check(value);
    return refuse(`base64 encountered a non-integer value in the array, got ${typeOf(value)}`, site);
  });
  return new Uint8Array(bytes);
}

const PART = 0x2000;

function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += PART) binary += String.fromCharCode(...bytes.subarray(at, at + PART));
  return btoa(binary);
}

function decodeBase64(value: Value, site: Site): Uint8Array {
  if (typeof value !== 'string') return refuse(`base64DecodeBytes requires a string, got ${typeOf(value)}`, site);
  const { length } = encode(value);
  if (length % 4 !== 0) {
    return refuse(`input string appears not to be a base64 encoded string. Wrong length found (${length})`, site);
  }
  // Go reads line feeds as nothing.
  const text = value.replace(/[\r\n]/g, '');
  const wrong = /[^A-Za-z0-9+/]/.exec(text.replace(/={1,2}$/, ''));
  if (wrong || text.length % 4 !== 0) {
    return refuse(`failed to decode: illegal base64 data at input byte ${wrong?.index ?? text.length}`, site);
  }
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
