// Sprig's base64, base32 and checksums (Sprig v3.3.0: strings.go, crypto.go).

import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeBaseN, type EncodingName, encodeBaseN } from '../go/base-n.ts';
import { utf8Decode, utf8Encode } from '../go/strings.ts';
import { type FunctionTable, goFunction } from './function.ts';

export function encodingFunctions(): FunctionTable {
  return {
    b64enc: encoder('base64'),
    b64dec: decoder('base64'),
    b32enc: encoder('base32'),
    b32dec: decoder('base32'),
    sha1sum: goFunction(['string'], 'string', (text) => bytesToHex(sha1(utf8Encode(text)))),
    sha256sum: goFunction(['string'], 'string', (text) => bytesToHex(sha256(utf8Encode(text)))),
    sha512sum: goFunction(['string'], 'string', (text) => bytesToHex(sha512(utf8Encode(text)))),
    adler32sum: goFunction(['string'], 'string', (text) => String(adler32(utf8Encode(text)))),
  };
}

function encoder(name: EncodingName) {
  return goFunction(['string'], 'string', (text) => encodeBaseN(name, utf8Encode(text)));
}

/** Text that is not of that encoding gives the error's text. */
function decoder(name: EncodingName) {
  return goFunction(['string'], 'string', (text) => {
    const { bytes, error } = decodeBaseN(name, utf8Encode(text));
    return error ?? utf8Decode(bytes);
  });
}

const ADLER_MODULUS = 65521;

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % ADLER_MODULUS;
    high = (high + low) % ADLER_MODULUS;
  }
  return high * 0x10000 + low;
}
