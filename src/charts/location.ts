// Where a chart lies: in an HTTP repository with an index.yaml, or in an OCI registry.

import { HawserError } from '../base/errors.ts';
import type { Credentials } from '../git/remote.ts';
import { readRemoteAddress } from '../git/remote.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { ConnectionOptions } from '../platform.ts';

/** A chart, with all that a request for it depends on. */
export type ChartLocation = HttpChart | OciChart;

interface Reached {
  /** The value of an Authorization header, for the repository's own scheme, host and port. */
  readonly authorization?: string;
  readonly connection: ConnectionOptions;
}

export interface HttpChart extends Reached {
  readonly kind: 'http';
  /** The repository, without user, password and trailing slash. */
  readonly url: string;
  readonly chart: string;
  /** Credentials also go to the hosts that the index names (Helm: `--pass-credentials`). */
  readonly passCredentials: boolean;
}

export interface OciChart extends Reached {
  readonly kind: 'oci';
  /** `https://registry.example.com` */
  readonly registry: string;
  /** `charts/nginx` */
  readonly repository: string;
}

export interface ChartAddress {
  /** `https://charts.example.com`, `oci://registry.example.com/charts` or, as Argo CD has it, `registry.example.com/charts`. */
  readonly repoURL: string;
  /** Empty where `repoURL` names the chart itself, which only OCI can. */
  readonly chart: string;
  readonly credentials?: Credentials;
  readonly connection?: ConnectionOptions;
  /** An `http(s)://` URL is a registry's. */
  readonly enableOCI?: boolean;
  /** A registry without TLS. */
  readonly plainHttp?: boolean;
  readonly passCredentials?: boolean;
}

const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

/** Whether an address is that of a registry: by its scheme, or since it has none. */
export function isRegistryUrl(url: string): boolean {
  return url.startsWith('oci://') || !url.includes('://');
}

/** Throws `InvalidInput` for what is no address of a chart. */
export function locateChart(address: ChartAddress): ChartLocation {
  const { repoURL, chart, credentials, connection = {}, enableOCI = false, plainHttp = false } = address;
  if (chart.includes('..') || /[\s?#\\]/.test(chart)) throw invalid(`'${chart}' is not the name of a chart`);
  if (enableOCI || isRegistryUrl(repoURL)) {
    const scheme = plainHttp ? 'http' : 'https';
    const { url, authorization } = readRemoteAddress({
      url: `${scheme}://${repoURL.replace(/^[a-z]+:\/\//, '')}`,
      ...(credentials && { credentials }),
    });
    const { origin, pathname } = new URL(url);
    const repository = [pathname, chart].join('/').split('/').filter(Boolean).join('/');
    if (!REPOSITORY.test(repository)) {
      throw invalid(`${withoutUserinfo(repoURL)}: '${repository}' is not a repository of a registry`);
    }
    return { kind: 'oci', registry: origin, repository, connection, ...(authorization && { authorization }) };
  }
  if (chart === '') throw invalid(`${withoutUserinfo(repoURL)}: spec.source.chart does not name a chart`);
  const { url, authorization } = readRemoteAddress({ url: repoURL, ...(credentials && { credentials }) });
  return {
    kind: 'http',
    url,
    chart,
    connection,
    passCredentials: address.passCredentials ?? false,
    ...(authorization && { authorization }),
  };
}

/** The chart as people name it. */
export function formatLocation(location: ChartLocation): string {
  return location.kind === 'http'
    ? `${location.chart} of ${location.url}`
    : `oci://${new URL(location.registry).host}/${location.repository}`;
}

function invalid(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}
