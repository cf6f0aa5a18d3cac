// X.509 certificates as Sprig asks Go's crypto/x509 for them (Sprig v3.3.0: crypto.go; Go: x509.go, CreateCertificate).

import { sha256 } from '@noble/hashes/sha2.js';
import { messageOf } from '../../../base/errors.ts';
import { civilFromDays } from '../../go/civil.ts';
import { quote } from '../../go/quote.ts';
import { isAscii, utf8Encode } from '../../go/strings.ts';
import { fail } from '../function.ts';
import {
  bitString,
  der,
  equalBytes,
  explicit,
  integer,
  objectId,
  octetString,
  readChildren,
  readDer,
  readObjectId,
  readSequence,
  sequence,
  TAG,
} from './der.ts';
import { bytesToNumber, type Random } from './numbers.ts';
import { decodePem, encodePem } from './pem.ts';
import { encodePublicKey, type PrivateKey, signatureAlgorithm, signMessage } from './private-key.ts';

export interface CertificateRequest {
  readonly commonName: string;
  /** Four bytes, or sixteen. */
  readonly addresses: readonly Uint8Array[];
  readonly dnsNames: readonly string[];
  readonly isAuthority: boolean;
  /** Seconds since the Unix epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Who signs: its own key and name, or an authority's. */
export interface Issuer {
  /** DER of the name. */
  readonly name: Uint8Array;
  readonly subjectKeyId: Uint8Array | undefined;
  /** DER of the public key in the issuer's certificate. */
  readonly publicKey: Uint8Array;
}

const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const COMMON_NAME = '2.5.4.3';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** The certificate in PEM. Without an issuer it is signed by its own key. */
export function createCertificate(
  request: CertificateRequest,
  key: PrivateKey,
  signer: { readonly key: PrivateKey; readonly issuer?: Issuer },
  random: Random,
): string {
  const subject = encodeName(request.commonName);
  const publicKey = encodePublicKey(key);
  const { issuer } = signer;
  if (issuer && !equalBytes(issuer.publicKey, encodePublicKey(signer.key))) {
    fail("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey");
  }
  const algorithm = signatureAlgorithm(signer.key);
  const authorityKeyId = issuer && !equalBytes(issuer.name, subject) ? issuer.subjectKeyId : undefined;
  const content = sequence(
    explicit(0, integer(2)),
    integer(bytesToNumber(random(16))),
    algorithm,
    issuer?.name ?? subject,
    sequence(encodeTime(request.notBefore), encodeTime(request.notAfter)),
    subject,
    publicKey,
    explicit(3, sequence(...extensionsOf(request, publicKey, authorityKeyId))),
  );
  const signature = signMessage(signer.key, content, random);
  return encodePem({ type: 'CERTIFICATE', bytes: sequence(content, algorithm, bitString(signature)) });
}

/** The issuer that a certificate in PEM makes. Fails with Sprig's texts. */
export function readIssuer(pem: string): Issuer {
  const block = decodePem(pem);
  if (!block) fail('unable to decode certificate');
  try {
    return parseIssuer(block.bytes);
  } catch (error) {
    return fail(`error parsing certificate: decodedSignerCert.Bytes: ${messageOf(error)}`);
  }
}

/** Fails where the bytes are no certificate. */
export function checkCertificate(bytes: Uint8Array): void {
  try {
    parseIssuer(bytes);
  } catch (error) {
    fail(`error parsing certificate: decodedCert.Bytes: ${messageOf(error)}`);
  }
}

function parseIssuer(bytes: Uint8Array): Issuer {
  const [content] = outline(bytes);
  if (content?.tag !== TAG.sequence) fail('x509: malformed tbs certificate');
  const fields = readChildren(content);
  const offset = fields[0]?.tag === 0xa0 ? 1 : 0;
  const name = fields[offset + 4];
  const publicKey = fields[offset + 5];
  if (!name || !publicKey) fail('x509: malformed tbs certificate');
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  const listed = extensions ? readChildren(readDer(extensions.content)) : [];
  const keyId = listed.map(readChildren).find(([id]) => readObjectId(id) === EXTENSION.subjectKeyId);
  const value = keyId?.at(-1);
  return {
    name: name.whole,
    publicKey: publicKey.whole,
    subjectKeyId: value && readDer(value.content).content,
  };
}

function outline(bytes: Uint8Array): ReturnType<typeof readSequence> {
  try {
    return readSequence(bytes);
  } catch {
    return fail('x509: malformed certificate');
  }
}

/** Printable characters make a PrintableString, others a UTF8String (Go: asn1, marshalField). */
function encodeName(commonName: string): Uint8Array {
  if (commonName === '') return sequence();
  if (!commonName.isWellFormed()) fail('error creating certificate: asn1: string not valid UTF-8');
  const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(commonName);
  const text = der(isPrintable ? TAG.printableString : TAG.utf8String, utf8Encode(commonName));
  return sequence(der(TAG.set, sequence(objectId(COMMON_NAME), text)));
}

/** UTCTime for the years 1950 to 2049. */
function encodeTime(unixSeconds: number): Uint8Array {
  const days = Math.floor(unixSeconds / 86_400);
  const { year, month, day } = civilFromDays(days);
  const second = Math.floor(unixSeconds) - days * 86_400;
  const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  const rest = [month, day, ...clock].map((part) => String(part).padStart(2, '0')).join('');
  const isShort = year >= 1950 && year < 2050;
  if (year < 0 || year > 9999) fail('error creating certificate: cannot represent time as GeneralizedTime');
  const text = `${isShort ? String(year % 100).padStart(2, '0') : String(year).padStart(4, '0')}${rest}Z`;
  return der(isShort ? TAG.utcTime : TAG.generalizedTime, utf8Encode(text));
}

function extensionsOf(
  request: CertificateRequest,
  publicKey: Uint8Array,
  authorityKeyId: Uint8Array | undefined,
): Uint8Array[] {
  const { isAuthority, commonName } = request;
  const extensions = [
    // Digital signature and key encipherment; an authority signs certificates too.
    extension(
      EXTENSION.keyUsage,
      true,
      isAuthority ? bitString(Uint8Array.of(0xa4), 2) : bitString(Uint8Array.of(0xa0), 5),
    ),
    extension(EXTENSION.extendedKeyUsage, false, sequence(objectId(SERVER_AUTH), objectId(CLIENT_AUTH))),
    extension(EXTENSION.basicConstraints, true, isAuthority ? sequence(trueValue()) : sequence()),
  ];
  if (isAuthority) extensions.push(extension(EXTENSION.subjectKeyId, false, octetString(keyIdOf(publicKey))));
  if (authorityKeyId) {
    extensions.push(extension(EXTENSION.authorityKeyId, false, sequence(der(0x80, authorityKeyId))));
  }
  const names = alternativeNames(request);
  if (names.length > 0) extensions.push(extension(EXTENSION.subjectAltName, commonName === '', sequence(...names)));
  return extensions;
}

function extension(id: string, isCritical: boolean, value: Uint8Array): Uint8Array {
  return sequence(objectId(id), ...(isCritical ? [trueValue()] : []), octetString(value));
}

function trueValue(): Uint8Array {
  return der(TAG.boolean, Uint8Array.of(0xff));
}

/** The first 160 bits of the public key's SHA-256 (RFC 7093, method 1). */
function keyIdOf(publicKey: Uint8Array): Uint8Array {
  const bits = readSequence(publicKey)[1];
  return sha256(bits ? bits.content.subarray(1) : publicKey).slice(0, 20);
}

function alternativeNames({ dnsNames, addresses }: CertificateRequest): Uint8Array[] {
  const names = dnsNames.map((name) => {
    if (!isAscii(name)) fail(`error creating certificate: x509: ${quote(name)} cannot be encoded as an IA5String`);
    return der(0x82, utf8Encode(name));
  });
  return [...names, ...addresses.map((address) => der(0x87, address))];
}
