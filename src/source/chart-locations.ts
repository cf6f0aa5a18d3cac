// Where the charts of Applications and of Chart.yaml lie, with the credentials that repository Secrets hold for them.

import type { Source } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { type ChartLocation, isRegistryUrl, locateChart } from '../charts/location.ts';
import {
  chooseRepositorySecret,
  type RepositorySecret,
  type RepositorySecrets,
  readConnection,
  readCredentials,
} from '../git/credentials.ts';
import { requireStraight } from '../git/repository-url.ts';

/** Whether a source is a chart of a repository or registry and not a folder in Git. */
export function isChartSource({ chart, repoURL }: Source): boolean {
  return Boolean(chart) || repoURL.startsWith('oci://');
}

/** Throws `InvalidInput` for what is no address. */
export function locateSource(source: Source, project: string, secrets: RepositorySecrets): ChartLocation {
  const passCredentials = source.helm?.passCredentials ?? false;
  return locate(source.repoURL, source.chart ?? '', project, secrets, passCredentials);
}

/** `repository` of a dependency: a URL, or `@name` and `alias:name` for a repository Secret of that name. */
export function locateDependency(
  { name, repository }: { readonly name: string; readonly repository: string },
  project: string,
  secrets: RepositorySecrets,
  passCredentials: boolean,
): ChartLocation {
  const alias = /^(?:@|alias:)(.*)$/.exec(repository)?.[1];
  if (alias === undefined) return locate(repository, name, project, secrets, passCredentials);
  const named = secrets.repositories.find(
    (secret) => secret.name === alias && (!secret.project || secret.project === project),
  );
  if (named?.url) return locate(named.url, name, project, secrets, passCredentials);
  throw new HawserError('RenderFailed', `dependency ${name}: no repository definition for ${repository}`, {
    hint: `make a repository Secret with the name ${alias}, or write the repository's URL into Chart.yaml`,
  });
}

function locate(
  repoURL: string,
  chart: string,
  project: string,
  secrets: RepositorySecrets,
  passCredentials: boolean,
): ChartLocation {
  // A registry takes the chart's name into the path.
  requireStraight(`${repoURL}/${chart}`);
  const secret = chooseSecret(repoURL, chart, project, secrets);
  const credentials = readCredentials(repoURL, secret);
  const web = isRegistryUrl(repoURL) ? `https://${repoURL.replace(/^oci:\/\//, '')}` : repoURL;
  return locateChart({
    repoURL,
    chart,
    connection: readConnection(web, secret, secrets.certificates),
    enableOCI: secret.enableOCI === 'true',
    plainHttp: secret.insecureOCIForceHttp === 'true',
    passCredentials,
    ...(credentials && { credentials }),
  });
}

/** A registry's address is written with and without `oci://`, and its Secret may be that of the chart itself. */
function chooseSecret(url: string, chart: string, project: string, secrets: RepositorySecrets): RepositorySecret {
  const bare = url.replace(/^oci:\/\//, '').replace(/\/+$/, '');
  const addresses = isRegistryUrl(url)
    ? [url, bare, `oci://${bare}`, ...(chart === '' ? [] : [`${bare}/${chart}`, `oci://${bare}/${chart}`])]
    : [url, `${url.replace(/\/+$/, '')}/`, url.replace(/\/+$/, '')];
  for (const address of addresses) {
    const secret = chooseRepositorySecret(address, project, secrets);
    if (Object.keys(secret).length > 0) return secret;
  }
  return {};
}
