// HTTPS whose certificate lies in files: what is written into them counts from the next connection on.

import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/node/listen.ts';
import { createServingCertificate } from '../../src/node/serving-certificate.ts';
import { createTlsServer, type TlsServer } from '../../src/node/tls.ts';
import type { Log } from '../../src/platform.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-tls-'));
const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
const NAMES = ['localhost', '127.0.0.1'];
const first = createServingCertificate(NAMES, Date.now());
const second = createServingCertificate(NAMES, Date.now());
const lines: string[] = [];
const log: Log = {
  info: (message) => lines.push(`info ${message}`),
  warn: (message) => lines.push(`warn ${message}`),
  error: (message) => lines.push(`error ${message}`),
};
let tls: TlsServer;
let listening: Listening;

/** As kubelet and certbot do: whole files, in the place of the old ones. */
function place(pair: { readonly cert: string; readonly key: string }): void {
  for (const part of ['cert', 'key'] as const) {
    writeFileSync(`${files[part]}.new`, pair[part]);
    renameSync(`${files[part]}.new`, files[part]);
  }
}

/** The answer of whoever trusts that certificate alone, or why there is none. */
function ask(trusted: { readonly cert: string }): Promise<string> {
  return new Promise((resolve) => {
    const asking = request(`${listening.url}/`, { ca: trusted.cert, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    });
    asking.on('error', ({ message }) => resolve(`refused: ${message}`)).end();
  });
}

describe('HTTPS with a certificate in files', () => {
  beforeEach(async () => {
    lines.length = 0;
    place(first);
    tls = createTlsServer(files, log);
    listening = await listen(() => new Response('hello'), { host: '127.0.0.1', port: 0, server: tls.server });
  });
  afterEach(() => listening.close());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('serves the one that is there at the start', async () => {
    expect(listening.url).toMatch(/^https:/);
    expect(await ask(first)).toBe('hello');
    expect(await ask(second)).toContain('refused: self-signed certificate');
  });

  it('serves one that has taken its place from the next connection on, and says so once', async () => {
    expect(await ask(first)).toBe('hello');
    place(second);
    expect(await ask(second)).toBe('hello');
    expect(await ask(first)).toContain('refused');
    expect(lines).toEqual(['info the TLS certificate was read anew']);
  });

  it.each([
    ['is no certificate', { cert: 'nothing of use', key: second.key }],
    ['has the key of another', { cert: second.cert, key: first.key }],
  ])('goes on with the one before when the new one %s, and says so once', async (_, broken) => {
    place(broken);
    expect(await ask(first)).toBe('hello');
    expect(await ask(first)).toBe('hello');
    expect(lines).toEqual(['error the TLS certificate cannot be read; the one before serves on']);
    place(second);
    expect(await ask(second)).toBe('hello');
  });

  it.each([
    ['that is missing', { ...files, cert: join(folder, 'nope') }, '--tls-cert'],
    ['whose key is missing', { ...files, key: join(folder, 'nope') }, '--tls-key'],
    ['and its key in the wrong order', { cert: files.key, key: files.cert }, 'are no certificate and its key'],
  ])('does not begin with a certificate %s', (_, given, message) => {
    expect(() => createTlsServer(given, log)).toThrow(message);
  });
});
