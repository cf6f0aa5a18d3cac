// What an X.509 certificate says of itself: whose it is, and of which kind its key is. Nothing is verified here (RFC 5280, X.690).

import { HawserError } from './errors.ts';
import { toHex } from './hex.ts';

export interface CertificateFacts {
  /** As Go writes a name (crypto/x509/pkix, Name.String): `CN=git.example.com,O=Example`, the last part first. */
  readonly subject: string;
  /** As Go names it: `RSA`, `DSA`, `ECDSA`, `Ed25519`; `0` for others. */
  readonly keyAlgorithm: string;
}

interface Element {
  readonly tag: number;
  readonly body: Uint8Array;
}

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const EXPLICIT_VERSION = 0xa0;

const ALGORITHMS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.10040.4.1': 'DSA',
  '1.2.840.10045.2.1': 'ECDSA',
  '1.3.101.112': 'Ed25519',
};

/** In the order in which Go has them. */
const NAMES = [
  { id: '2.5.4.6', name: 'C' },
  { id: '2.5.4.10', name: 'O' },
  { id: '2.5.4.11', name: 'OU' },
  { id: '2.5.4.7', name: 'L' },
  { id: '2.5.4.8', name: 'ST' },
  { id: '2.5.4.9', name: 'STREET' },
  { id: '2.5.4.17', name: 'POSTALCODE' },
  { id: '2.5.4.3', name: 'CN' },
  { id: '2.5.4.5', name: 'SERIALNUMBER' },
] as const;

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/** The certificates in a text, each with its marks and a line break at its end; other text is passed over. */
export function splitCertificates(text: string): readonly string[] {
  const found: string[] = [];
  let lines: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith(BEGIN) && !lines) lines = [];
    lines?.push(line);
    if (lines && line.startsWith(END)) {
      found.push(`${lines.join('\n')}\n`);
      lines = undefined;
    }
  }
  return found;
}

/** `pem` is one certificate. Throws `InvalidInput` in Go's words for what is none. */
export function readCertificate(pem: string): CertificateFacts {
  const der = decodePem(pem);
  try {
    const [certificate] = readAll(der);
    const [toBeSigned] = readAll(bodyOf(certificate, SEQUENCE));
    const fields = readAll(bodyOf(toBeSigned, SEQUENCE));
    // serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo: after the version, where there is one.
    const first = fields[0]?.tag === EXPLICIT_VERSION ? 1 : 0;
    const [algorithm] = readAll(bodyOf(fields[first + 5], SEQUENCE));
    const [id] = readAll(bodyOf(algorithm, SEQUENCE));
    return {
      subject: formatName(bodyOf(fields[first + 4], SEQUENCE)),
      keyAlgorithm: ALGORITHMS[formatId(bodyOf(id, OBJECT_IDENTIFIER))] ?? '0',
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HawserError('InvalidInput', 'could not parse X509 data from input');
  }
}

function decodePem(pem: string): Uint8Array {
  const text = pem.slice(pem.indexOf(BEGIN) + BEGIN.length, pem.indexOf(END)).replace(/\s/g, '');
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw new HawserError('InvalidInput', 'could not decode PEM data from input');
  }
}

/** The elements that follow one another in `bytes`. Throws `RangeError` for what is no DER. */
function readAll(bytes: Uint8Array): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = byteAt(bytes, at);
    let length = byteAt(bytes, at + 1);
    at += 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 3) throw new RangeError('a length that DER does not have');
      length = 0;
      for (let index = 0; index < count; index++) length = length * 256 + byteAt(bytes, at + index);
      at += count;
    }
    if (at + length > bytes.length) throw new RangeError('it ends before its end');
    elements.push({ tag, body: bytes.subarray(at, at + length) });
    at += length;
  }
  return elements;
}

function byteAt(bytes: Uint8Array, index: number): number {
  const byte = bytes[index];
  if (byte === undefined) throw new RangeError('it ends before its end');
  return byte;
}

function bodyOf(element: Element | undefined, tag: number): Uint8Array {
  if (element?.tag === tag) return element.body;
  throw new RangeError('another kind of element is expected');
}

function formatId(bytes: Uint8Array): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (numbers.length === 0)
      numbers.push(Math.min(Math.floor(value / 40), 2), value - Math.min(Math.floor(value / 40), 2) * 40);
    else numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}

interface Attribute {
  readonly id: string;
  readonly value: string;
}

/** As Go puts a name together anew: by kind, the last first, several of one kind with a plus between them. */
function formatName(name: Uint8Array): string {
  const attributes = readAll(name).flatMap(({ body }) => readAll(body).map(readAttribute));
  const others = attributes.filter(({ id }) => !NAMES.some((known) => known.id === id));
  const parts = NAMES.flatMap(({ id, name }) => {
    const values = attributes.filter((attribute) => attribute.id === id).map(({ value }) => value);
    // Of a name and a serial number the last one counts.
    const counting = name === 'CN' || name === 'SERIALNUMBER' ? values.slice(-1) : values;
    return counting.length === 0 ? [] : [counting.map((value) => `${name}=${escapeValue(value)}`).join('+')];
  });
  return [...others.map(({ id, value }) => `${id}=#${hexOfText(value)}`), ...parts].reverse().join(',');
}

function readAttribute(element: Element): Attribute {
  const [type, value] = readAll(bodyOf(element, SEQUENCE));
  return { id: formatId(bodyOf(type, OBJECT_IDENTIFIER)), value: value ? decodeText(value) : '' };
}

const BMP_STRING = 0x1e;

function decodeText({ tag, body }: Element): string {
  return new TextDecoder(tag === BMP_STRING ? 'utf-16be' : 'utf-8').decode(body);
}

function escapeValue(text: string): string {
  return text
    .replace(/[,+"\\<>;]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
}

/** A text as Go marshals it: a PrintableString where it is one, otherwise UTF-8. */
function hexOfText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const tag = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? 0x13 : 0x0c;
  const length = bytes.length < 0x80 ? [bytes.length] : [0x82, bytes.length >> 8, bytes.length & 0xff];
  return toHex(Uint8Array.from([tag, ...length, ...bytes]));
}
