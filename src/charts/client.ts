// The chart client: versions and archives of charts in HTTP repositories and OCI registries, archives kept by their digest.

import { HawserError } from '../base/errors.ts';
import type { Cache, ConnectedFetch } from '../platform.ts';
import { findVersion, isPinned, newestVersion } from './choose-version.ts';
import { bodyOf, type DownloadSettings, download } from './download.ts';
import { type IndexEntry, type IndexFile, readIndexFile } from './index-file.ts';
import { type ChartLocation, formatLocation, type HttpChart, type OciChart } from './location.ts';
import { openRegistry, type Registry, sha256Of, wrongDigest } from './registry.ts';

export interface PulledChart {
  /** A `.tgz`. */
  readonly archive: Uint8Array;
  /** `sha256:…` of the archive. */
  readonly digest: string;
  /** What a registry was asked for (`host/charts/web:1.0.0`), and the digest of the manifest that it gave. */
  readonly artifact?: { readonly reference: string; readonly digest: string };
}

export interface ListedChart {
  readonly name: string;
  readonly versions: readonly string[];
}

export interface ChartClient {
  /**
   * The version that a targetRevision means: itself where it is a version, the newest that it allows where it is a constraint
   * (Argo CD: newHelmClientResolveRevision). Without asking the server for a pin.
   */
  resolveVersion(chart: ChartLocation, target: string, signal?: AbortSignal): Promise<string>;
  /** The digest of what a tag, version or constraint names in a registry, for sources that name the artifact itself. */
  resolveDigest(chart: OciChart, target: string, signal?: AbortSignal): Promise<string>;
  /** The charts of an HTTP repository with their versions, the newest first; of those that Helm would list. */
  listCharts(repository: HttpChart, signal?: AbortSignal): Promise<readonly ListedChart[]>;
  /** The versions among the tags of a registry's repository, the newest first. */
  listVersions(chart: OciChart, signal?: AbortSignal): Promise<readonly string[]>;
  /** The annotations of the manifest that a tag, version, constraint or digest names. */
  readAnnotations(chart: OciChart, target: string, signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Whether the registry accepts the credentials. */
  ping(chart: OciChart, signal?: AbortSignal): Promise<void>;
  /** `version` is a version, a constraint or, in a registry, a digest of a manifest. */
  pull(chart: ChartLocation, version: string, signal?: AbortSignal): Promise<PulledChart>;
  /** A packed chart at a URL of its own. */
  download(chart: HttpChart, url: string, signal?: AbortSignal): Promise<PulledChart>;
}

export interface ChartClientOptions {
  readonly fetch: ConnectedFetch;
  readonly cache?: Cache;
  /** A request with its answer; 60 seconds. */
  readonly timeoutMs?: number;
  /** An index.yaml; 128 MiB. */
  readonly maxIndexBytes?: number;
  /** A packed chart; 32 MiB. */
  readonly maxArchiveBytes?: number;
}

const MiB = 2 ** 20;

/**
 * A client for one delivery: each index and each list of tags is read once. All methods throw `ChartUnauthorized`, `ChartFailed`,
 * `RevisionNotFound`, `Unavailable`, `Timeout`, `LimitExceeded`, `InvalidInput` as it is, and the signal's reason.
 */
export function createChartClient(options: ChartClientOptions): ChartClient {
  const { cache, timeoutMs = 60_000, maxIndexBytes = 128 * MiB, maxArchiveBytes = 32 * MiB } = options;
  const settings: DownloadSettings = { fetch: options.fetch, timeoutMs };
  const indexes = new Map<string, Promise<IndexFile>>();
  const registries = new Map<string, Registry>();
  const tags = new Map<string, Promise<readonly string[]>>();

  function readIndex(chart: HttpChart, signal?: AbortSignal): Promise<IndexFile> {
    const { url, authorization, connection } = chart;
    return once(indexes, JSON.stringify([url, authorization, connection]), async () => {
      const at = `${url}/index.yaml`;
      const answer = await download(settings, { url: at, authorization, connection, maxBytes: maxIndexBytes, signal });
      return readIndexFile(bodyOf(answer, at, authorization !== undefined), at);
    });
  }

  function registryOf(chart: OciChart): Registry {
    const key = JSON.stringify(chart);
    const known = registries.get(key) ?? openRegistry({ ...settings, maxBlobBytes: maxArchiveBytes }, chart);
    registries.set(key, known);
    return known;
  }

  function listVersions(chart: OciChart, signal?: AbortSignal): Promise<readonly string[]> {
    return once(tags, JSON.stringify(chart), () => registryOf(chart).versions(signal));
  }

  async function entriesOf(chart: HttpChart, signal?: AbortSignal): Promise<readonly IndexEntry[]> {
    const entries = (await readIndex(chart, signal)).entries(chart.chart);
    if (entries.length > 0) return entries;
    throw new HawserError('RevisionNotFound', `chart "${chart.chart}" not found in ${chart.url} repository`, {
      hint: 'check spec.source.chart and repoURL',
    });
  }

  /** What is in the cache counts only if it has its digest. */
  async function recall(digest: string): Promise<Uint8Array | undefined> {
    const bytes = await cache?.get(cacheKeyOf(digest));
    return bytes && (await sha256Of(bytes)) === digest ? bytes : undefined;
  }

  async function keep({ archive, digest }: PulledChart): Promise<PulledChart> {
    await cache?.put(cacheKeyOf(digest), archive);
    return { archive, digest };
  }

  async function downloadArchive(chart: HttpChart, url: string, wanted: string | undefined, signal?: AbortSignal) {
    const isOwn = new URL(url).origin === new URL(chart.url).origin;
    const authorization = isOwn || chart.passCredentials ? chart.authorization : undefined;
    const { ca, proxy, noProxy } = chart.connection;
    const foreign = { ...(ca && { ca }), ...(proxy && { proxy }), ...(noProxy && { noProxy }) };
    const connection = isOwn ? chart.connection : foreign;
    const answer = await download(settings, { url, authorization, connection, maxBytes: maxArchiveBytes, signal });
    const archive = bodyOf(answer, url, authorization !== undefined);
    const digest = await sha256Of(archive);
    if (wanted !== undefined && wanted !== digest) throw wrongDigest(wanted, url);
    return keep({ archive, digest });
  }

  async function pullHttp(chart: HttpChart, version: string, signal?: AbortSignal): Promise<PulledChart> {
    const entry = findVersion(await entriesOf(chart, signal), version);
    if (!entry) {
      throw new HawserError(
        'RevisionNotFound',
        `chart "${chart.chart}" version "${version}" not found in ${chart.url} repository`,
      );
    }
    const digest = entry.digest && `sha256:${entry.digest}`;
    const archive = digest && (await recall(digest));
    if (archive) return { archive, digest };
    return downloadArchive(chart, absoluteUrl(chart, entry.url), digest, signal);
  }

  async function pullOci(chart: OciChart, version: string, signal?: AbortSignal): Promise<PulledChart> {
    const registry = registryOf(chart);
    const tag = await referenceOf(chart, version, signal);
    const { digest, manifestDigest } = await registry.chartLayer(tag, signal);
    const name = `${new URL(chart.registry).host}/${chart.repository}`;
    const reference = tag.startsWith('sha256:') ? `${name}@${tag}` : `${name}:${tag.replaceAll('+', '_')}`;
    const artifact = { reference, digest: manifestDigest };
    const archive = await recall(digest);
    if (archive) return { archive, digest, artifact };
    return { ...(await keep({ archive: await registry.blob(digest, signal), digest })), artifact };
  }

  /** A version is its tag, whether the tag is listed or not; a constraint is the newest that it allows. */
  async function referenceOf(chart: OciChart, version: string, signal?: AbortSignal): Promise<string> {
    if (version.startsWith('sha256:') || isPinned(version)) return version;
    const versions = (await listVersions(chart, signal)).map((one) => ({ version: one }));
    const found = findVersion(versions, version);
    if (found) return found.version;
    throw new HawserError('RevisionNotFound', `${formatLocation(chart)}: no version satisfies '${version}'`);
  }

  return {
    resolveVersion: async (chart, target, signal) => {
      if (isPinned(target)) return target;
      const versions =
        chart.kind === 'http'
          ? (await entriesOf(chart, signal)).map(({ version }) => version)
          : await listVersions(chart, signal);
      return newestVersion(versions, target, formatLocation(chart));
    },
    resolveDigest: async (chart, target, signal) => {
      const reference = isConstraint(target) ? await referenceOf(chart, target, signal) : target;
      return (await registryOf(chart).chartLayer(reference, signal)).manifestDigest;
    },
    readAnnotations: async (chart, target, signal) => {
      const reference = isConstraint(target) ? await referenceOf(chart, target, signal) : target;
      return registryOf(chart).annotations(reference, signal);
    },
    listCharts: async (repository, signal) => {
      const index = await readIndex(repository, signal);
      const charts = index
        .names()
        .map((name) => ({ name, versions: index.entries(name).map(({ version }) => version) }));
      return charts.filter(({ versions }) => versions.length > 0);
    },
    listVersions,
    ping: (chart, signal) => registryOf(chart).ping(signal),
    pull: (chart, version, signal) =>
      chart.kind === 'http' ? pullHttp(chart, version, signal) : pullOci(chart, version, signal),
    download: (chart, url, signal) => downloadArchive(chart, url, undefined, signal),
  };
}

/** Empty, or with an operator or a wildcard; `latest` and `main` are tags. */
function isConstraint(target: string): boolean {
  return target === '' || /[\^~<>=!*|,\s]|(^|\.)[xX](\.|$)/.test(target);
}

/** Relative to the repository, whatever its query (Helm: ResolveReferenceURL). */
function absoluteUrl({ url, chart }: HttpChart, reference: string): string {
  const base = `${url}/`;
  const target = URL.canParse(reference, base) ? new URL(reference, base) : undefined;
  if (target && /^https?:$/.test(target.protocol)) return target.href;
  throw new HawserError('ChartFailed', `the index of ${url} has no address of chart "${chart}" that can be used`);
}

function cacheKeyOf(digest: string): string {
  return `charts/${digest.replace('sha256:', '')}`;
}

/** A failure is not kept. */
function once<T>(known: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const running = known.get(key);
  if (running) return running;
  const started = work();
  known.set(key, started);
  started.catch(() => known.delete(key));
  return started;
}
