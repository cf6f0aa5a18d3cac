// An HTTP chart repository and an OCI registry as fetch handlers, and charts packed for them.

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { packTar } from '../render/helm/pack-tar.ts';

export interface PackedChart {
  readonly name: string;
  readonly version: string;
  readonly archive: Uint8Array;
}

/** A chart from its files, which are named relative to its folder; Chart.yaml is made. */
export function packChart(
  name: string,
  version: string,
  files: Readonly<Record<string, string>>,
  more = '',
): PackedChart {
  const all = { 'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n${more}`, ...files };
  const tar = packTar(Object.entries(all).map(([file, content]) => ({ name: `${name}/${file}`, content })));
  return { name, version, archive: new Uint8Array(gzipSync(tar)) };
}

/** The files of a chart whose one ConfigMap tells who made it and a value. */
export function configMapChart(name: string): Readonly<Record<string, string>> {
  return {
    'templates/cm.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  chart: {{ .Chart.Version | quote }}\n  key: {{ .Values.key | quote }}\n`,
    'values.yaml': 'key: default\n',
    'values-dev.yaml': 'key: dev\n',
  };
}

export function hexDigest(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface SeenRequest {
  readonly url: string;
  readonly path: string;
  readonly authorization: string | null;
}

export interface ChartServer {
  handle(request: Request): Response | Promise<Response>;
  readonly seen: SeenRequest[];
}

const USER = 'reader';
export const PASSWORD = 'chart-pässword';
export const CREDENTIALS = { kind: 'basic', username: USER, password: PASSWORD } as const;
export const SECRET = { username: USER, password: PASSWORD };
export const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

export interface RepositoryOptions {
  readonly isPrivate?: boolean;
  readonly withDigests?: boolean;
  /** Where the index says that an archive is, relative or not; `NAME-VERSION.tgz` by default. */
  readonly urlOf?: (chart: PackedChart) => string;
  /** Redirects of paths. */
  readonly redirects?: Readonly<Record<string, string>>;
}

/** Under `/charts`; `charts` may grow while it runs. */
export function createChartRepository(charts: PackedChart[], options: RepositoryOptions = {}): ChartServer {
  const { isPrivate = false, withDigests = true, urlOf = fileOf, redirects = {} } = options;
  const seen: SeenRequest[] = [];
  return {
    seen,
    handle: (request) => {
      const { pathname } = new URL(request.url);
      const authorization = request.headers.get('authorization');
      seen.push({ url: request.url, path: pathname, authorization });
      if (isPrivate && authorization !== BASIC) return new Response('who are you?', { status: 401 });
      const target = redirects[pathname];
      if (target) return new Response(null, { status: 302, headers: { location: target } });
      if (pathname === '/charts/index.yaml') return new Response(indexOf(charts, urlOf, withDigests));
      const chart = charts.find((one) => pathname.endsWith(`/${fileOf(one)}`));
      return chart ? new Response(new Uint8Array(chart.archive)) : new Response('not found', { status: 404 });
    },
  };
}

function fileOf({ name, version }: PackedChart): string {
  return `${name}-${version}.tgz`;
}

function indexOf(charts: readonly PackedChart[], urlOf: (chart: PackedChart) => string, withDigests: boolean): string {
  const names = [...new Set(charts.map(({ name }) => name))];
  const entries = names.map((name) => {
    const versions = charts.filter((chart) => chart.name === name);
    return `  ${name}:\n${versions
      .map(
        (chart) =>
          `  - name: ${name}\n    version: ${chart.version}\n    urls:\n    - ${urlOf(chart)}\n${
            withDigests ? `    digest: ${hexDigest(chart.archive)}\n` : ''
          }`,
      )
      .join('')}`;
  });
  return `apiVersion: v1\nentries:\n${entries.join('')}`;
}

const CONFIG_TYPE = 'application/vnd.cncf.helm.config.v1+json';
const LAYER_TYPE = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const TOKEN = 'registry-token';

export interface RegistryOptions {
  /** A token is asked for at this address; '' asks for the password itself. */
  readonly realm?: string;
  /** Blobs are redirected to this origin. */
  readonly blobsAt?: string;
  /** Tags a page. */
  readonly pageSize?: number;
  /** Of every manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Charts under `/v2/charts/NAME`; `/token` is its own authorization server. */
export function createRegistry(charts: readonly PackedChart[], options: RegistryOptions = {}): ChartServer {
  const { realm, blobsAt, pageSize = 1000, annotations } = options;
  const seen: SeenRequest[] = [];
  const blobs = new Map<string, { type: string; body: Uint8Array | string }>();
  blobs.set(`sha256:${hexDigest('{}')}`, { type: CONFIG_TYPE, body: '{}' });
  const tags = new Map<string, string[]>();
  for (const { name, version, archive } of charts) {
    const layer = `sha256:${hexDigest(archive)}`;
    blobs.set(layer, { type: 'application/octet-stream', body: archive });
    const manifest = JSON.stringify({
      schemaVersion: 2,
      config: { mediaType: CONFIG_TYPE, digest: `sha256:${hexDigest('{}')}`, size: 2 },
      layers: [{ mediaType: LAYER_TYPE, digest: layer, size: archive.length }],
      ...(annotations && { annotations }),
    });
    const tag = version.replaceAll('+', '_');
    const stored = { type: 'application/vnd.oci.image.manifest.v1+json', body: manifest };
    blobs.set(`${name}:${tag}`, stored).set(`${name}:sha256:${hexDigest(manifest)}`, stored);
    tags.set(name, [...(tags.get(name) ?? []), tag]);
  }
  return {
    seen,
    handle: (request) => {
      const url = new URL(request.url);
      const authorization = request.headers.get('authorization');
      seen.push({ url: request.url, path: url.pathname, authorization });
      if (url.pathname === '/token') {
        if (authorization !== BASIC) return new Response('who are you?', { status: 401 });
        return Response.json({ token: TOKEN });
      }
      const wanted = realm === undefined ? undefined : realm === '' ? BASIC : `Bearer ${TOKEN}`;
      if (wanted && authorization !== wanted) {
        const challenge = realm
          ? `Bearer realm="${realm}",service="charts",scope="repository:charts:pull"`
          : 'Basic realm="charts"';
        return new Response('{}', { status: 401, headers: { 'www-authenticate': challenge } });
      }
      const [, name = '', kind = '', reference = ''] =
        /^\/v2\/charts\/([^/]+)\/(tags|manifests|blobs)\/(.+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
      const known = tags.get(name);
      if (!known) return Response.json({ errors: [{ code: 'NAME_UNKNOWN' }] }, { status: 404 });
      if (kind === 'tags') {
        const start = Number(url.searchParams.get('from') ?? 0);
        const next = start + pageSize;
        const link = `</v2/charts/${name}/tags/list?from=${next}>; rel="next"`;
        return Response.json(
          { name, tags: known.slice(start, next) },
          { headers: next < known.length ? { link } : {} },
        );
      }
      if (kind === 'blobs' && blobsAt) {
        return new Response(null, { status: 307, headers: { location: `${blobsAt}/${reference}` } });
      }
      const found = blobs.get(kind === 'blobs' ? reference : `${name}:${reference}`);
      if (!found) return new Response('{}', { status: 404 });
      const body = typeof found.body === 'string' ? found.body : new Uint8Array(found.body);
      return new Response(body, { headers: { 'content-type': found.type } });
    },
  };
}
