// How commands find their server, and what they make of its answers.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callServer, streamServer } from '../../src/cli/api-client.ts';
import { flagsOfEnvironment, type GlobalFlags, moveLeadingFlags } from '../../src/cli/global-flags.ts';
import { withServers } from '../../src/cli/server-options.ts';
import { captureIo } from '../support/captured-io.ts';

const CONFIG = `contexts:
  - {name: here, server: argo.test:443, user: here}
  - {name: plain, server: 127.0.0.1:8080, user: plain}
  - {name: core, server: kubernetes, user: core}
current-context: here
servers:
  - {server: argo.test:443, grpc-web-root-path: /argo, insecure: true}
  - {server: 127.0.0.1:8080, plain-text: true}
  - {server: kubernetes, core: true}
users:
  - {name: here, auth-token: of-here}
  - {name: plain, auth-token: of-plain}
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-address-'));
  writeFileSync(join(folder, 'config'), CONFIG, { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DEMO = { url: 'http://127.0.0.1:9999', token: 'of-demo', startedAt: 1_700_000_000_500 };
const NO_DEMO = null;

/** A token that says when it was made. */
function madeAt(seconds: number): string {
  return `e30.${Buffer.from(JSON.stringify({ iat: seconds })).toString('base64url')}.`;
}

async function find(flags: GlobalFlags, env: Record<string, string> = {}, demo: typeof DEMO | null = DEMO) {
  const { io } = captureIo('/', env);
  const core = { address: { url: 'https://cluster', token: 'of-core', isCore: true }, close: async () => undefined };
  const parts = { readDemo: async () => demo ?? undefined, openCore: async () => core };
  return withServers(io, parts, async (openServer) => {
    const { url, token } = await openServer(flags);
    return { url, token };
  });
}

describe('the address of the server', () => {
  const config = () => ({ ARGOCD_CONFIG_DIR: folder });

  it.each<{ title: string; flags?: GlobalFlags; env?: Record<string, string>; url: string; token: string | undefined }>(
    [
      {
        title: 'a flag before all',
        flags: { server: 'x:1', authToken: 't' },
        env: { HAWSER_SERVER: 'y' },
        url: 'http://x:1',
        token: 't',
      },
      {
        title: 'HAWSER_* before ARGOCD_*',
        env: { HAWSER_SERVER: 'y', ARGOCD_SERVER: 'z', HAWSER_TOKEN: 'a', ARGOCD_AUTH_TOKEN: 'b' },
        url: 'http://y',
        token: 'a',
      },
      {
        title: 'ARGOCD_SERVER, which means https',
        env: { ARGOCD_SERVER: 'z', ARGOCD_AUTH_TOKEN: 'b' },
        url: 'https://z',
        token: 'b',
      },
      {
        title: 'https where a flag is about TLS',
        flags: { server: 'x', insecure: true },
        url: 'https://x',
        token: undefined,
      },
      { title: 'a demo that runs', url: DEMO.url, token: 'of-demo' },
      { title: 'no token of a demo for another server', flags: { server: 'x' }, url: 'http://x', token: undefined },
    ],
  )('is by $title', async ({ flags = {}, env = {}, url, token }) => {
    expect(await find(flags, env)).toEqual({ url, token });
  });

  it('is that of the current context, or of the one that is named', async () => {
    expect(await find({}, config(), NO_DEMO)).toEqual({ url: 'https://argo.test:443/argo', token: 'of-here' });
    const plain = await find({ argocdContext: 'plain' }, { ...config(), ARGOCD_SERVER: 'z' });
    expect(plain).toEqual({ url: 'http://127.0.0.1:8080', token: 'of-plain' });
    expect(await find({ argocdContext: 'core' }, config())).toEqual({ url: 'https://cluster', token: 'of-core' });
    await expect(find({ argocdContext: 'nope' }, config())).rejects.toThrow("Context 'nope' undefined");
  });

  it('is that of a demo that runs, whatever the current context is', async () => {
    expect(await find({}, config())).toEqual({ url: DEMO.url, token: 'of-demo' });
    const path = join(folder, 'dangling');
    writeFileSync(path, 'current-context: gone\n', { mode: 0o600 });
    expect(await find({ config: path })).toEqual({ url: DEMO.url, token: 'of-demo' });
  });

  it.each([
    { title: 'its own', since: 'an earlier demo', at: 1_699_999_999, token: 'of-demo' },
    { title: 'the session', since: 'this demo', at: 1_700_000_000, token: madeAt(1_700_000_000) },
  ])('has, as the token of a demo, $title where one logged in to $since', async ({ at, token }) => {
    const path = join(folder, `login-${at}`);
    const config = `contexts: [{name: demo, server: "127.0.0.1:9999", user: demo}]
servers: [{server: "127.0.0.1:9999", plain-text: true}]
users: [{name: demo, auth-token: "${madeAt(at)}"}]
current-context: demo
`;
    writeFileSync(path, config, { mode: 0o600 });
    expect(await find({ config: path })).toEqual({ url: DEMO.url, token });
  });

  it('has the token of a context only where it is the address of that context', async () => {
    expect(await find({ server: 'http://127.0.0.1:8080' }, config())).toMatchObject({ token: 'of-plain' });
    expect(await find({ server: 'https://127.0.0.1:8080' }, config())).toMatchObject({ token: undefined });
    expect(await find({ server: 'https://argo.test' }, config())).toMatchObject({ token: 'of-here' });
  });

  it('is the usual one where nothing is known', async () => {
    const { io } = captureIo('/', {});
    const parts = { readDemo: async () => undefined, openCore: async () => Promise.reject(new Error('unused')) };
    const address = await withServers(io, parts, (openServer) => openServer({}));
    expect(address).toMatchObject({ url: 'http://127.0.0.1:8080' });
  });
});

describe('flags of all commands', () => {
  it.each([
    [
      ['app', 'list'],
      ['app', 'list'],
    ],
    [
      ['--server', 'x', 'app', 'list'],
      ['app', '--server', 'x', 'list'],
    ],
    [
      ['--grpc-web', '--server=x', '-H', 'a: b', 'app', 'list'],
      ['app', '--grpc-web', '--server=x', '-H', 'a: b', 'list'],
    ],
    [
      ['--bogus', 'app'],
      ['--bogus', 'app'],
    ],
    [['--help'], ['--help']],
    [[], []],
  ])('%j before the command stand behind it', (words, moved) => {
    expect(moveLeadingFlags(words)).toEqual(moved);
  });

  it.each([
    ['--server x --grpc-web', ['--server', 'x', '--grpc-web']],
    ['--header "A: b c" --unknown y --plaintext', ['--header', 'A: b c', '--plaintext']],
    ['', []],
  ])('of ARGOCD_OPTS are %s', (text, flags) => {
    expect(flagsOfEnvironment(text)).toEqual(flags);
  });
});

describe('the answers of a server', () => {
  async function answering<T>(status: number, body: string, ask: (url: string) => Promise<T>): Promise<T> {
    const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      return await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.close();
    }
  }

  it.each([
    { status: 404, body: '{"message": "gone", "code": 5}', error: { code: 'NotFound', message: 'gone' } },
    { status: 400, body: '{"message": "not now", "code": 9}', error: { code: 'FailedPrecondition' } },
    { status: 409, body: '{"message": "there", "code": 6}', error: { code: 'AlreadyExists' } },
    {
      status: 401,
      body: '{"message": "who"}',
      error: { code: 'Unauthenticated', hint: expect.stringContaining('hawser login') },
    },
    {
      status: 200,
      body: '<html>',
      error: { code: 'Unavailable', message: expect.stringContaining('not as a hawser server') },
    },
    { status: 418, body: '{}', error: { code: 'Internal' } },
  ])('are errors of ours: $status $body', async ({ status, body, error }) => {
    const failed = await answering(status, body, (url) =>
      callServer({ url }, 'GET', '/').catch((thrown: unknown) => thrown),
    );
    expect(failed).toMatchObject(error);
  });

  it('are a stream of results, as lines or as events, until an error', async () => {
    const lines =
      '{"result": {"a": 1}}\n\n: a comment\ndata: {"result": {"a": 2}}\n{"error": {"http_code": 403, "message": "no"}}\n';
    const seen: unknown[] = [];
    const failed = await answering(200, lines, async (url) => {
      try {
        for await (const value of streamServer({ url }, '/')) seen.push(value);
      } catch (error) {
        return error;
      }
      return undefined;
    });
    expect(seen).toEqual([{ a: 1 }, { a: 2 }]);
    expect(failed).toMatchObject({ code: 'Forbidden', message: 'no' });
  });

  it('end where the command is interrupted', async () => {
    const stop = new AbortController();
    const reason = new Error('interrupted');
    const server = createServer(() => stop.abort(reason)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(callServer({ url, signal: stop.signal }, 'GET', '/')).rejects.toBe(reason);
    server.closeAllConnections();
    server.close();
  });
});
