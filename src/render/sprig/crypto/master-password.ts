// Sprig's derivePassword: the Master Password algorithm (Sprig v3.3.0: crypto.go; spectre.app).

import { hmac } from '@noble/hashes/hmac.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8Encode } from '../../go/strings.ts';
import { joinBytes } from './der.ts';
import { numberToBytes } from './numbers.ts';

const SEED = 'com.lyndir.masterpassword';

/** For each type of password, the patterns of which one is chosen; each character stands for a class. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  maximum: ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno'],
  long: [
    'CvcvnoCvcvCvcv',
    'CvcvCvcvnoCvcv',
    'CvcvCvcvCvcvno',
    'CvccnoCvcvCvcv',
    'CvccCvcvnoCvcv',
    'CvccCvcvCvcvno',
    'CvcvnoCvccCvcv',
    'CvcvCvccnoCvcv',
    'CvcvCvccCvcvno',
    'CvcvnoCvcvCvcc',
    'CvcvCvcvnoCvcc',
    'CvcvCvcvCvccno',
    'CvccnoCvccCvcv',
    'CvccCvccnoCvcv',
    'CvccCvccCvcvno',
    'CvcvnoCvccCvcc',
    'CvcvCvccnoCvcc',
    'CvcvCvccCvccno',
    'CvccnoCvcvCvcc',
    'CvccCvcvnoCvcc',
    'CvccCvcvCvccno',
  ],
  medium: ['CvcnoCvc', 'CvcCvcno'],
  short: ['Cvcn'],
  basic: ['aaanaaan', 'aannaaan', 'aaannaaa'],
  pin: ['nnnn'],
};

const CLASSES: Readonly<Record<string, string>> = {
  V: 'AEIOU',
  C: 'BCDFGHJKLMNPQRSTVWXYZ',
  v: 'aeiou',
  c: 'bcdfghjklmnpqrstvwxyz',
  A: 'AEIOUBCDFGHJKLMNPQRSTVWXYZ',
  a: 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz',
  n: '0123456789',
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()',
};

export function derivePassword(counter: number, type: string, password: string, user: string, site: string): string {
  const templates = Object.hasOwn(TEMPLATES, type) ? TEMPLATES[type] : undefined;
  if (!templates) return `cannot find password template ${type}`;
  const salt = joinBytes([utf8Encode(SEED), withLength(user)]);
  const key = scrypt(utf8Encode(password), salt, { N: 32768, r: 8, p: 2, dkLen: 64 });
  const message = joinBytes([utf8Encode(SEED), withLength(site), numberToBytes(BigInt(counter), 4)]);
  const seed = hmac(sha256, key, message);
  const template = templates[(seed[0] ?? 0) % templates.length] ?? '';
  return Array.from(template, (name, index) => {
    const characters = CLASSES[name] ?? '';
    return characters.charAt((seed[index + 1] ?? 0) % characters.length);
  }).join('');
}

/** Four bytes of length, and the text. */
function withLength(text: string): Uint8Array {
  const bytes = utf8Encode(text);
  return joinBytes([numberToBytes(BigInt(bytes.length), 4), bytes]);
}
