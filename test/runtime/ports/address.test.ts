// fetch with what a repository's Secret says of its connection: redirects are the caller's, and the bytes are those that were sent.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionOptions } from '../../../src/platform.ts';
import { type Authority, createAuthority } from '../../support/certificates.ts';
import {
  addressOfNobody,
  type FarSide,
  type HttpProxy,
  PIECES,
  startFarSide,
  startProxy,
  ZIPPED,
} from '../support/far-side.ts';
import { digestOf, patternBytes } from '../support/pattern.ts';
import { type PortHost, startPortHost } from '../support/port-host.ts';
import { answered, echoed } from './answers.ts';
import type { Asked } from './programs/requests.ts';

/** So that a proxy is not passed by, as it is for this machine. */
const AWAY = 'git.test';

let authority: Authority;
let plain: FarSide;
let secure: FarSide;
let proxy: HttpProxy;
let host: PortHost;
beforeAll(async () => {
  authority = createAuthority();
  plain = await startFarSide();
  const own = authority.issue('git');
  secure = await startFarSide({ ...own, ca: authority.ca, requestCert: true, rejectUnauthorized: false });
  proxy = await startProxy();
  host = await startPortHost();
});
afterAll(async () => {
  await host?.close();
  for (const server of [plain, secure, proxy]) await server?.close();
});

type More = Omit<Asked, 'target' | 'path'>;
const ask = (url: string, path: string, options: ConnectionOptions = {}, more: More = {}) =>
  host.run('ask', { target: { to: 'address', url, options }, path, ...more });

describe.each([
  ['without encryption', () => ({ url: plain.url, options: {} })],
  ['with a CA of its own', () => ({ url: secure.url, options: { ca: authority.ca } })],
] as const)('fetch of an address %s', (_, side) => {
  const askSide = (path: string, more: More = {}) => ask(side().url, path, side().options, more);

  it('sends method, path, query, headers and body', async () => {
    const headers = { authorization: 'Basic dTpw', 'git-protocol': 'version=2', accept: 'application/x-git' };
    const text = '0014command=ls-refs\n';
    const path = '/echo/a%2Fb.git/info/refs?service=git-upload-pack&a=%20+';
    expect(await echoed(askSide(path, { method: 'POST', headers, text }))).toMatchObject({
      method: 'POST',
      path,
      headers,
      digest: await digestOf(text),
    });
  });

  it('gives a redirect to its caller, and follows none', async () => {
    const answer = await answered(askSide('/redirect'));
    expect(answer).toMatchObject({ status: 302, headers: { location: '/echo?moved' }, text: 'it is elsewhere' });
  });

  it.each([200, 401, 403, 404, 418, 429, 500, 503])('gives a %i with its headers and body', async (status) => {
    const answer = await answered(askSide(`/status/${status}`));
    expect(answer).toMatchObject({
      status,
      headers: { 'retry-after': '7', 'www-authenticate': 'Bearer realm="a", Basic realm="b"' },
    });
    expect(JSON.parse(answer.text)).toMatchObject({ code: status });
  });

  it('asks for the head alone', async () => {
    const answer = await answered(askSide('/echo', { method: 'HEAD' }));
    expect(answer).toMatchObject({ status: 200, length: 0, headers: { 'x-answer': 'yes' } });
    expect((side().url === plain.url ? plain : secure).requests.at(-1)).toBe('HEAD /echo');
  });

  it('has room for many at once', async () => {
    const target = { to: 'address' as const, ...side() };
    const outcomes = await host.run('askAtOnce', { asked: { target, path: '/bytes/1000' }, count: 40 });
    for (const outcome of outcomes) expect(outcome).toMatchObject({ value: { status: 200, length: 1000 } });
  });

  it('has a time limit of its caller, which is told as such', async () => {
    expect(await host.run('timeOut', { to: 'address', ...side() })).toBe('TimeoutError');
  });

  it('sends and gets a megabyte as it is', async () => {
    const length = (1 << 20) + 1;
    const digest = await digestOf(patternBytes(length));
    expect(await echoed(askSide('/echo', { method: 'POST', length }))).toMatchObject({ length, digest });
    expect(await answered(askSide(`/bytes/${length}`))).toMatchObject({ status: 200, length, digest });
  });

  it('takes compressed answers out of what they were sent in', async () => {
    const { length, digest } = await answered(askSide('/zipped'));
    expect({ length, digest }).toEqual({ length: ZIPPED.length, digest: await digestOf(ZIPPED) });
  });

  it('gives a stream piece by piece', async () => {
    expect(await host.run('readPieces', { to: 'address', ...side() })).toEqual(PIECES);
  });

  it.each(['/endless', '/silent'])('ends %s with its signal, here and there', async (path) => {
    const target = { to: 'address' as const, ...side() };
    expect(await host.run('abort', { target, path })).toBe('nobody wants it any more');
    const { left } = side().url === plain.url ? plain : secure;
    await expect.poll(() => left, { timeout: 20_000 }).toContain(`GET ${path}`);
  });

  it.each(['/cut', '/drop'])('fails where the connection ends in the middle: %s', async (path) => {
    expect(await askSide(path)).toMatchObject({ error: { message: expect.any(String) } });
  });

  it('says the trace that the work belongs to', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const asked = { target: { to: 'address' as const, ...side() }, path: '/echo' };
    const answer = await host.run('askInTrace', { asked, traceId });
    expect(JSON.parse(answer?.text ?? '').headers.traceparent).toContain(traceId);
  });
});

describe('fetch', () => {
  it('does not trust an unknown certificate, nor one of another CA', async () => {
    const other = createAuthority().ca;
    for (const options of [{}, { ca: other }]) expect(await ask(secure.url, '/echo', options)).toHaveProperty('error');
    for (const options of [{}, { ca: other }]) {
      expect(await host.run('listRefs', { url: `${secure.url}/a.git`, options })).toMatchObject({
        error: {
          code: 'GitFailed',
          message: expect.stringContaining(`the certificate of ${new URL(secure.url).host} is not trusted`),
        },
      });
    }
  });

  it('trusts any certificate where it may', async () => {
    expect(await echoed(ask(secure.url, '/echo', { insecure: true }))).toMatchObject({ method: 'GET' });
  });

  it('shows a client certificate', async () => {
    const clientCertificate = authority.issue('alice');
    const echo = await echoed(ask(secure.url, '/echo', { ca: authority.ca, clientCertificate }));
    expect(echo.client).toBe('alice');
    expect(await echoed(ask(secure.url, '/echo', { ca: authority.ca }))).not.toHaveProperty('client');
  });

  it('takes no notice of certificates where there is no encryption', async () => {
    const clientCertificate = authority.issue('alice');
    expect(
      await echoed(ask(plain.url, '/echo', { ca: authority.ca, insecure: true, clientCertificate })),
    ).toMatchObject({
      method: 'GET',
    });
  });

  it('says of an address where nobody is that its connection was refused', async () => {
    const url = await addressOfNobody();
    expect(await ask(url, '/a')).toHaveProperty('error');
    expect(await host.run('listRefs', { url: `${url}/a.git` })).toMatchObject({
      error: {
        code: 'Unavailable',
        message: expect.stringContaining(
          `cannot reach the Git server ${new URL(url).host}: the connection was refused`,
        ),
      },
    });
  });

  it('lets the Git client ask once more where a connection was closed before the answer', async () => {
    expect(await host.run('listRefs', { url: `${plain.url}/once/a.git` })).toMatchObject({
      error: { code: expect.not.stringMatching('Unavailable') },
    });
    const asked = plain.requests.filter((line) => line.includes('/once'));
    expect(asked.slice(0, 2)).toEqual([asked[0], asked[0]]);
  });
});

describe('fetch through a proxy', () => {
  it('has it forward plain requests, with the login of its address', async () => {
    const withLogin = proxy.url.replace('//', '//user:pass@');
    expect((await answered(ask(`http://${AWAY}`, '/plain', { proxy: withLogin }))).text).toBe('from the proxy');
    expect(proxy.requests.at(-1)).toBe(`GET http://${AWAY}/plain Basic ${btoa('user:pass')}`);
  });

  it('has it tunnel the others, and checks the certificate of the target', async () => {
    const url = `https://${AWAY}:${secure.port}`;
    expect(await echoed(ask(url, '/echo', { proxy: proxy.url, insecure: true }))).toMatchObject({ method: 'GET' });
    expect(proxy.requests.at(-1)).toBe(`CONNECT ${AWAY}:${secure.port}`);
    // Of the right CA, and for another name.
    expect(await ask(url, '/echo', { proxy: proxy.url, ca: authority.ca })).toHaveProperty('error');
  });

  it.each([
    ['this machine', '', () => plain.url],
    ['a host that noProxy names', 'other.test, 127.0.0.1', () => plain.url],
  ])('goes straight to %s', async (_, noProxy, url) => {
    const before = proxy.requests.length;
    expect(await echoed(ask(url(), '/echo', { proxy: proxy.url, noProxy }))).toMatchObject({ method: 'GET' });
    expect(proxy.requests).toHaveLength(before);
  });

  it('fails for an address that noProxy names and that is nowhere, rather than ask the proxy', async () => {
    const before = proxy.requests.length;
    expect(await ask('http://git.invalid', '/a', { proxy: proxy.url, noProxy: '.invalid' })).toHaveProperty('error');
    expect(proxy.requests).toHaveLength(before);
  });

  it('fails where the proxy is not there', async () => {
    expect(await ask(`http://${AWAY}`, '/a', { proxy: await addressOfNobody() })).toHaveProperty('error');
  });
});
