// Charts of repositories and registries for `hawser template`, with helm's flags for them (Helm: ChartPathOptions, downloader.Manager).

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { HawserError } from '../base/errors.ts';
import { createChartClient } from '../charts/client.ts';
import { type ChartAddress, locateChart } from '../charts/location.ts';
import type { ConnectedFetch, ConnectionOptions } from '../platform.ts';
import type { Chart } from '../render/helm/chart.ts';
import { addFetchedDependencies } from '../source/chart-dependencies.ts';
import { createFetchedCharts } from '../source/fetched-charts.ts';
import type { CommandIo } from './io.ts';
import type { ParsedFlags } from './pflag.ts';

/** Gives the network when it is needed. */
export type Connect = () => Promise<ConnectedFetch>;

/** The archive that `oci://…`, a URL of a `.tgz`, or a name with `--repo` and `--version` means. */
export async function pullRemoteChart(
  reference: string,
  flags: ParsedFlags,
  io: CommandIo,
  connect: Connect,
): Promise<Uint8Array> {
  const client = createChartClient({ fetch: await connect() });
  const version = flags.last('version')?.trim() || (flags.isSet('devel') ? '>0.0.0-0' : '');
  const options = reachingOf(flags, io);
  const repoURL = flags.last('repo');
  if (repoURL) return (await client.pull(locateChart({ repoURL, chart: reference, ...options }), version)).archive;
  if (reference.startsWith('oci://')) {
    const { url, tag } = splitTag(reference);
    if (tag && version && tag !== version) {
      throw new HawserError('InvalidInput', `chart reference and version mismatch: ${version} is not ${tag}`);
    }
    const location = locateChart({ repoURL: url, chart: '', ...options });
    const { archive, artifact } = await client.pull(location, tag || version);
    if (artifact) io.stderr(pulledText(artifact));
    return archive;
  }
  const { origin } = new URL(reference);
  const location = locateChart({ repoURL: origin, chart: 'archive', ...options });
  if (location.kind !== 'http') throw new HawserError('InvalidInput', `invalid chart URL format: ${reference}`);
  return (await client.download(location, reference)).archive;
}

/** The chart with the dependencies that it lacks, in the newest versions that Chart.yaml allows. */
export async function addRemoteDependencies(
  chart: Chart,
  flags: ParsedFlags,
  io: CommandIo,
  connect: Connect,
): Promise<Chart> {
  const connection = connectionOf(flags, io);
  const plainHttp = flags.isSet('plain-http');
  const client = createChartClient({ fetch: async (...request) => (await connect())(...request) });
  const fetched = createFetchedCharts(client, ({ name, repository }) =>
    locateChart({ repoURL: repository, chart: name, connection, plainHttp }),
  );
  try {
    return addFetchedDependencies(chart, () => undefined, fetched.find);
  } catch (error) {
    if (!fetched.isIncomplete()) throw error;
    await fetched.load();
    return addFetchedDependencies(chart, () => undefined, fetched.find);
  }
}

function reachingOf(flags: ParsedFlags, io: CommandIo): Partial<ChartAddress> {
  const username = flags.last('username') ?? '';
  const password = flags.last('password') ?? '';
  return {
    connection: connectionOf(flags, io),
    plainHttp: flags.isSet('plain-http'),
    passCredentials: flags.isSet('pass-credentials'),
    ...((username !== '' || password !== '') && { credentials: { kind: 'basic', username, password } }),
  };
}

function connectionOf(flags: ParsedFlags, io: CommandIo): ConnectionOptions {
  const read = (flag: string) => {
    const path = flags.last(flag);
    return path ? readFileSync(resolve(io.cwd, path), 'utf8') : undefined;
  };
  const [ca, cert, key] = [read('ca-file'), read('cert-file'), read('key-file')];
  return {
    ...(ca && { ca }),
    ...(flags.isSet('insecure-skip-tls-verify') && { insecure: true }),
    ...(cert && key && { clientCertificate: { cert, key } }),
  };
}

/** What helm tells of a pull (Helm: pkg/registry/client.go, Pull). */
function pulledText({ reference, digest }: { readonly reference: string; readonly digest: string }): string {
  const text = `Pulled: ${reference}\nDigest: ${digest}\n`;
  return reference.includes('_') ? `${text}${reference} contains an underscore.\n${UNDERSCORE}` : text;
}

const UNDERSCORE = `
OCI artifact references (e.g. tags) do not support the plus sign (+). To support
storing semantic versions, Helm adopts the convention of changing plus (+) to
an underscore (_) in chart version tags when pushing to a registry and back to
a plus (+) when pulling from a registry.
`;

/** `oci://host:5000/charts/web:1.0.0` and `…@sha256:…`. */
function splitTag(reference: string): { url: string; tag: string } {
  const [named = '', digest = ''] = reference.split('@', 2);
  const [, url = named, tag = ''] = /^(oci:\/\/[^/]+\/.*?):([^/:]+)$/.exec(named) ?? [];
  return { url, tag: digest || tag };
}
