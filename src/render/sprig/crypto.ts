// Sprig's functions of keys, certificates and passwords (Sprig v3.3.0: crypto.go).

import { hashSync } from 'bcryptjs';
import { messageOf } from '../../base/errors.ts';
import { decodeBaseN, encodeBaseN } from '../go/base-n.ts';
import { parseIpAddress } from '../go/ip.ts';
import { byteLength, utf8Decode, utf8Encode } from '../go/strings.ts';
import { GoStruct, type GoValue } from '../go/value.ts';
import { decryptCbc, encryptCbc } from './crypto/aes.ts';
import {
  type CertificateRequest,
  checkCertificate,
  createCertificate,
  type Issuer,
  readIssuer,
} from './crypto/certificate.ts';
import { joinBytes } from './crypto/der.ts';
import { derivePassword } from './crypto/master-password.ts';
import { decodePem } from './crypto/pem.ts';
import {
  createPrivateKey,
  createRsaKey,
  decodePrivateKey,
  encodePrivateKey,
  type KeySource,
  type PrivateKey,
} from './crypto/private-key.ts';
import type { SprigEnvironment } from './environment.ts';
import { countedFunction, type FunctionTable, fail, goFunction, intOf } from './function.ts';
import { printed } from './text.ts';

const CERTIFICATE = 'sprig.certificate';
const LIST = '[]interface {}';

const DAY_SECONDS = 86_400;
const AUTHORITY_BITS = 2048;

export function cryptoFunctions(environment: SprigEnvironment): FunctionTable {
  const { random } = environment;
  const source: KeySource = { random, rsa: environment.generateRsaKey?.bind(environment) };
  const newKey = () => createRsaKey(AUTHORITY_BITS, source);
  const bcrypt = (password: string) => bcryptHash(password, random);
  const authority = (commonName: string, days: number, key: PrivateKey) =>
    selfSigned(
      { ...validity(environment, days), commonName, addresses: [], dnsNames: [], isAuthority: true },
      key,
      random,
    );
  const leaf = (commonName: string, addresses: GoValue[], names: GoValue[], days: number) => ({
    ...validity(environment, days),
    commonName,
    addresses: addresses.map(addressBytes),
    dnsNames: names.map(dnsName),
    isAuthority: false,
  });
  return withCosts({
    bcrypt: goFunction(['string'], 'string', bcrypt),
    htpasswd: goFunction(['string', 'string'], 'string', (user, password) =>
      user.includes(':') ? `invalid username: ${user}` : `${user}:${bcrypt(password)}`,
    ),
    derivePassword: goFunction(
      ['uint32', 'string', 'string', 'string', 'string'],
      'string',
      (counter, type, password, user, site) => derivePassword(intOf(counter), type, password, user, site),
    ),
    encryptAES: goFunction(['string', 'string'], 'string', (password, text) => encrypt(password, text, random)),
    decryptAES: goFunction(['string', 'string'], 'string', decrypt),
    genPrivateKey: countedFunction(['string'], 'string', (work, type) => {
      work.spend(KEY_COSTS[type] ?? 0);
      const key = createPrivateKey(type, source);
      return key ? encodePrivateKey(key) : `Unknown type ${type}`;
    }),
    buildCustomCert: goFunction(['string', 'string'], CERTIFICATE, buildCustomCertificate),
    genCA: goFunction(['string', 'int'], CERTIFICATE, (name, days) => authority(name, intOf(days), newKey())),
    genCAWithKey: goFunction(['string', 'int', 'string'], CERTIFICATE, (name, days, pem) =>
      authority(name, intOf(days), parseKey(pem)),
    ),
    genSelfSignedCert: goFunction(['string', LIST, LIST, 'int'], CERTIFICATE, (name, addresses, names, days) =>
      selfSigned(leaf(name, addresses, names, intOf(days)), newKey(), random),
    ),
    genSelfSignedCertWithKey: goFunction(
      ['string', LIST, LIST, 'int', 'string'],
      CERTIFICATE,
      (name, addresses, names, days, pem) => {
        const key = parseKey(pem);
        return selfSigned(leaf(name, addresses, names, intOf(days)), key, random);
      },
    ),
    genSignedCert: goFunction(
      ['string', LIST, LIST, 'int', CERTIFICATE],
      CERTIFICATE,
      (name, addresses, names, days, ca) => {
        const signer = signerOf(ca);
        return signed(leaf(name, addresses, names, intOf(days)), newKey(), signer, random);
      },
    ),
    genSignedCertWithKey: goFunction(
      ['string', LIST, LIST, 'int', CERTIFICATE, 'string'],
      CERTIFICATE,
      (name, addresses, names, days, ca, pem) => {
        const key = parseKey(pem);
        const signer = signerOf(ca);
        return signed(leaf(name, addresses, names, intOf(days)), key, signer, random);
      },
    ),
  });
}

/** Operations that a call counts for beside being one: about its microseconds, in JavaScript. */
const COSTS: Readonly<Record<string, number>> = {
  bcrypt: 50_000,
  htpasswd: 50_000,
  derivePassword: 100_000,
  genCA: 200_000,
  genCAWithKey: 20_000,
  genSelfSignedCert: 200_000,
  genSelfSignedCertWithKey: 20_000,
  genSignedCert: 200_000,
  genSignedCertWithKey: 20_000,
};

/** The same of `genPrivateKey`, by the type of the key. */
const KEY_COSTS: Readonly<Record<string, number>> = {
  rsa: 1_000_000,
  dsa: 1_000_000,
  ecdsa: 20_000,
  ed25519: 20_000,
  '': 1_000_000,
};

function withCosts(table: FunctionTable): FunctionTable {
  const costly = Object.entries(table).map(([name, method]) => [name, { ...method, cost: COSTS[name] ?? 0 }]);
  return Object.fromEntries(costly);
}

type Random = SprigEnvironment['random'];

const BCRYPT_COST = '10';
const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function bcryptHash(password: string, random: Random): string {
  if (byteLength(password) > 72)
    return 'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes';
  const salt = encodeBaseN('base64', random(16))
    .replaceAll('=', '')
    .replace(/./g, (character) => BCRYPT_ALPHABET.charAt(BASE64_ALPHABET.indexOf(character)));
  return hashSync(password, `$2a$${BCRYPT_COST}$${salt}`);
}

const AES_BLOCK = 16;

/** The password's first 32 bytes are the key; a random block comes before the text's. */
function encrypt(password: string, text: string, random: Random): string {
  if (text === '') return '';
  const plain = utf8Encode(text);
  const padding = AES_BLOCK - (plain.length % AES_BLOCK);
  const padded = joinBytes([plain, new Uint8Array(padding).fill(padding)]);
  const iv = random(AES_BLOCK);
  return encodeBaseN('base64', joinBytes([iv, encryptCbc(aesKey(password), iv, padded)]));
}

function decrypt(password: string, encrypted: string): string {
  if (encrypted === '') return '';
  const { bytes, error } = decodeBaseN('base64', utf8Encode(encrypted));
  if (error !== undefined) fail(error);
  if (bytes.length < AES_BLOCK) {
    // Go allocates what the base64 text could hold at most.
    const capacity = Math.floor(encrypted.length / 4) * 3;
    fail(`runtime error: slice bounds out of range [:${AES_BLOCK}] with capacity ${capacity}`);
  }
  const cipher = bytes.subarray(AES_BLOCK);
  if (cipher.length % AES_BLOCK !== 0) fail('crypto/cipher: input not full blocks');
  if (cipher.length === 0) fail('runtime error: index out of range [-1]');
  const plain = decryptCbc(aesKey(password), bytes.subarray(0, AES_BLOCK), cipher);
  const end = plain.length - (plain.at(-1) ?? 0);
  if (end < 0) fail(`runtime error: slice bounds out of range [:${end}]`);
  return utf8Decode(plain.subarray(0, end));
}

function aesKey(password: string): Uint8Array {
  const key = new Uint8Array(32);
  key.set(utf8Encode(password).subarray(0, key.length));
  return key;
}

function validity(environment: SprigEnvironment, days: number): { notBefore: number; notAfter: number } {
  const notBefore = Math.floor(environment.now() / 1000);
  return { notBefore, notAfter: notBefore + days * DAY_SECONDS };
}

function certificate(cert: string, key: string): GoStruct {
  return new GoStruct(
    CERTIFICATE,
    new Map([
      ['Cert', cert],
      ['Key', key],
    ]),
  );
}

function parseKey(pem: string): PrivateKey {
  try {
    return decodePrivateKey(pem);
  } catch (error) {
    return fail(`parsing private key: ${messageOf(error)}`);
  }
}

function selfSigned(request: CertificateRequest, key: PrivateKey, random: Random): GoStruct {
  return certificate(createCertificate(request, key, { key }, random), encodePrivateKey(key));
}

interface Signer {
  readonly key: PrivateKey;
  readonly issuer: Issuer;
}

function signed(request: CertificateRequest, key: PrivateKey, signer: Signer, random: Random): GoStruct {
  return certificate(createCertificate(request, key, signer, random), encodePrivateKey(key));
}

function signerOf(ca: GoStruct): Signer {
  const issuer = readIssuer(fieldText(ca, 'Cert'));
  try {
    return { issuer, key: decodePrivateKey(fieldText(ca, 'Key')) };
  } catch (error) {
    return fail(`error parsing private key: ${messageOf(error)}`);
  }
}

function fieldText(struct: GoStruct, name: string): string {
  const value = struct.fields.get(name);
  return typeof value === 'string' ? value : '';
}

/** Sprig's getNetIPs: four bytes also for an IPv4 address in IPv6's form. */
function addressBytes(value: GoValue): Uint8Array {
  if (typeof value !== 'string') fail(`error parsing ip: ${printed(value)} is not a string`);
  try {
    const { bytes, zone } = parseIpAddress(value);
    const isMapped =
      bytes.length === 16 && bytes.subarray(0, 12).every((byte, index) => byte === (index < 10 ? 0 : 0xff));
    if (zone === '') return isMapped ? bytes.slice(12) : bytes;
  } catch {
    // Told below, in Sprig's words.
  }
  return fail(`error parsing ip: ${value}`);
}

function dnsName(value: GoValue): string {
  if (typeof value === 'string') return value;
  return fail(`error processing alternate dns name: ${printed(value)} is not a string`);
}

function buildCustomCertificate(certBase64: string, keyBase64: string): GoStruct {
  const cert = decodeBaseN('base64', utf8Encode(certBase64));
  if (cert.error !== undefined) fail('unable to decode base64 certificate');
  const key = decodeBaseN('base64', utf8Encode(keyBase64));
  if (key.error !== undefined) fail('unable to decode base64 private key');
  const certText = utf8Decode(cert.bytes);
  const keyText = utf8Decode(key.bytes);
  const block = decodePem(certText);
  if (!block) fail('unable to decode certificate');
  checkCertificate(block.bytes);
  try {
    decodePrivateKey(keyText);
  } catch (error) {
    fail(`error parsing private key: ${messageOf(error)}`);
  }
  return certificate(certText, keyText);
}
