// An OCI registry as Helm uses it: tags, manifests and the layer that is the chart (OCI distribution spec; Helm: pkg/registry/client.go).

import { HawserError } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import { isObject } from '../base/json.ts';
import { compareVersions, parseVersion, type Version } from '../base/semver.ts';
import type { HttpAnswer } from '../git/http.ts';
import { bodyOf, type Download, type DownloadSettings, download } from './download.ts';
import type { OciChart } from './location.ts';
import { answerChallenge } from './registry-login.ts';

export interface ChartLayer {
  /** `sha256:…` of the chart's archive. */
  readonly digest: string;
  /** `sha256:…` of the manifest that names it. */
  readonly manifestDigest: string;
}

export interface Registry {
  /** All versions among the tags, the newest first; `_` of a tag is `+` of a version. */
  versions(signal?: AbortSignal): Promise<readonly string[]>;
  /** `reference` is a tag or a digest. Throws `RevisionNotFound` where there is none, `ChartFailed` where it is no chart. */
  chartLayer(reference: string, signal?: AbortSignal): Promise<ChartLayer>;
  /** Of the manifest itself. Throws `RevisionNotFound` where there is none. */
  annotations(reference: string, signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
  blob(digest: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** Throws `ChartUnauthorized` where the registry does not accept the credentials, and `Unavailable`. */
  ping(signal?: AbortSignal): Promise<void>;
}

const CHART_LAYERS = ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'application/tar+gzip'];
const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const MAX_MANIFEST_BYTES = 4 << 20;
const MAX_TAG_PAGES = 100;
/** Manifests of an index that are looked at. */
const MAX_MANIFESTS = 16;

/** A registry for one delivery: a login is good for as long as this lives. `maxBlobBytes` bounds an archive. */
export function openRegistry(
  settings: DownloadSettings & { readonly maxBlobBytes: number },
  chart: OciChart,
): Registry {
  const base = `${chart.registry}/v2/${chart.repository}`;
  let login: string | undefined;

  /** A request, and once more with what the registry asks for. */
  async function request(url: string, more: Partial<Download>, signal?: AbortSignal): Promise<HttpAnswer> {
    const wanted = { url, connection: chart.connection, maxBytes: MAX_MANIFEST_BYTES, signal, ...more };
    const answer = await download(settings, { ...wanted, authorization: login });
    if (answer.status !== 401) return answer;
    login = await answerChallenge(settings, chart, answer.headers.get('www-authenticate') ?? '', signal);
    return login === undefined ? answer : download(settings, { ...wanted, authorization: login });
  }

  const shown = `oci://${new URL(chart.registry).host}/${chart.repository}`;

  async function manifest(reference: string, signal?: AbortSignal): Promise<{ digest: string; value: unknown }> {
    const url = `${base}/manifests/${encodeURIComponent(reference)}`;
    const answer = await request(url, { accept: MANIFEST_TYPES }, signal);
    if (answer.status === 404) {
      throw new HawserError('RevisionNotFound', `${shown}:${reference}: not found`, {
        hint: 'check repoURL, chart and targetRevision',
      });
    }
    const body = bodyOf(answer, url, chart.authorization !== undefined);
    const digest = await sha256Of(body);
    if (reference.startsWith('sha256:') && reference !== digest) throw wrongDigest(reference, shown);
    return { digest, value: parseJson(body, url) };
  }

  async function findLayer(reference: string, depth: number, signal?: AbortSignal): Promise<ChartLayer | undefined> {
    const { digest: manifestDigest, value } = await manifest(reference, signal);
    const { layers, manifests } = isObject(value) ? value : {};
    for (const layer of Array.isArray(layers) ? layers : []) {
      if (!isObject(layer) || typeof layer.mediaType !== 'string' || typeof layer.digest !== 'string') continue;
      if (!CHART_LAYERS.includes(layer.mediaType)) continue;
      if (!/^sha256:[0-9a-f]{64}$/.test(layer.digest)) {
        throw new HawserError('ChartFailed', `${shown}: the digest ${layer.digest} is not sha256`);
      }
      return { digest: layer.digest, manifestDigest };
    }
    if (depth > 0) return undefined;
    for (const inner of (Array.isArray(manifests) ? manifests : []).slice(0, MAX_MANIFESTS)) {
      if (!isObject(inner) || typeof inner.digest !== 'string') continue;
      const found = await findLayer(inner.digest, depth + 1, signal);
      if (found) return { ...found, manifestDigest };
    }
    return undefined;
  }

  return {
    versions: async (signal) => {
      const tags: string[] = [];
      let url: string | undefined = `${base}/tags/list`;
      for (let page = 0; url !== undefined; page++) {
        if (page === MAX_TAG_PAGES)
          throw new HawserError('LimitExceeded', `${shown} has more than ${MAX_TAG_PAGES} pages of tags`);
        const answer: HttpAnswer = await request(url, {}, signal);
        if (answer.status === 404) {
          throw new HawserError('RevisionNotFound', `${shown}: not found`, { hint: 'check repoURL and chart' });
        }
        const list = parseJson(bodyOf(answer, url, chart.authorization !== undefined), url);
        const found = isObject(list) && Array.isArray(list.tags) ? list.tags : [];
        tags.push(...found.filter((tag) => typeof tag === 'string'));
        url = nextPage(url, answer.headers.get('link') ?? '');
      }
      return sortVersions(tags);
    },
    chartLayer: async (reference, signal) => {
      const layer = await findLayer(reference.replaceAll('+', '_'), 0, signal);
      if (layer) return layer;
      throw new HawserError(
        'ChartFailed',
        `${shown}:${reference} is no Helm chart: it has no layer ${CHART_LAYERS[0]}`,
      );
    },
    annotations: async (reference, signal) => {
      const { value } = await manifest(reference.replaceAll('+', '_'), signal);
      const found = isObject(value) && isObject(value.annotations) ? value.annotations : {};
      return Object.fromEntries(
        Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      );
    },
    ping: async (signal) => {
      const url = `${chart.registry}/v2/`;
      const answer = await request(url, {}, signal);
      // Some registries have nothing at this address for those whom they know.
      if (answer.status !== 404) bodyOf(answer, url, chart.authorization !== undefined);
    },
    blob: async (digest, signal) => {
      const url = `${base}/blobs/${digest}`;
      const answer = await request(url, { maxBytes: settings.maxBlobBytes }, signal);
      const body = bodyOf(answer, url, chart.authorization !== undefined);
      if ((await sha256Of(body)) !== digest) throw wrongDigest(digest, shown);
      return body;
    },
  };
}

/** `sha256:…` */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  return `sha256:${toHex(hash)}`;
}

export function wrongDigest(digest: string, where: string): HawserError {
  return new HawserError('ChartFailed', `${where}: what was downloaded does not have the digest ${digest}`);
}

function parseJson(body: Uint8Array, url: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw new HawserError('ChartFailed', `${url} answered something that is no JSON`, { cause });
  }
}

/** `<…>; rel="next"`, of the same registry only. */
function nextPage(url: string, link: string): string | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link)?.[1];
  if (target === undefined || !URL.canParse(target, url)) return undefined;
  const next = new URL(target, url);
  return next.origin === new URL(url).origin ? next.href : undefined;
}

/** Only whole versions count: `1.2` and `latest` are tags of something else (Helm: Client.Tags, StrictNewVersion). */
function sortVersions(tags: readonly string[]): readonly string[] {
  const versions: Version[] = [];
  for (const tag of tags) {
    const text = tag.replaceAll('_', '+');
    if (!/^[0-9]+\.[0-9]+\.[0-9]+(?:[-+]|$)/.test(text)) continue;
    try {
      versions.push(parseVersion(text));
    } catch (error) {
      if (!(error instanceof HawserError)) throw error;
    }
  }
  return versions.sort((a, b) => compareVersions(b, a)).map(({ original }) => original);
}
