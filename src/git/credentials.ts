// Which credentials and connection settings a repository has, from Argo CD's Secrets. Pure; reading the Secrets is
// the caller's.

import { HawserError } from '../base/errors.ts';
import type { ConnectionOptions } from '../platform.ts';
import { type Credentials, credentialsOf, type Remote } from './remote.ts';
import { hostOf, normaliseRepositoryUrl, originOf, sameRepository } from './repository-url.ts';

/** A Secret's data, decoded: `url`, `username`, `password`, `bearerToken`, `project`, `insecure` … */
export type RepositorySecret = Readonly<Record<string, string>>;

export interface RepositorySecrets {
  /** Label `argocd.argoproj.io/secret-type: repository`. */
  readonly repositories: readonly RepositorySecret[];
  /** Label `argocd.argoproj.io/secret-type: repo-creds`. */
  readonly templates: readonly RepositorySecret[];
  /** ConfigMap argocd-tls-certs-cm: host to PEM. */
  readonly certificates: Readonly<Record<string, string>>;
}

export const NO_SECRETS: RepositorySecrets = { repositories: [], templates: [], certificates: {} };

/** Any of these in a repository's own Secret means that templates do not count (Argo CD: Repository.HasCredentials). */
const OWN_CREDENTIALS = [
  'username',
  'password',
  'bearerToken',
  'sshPrivateKey',
  'tlsClientCertData',
  'githubAppPrivateKey',
  'azureServicePrincipalClientSecret',
] as const;

/** What a repository takes from a template where its own Secret is silent (CopyCredentialsFrom): never `insecure`. */
const FROM_TEMPLATE = [
  ...OWN_CREDENTIALS,
  'tlsClientCertKey',
  'githubAppID',
  'githubAppInstallationID',
  'gcpServiceAccountKey',
  'proxy',
  'noProxy',
  'type',
  'enableOCI',
  'insecureOCIForceHttp',
] as const;

const TOKEN_SERVICES: Readonly<Record<string, string>> = {
  githubAppPrivateKey: 'a GitHub App',
  gcpServiceAccountKey: 'a Google service account',
  azureServicePrincipalClientSecret: 'an Azure service principal',
};

/** The user that Git servers accept beside a token when none is configured (Argo CD: githubAccessTokenUsername). */
const TOKEN_USER = 'x-access-token';

/**
 * The settings of the repository at `url` for an Application of `project`: its own Secret (that of the project before
 * one of no project), with credentials of the template with the longest matching URL where it has none. An empty
 * record where nothing is known. (Argo CD: util/db/repository_secrets.go, getRepositorySecret,
 * getRepositoryCredentialIndex)
 */
export function chooseRepositorySecret(url: string, project: string, secrets: RepositorySecrets): RepositorySecret {
  const own = chooseOwnSecret(url, project, secrets.repositories) ?? {};
  return inheritCredentials(url, own, secrets.templates) ?? own;
}

/** The repository's own Secret: that of the project before one of no project. */
export function chooseOwnSecret(
  url: string,
  project: string,
  repositories: readonly RepositorySecret[],
): RepositorySecret | undefined {
  const same = repositories.filter((secret) => sameRepository(secret.url ?? '', url));
  return same.find((secret) => (secret.project ?? '') === project) ?? same.find((secret) => !secret.project);
}

/** A Secret with the credentials of the template for its address; undefined where it has its own, or there is none. */
export function inheritCredentials(
  url: string,
  own: RepositorySecret,
  templates: readonly RepositorySecret[],
): RepositorySecret | undefined {
  if (hasCredentials(own)) return undefined;
  const template = chooseTemplate(url, templates);
  if (!template) return undefined;
  const inherited = FROM_TEMPLATE.filter((key) => !own[key] && template[key]).map((key) => [key, template[key] ?? '']);
  return { ...own, ...Object.fromEntries(inherited) };
}

/** Whether a Secret brings credentials of its own (Argo CD: Repository.HasCredentials). */
export function hasCredentials(secret: RepositorySecret): boolean {
  return OWN_CREDENTIALS.some((key) => secret[key]) || secret.useAzureWorkloadIdentity === 'true';
}

/** What is known of those who write to repositories: labels `repository-write` and `repo-write-creds`. */
export type WriteSecrets = RepositorySecrets;

/**
 * How to write to the repository at `url` for an Application of `project`; undefined where nobody gave credentials for that. Nothing that
 * reads asks this, and nothing that writes takes the credentials for reading. Throws as `chooseRemote` does.
 */
export function chooseWriter(url: string, project: string, secrets: WriteSecrets): Remote | undefined {
  const remote = chooseRemote(url, project, secrets);
  return remote.credentials || remote.connection?.clientCertificate ? remote : undefined;
}

/**
 * How to reach the Git repository at `url`. Throws `Unsupported` for credentials that only other services can turn
 * into a token.
 */
export function chooseRemote(url: string, project: string, secrets: RepositorySecrets): Remote {
  const secret = chooseRepositorySecret(url, project, secrets);
  const credentials = readCredentials(url, secret);
  const connection = readConnection(url, secret, secrets.certificates);
  return {
    url,
    ...(credentials && { credentials }),
    ...(Object.keys(connection).length > 0 && { connection }),
    ...(secret.enableLfs === 'true' && { lfs: true }),
  };
}

/**
 * How to reach the repository of a submodule that the repository at `parent` names: as a source of its own, where the project permits
 * that; otherwise with the parent's credentials where it is on the same scheme, host and port (Argo CD gives Git the parent's for every
 * host: util/git/client.go, Submodule), and without any elsewhere. So nobody reads by way of a submodule what the project keeps from
 * them.
 */
export async function chooseSubmoduleRemote(
  url: string,
  parent: Remote,
  project: string,
  secrets: RepositorySecrets,
  isPermitted: (url: string) => Promise<boolean>,
): Promise<Remote> {
  const own = chooseRemote(url, project, secrets);
  const lfs = own.lfs || parent.lfs ? { lfs: true } : {};
  const hasOwn = credentialsOf(own) !== undefined || own.connection?.clientCertificate !== undefined;
  if (sameRepository(url, parent.url) || (hasOwn && (await isPermitted(url)))) {
    return sameRepository(url, parent.url) ? { ...parent, url } : { ...own, ...lfs };
  }
  const origin = originOf(url);
  if (origin !== undefined && origin === originOf(parent.url)) {
    const credentials = credentialsOf(parent);
    const { connection } = parent;
    return { url, ...(credentials && { credentials }), ...(connection && { connection }), ...lfs };
  }
  const connection = readConnection(url, {}, secrets.certificates);
  return { url, ...(Object.keys(connection).length > 0 && { connection }), ...lfs };
}

/** The TLS and proxy settings of any address (Git, Helm, OCI) with the Secret that was chosen for it. */
export function readConnection(
  url: string,
  secret: RepositorySecret,
  certificates: Readonly<Record<string, string>>,
): ConnectionOptions {
  const ca = certificates[hostOf(url) ?? ''];
  const { tlsClientCertData: cert, tlsClientCertKey: key, proxy, noProxy } = secret;
  return {
    ...(ca && { ca }),
    ...(secret.insecure === 'true' && { insecure: true }),
    ...(cert && key && { clientCertificate: { cert, key } }),
    ...(proxy && { proxy }),
    ...(proxy && noProxy && { noProxy }),
  };
}

/**
 * The longest prefix wins. A template counts only for its own scheme, host and port: by the text alone
 * `https://git.example.com` would be a prefix of `https://git.example.com.evil.org/`, to which Argo CD sends the
 * password.
 */
function chooseTemplate(url: string, templates: readonly RepositorySecret[]): RepositorySecret | undefined {
  const normal = normaliseRepositoryUrl(url) ?? '';
  const origin = originOf(url);
  let best: { length: number; template: RepositorySecret } | undefined;
  for (const template of templates) {
    const prefix = normaliseRepositoryUrl(template.url ?? '');
    if (!prefix || !normal.startsWith(prefix) || originOf(template.url ?? '') !== origin) continue;
    if (!best || prefix.length > best.length) best = { length: prefix.length, template };
  }
  return best?.template;
}

/** User and password or token of a chosen Secret. Throws as `chooseRemote` does. */
export function readCredentials(url: string, secret: RepositorySecret): Credentials | undefined {
  if (secret.bearerToken) return { kind: 'bearer', token: secret.bearerToken };
  if (secret.username || secret.password) {
    return { kind: 'basic', username: secret.username || TOKEN_USER, password: secret.password ?? '' };
  }
  for (const [key, service] of Object.entries(TOKEN_SERVICES)) {
    if (!secret[key]) continue;
    throw new HawserError(
      'Unsupported',
      `the credentials of ${hostOf(url) ?? 'the repository'} are those of ${service}`,
      {
        hint: 'give a token as username and password, or as bearerToken',
      },
    );
  }
  return undefined;
}
