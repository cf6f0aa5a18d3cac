import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryCache } from '../../src/base/memory-cache.ts';
import { createChartClient } from '../../src/charts/client.ts';
import { type ChartAddress, locateChart } from '../../src/charts/location.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import type { ConnectedFetch } from '../../src/platform.ts';
import {
  BASIC,
  type ChartServer,
  CREDENTIALS,
  configMapChart,
  createChartRepository,
  createRegistry,
  hexDigest,
  PASSWORD,
  packChart,
  type RegistryOptions,
  type RepositoryOptions,
} from '../support/chart-servers.ts';

const fetchOnly: ConnectedFetch = (url, init) => fetch(url, init);
const WEB = ['1.0.0', '1.2.0', '1.2.10', '1.3.0-rc.1', '2.0.0', '2.1.0-beta.1+build.5'].map((version) =>
  packChart('web', version, configMapChart('web')),
);
const newest = (version: string) => WEB.find((chart) => chart.version === version)?.archive ?? new Uint8Array();

const open: Listening[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serve(server: ChartServer): Promise<string> {
  const listening = await listen(server.handle, { host: '127.0.0.1', port: 0 });
  open.push(listening);
  return listening.url;
}

async function repository(options: RepositoryOptions = {}, charts = [...WEB]) {
  const server = createChartRepository(charts, options);
  const url = await serve(server);
  const locate = (more: Partial<ChartAddress> = {}) => locateChart({ repoURL: `${url}/charts`, chart: 'web', ...more });
  return { url, server, locate };
}

async function registry(options: RegistryOptions = {}) {
  const server = createRegistry(WEB, options);
  const url = await serve(server);
  const host = new URL(url).host;
  const locate = (more: Partial<ChartAddress> = {}) =>
    locateChart({ repoURL: `oci://${host}/charts`, chart: 'web', plainHttp: true, ...more });
  return { url, host, server, locate };
}

const client = (options: Partial<Parameters<typeof createChartClient>[0]> = {}) =>
  createChartClient({ fetch: fetchOnly, timeoutMs: 5000, ...options });

describe('the version that a targetRevision means', () => {
  const CASES: readonly (readonly [target: string, version: string])[] = [
    ['1.0.0', '1.0.0'],
    ['v9.9.9', 'v9.9.9'],
    ['1.2', '1.2'],
    ['1.2.*', '1.2.10'],
    ['^1.0.0', '1.2.10'],
    ['>=1.0.0 <2.0.0', '1.2.10'],
    ['*', '2.0.0'],
    ['', '2.0.0'],
    ['>=2.0.0-0', '2.1.0-beta.1+build.5'],
    ['>1.2.10-0 <2.0.0-0', '1.3.0-rc.1'],
  ];
  it.each(CASES)("'%s' in an HTTP repository is %s", async (target, version) => {
    const { locate } = await repository();
    expect(await client().resolveVersion(locate(), target)).toBe(version);
  });
  it.each(CASES)("'%s' in a registry is %s", async (target, version) => {
    const { locate } = await registry({ pageSize: 2 });
    expect(await client().resolveVersion(locate(), target)).toBe(version);
  });
  it('is not asked for where it is a pin', async () => {
    const { locate, server } = await repository();
    await client().resolveVersion(locate(), '7.7.7');
    expect(server.seen).toEqual([]);
  });
  it('is refused by name where nothing satisfies it', async () => {
    const { locate } = await repository();
    await expect(client().resolveVersion(locate(), '^9')).rejects.toMatchObject({
      code: 'RevisionNotFound',
      message: expect.stringContaining("satisfies '^9'"),
    });
  });
  it('is refused where it is neither version nor constraint', async () => {
    const { locate } = await repository();
    await expect(client().resolveVersion(locate(), 'main')).rejects.toMatchObject({ code: 'InvalidInput' });
  });
});

describe('a chart of an HTTP repository', () => {
  it.each([
    ['relative', (file: string) => file],
    ['relative in a folder', (file: string) => `archive/${file}`],
    ['from the root', (file: string) => `/elsewhere/${file}`],
  ])('comes from a URL that is %s', async (_, urlOf) => {
    const { locate } = await repository({ urlOf: ({ name, version }) => urlOf(`${name}-${version}.tgz`) });
    const { archive, digest } = await client().pull(locate(), '1.2.10');
    expect(archive).toEqual(newest('1.2.10'));
    expect(digest).toBe(`sha256:${hexDigest(archive)}`);
  });
  it.each([
    ['1.2', '1.2.10'],
    ['^1.0.0', '1.2.10'],
    ['', '2.0.0'],
  ])("version '%s' is %s, as Helm has it", async (wanted, version) => {
    const { locate } = await repository();
    expect((await client().pull(locate(), wanted)).archive).toEqual(newest(version));
  });
  it('is read from the cache by its digest, with the index asked for again', async () => {
    const { locate, server } = await repository();
    const cache = createMemoryCache();
    await client({ cache }).pull(locate(), '1.0.0');
    await client({ cache }).pull(locate(), '1.0.0');
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/charts/index.yaml',
      '/charts/web-1.0.0.tgz',
      '/charts/index.yaml',
    ]);
  });
  it('is fetched anew where the cache holds something else', async () => {
    const { locate } = await repository();
    const cache = { get: async () => new Uint8Array([1, 2, 3]), put: async () => undefined };
    expect((await client({ cache }).pull(locate(), '1.0.0')).archive).toEqual(newest('1.0.0'));
  });
  it('is refused where it does not have the digest of the index', async () => {
    const charts = [packChart('web', '1.0.0', {})];
    const { locate, server } = await repository({}, charts);
    const chart = charts[0];
    const handle = server.handle;
    server.handle = (request) =>
      request.url.endsWith('.tgz') ? new Response(new Uint8Array([...(chart?.archive ?? []), 0])) : handle(request);
    const listening = await listen((request) => server.handle(request), { host: '127.0.0.1', port: 0 });
    open.push(listening);
    await expect(client().pull(locate({ repoURL: `${listening.url}/charts` }), '1.0.0')).rejects.toMatchObject({
      code: 'ChartFailed',
      message: expect.stringContaining('does not have the digest'),
    });
  });
  it('that is larger than the limit is refused', async () => {
    const { locate } = await repository();
    await expect(client({ maxArchiveBytes: 100 }).pull(locate(), '1.0.0')).rejects.toMatchObject({
      code: 'LimitExceeded',
    });
  });
  it.each([
    ['of another name', 'other', '1.0.0', 'chart "other" not found in'],
    ['of another version', 'web', '3.0.0', 'chart "web" version "3.0.0" not found in'],
  ])('%s is not found', async (_, chart, version, message) => {
    const { locate } = await repository();
    await expect(client().pull(locate({ chart }), version)).rejects.toMatchObject({
      code: 'RevisionNotFound',
      message: expect.stringContaining(message),
    });
  });
  it('of a server that is no repository is refused', async () => {
    const listening = await listen(() => new Response('<html>hello</html>'), { host: '127.0.0.1', port: 0 });
    open.push(listening);
    await expect(client().pull(locateChart({ repoURL: listening.url, chart: 'web' }), '1.0.0')).rejects.toMatchObject({
      code: 'ChartFailed',
      message: expect.stringContaining('is no index of charts'),
    });
  });
  it('of a server that is away can be had later', async () => {
    const { url, locate } = await repository();
    await open.pop()?.close();
    await expect(client().pull(locate(), '1.0.0')).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining(new URL(url).host),
    });
  });
});

describe('credentials of an HTTP repository', () => {
  it('go with the index and the archive', async () => {
    const { locate } = await repository({ isPrivate: true });
    expect((await client().pull(locate({ credentials: CREDENTIALS }), '1.0.0')).archive).toEqual(newest('1.0.0'));
  });
  it('that are missing are asked for, without telling a password', async () => {
    const { locate } = await repository({ isPrivate: true });
    await expect(client().pull(locate(), '1.0.0')).rejects.toMatchObject({
      code: 'ChartUnauthorized',
      hint: expect.stringContaining('secret-type: repository'),
    });
    const wrong = { ...CREDENTIALS, username: 'nobody' };
    const error = await client()
      .pull(locate({ credentials: wrong }), '1.0.0')
      .catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(PASSWORD);
  });
  it.each([
    ['are kept from another host that the index names', false, [null]],
    ['go there with passCredentials', true, [BASIC]],
  ])('%s', async (_, passCredentials, expected) => {
    const elsewhere = await repository();
    const { locate } = await repository({
      isPrivate: true,
      urlOf: ({ name, version }) => `${elsewhere.url}/files/${name}-${version}.tgz`,
    });
    await client().pull(locate({ credentials: CREDENTIALS, passCredentials }), '1.0.0');
    expect(elsewhere.server.seen.map(({ authorization }) => authorization)).toEqual(expected);
  });
  it('are dropped at a redirect to another host', async () => {
    const elsewhere = await repository();
    const { locate } = await repository({
      isPrivate: true,
      redirects: { '/charts/web-1.0.0.tgz': `${elsewhere.url}/mirror/web-1.0.0.tgz` },
    });
    expect((await client().pull(locate({ credentials: CREDENTIALS }), '1.0.0')).archive).toEqual(newest('1.0.0'));
    expect(elsewhere.server.seen).toEqual([
      { url: expect.any(String), path: '/mirror/web-1.0.0.tgz', authorization: null },
    ]);
  });
});

describe('a chart of a registry', () => {
  it.each([
    ['with oci://', (host: string) => `oci://${host}/charts`, 'web'],
    ['without a scheme', (host: string) => `${host}/charts`, 'web'],
    ['with all of it in the URL', (host: string) => `oci://${host}/charts/web`, ''],
  ])('is found %s', async (_, repoURL, chart) => {
    const { host, locate } = await registry();
    const pulled = await client().pull(locate({ repoURL: repoURL(host), chart }), '1.2.10');
    expect(pulled.archive).toEqual(newest('1.2.10'));
  });
  it('with build metadata has an underscore in its tag', async () => {
    const { locate } = await registry();
    expect((await client().pull(locate(), '2.1.0-beta.1+build.5')).archive).toEqual(newest('2.1.0-beta.1+build.5'));
  });
  it('can be named by the digest of its manifest', async () => {
    const { locate } = await registry();
    const location = locate();
    if (location.kind !== 'oci') throw new Error('not a registry');
    const digest = await client().resolveDigest(location, '^1.0.0');
    expect((await client().pull(location, digest)).archive).toEqual(newest('1.2.10'));
  });
  it.each([
    ['a token', 'token'],
    ['the password', ''],
  ])('of a registry that asks for %s is fetched', async (_, kind) => {
    // The realm's own address is known only once it listens.
    const tokens = createRegistry([]);
    const tokenUrl = await serve(tokens);
    const { locate, server } = await registry({ realm: kind === '' ? '' : `${tokenUrl}/token` });
    expect((await client().pull(locate({ credentials: CREDENTIALS }), '1.0.0')).archive).toEqual(newest('1.0.0'));
    expect(tokens.seen.map(({ url }) => new URL(url).search)).toEqual(
      kind === '' ? [] : ['?service=charts&scope=repository%3Acharts%3Apull'],
    );
    expect(server.seen.filter(({ authorization }) => authorization === null)).toHaveLength(1);
  });
  it('without credentials for it is refused', async () => {
    const { locate } = await registry({ realm: '' });
    await expect(client().pull(locate(), '1.0.0')).rejects.toMatchObject({ code: 'ChartUnauthorized' });
  });
  it('comes from another host without the credentials', async () => {
    const files: ChartServer = {
      seen: [],
      handle: (request) => {
        files.seen.push({ url: request.url, path: '', authorization: request.headers.get('authorization') });
        return new Response(new Uint8Array(newest('1.0.0')));
      },
    };
    const { locate } = await registry({ realm: '', blobsAt: await serve(files) });
    expect((await client().pull(locate({ credentials: CREDENTIALS }), '1.0.0')).archive).toEqual(newest('1.0.0'));
    expect(files.seen.map(({ authorization }) => authorization)).toEqual([null]);
  });
  it('is read from the cache by its digest', async () => {
    const { locate, server } = await registry();
    const cache = createMemoryCache();
    await client({ cache }).pull(locate(), '1.0.0');
    await client({ cache }).pull(locate(), '1.0.0');
    expect(server.seen.filter(({ path }) => path.includes('/blobs/'))).toHaveLength(1);
  });
  it('that is not there is not found', async () => {
    const { locate } = await registry();
    await expect(client().pull(locate(), '3.0.0')).rejects.toMatchObject({ code: 'RevisionNotFound' });
    await expect(client().pull(locate({ chart: 'other' }), '1.0.0')).rejects.toMatchObject({
      code: 'RevisionNotFound',
    });
  });
});

describe('the address of a chart', () => {
  it.each([
    ['a chart that climbs', { repoURL: 'https://charts.example.com', chart: '../secret' }],
    ['no chart', { repoURL: 'https://charts.example.com', chart: '' }],
    ['a registry path in capitals', { repoURL: 'oci://registry.example.com/Charts', chart: 'web' }],
    ['a query in the name', { repoURL: 'oci://registry.example.com', chart: 'web?x' }],
  ])('with %s is refused', (_, address) => {
    expect(() => locateChart(address)).toThrow(expect.objectContaining({ code: 'InvalidInput' }));
  });
  it('of a registry is reached by TLS unless its Secret says otherwise', () => {
    expect(locateChart({ repoURL: 'registry.example.com/charts', chart: 'web' })).toMatchObject({
      kind: 'oci',
      registry: 'https://registry.example.com',
      repository: 'charts/web',
    });
  });
});
