// How `hawser login` finds out whether a server talks TLS, and what it does not do without being told.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandIo } from '../../src/cli/io.ts';
import { probeTls } from '../../src/cli/probe-tls.ts';
import { captureIo } from '../support/captured-io.ts';
import { createAuthority } from '../support/certificates.ts';

const authority = createAuthority();
const servers: Server[] = [];
let folder: string;
let ca: string;
let plain: string;
let secure: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-tls-'));
  ca = join(folder, 'ca.pem');
  writeFileSync(ca, authority.ca);
  const answer: http.RequestListener = (_, response) => response.end('{"Version": "v0"}');
  const listen = async (server: Server) => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  plain = await listen(http.createServer(answer));
  secure = await listen(https.createServer(authority.issue('127.0.0.1'), answer));
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

const asking = (answer: string): CommandIo => ({ ...captureIo('/').io, ask: async () => answer });

describe('a server', () => {
  it('without TLS on this machine is taken as it is; elsewhere one is asked', async () => {
    expect(await probeTls(captureIo('/').io, plain, {})).toEqual({ isPlainText: true, isInsecure: false });
    expect(await probeTls(captureIo('/').io, 'far.test', { plaintext: true })).toEqual({
      isPlainText: true,
      isInsecure: false,
    });
  });

  it('with a certificate that nobody vouches for is taken only where one says so', async () => {
    await expect(probeTls(captureIo('/').io, secure, {})).rejects.toMatchObject({
      code: 'FailedPrecondition',
      hint: '--insecure takes it as it is',
    });
    await expect(probeTls(asking('n'), secure, {})).rejects.toThrow('server certificate had error');
    expect(await probeTls(asking('y'), secure, {})).toEqual({ isPlainText: false, isInsecure: true });
    expect(await probeTls(captureIo('/').io, secure, { insecure: true })).toEqual({
      isPlainText: false,
      isInsecure: true,
    });
  });

  it('with a certificate of an authority that is given is safe', async () => {
    expect(await probeTls(captureIo('/').io, secure, { serverCrt: ca })).toEqual({
      isPlainText: false,
      isInsecure: false,
    });
  });

  it('that is not there is told of', async () => {
    await expect(probeTls(captureIo('/').io, '127.0.0.1:1', {})).rejects.toMatchObject({ code: 'Unavailable' });
  });
});
