// A server's certificate that signs itself, for API servers that are given it as the authority to trust.

import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

export interface ServingCertificate {
  /** PEM; also the bundle to trust. */
  readonly cert: string;
  /** PEM */
  readonly key: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 365;
/** Clocks differ. */
const EARLIER_MS = 3_600_000;

/** For DNS names and IP addresses; valid for a year from `nowMs` on. */
export function createServingCertificate(names: readonly string[], nowMs: number): ServingCertificate {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const signing = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(signing.n, signing.e);
  // A serial number is positive.
  certificate.serialNumber = `00${randomBytes(16).toString('hex')}`;
  certificate.validity.notBefore = new Date(nowMs - EARLIER_MS);
  certificate.validity.notAfter = new Date(nowMs + VALID_DAYS * DAY_MS);
  const subject = [{ name: 'commonName', value: 'hawser' }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
    },
  ]);
  certificate.sign(signing, forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key };
}

/** When it is to be made anew: a month before its end. undefined when it is of no use now: broken, due, or not for all these names. */
export function renewalOf(
  { cert, key }: ServingCertificate,
  names: readonly string[],
  nowMs: number,
): number | undefined {
  try {
    const certificate = new X509Certificate(cert);
    const isItsKey = certificate.checkPrivateKey(createPrivateKey(key));
    const isForAll = names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
    const renewal = Date.parse(certificate.validTo) - 30 * DAY_MS;
    return isItsKey && isForAll && renewal > nowMs ? renewal : undefined;
  } catch {
    return undefined;
  }
}
