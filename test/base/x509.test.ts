import { describe, expect, it } from 'vitest';
import { readCertificate, splitCertificates } from '../../src/base/x509.ts';
import { createAuthority } from '../support/certificates.ts';

// Made by: openssl req -x509 -newkey ec -multivalue-rdn -subj '/C=DE/ST=Bavaria/O=Example, "Inc"/OU=Git+CN=git.example.com/emailAddress=a@example.com'
const ECDSA = `-----BEGIN CERTIFICATE-----
MIICUDCCAfWgAwIBAgIUEGJuzKeM8exGlr42AvlAPZJydDEwCgYIKoZIzj0EAwIw
fDELMAkGA1UEBhMCREUxEDAOBgNVBAgMB0JhdmFyaWExFzAVBgNVBAoMDkV4YW1w
bGUsICJJbmMiMSQwCgYDVQQLDANHaXQwFgYDVQQDDA9naXQuZXhhbXBsZS5jb20x
HDAaBgkqhkiG9w0BCQEWDWFAZXhhbXBsZS5jb20wIBcNMjYxMTIzMTc0ODA3WhgP
MjEyNjEwMzAxNzQ4MDdaMHwxCzAJBgNVBAYTAkRFMRAwDgYDVQQIDAdCYXZhcmlh
MRcwFQYDVQQKDA5FeGFtcGxlLCAiSW5jIjEkMAoGA1UECwwDR2l0MBYGA1UEAwwP
Z2l0LmV4YW1wbGUuY29tMRwwGgYJKoZIhvcNAQkBFg1hQGV4YW1wbGUuY29tMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2Vl4F+MfsooLZp0uSnpS9oJ1+3AWG1H7
WpeqTeNcuet3F65a9d8DllX2mGuIj7WsNQCPWTFxsD8v+0kY/9rlHqNTMFEwHQYD
VR0OBBYEFFKtZe4+81ZiYygRlqwpMvUSm1/8MB8GA1UdIwQYMBaAFFKtZe4+81Zi
YygRlqwpMvUSm1/8MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIh
AK8LcuTdaiytymwI3eyl0CgJmop6aezxwdppTDhCfHHNAiEAkrSfSV6ejcpidVQx
x3CjWG7m4YGtCWpcTZSwlUN3jKk=
-----END CERTIFICATE-----
`;

// Made by: openssl req -x509 -newkey ed25519 -utf8 -subj '/CN=bücher.example'
const ED25519 = `-----BEGIN CERTIFICATE-----
MIIBSjCB/aADAgECAhRFA5814JHEAmVe7DWuPMjlsmGQvjAFBgMrZXAwGjEYMBYG
A1UEAwwPYsO8Y2hlci5leGFtcGxlMCAXDTI2MTEyMzE3NDgwN1oYDzIxMjYxMDMw
MTc0ODA3WjAaMRgwFgYDVQQDDA9iw7xjaGVyLmV4YW1wbGUwKjAFBgMrZXADIQDt
D77dGDJJkHXVvR1ZXO3dJCSM/IJppV/RWuOSbXoce6NTMFEwHQYDVR0OBBYEFM9o
vtkZ/Xldfd7ypQE6lgv3UbNUMB8GA1UdIwQYMBaAFM9ovtkZ/Xldfd7ypQE6lgv3
UbNUMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAgp6XeU3mpHfjEFR9kuhXpqq/
X8Z96SsbGgtp6fd7rT2PVKbmfRPtDxfh9OKdhho4+s/XvSSjQmmFosCZvYYABQ==
-----END CERTIFICATE-----
`;

describe('what a certificate says of itself', () => {
  it.each([
    [
      'an ECDSA key and many names',
      ECDSA,
      {
        keyAlgorithm: 'ECDSA',
        subject:
          'CN=git.example.com,ST=Bavaria,OU=Git,O=Example\\, \\"Inc\\",C=DE,1.2.840.113549.1.9.1=#0c0d61406578616d706c652e636f6d',
      },
    ],
    ['an Ed25519 key and a name beyond ASCII', ED25519, { keyAlgorithm: 'Ed25519', subject: 'CN=bücher.example' }],
    ['an RSA key', createAuthority().ca, { keyAlgorithm: 'RSA', subject: 'CN=Test CA' }],
  ])('with %s is as Go writes it', (_, pem, facts) => {
    expect(readCertificate(pem)).toEqual(facts);
  });

  it.each([
    [
      'no base64',
      '-----BEGIN CERTIFICATE-----\n***\n-----END CERTIFICATE-----\n',
      'could not decode PEM data from input',
    ],
    ['nothing', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n', 'could not parse X509 data from input'],
    ['something cut off', ECDSA.replace(/\n.*\n-----END/, '\n-----END'), 'could not parse X509 data from input'],
  ])('is told of %s that it is none', (_, pem, message) => {
    expect(() => readCertificate(pem)).toThrow(message);
  });
});

describe('a text with certificates', () => {
  it('is split, and what stands between them is passed over', () => {
    expect(splitCertificates(`hello\n${ECDSA}\r\n${ED25519}-----BEGIN CERTIFICATE-----\nno end`)).toEqual([
      ECDSA,
      ED25519,
    ]);
    expect(splitCertificates('hello')).toEqual([]);
  });
});
