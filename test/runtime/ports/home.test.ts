// The home cluster: requests and answers pass as they are, piece by piece, with the credentials of the kubeconfig.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../support/certificates.ts';
import { type FarSide, PIECES, REFUSAL, startFarSide, ZIPPED } from '../support/far-side.ts';
import { digestOf, patternBytes } from '../support/pattern.ts';
import { type PortHost, startPortHost } from '../support/port-host.ts';
import { answered, echoed } from './answers.ts';
import type { Asked } from './programs/requests.ts';

const TARGET = { to: 'home' } as const;

describe('the home cluster', () => {
  let authority: Authority;
  let far: FarSide;
  let host: PortHost;
  beforeAll(async () => {
    authority = createAuthority();
    far = await startFarSide({ ...authority.issue('kubernetes'), ca: authority.ca, requestCert: true });
    const { cert, key } = authority.issue('hawser');
    host = await startPortHost({
      home: {
        cluster: { server: far.url, 'certificate-authority-data': btoa(authority.ca) },
        user: { 'client-certificate-data': btoa(cert), 'client-key-data': btoa(key) },
      },
    });
  });
  afterAll(async () => {
    await host?.close();
    await far?.close();
  });

  const ask = (asked: Omit<Asked, 'target'>) => host.run('ask', { target: TARGET, ...asked });

  it('is called by its address', async () => {
    expect(await host.run('nameServers', { server: 'https://east.test:6443' })).toEqual({
      home: far.url,
      other: 'https://east.test:6443',
    });
  });

  it('is asked with the credentials of the kubeconfig, which no caller can set aside', async () => {
    expect(await echoed(ask({ path: '/echo' }))).toMatchObject({ method: 'GET', client: 'hawser', length: 0 });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('takes %s with a body and its type', async (method) => {
    const text = '{"ü":"中"}';
    const headers = { 'content-type': 'application/apply-patch+yaml', accept: 'application/json;as=Table' };
    const echo = await echoed(ask({ path: '/echo', method, headers, text }));
    expect(echo).toMatchObject({ method, headers, length: new TextEncoder().encode(text).length });
    expect(echo.digest).toBe(await digestOf(text));
  });

  it('is asked for the very path and query', async () => {
    const path =
      '/echo/namespaces/a/pods/b%2Fc:d?fieldSelector=metadata.name%3Da&labelSelector=a%20in%20(b,c)&limit=1&a=%2B+';
    expect((await echoed(ask({ path }))).path).toBe(path);
    const long = `${path}&continue=${'x'.repeat(6_000)}`;
    expect((await echoed(ask({ path: long }))).path).toBe(long);
  });

  it('is sent a body without end of bytes', async () => {
    const length = 3 << 20;
    const echo = await echoed(ask({ path: '/echo', method: 'POST', length }));
    expect(echo).toMatchObject({ length, digest: await digestOf(patternBytes(length)) });
  });

  it('gives all bytes of a long answer, and those of one that came compressed', async () => {
    const length = 5 << 20;
    const long = await answered(ask({ path: `/bytes/${length}` }));
    expect(long).toMatchObject({ status: 200, length, digest: await digestOf(patternBytes(length)) });
    const zipped = await answered(ask({ path: '/zipped' }));
    expect(zipped).toMatchObject({ length: ZIPPED.length, digest: await digestOf(ZIPPED) });
  });

  it.each([400, 401, 403, 404, 409, 410, 422, 429, 500, 503, 504])('gives its %i as it is', async (status) => {
    const answer = await answered(ask({ path: `/status/${status}` }));
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/json', 'retry-after': '7' } });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="a", Basic realm="b"');
    expect(JSON.parse(answer.text)).toEqual({ ...REFUSAL, code: status });
  });

  it.each([204, 304])('gives its %i without a body', async (status) => {
    expect(await answered(ask({ path: `/status/${status}` }))).toMatchObject({ status, length: 0 });
  });

  it('gives a stream piece by piece', async () => {
    expect(await host.run('readPieces', TARGET)).toEqual(PIECES);
  });

  it.each(['/endless', '/silent'])('is told that nobody wants %s any more', async (path) => {
    expect(await host.run('abort', { target: TARGET, path })).toBe('nobody wants it any more');
    await expect.poll(() => far.left, { timeout: 20_000 }).toContain(`GET ${path}`);
  });

  it('has a time limit of its caller, which is told as such', async () => {
    expect(await host.run('timeOut', TARGET)).toBe('TimeoutError');
  });

  it('is told that the rest of a stream is not read', async () => {
    expect(await host.run('letGo', { target: TARGET, path: '/endless?let-go' })).toBe(true);
    await expect.poll(() => far.left, { timeout: 20_000 }).toContain('GET /endless?let-go');
  });

  it('answers many requests at once', async () => {
    const outcomes = await host.run('askAtOnce', { asked: { target: TARGET, path: '/echo' }, count: 60 });
    for (const outcome of outcomes) expect(outcome).toMatchObject({ value: { status: 200 } });
  });

  it('tells each request that waits for its turn when that has come', async () => {
    for (const told of await host.run('askInTurn', 40)) expect(['', 'waits,comes']).toContain(told);
  });

  it('is told the trace that the work belongs to', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const answer = await host.run('askInTrace', { asked: { target: TARGET, path: '/echo' }, traceId });
    expect(JSON.parse(answer?.text ?? '').headers.traceparent).toContain(traceId);
  });

  it.each([
    ['whose connection ends in the middle', '/cut'],
    ['that is never begun', '/drop'],
  ])('makes an answer %s a failure', async (_, path) => {
    expect(await ask({ path })).toMatchObject({ error: { message: expect.any(String) } });
  });

  it('that is away is unavailable, and there again afterwards', async () => {
    const answering = { value: 'v1.34.1' };
    expect(await host.run('reach', TARGET)).toEqual(answering);
    far.away = true;
    expect(await host.run('reach', TARGET)).toMatchObject({
      error: { code: 'Unavailable', message: expect.stringContaining(`no cluster answers at ${far.url}: `) },
    });
    far.away = false;
    expect(await host.run('reach', TARGET)).toEqual(answering);
  });
});
