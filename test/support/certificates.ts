// A certificate authority for tests: certificates for localhost and for clients.

import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly ca: string;
  issue(commonName: string): KeyPair;
}

const DAY_MS = 86_400_000;

export function createAuthority(): Authority {
  const keys = generateKeys();
  const name = [{ name: 'commonName', value: 'Test CA' }];
  const sign = (subject: string, publicKey: forge.pki.PublicKey, extensions: object[], serial: string) => {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = publicKey;
    certificate.serialNumber = serial;
    certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
    certificate.validity.notAfter = new Date(Date.now() + DAY_MS);
    certificate.setSubject([{ name: 'commonName', value: subject }]);
    certificate.setIssuer(name);
    certificate.setExtensions(extensions);
    certificate.sign(keys.privateKey, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
  };
  let serial = 1;
  return {
    ca: sign('Test CA', keys.publicKey, [{ name: 'basicConstraints', cA: true }], '01'),
    issue: (commonName) => {
      const own = generateKeys();
      const names = [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
      ];
      const extensions = [{ name: 'subjectAltName', altNames: names }];
      serial += 1;
      return {
        cert: sign(commonName, own.publicKey, extensions, serial.toString(16).padStart(2, '0')),
        key: forge.pki.privateKeyToPem(own.privateKey),
      };
    },
  };
}

function generateKeys(): forge.pki.rsa.KeyPair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
  return { privateKey: key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) };
}
