import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitClient } from '../../src/git/client.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { type Authority, createAuthority, type KeyPair } from '../support/certificates.ts';

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
const stop = (server: Server) => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
};
const connected = createConnectedFetch({});
const textOf = async (url: string, options: Parameters<typeof connected>[2], fetch = connected) =>
  (await fetch(url, { signal: AbortSignal.timeout(5000) }, options)).text();

describe('fetch on Node', () => {
  let authority: Authority;
  let client: KeyPair;
  let server: Server;
  let url: string;
  /** Requests by connection. */
  const connections = new Set<unknown>();

  beforeAll(async () => {
    authority = createAuthority();
    client = authority.issue('alice');
    const own = authority.issue('localhost');
    server = createTlsServer(
      { ...own, ca: authority.ca, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        connections.add(request.socket);
        const peer = request.socket instanceof TLSSocket ? request.socket.getPeerCertificate() : undefined;
        response.end(`${request.method} ${request.url} by ${peer?.subject?.CN ?? 'nobody'}`);
      },
    );
    url = `https://127.0.0.1:${await listen(server)}`;
  });
  afterAll(() => stop(server));

  it('does not trust an unknown certificate', async () => {
    await expect(textOf(`${url}/a`, {})).rejects.toThrow();
  });

  it('trusts a CA that is given, or any certificate where it may', async () => {
    expect(await textOf(`${url}/a`, { ca: authority.ca })).toBe('GET /a by nobody');
    expect(await textOf(`${url}/a`, { insecure: true })).toBe('GET /a by nobody');
    await expect(textOf(`${url}/a`, { ca: createAuthority().ca })).rejects.toThrow();
  });

  it('shows a client certificate', async () => {
    expect(await textOf(`${url}/a`, { ca: authority.ca, clientCertificate: client })).toBe('GET /a by alice');
  });

  it('keeps connections for the same settings', async () => {
    await textOf(`${url}/a`, { ca: authority.ca });
    connections.clear();
    for (let i = 0; i < 12; i++) await textOf(`${url}/a`, { ca: authority.ca });
    // A connection is free again a moment after its answer: there may be two.
    expect(connections.size).toBeLessThan(4);
  });

  it('lets the Git client say what to do about a certificate', async () => {
    const git = createGitClient({ fetch: connected });
    await expect(git.listRefs({ url: `${url}/a.git` })).rejects.toMatchObject({
      code: 'GitFailed',
      hint: expect.stringContaining('argocd-tls-certs-cm under the key 127.0.0.1'),
    });
  });

  it('does not follow redirects that the caller wants to see', async () => {
    const redirecting = createServer((_, response) => response.writeHead(301, { location: '/elsewhere' }).end());
    const port = await listen(redirecting);
    for (const options of [{}, { proxy: 'http://127.0.0.1:1' }]) {
      const response = await connected(`http://127.0.0.1:${port}/a`, { redirect: 'manual' }, options);
      expect([response.status, response.headers.get('location')]).toEqual([301, '/elsewhere']);
    }
    await stop(redirecting);
  });
});

describe('fetch on Node through a proxy', () => {
  let authority: Authority;
  let proxy: Server;
  let target: Server;
  let targetPort: number;
  let proxyUrl: string;
  const seen: string[] = [];

  beforeAll(async () => {
    authority = createAuthority();
    target = createTlsServer(authority.issue('localhost'), (request, response) =>
      response.end(`secret ${request.url}`),
    );
    targetPort = await listen(target);
    proxy = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
      response.end('from the proxy');
    });
    proxy.on('connect', (request, socket, head) => {
      seen.push(`CONNECT ${request.url}`);
      const tunnel = connect(targetPort, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        tunnel.write(head);
        tunnel.pipe(socket).pipe(tunnel);
      });
      tunnel.on('error', () => socket.destroy());
      socket.on('error', () => tunnel.destroy());
    });
    proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
  });
  afterAll(async () => {
    await stop(proxy);
    await stop(target);
  });

  it('forwards plain requests, with the password in its address', async () => {
    seen.length = 0;
    const withUser = proxyUrl.replace('//', '//user:pass@');
    expect(await textOf('http://git.test/a', { proxy: withUser })).toBe('from the proxy');
    expect(seen).toEqual([`GET http://git.test/a Basic ${btoa('user:pass')}`]);
  });

  it('tunnels encrypted requests, and checks the certificate of the target', async () => {
    seen.length = 0;
    expect(await textOf(`https://localhost.test:${targetPort}/a`, { proxy: proxyUrl, insecure: true })).toBe(
      'secret /a',
    );
    expect(seen).toEqual([`CONNECT localhost.test:${targetPort}`]);
    await expect(textOf(`https://localhost.test:${targetPort}/a`, { proxy: proxyUrl })).rejects.toThrow();
  });

  it('of the environment, but for what NO_PROXY names', async () => {
    const fetch = createConnectedFetch({ HTTP_PROXY: proxyUrl, NO_PROXY: 'direct.invalid' });
    expect(await textOf('http://git.test/a', {}, fetch)).toBe('from the proxy');
    await expect(textOf('http://direct.invalid/a', {}, fetch)).rejects.toThrow();
  });
});
