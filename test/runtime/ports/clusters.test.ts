// Clusters other than home, as cluster Secrets describe them.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterConnection } from '../../../src/platform.ts';
import { type Authority, createAuthority } from '../../support/certificates.ts';
import {
  addressOfNobody,
  type FarSide,
  type HttpProxy,
  PIECES,
  REFUSAL,
  startFarSide,
  startProxy,
} from '../support/far-side.ts';
import { digestOf, patternBytes } from '../support/pattern.ts';
import { type PortHost, startPortHost } from '../support/port-host.ts';
import { answered, echoed } from './answers.ts';
import type { Asked } from './programs/requests.ts';

let authority: Authority;
let otherAuthority: Authority;
let plain: FarSide;
let secure: FarSide;
let proxy: HttpProxy;
let host: PortHost;
let folder: string;
beforeAll(async () => {
  authority = createAuthority();
  otherAuthority = createAuthority();
  folder = mkdtempSync(join(tmpdir(), 'hawser-plugin-'));
  plain = await startFarSide();
  const own = authority.issue('kubernetes');
  secure = await startFarSide({ ...own, ca: authority.ca, requestCert: true, rejectUnauthorized: false });
  proxy = await startProxy();
  host = await startPortHost();
});
afterAll(async () => {
  await host?.close();
  for (const server of [plain, secure, proxy]) await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (connection: ClusterConnection, path = '/echo', more: Omit<Asked, 'target' | 'path'> = {}) =>
  host.run('ask', { target: { to: 'cluster', connection }, path, ...more });
const reach = (connection: ClusterConnection) => host.run('reach', { to: 'cluster', connection });
/** With the right CA. */
const trusted = () => ({ server: secure.url, ca: authority.ca });

/** A credential plugin that prints this. */
function createPlugin(name: string, status: object, more = ''): string {
  const path = join(folder, name);
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  writeFileSync(path, `#!/bin/sh\n${more}\ncat <<'END'\n${JSON.stringify(credential)}\nEND\n`);
  chmodSync(path, 0o755);
  return path;
}

const exec = (command: string) => ({
  apiVersion: 'client.authentication.k8s.io/v1',
  command,
  args: ['get-token'],
  env: {},
});

describe('another cluster', () => {
  it.each<[string, Partial<ClusterConnection>, string | undefined]>([
    ['a token', { bearerToken: 'token-of-east' }, 'Bearer token-of-east'],
    ['a password', { basic: { username: 'ü', password: 'p:q' } }, 'Basic w7w6cDpx'],
    ['nothing', {}, undefined],
  ])('is shown %s, with and without encryption', async (_, credentials, authorization) => {
    for (const connection of [{ server: plain.url }, trusted()]) {
      const { headers } = await echoed(ask({ ...connection, ...credentials }));
      expect(headers.authorization).toBe(authorization);
    }
  });

  it('is asked for the very path below its address, with headers and body', async () => {
    const text = 'apiVersion: v1\n';
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    const path = '/api/v1/a%2Fb?fieldManager=hawser&force=true&labelSelector=a%20in%20(b,c)';
    const connection = { ...trusted(), server: `${secure.url}/echo/k8s/clusters/c-1` };
    expect(await echoed(ask(connection, path, { method: 'PATCH', headers, text }))).toMatchObject({
      method: 'PATCH',
      path: `/echo/k8s/clusters/c-1${path}`,
      headers,
      digest: await digestOf(text),
    });
  });

  it('gives refusals, long answers and streams as home does', async () => {
    const refused = await answered(ask(trusted(), '/status/422'));
    expect({ ...refused, text: JSON.parse(refused.text) }).toMatchObject({ status: 422, text: REFUSAL });
    const length = 2 << 20;
    const digest = await digestOf(patternBytes(length));
    expect(await answered(ask(trusted(), `/bytes/${length}`))).toMatchObject({ status: 200, length, digest });
    expect(await host.run('readPieces', { to: 'cluster', connection: trusted() })).toEqual(PIECES);
  });

  it('is told that nobody wants an answer any more', async () => {
    for (const path of ['/endless', '/silent']) {
      const target = { to: 'cluster' as const, connection: trusted() };
      expect(await host.run('abort', { target, path })).toBe('nobody wants it any more');
      await expect.poll(() => secure.left, { timeout: 20_000 }).toContain(`GET ${path}`);
    }
  });

  it('has a time limit of its caller, which is told as such', async () => {
    for (const connection of [{ server: plain.url }, trusted()])
      expect(await host.run('timeOut', { to: 'cluster', connection })).toBe('TimeoutError');
  });

  it('whose connection is closed lets what is in flight end by itself', async () => {
    expect(await host.run('closeWhileReading', trusted())).toBe(PIECES.join(''));
  });

  it.each<[string, () => Partial<ClusterConnection>]>([
    ['no CA', () => ({})],
    ['another CA', () => ({ ca: otherAuthority.ca })],
    ['its CA, for another name', () => ({ ca: authority.ca, serverName: 'elsewhere.test' })],
  ])('is not trusted with %s, which is said in one line', async (_, more) => {
    const connection = { server: secure.url, bearerToken: 'token-of-east', ...more() };
    const before = secure.requests.length;
    expect(await reach(connection)).toMatchObject({
      error: {
        code: 'Unavailable',
        message: expect.stringMatching(
          /^no cluster answers at https:\/\/127\.0\.0\.1:\d+: .*(certificate|altnames).*$/,
        ),
      },
    });
    expect(secure.requests).toHaveLength(before);
  });

  it('is trusted whatever its certificate is where that is allowed', async () => {
    expect(await echoed(ask({ server: secure.url, insecure: true }))).toMatchObject({ method: 'GET' });
  });

  it('is trusted under the name that its certificate has', async () => {
    const { serverName } = await echoed(ask({ ...trusted(), serverName: 'localhost' }));
    expect(serverName).toBe('localhost');
  });

  it('is shown a client certificate', async () => {
    const clientCertificate = authority.issue('hawser');
    expect((await echoed(ask({ ...trusted(), clientCertificate }))).client).toBe('hawser');
    expect(await echoed(ask(trusted()))).not.toHaveProperty('client');
  });

  it('is shown what a plugin prints: a token, or a client certificate', async () => {
    const { cert, key } = authority.issue('plugin');
    const token = createPlugin('token', { token: 'token-of-the-plugin' });
    expect((await echoed(ask({ ...trusted(), exec: exec(token) }))).headers.authorization).toBe(
      'Bearer token-of-the-plugin',
    );
    const certificate = createPlugin('certificate', { clientCertificateData: cert, clientKeyData: key });
    expect((await echoed(ask({ ...trusted(), exec: exec(certificate) }))).client).toBe('plugin');
  });

  it('whose plugin fails or is not there says so, without what the plugin was given', async () => {
    const failing = createPlugin('failing', {}, 'echo "no login with $SECRET" >&2; exit 3');
    const env = { SECRET: 'secret-of-the-plugin' };
    const outcome = await ask({ ...trusted(), exec: { ...exec(failing), env } });
    expect(outcome).toMatchObject({
      error: {
        code: 'Unavailable',
        message: expect.stringContaining(`authentication of the cluster ${secure.url} failed`),
      },
    });
    expect(JSON.stringify([outcome, host.logs()])).not.toContain('secret-of-the-plugin');
    expect(await ask({ ...trusted(), exec: exec(join(folder, 'missing')) })).toMatchObject({
      error: { code: 'Unsupported', message: expect.stringContaining('which is not there') },
    });
  });

  it('behind a proxy is reached through it, and its certificate is checked all the same', async () => {
    const server = `https://east.test:${secure.port}`;
    expect(await echoed(ask({ server, proxy: proxy.url, ca: authority.ca, serverName: 'localhost' }))).toMatchObject({
      method: 'GET',
    });
    expect(proxy.requests.at(-1)).toBe(`CONNECT east.test:${secure.port}`);
    expect(await ask({ server, proxy: proxy.url, ca: authority.ca })).toHaveProperty('error');
  });

  it('where nobody is is unavailable, in one line with its address', async () => {
    const server = await addressOfNobody();
    expect(await reach({ server, bearerToken: 'token-of-east' })).toMatchObject({
      error: {
        code: 'Unavailable',
        message: expect.stringMatching(new RegExp(`^no cluster answers at ${server}: .*(refused|ECONNREFUSED).*$`)),
      },
    });
  });

  it('has no secret in the log', async () => {
    expect(JSON.stringify(host.logs())).not.toMatch(/token-of-|PRIVATE KEY|p:q/);
  });
});
