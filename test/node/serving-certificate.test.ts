import { createServer, get } from 'node:https';
import { describe, expect, it } from 'vitest';
import { createServingCertificate, renewalOf } from '../../src/node/serving-certificate.ts';

const DAY_MS = 86_400_000;
const NAMES = ['hawser.argocd.svc', 'localhost', '127.0.0.1'];
const now = Date.now();
const certificate = createServingCertificate(NAMES, now);

describe('the certificate for admission notices', () => {
  it('is trusted by a client that is given it as its authority', async () => {
    const server = createServer(certificate, (_, response) => response.end('heard'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const text = await new Promise<string>((resolve, reject) => {
        get({ host: '127.0.0.1', port, ca: certificate.cert }, (response) => {
          response.setEncoding('utf8').on('data', resolve);
        }).on('error', reject);
      });
      expect(text).toBe('heard');
    } finally {
      server.close();
    }
  });

  it('is due a month before it ends', () => {
    expect(renewalOf(certificate, NAMES, now)).toBeCloseTo(now + 335 * DAY_MS, -4);
    expect(renewalOf(certificate, NAMES, now + 334 * DAY_MS)).toBeDefined();
    expect(renewalOf(certificate, NAMES, now + 336 * DAY_MS)).toBeUndefined();
  });

  it.each([
    ['a name that it lacks', certificate, [...NAMES, 'other.test']],
    ['an address that it lacks', certificate, ['10.0.0.1']],
    ['the key of another', { cert: certificate.cert, key: createServingCertificate(NAMES, now).key }, NAMES],
    ['a broken one', { cert: 'no certificate', key: '' }, NAMES],
  ])('is of no use with %s', (_, made, names) => {
    expect(renewalOf(made, names, now)).toBeUndefined();
  });
});
