// What hawser makes is read by Node's own cryptography.

import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { compareSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { GoStruct, type GoValue } from '../../../src/render/go/value.ts';
import { type Argument, call, callFor, callRaw, ENVIRONMENT } from './call.ts';

/** Real time, since Node tells whether a certificate is valid now. */
const TODAY = { ...ENVIRONMENT, now: () => Date.now() };

function certificate(name: string, ...args: Argument[]): { value: GoStruct; x509: X509Certificate; key: string } {
  const value = callFor(TODAY, name, ...args);
  if (!(value instanceof GoStruct)) throw new Error('no certificate');
  return { value, x509: new X509Certificate(textOf(value.fields.get('Cert'))), key: textOf(value.fields.get('Key')) };
}

function textOf(value: GoValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

describe('passwords', () => {
  it('are hashed by bcrypt', () => {
    expect(compareSync('secret', textOf(callRaw('bcrypt', 'secret')))).toBe(true);
    expect(call('bcrypt', 'x'.repeat(73))).toBe(
      'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes',
    );
  });

  it('make a line of an htpasswd file', () => {
    const [user, hash] = textOf(callRaw('htpasswd', 'me', 'secret')).split(':');
    expect(user).toBe('me');
    expect(compareSync('secret', hash ?? '')).toBe(true);
    expect(call('htpasswd', 'm:e', 'x')).toBe('invalid username: m:e');
  });

  it('are derived from a master password', () => {
    expect(call('derivePassword', 1, 'long', 'password', 'user', 'example.com')).toBe('ZedaFaxcZaso9*');
    expect(call('derivePassword', 1, 'nope', 'password', 'user', 'example.com')).toBe(
      'cannot find password template nope',
    );
  });
});

describe('AES', () => {
  it.each(['x', 'sixteen bytes ok', 'a longer text, with é, of several blocks'])('gives back %j', (text) => {
    const encrypted = textOf(callRaw('encryptAES', 'key', text));
    expect(encrypted).not.toBe(text);
    expect(call('decryptAES', 'key', encrypted)).toBe(text);
  });

  it('reads what Node encrypts', async () => {
    const { createCipheriv } = await import('node:crypto');
    const key = Buffer.alloc(32);
    key.write('secretkey');
    const iv = Buffer.alloc(16, 7);
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    const encrypted = Buffer.concat([iv, cipher.update('from Node'), cipher.final()]).toString('base64');
    expect(call('decryptAES', 'secretkey', encrypted)).toBe('from Node');
  });

  it.each([
    ['!!', 'illegal base64 data at input byte 0'],
    ['bm90YmxvY2s=', 'runtime error: slice bounds out of range [:16] with capacity 9'],
    ['MDEyMzQ1Njc4OWFiY2RlZmE=', 'crypto/cipher: input not full blocks'],
  ])('refuses %j as Go does', (encrypted, message) => {
    expect(() => call('decryptAES', 'k', encrypted)).toThrow(message);
  });
});

describe('private keys', () => {
  it.each([
    ['rsa', 'rsa'],
    ['ecdsa', 'ec'],
    ['ed25519', 'ed25519'],
  ])('of type %s are read by Node', (type, expected) => {
    expect(createPrivateKey(textOf(callRaw('genPrivateKey', type))).asymmetricKeyType).toBe(expected);
  });

  it('of another type are none', () => {
    expect(call('genPrivateKey', 'x')).toBe('Unknown type x');
  });

  it('come from the environment where it can make them', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const environment = {
      ...TODAY,
      generateRsaKey: () => new Uint8Array(privateKey.export({ type: 'pkcs1', format: 'der' })),
    };
    const ca = callFor(environment, 'genCA', 'ca', 1);
    if (!(ca instanceof GoStruct)) throw new Error('no certificate');
    expect(ca.fields.get('Key')).toBe(privateKey.export({ type: 'pkcs1', format: 'pem' }));
  });
});

describe('certificates', () => {
  it('make an authority and what it signs', () => {
    const ca = certificate('genCA', 'my-ca', 365);
    expect(ca.x509).toMatchObject({ subject: 'CN=my-ca', issuer: 'CN=my-ca', ca: true });
    expect(ca.x509.verify(ca.x509.publicKey)).toBe(true);
    expect(Date.parse(ca.x509.validTo) - Date.parse(ca.x509.validFrom)).toBe(365 * 86_400_000);

    const leaf = certificate('genSignedCert', '*.foo.com', ['10.0.0.1', '::1'], ['a.b'], 10, ca.value);
    expect(leaf.x509.subject).toBe('CN=*.foo.com');
    expect(leaf.x509.subjectAltName).toBe('DNS:a.b, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(leaf.x509.checkIssued(ca.x509)).toBe(true);
    expect(leaf.x509.verify(ca.x509.publicKey)).toBe(true);
    expect(leaf.x509.checkPrivateKey(createPrivateKey(leaf.key))).toBe(true);
    expect(leaf.x509.ca).toBe(false);
  });

  it.each(['P-256', 'P-384', 'P-521'])('are signed by keys on the curve %s', (namedCurve) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve });
    for (const type of ['sec1', 'pkcs8'] as const) {
      const { x509, key } = certificate('genCAWithKey', 'ca', 1, String(privateKey.export({ type, format: 'pem' })));
      expect(x509.verify(x509.publicKey)).toBe(true);
      expect(key).toBe(privateKey.export({ type: 'sec1', format: 'pem' }));
    }
  });

  it.each(['rsa', 'ed25519'] as const)('are signed by %s keys in PKCS #8', (type) => {
    const { privateKey } =
      type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
    const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { x509 } = certificate('genSelfSignedCertWithKey', 'x', [], ['y'], 1, pem);
    expect(x509.verify(x509.publicKey)).toBe(true);
    expect(x509.checkPrivateKey(privateKey)).toBe(true);
  });

  it('are taken over as they are, once they were read', () => {
    const ca = certificate('genCAWithKey', 'ca', 1, textOf(callRaw('genPrivateKey', 'ed25519')));
    const [cert, key] = ['Cert', 'Key'].map((field) => btoa(textOf(ca.value.fields.get(field))));
    const custom = certificate('buildCustomCert', cert ?? '', key ?? '');
    expect(custom.x509.raw).toEqual(ca.x509.raw);
    expect(custom.key).toBe(ca.key);
  });

  it.each<[string, Argument[], string]>([
    ['genCAWithKey', ['x', 1, 'bad'], 'parsing private key: no PEM data in input'],
    ['genSelfSignedCert', ['x', ['bad'], [], 1], 'error parsing ip: bad'],
    ['genSelfSignedCert', ['x', [5], [], 1], 'error parsing ip: 5 is not a string'],
    ['genSelfSignedCert', ['x', [], [5], 1], 'error processing alternate dns name: 5 is not a string'],
    ['buildCustomCert', ['!!', 'x'], 'unable to decode base64 certificate'],
    ['buildCustomCert', ['', ''], 'unable to decode certificate'],
  ])('%s %j fails as Go does', (name, args, message) => {
    expect(() => call(name, ...args)).toThrow(message);
  });

  it('are not signed with a key that is not the authority’s', () => {
    const ca = certificate('genCAWithKey', 'ca', 1, textOf(callRaw('genPrivateKey', 'ed25519')));
    const fields = new Map(ca.value.fields).set('Key', callRaw('genPrivateKey', 'ed25519'));
    const mixed = new GoStruct('sprig.certificate', fields);
    expect(() => call('genSignedCert', 'x', [], [], 1, mixed)).toThrow(
      "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey",
    );
  });
});
