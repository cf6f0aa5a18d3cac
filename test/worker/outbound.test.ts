// What the launching process does for a Worker: the home cluster's requests, and the connections that workerd cannot make.

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HawserError } from '../../src/base/errors.ts';
import { KEY_HEADER } from '../../src/base/far-side.ts';
import { at } from '../../src/base/json.ts';
import { createBindingService } from '../../src/node/binding-service.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { bundleWorker } from '../../src/node/worker-bundle.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { type Authority, createAuthority, type KeyPair } from '../support/certificates.ts';
import type { Errand } from './support/far-side-worker.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('the process that launched a Worker', () => {
  let worker: RunningWorker;
  let authority: Authority;
  let client: KeyPair;
  let plain: { url: string; server: Server };
  let secure: { url: string; server: Server };
  let folder: string;
  let seen: Seen[] = [];
  /** Streams that the other end has closed. */
  let closed: string[] = [];
  const open = new Map<string, ServerResponse>();

  /** A server that says who asks, and has a stream, a redirect and an answer that breaks off. */
  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { method = '', url: path = '', headers } = request;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { pathname, searchParams } = new URL(path, 'http://any');
    if (pathname === '/seen') {
      await expect.poll(() => seen.map((one) => one.path)).toContain(searchParams.get('path'));
      response.end();
      return;
    }
    seen.push({ method, path, headers, body });
    if (pathname === '/watch') {
      response.on('close', () => closed.push(path));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"type":"ADDED"}\n');
      open.set(path, response);
      return;
    }
    if (pathname === '/silent') {
      response.on('close', () => closed.push(path));
      return;
    }
    if (pathname === '/moved') {
      response.writeHead(302, { location: '/elsewhere', 'set-cookie': ['a=1', 'b=2'] }).end();
      return;
    }
    if (pathname === '/broken') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"items":[');
      setTimeout(() => response.destroy(), 50);
      return;
    }
    const peer = request.socket instanceof TLSSocket ? request.socket.getPeerCertificate() : undefined;
    response.setHeader('hawser-failure', 'forged');
    response.end(`${method} ${path} by ${peer?.subject?.CN ?? headers.authorization ?? 'nobody'}`);
  }

  /** The home cluster, as a transport of Node's. */
  const home: ClusterTransport = {
    server: 'https://home.test',
    fetch: async (path, init) => {
      if (path === '/refused') throw new HawserError('Unavailable', 'the plugin says no', { hint: 'run it by hand' });
      if (path === '/lost')
        throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
      return fetch(`${plain.url}${path}`, init);
    },
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hawser-outbound-'));
    authority = createAuthority();
    client = authority.issue('alice');
    const tls = { ...authority.issue('localhost'), ca: authority.ca, requestCert: true, rejectUnauthorized: false };
    plain = await begin(createServer(answer), 'http');
    secure = await begin(createTlsServer(tls, answer), 'https');
    worker = await startWorker({
      script: await bundleWorker(new URL('support/far-side-worker.ts', import.meta.url)),
      cluster: home,
      namedClusters: [
        { name: 'east', transport: { ...home, fetch: (path, init) => home.fetch(`/east${path}`, init) } },
      ],
      port: 0,
      bindings: {},
    });
  });
  afterAll(async () => {
    await worker?.close();
    for (const response of open.values()) response.destroy();
    plain?.server.close();
    secure?.server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    seen = [];
    closed = [];
  });

  const send = (errand: Errand) => fetch(worker.url, { method: 'POST', body: JSON.stringify(errand) });
  /** Answers once a server has been asked for the path. */
  const whenSeen = (path: string) => `${plain.url}/seen?path=${encodeURIComponent(path)}`;
  const textOf = async (errand: Errand) => (await send(errand)).text();

  describe.each([
    ['the home cluster', () => ({})],
    [
      'a cluster with a client certificate and a private CA',
      () => ({ cluster: { server: secure.url, ca: authority.ca, clientCertificate: client } }),
    ],
    [
      'a Git server with a client certificate and a private CA',
      () => ({ url: secure.url, options: { ca: authority.ca, clientCertificate: client } }),
    ],
  ])('for %s', (name, place) => {
    const isGit = name.startsWith('a Git');
    const toward = (path: string): Errand => {
      const errand: Errand = place();
      return errand.url === undefined ? { ...errand, path } : { ...errand, url: `${errand.url}${path}` };
    };

    it('passes on method, path, headers and body, and nothing of its own', async () => {
      const path = '/apis/a%2Fb?labelSelector=a%3Db&limit=5';
      const headers = { 'content-type': 'application/apply-patch+yaml', accept: 'application/json', 'x-own': 'ü' };
      const init = { method: 'PATCH', headers, body: '{"täxt":"日本"}' };
      const response = await send({ ...toward(path), init });
      expect(response.headers.get('hawser-failure')).toBeNull();
      expect(await response.text()).toContain(`PATCH ${path} by `);
      const [request] = seen;
      expect(request).toMatchObject({ method: 'PATCH', path, body: init.body });
      expect(request?.headers).toMatchObject({ accept: headers.accept, 'content-type': headers['content-type'] });
      const names = Object.keys(request?.headers ?? {});
      expect(names.filter((found) => /^(?:mf-|cf-|hawser-)/.test(found))).toEqual([]);
      expect(request?.headers.host).toBe(new URL(isGit || toward('/').cluster ? secure.url : plain.url).host);
    });

    it('gives each piece of a stream as it comes, and ends the stream there when the Worker cancels it', async () => {
      const path = `/watch?of=${encodeURIComponent(name)}`;
      expect(await (await send({ ...toward(path), chunks: 1 })).json()).toEqual({ texts: ['{"type":"ADDED"}\n'] });
      await expect.poll(() => closed).toEqual([path]);
    });

    it('ends a stream there when the Worker aborts its request', async () => {
      const path = `/watch?aborted=${encodeURIComponent(name)}`;
      await send({ ...toward(path), chunks: 2, abortOnce: whenSeen(path) });
      await expect.poll(() => closed).toEqual([path]);
    });

    it('ends a request there that the Worker aborts before it is answered', async () => {
      const path = `/silent?of=${encodeURIComponent(name)}`;
      const response = await send({ ...toward(path), abortOnce: whenSeen(path) });
      expect({ status: response.status, body: await response.json() }).toMatchObject({
        status: 599,
        body: { message: 'told to' },
      });
      await expect.poll(() => closed).toEqual([path]);
    });

    it('lets an answer that breaks off break off', async () => {
      const response = await send({ ...toward('/broken'), chunks: 100 });
      expect(response.status).toBe(599);
    });
  });

  it('throws in the Worker what is thrown for the home cluster, with its code', async () => {
    expect(await (await send({ path: '/refused' })).json()).toEqual({
      isOurs: true,
      code: 'Unavailable',
      message: 'the plugin says no',
      hint: 'run it by hand',
    });
    expect(await (await send({ path: '/lost' })).json()).toEqual({
      message: 'fetch failed',
      cause: { message: 'reset', code: 'ECONNRESET' },
    });
  });

  it.each([
    ['no key', {}, 403],
    ['another key', { [KEY_HEADER]: 'own-kez' }, 403],
    ['a longer one', { [KEY_HEADER]: 'own-key-' }, 403],
    ['its own', { [KEY_HEADER]: 'own-key' }, 200],
  ])('answers who has %s on its port %o with %i', async (_, headers, expected) => {
    let asked = 0;
    const service = createBindingService('own-key', async () => {
      asked++;
      return new Response('the namespaces');
    });
    const { url, server } = await begin(createServer(service), 'http');
    expect((await fetch(url, { headers })).status).toBe(expected);
    expect(asked).toBe(expected === 200 ? 1 : 0);
    server.close();
  });

  it('leaves the redirects of a Git server to the Worker, with all that they say', async () => {
    const errand: Errand = { url: `${secure.url}/moved`, options: { insecure: true }, init: { redirect: 'manual' } };
    const response = await fetch(worker.url, { method: 'POST', body: JSON.stringify(errand), redirect: 'manual' });
    expect(seen.map(({ path }) => path)).toEqual(['/moved']);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/elsewhere');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it.each<[string, () => Errand, RegExp]>([
    ['a private CA', () => ({ cluster: { server: secure.url, ca: authority.ca } }), /by nobody/],
    ['any certificate', () => ({ cluster: { server: secure.url, insecure: true } }), /by nobody/],
    [
      'the name in the certificate',
      () => ({ cluster: { server: secure.url, ca: authority.ca, serverName: 'localhost' } }),
      /by nobody/,
    ],
    [
      'a token and a CA',
      () => ({ cluster: { server: secure.url, ca: authority.ca, bearerToken: 'east' } }),
      /by Bearer east/,
    ],
    ['any certificate of a Git server', () => ({ url: `${secure.url}/`, options: { insecure: true } }), /by nobody/],
  ])('reaches a server by %s', async (_, errand, expected) => {
    expect(await textOf(errand())).toMatch(expected);
  });

  it('reaches a context of the kubeconfig by its name', async () => {
    expect(await textOf({ named: 'east', path: '/api' })).toBe('GET /east/api by nobody');
    expect(await textOf({ named: 'west', path: '/api' })).toBe('GET /api by nobody');
  });

  it('says why a server is not trusted, as Node says it', async () => {
    const url = `${secure.url}/`;
    const options = { ca: createAuthority().ca };
    const onNode = await createConnectedFetch({})(url, {}, options).catch((error: unknown) => error);
    const inWorker: unknown = await (await send({ url, options })).json();
    expect(at(inWorker, 'cause', 'code')).toMatch(/CERT|VERIFY/);
    expect(inWorker).toEqual(JSON.parse(JSON.stringify(describeError(onNode))));
  });

  it('goes through a proxy', async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const { port } = new URL(secure.url);
      const far = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      for (const end of [far, socket]) end.on('error', () => undefined);
    });
    const { url, server } = await begin(proxy, 'http');
    // The name is known to nobody but the proxy.
    const errand = { cluster: { server: 'https://far.test', insecure: true, proxy: url }, path: '/version' };
    expect(await textOf(errand)).toContain('GET /version');
    expect(tunnels).toEqual(['far.test:443']);
    server.close();
  });

  it('runs an exec plugin, and tells of one that fails without its secrets', async () => {
    const plugin = join(folder, 'plugin.sh');
    const runs = join(folder, 'runs');
    const status = { token: 'of-plugin', expirationTimestamp: '2099-01-01T00:00:00Z' };
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
    writeFileSync(
      plugin,
      `#!/bin/sh\necho run >>${runs}\n[ "$1" = fail ] && echo "$2" >&2 && exit 1\necho '${JSON.stringify(credential)}'\n`,
    );
    chmodSync(plugin, 0o755);
    const by = (...args: string[]) => {
      const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, args, env: {} };
      return { cluster: { server: secure.url, ca: authority.ca, exec } };
    };
    for (let index = 0; index < 3; index++) expect(await textOf(by())).toContain('by Bearer of-plugin');
    expect(readFileSync(runs, 'utf8')).toBe('run\n');
    const failed = await send(by('fail', 'secret-argument'));
    const body = await failed.text();
    expect({ status: failed.status, body: JSON.parse(body) }).toMatchObject({
      status: 599,
      body: { isOurs: true, code: 'Unavailable' },
    });
    expect(body).toContain('authentication of the cluster');
    expect(body).not.toContain('secret-argument');
    const missing = join(folder, 'none.sh');
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: missing, args: [], env: {} };
    expect(await (await send({ cluster: { server: secure.url, exec } })).json()).toMatchObject({
      code: 'Unsupported',
      message: `the execProviderConfig of the cluster ${secure.url} names ${missing}, which is not there`,
    });
    expect(existsSync(runs)).toBe(true);
  });
});

function describeError(error: unknown): unknown {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const code = at(error, 'code');
  return { message, ...(code !== undefined && { code }), ...(cause !== undefined && { cause: describeError(cause) }) };
}

async function begin<S extends Server>(server: S, scheme: string): Promise<{ url: string; server: S }> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
