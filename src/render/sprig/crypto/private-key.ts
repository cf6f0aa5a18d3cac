// Private keys in PEM, as Sprig makes, reads and writes them (Sprig v3.3.0: crypto.go), and what they sign with.

import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { messageOf } from '../../../base/errors.ts';
import { fail } from '../function.ts';
import {
  bitString,
  type DerNode,
  explicit,
  integer,
  nullValue,
  objectId,
  octetString,
  readChildren,
  readDer,
  readInteger,
  readObjectId,
  readSequence,
  sequence,
  TAG,
} from './der.ts';
import { generateDsaKey } from './dsa.ts';
import { ed25519PublicKey, signEd25519 } from './ed25519.ts';
import { bytesToNumber, numberToBytes, type Random } from './numbers.ts';
import { decodePem, encodePem } from './pem.ts';
import { decodeRsaKey, encodeRsaKey, encodeRsaPublicKey, generateRsaKey, type RsaKey, signRsa } from './rsa.ts';
import {
  CURVES,
  type Curve,
  coordinateLength,
  generateSecret,
  P256,
  P384,
  P521,
  publicPoint,
  signDigest,
} from './weierstrass.ts';

export type PrivateKey =
  | { readonly type: 'rsa'; readonly key: RsaKey }
  | { readonly type: 'ecdsa'; readonly curve: Curve; readonly secret: bigint }
  | { readonly type: 'ed25519'; readonly seed: Uint8Array }
  /** Only ever written: nothing is signed with it. */
  | { readonly type: 'dsa'; readonly encoded: Uint8Array };

export interface KeySource {
  readonly random: Random;
  /** A faster source of RSA keys in PKCS #1 than JavaScript. */
  readonly rsa: ((bits: number) => Uint8Array) | undefined;
}

const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';
const ED25519 = '1.3.101.112';
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';

/** How ECDSA hashes and names its signatures on each curve (Go: x509, signingParamsForKey). */
const ECDSA_SIGNATURES = new Map([
  [P256, { id: '1.2.840.10045.4.3.2', hash: sha256 }],
  [P384, { id: '1.2.840.10045.4.3.3', hash: sha384 }],
  [P521, { id: '1.2.840.10045.4.3.4', hash: sha512 }],
]);

export function createRsaKey(bits: number, { random, rsa }: KeySource): PrivateKey {
  return { type: 'rsa', key: rsa ? decodeRsaKey(rsa(bits)) : generateRsaKey(bits, random) };
}

/** Sprig's genPrivateKey: undefined for a type that it does not know. */
export function createPrivateKey(type: string, source: KeySource): PrivateKey | undefined {
  switch (type) {
    case '':
    case 'rsa':
      return createRsaKey(4096, source);
    case 'dsa':
      return { type, encoded: generateDsaKey(source.random) };
    case 'ecdsa':
      return { type, curve: P256, secret: generateSecret(P256, source.random) };
    case 'ed25519':
      return { type, seed: source.random(32) };
    default:
      return undefined;
  }
}

/** PKCS #1 for RSA, SEC 1 for ECDSA, PKCS #8 for Ed25519 (Sprig: pemBlockForKey). */
export function encodePrivateKey(key: PrivateKey): string {
  switch (key.type) {
    case 'rsa':
      return encodePem({ type: 'RSA PRIVATE KEY', bytes: encodeRsaKey(key.key) });
    case 'dsa':
      return encodePem({ type: 'DSA PRIVATE KEY', bytes: key.encoded });
    case 'ecdsa':
      return encodePem({ type: 'EC PRIVATE KEY', bytes: encodeEcKey(key.curve, key.secret) });
    default: {
      const algorithm = sequence(objectId(ED25519));
      const bytes = sequence(integer(0), algorithm, octetString(octetString(key.seed)));
      return encodePem({ type: 'PRIVATE KEY', bytes });
    }
  }
}

/** Sprig's parsePrivateKeyPEM. Fails with its texts. */
export function decodePrivateKey(pem: string): PrivateKey {
  const block = decodePem(pem);
  if (!block) fail('no PEM data in input');
  if (block.type === 'PRIVATE KEY') return decodeAs('decoding PEM as PKCS#8', () => decodePkcs8(block.bytes));
  if (!block.type.endsWith(' PRIVATE KEY')) fail(`no private key data in PEM block of type ${block.type}`);
  const type = block.type.slice(0, -' PRIVATE KEY'.length);
  const parsing = `parsing ${type} private key from PEM`;
  if (type === 'RSA') return decodeAs(parsing, () => ({ type: 'rsa', key: decodeRsaKey(block.bytes) }));
  if (type === 'EC') return decodeAs(parsing, () => decodeEcKey(block.bytes));
  if (type === 'DSA') return decodeAs(parsing, () => ({ type: 'dsa', encoded: readDer(block.bytes).whole }));
  return fail(`invalid private key type ${type}`);
}

/** SubjectPublicKeyInfo. */
export function encodePublicKey(key: PrivateKey): Uint8Array {
  switch (key.type) {
    case 'rsa':
      return sequence(sequence(objectId(RSA), nullValue()), bitString(encodeRsaPublicKey(key.key)));
    case 'ecdsa': {
      const algorithm = sequence(objectId(EC), objectId(key.curve.objectId));
      return sequence(algorithm, bitString(publicPoint(key.curve, key.secret)));
    }
    case 'ed25519':
      return sequence(sequence(objectId(ED25519)), bitString(ed25519PublicKey(key.seed)));
    default:
      return failToSign();
  }
}

/** AlgorithmIdentifier of the key's signatures. */
export function signatureAlgorithm(key: PrivateKey): Uint8Array {
  if (key.type === 'rsa') return sequence(objectId(SHA256_WITH_RSA), nullValue());
  if (key.type === 'ed25519') return sequence(objectId(ED25519));
  const signature = key.type === 'ecdsa' ? ECDSA_SIGNATURES.get(key.curve) : undefined;
  return signature ? sequence(objectId(signature.id)) : failToSign();
}

export function signMessage(key: PrivateKey, message: Uint8Array, random: Random): Uint8Array {
  if (key.type === 'rsa') return signRsa(key.key, message);
  if (key.type === 'ed25519') return signEd25519(key.seed, message);
  const signature = key.type === 'ecdsa' ? ECDSA_SIGNATURES.get(key.curve) : undefined;
  if (key.type !== 'ecdsa' || !signature) return failToSign();
  const { r, s } = signDigest(key.curve, key.secret, signature.hash(message), random);
  return sequence(integer(r), integer(s));
}

function failToSign(): never {
  fail('error creating certificate: x509: certificate private key does not implement crypto.Signer');
}

function decodeAs(context: string, decode: () => PrivateKey): PrivateKey {
  try {
    return decode();
  } catch (error) {
    return fail(`${context}: ${messageOf(error)}`);
  }
}

/** ECPrivateKey of RFC 5915. */
function encodeEcKey(curve: Curve, secret: bigint): Uint8Array {
  return sequence(
    integer(1),
    octetString(numberToBytes(secret, coordinateLength(curve))),
    explicit(0, objectId(curve.objectId)),
    explicit(1, bitString(publicPoint(curve, secret))),
  );
}

/** The curve may be named inside the key, or beside it in PKCS #8. */
function decodeEcKey(bytes: Uint8Array, namedOutside?: string): PrivateKey {
  const [, secret, ...optional] = readSequence(bytes);
  if (secret?.tag !== TAG.octetString) fail('x509: failed to parse EC private key');
  const parameters = optional.find(({ tag }) => tag === 0xa0);
  const named = namedOutside ?? (parameters && readObjectId(readChildren(parameters)[0]));
  const curve = CURVES.find(({ objectId: id }) => id === named);
  if (!curve) fail('x509: unknown elliptic curve');
  return { type: 'ecdsa', curve, secret: bytesToNumber(secret.content) };
}

/** PrivateKeyInfo of RFC 5208. */
function decodePkcs8(bytes: Uint8Array): PrivateKey {
  const [version, algorithm, content] = readSequence(bytes);
  readInteger(version);
  if (!algorithm || content?.tag !== TAG.octetString) fail('x509: failed to parse private key');
  const [id, parameter] = readChildren(algorithm);
  const algorithmId = readObjectId(id);
  if (algorithmId === RSA) return { type: 'rsa', key: decodeRsaKey(content.content) };
  if (algorithmId === EC) return decodeEcKey(content.content, curveIdOf(parameter));
  if (algorithmId !== ED25519)
    fail(`x509: PKCS#8 wrapping contained private key with unknown algorithm: ${algorithmId}`);
  const seed = readDer(content.content).content;
  if (seed.length !== 32) fail(`x509: invalid Ed25519 private key length: ${seed.length}`);
  return { type: 'ed25519', seed };
}

function curveIdOf(parameter: DerNode | undefined): string | undefined {
  return parameter?.tag === TAG.objectId ? readObjectId(parameter) : undefined;
}
