// A repository or a template of credentials as Argo CD's API has it (v1alpha1.Repository, RepoCreds), and as its Secret has it.

import { HawserError } from '../base/errors.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { RepositoryData } from './repository-secret.ts';

const TEXTS = [
  'name',
  'project',
  'username',
  'password',
  'bearerToken',
  'sshPrivateKey',
  'tlsClientCertData',
  'tlsClientCertKey',
  'type',
  'githubAppPrivateKey',
  'githubAppEnterpriseBaseUrl',
  'proxy',
  'noProxy',
  'gcpServiceAccountKey',
  'azureServicePrincipalClientId',
  'azureServicePrincipalClientSecret',
  'azureServicePrincipalTenantId',
  'azureActiveDirectoryEndpoint',
] as const;

const BOOLEANS = [
  'insecureIgnoreHostKey',
  'insecure',
  'enableLfs',
  'enableOCI',
  'insecureOCIForceHttp',
  'forceHttpBasicAuth',
  'useAzureWorkloadIdentity',
  'webhookManifestCacheWarmDisabled',
] as const;

const NUMBERS = ['githubAppID', 'githubAppInstallationID', 'depth'] as const;

/** The keys of a Secret that the API can set; others (webhooks' secrets) are nobody's but hawser's. */
export const API_KEYS: readonly string[] = ['url', ...TEXTS, ...BOOLEANS, ...NUMBERS];

/** Of what may be shown (Repository.Sanitized): no password, key or token. */
const SHOWN_TEXTS = [
  'type',
  'name',
  'username',
  'proxy',
  'noProxy',
  'project',
  'githubAppEnterpriseBaseUrl',
  'azureServicePrincipalClientId',
  'azureServicePrincipalTenantId',
  'azureActiveDirectoryEndpoint',
] as const;
const SHOWN_BOOLEANS = ['enableLfs', 'enableOCI', 'forceHttpBasicAuth', 'useAzureWorkloadIdentity'] as const;

/**
 * The Secret's data of a body, by `url` or `repo`; what is empty is absent. Throws `InvalidInput` for values of another type than the API's.
 */
export function repositoryDataOf(body: Readonly<Record<string, unknown>>): RepositoryData {
  const data: Record<string, string> = {};
  const url = textOf(body, 'repo') || textOf(body, 'url');
  if (url) data.url = url;
  for (const key of TEXTS) {
    const text = textOf(body, key);
    if (text) data[key] = text;
  }
  for (const key of BOOLEANS) {
    const value = body[key] ?? false;
    if (typeof value !== 'boolean') throw new HawserError('InvalidInput', `${key} must be true or false`);
    if (value) data[key] = 'true';
  }
  for (const key of NUMBERS) {
    const value = body[key] ?? 0;
    // Go's clients write 64-bit integers as text, too (protobuf's JSON).
    if (!Number.isSafeInteger(Number(value)) || (typeof value !== 'number' && typeof value !== 'string')) {
      throw new HawserError('InvalidInput', `${key} must be a whole number`);
    }
    if (Number(value) !== 0) data[key] = String(Number(value));
  }
  return data;
}

function textOf(body: Readonly<Record<string, unknown>>, key: string): string {
  const value = body[key] ?? '';
  if (typeof value === 'string') return value;
  throw new HawserError('InvalidInput', `${key} must be a string`);
}

/** The type that counts (Repository.Normalize). */
export function typeOfRepository({ type, url = '' }: RepositoryData): string {
  return type || (url.startsWith('oci://') ? 'oci' : 'git');
}

/** What may be shown of a repository, by the names of the API. */
export function presentRepository(data: RepositoryData): Record<string, unknown> {
  const isInsecure = ['insecure', 'insecureIgnoreHostKey', 'insecureOCIForceHttp'].some((key) => isTrue(data[key]));
  return {
    repo: shownUrl(data),
    ...Object.fromEntries(SHOWN_TEXTS.flatMap((key) => (data[key] ? [[key, shownText(key, data[key])]] : []))),
    ...Object.fromEntries(SHOWN_BOOLEANS.flatMap((key) => (isTrue(data[key]) ? [[key, true]] : []))),
    ...Object.fromEntries(NUMBERS.flatMap((key) => (Number(data[key] ?? 0) ? [[key, Number(data[key])]] : []))),
    ...(isInsecure && { insecure: true }),
    type: typeOfRepository(data),
  };
}

/** The address of a proxy may hold a password. */
function shownText(key: string, text: string): string {
  return key === 'proxy' ? withoutUserinfo(text) : text;
}

/** What may be shown of a template of credentials. */
export function presentCredentials(data: RepositoryData): Record<string, unknown> {
  const { username, type, enableOCI } = data;
  return {
    url: shownUrl(data),
    ...(username && { username }),
    ...(type && { type }),
    ...(isTrue(enableOCI) && { enableOCI: true }),
  };
}

/** The address without user and password, as it is shown and as policies name it. */
export function shownUrl({ url = '' }: RepositoryData): string {
  return withoutUserinfo(url);
}

/** The keys in which two differ; hawser's own do not count. */
export function differentKeys(one: RepositoryData, other: RepositoryData): readonly string[] {
  const readKey = (data: RepositoryData, key: string) => {
    if (key === 'type') return typeOfRepository(data);
    const value = data[key] ?? '';
    return value === 'false' || value === '0' ? '' : value;
  };
  return API_KEYS.filter((key) => key !== 'url' && readKey(one, key) !== readKey(other, key));
}

const CREDENTIALS = [
  'username',
  'password',
  'bearerToken',
  'sshPrivateKey',
  'tlsClientCertData',
  'tlsClientCertKey',
  'githubAppPrivateKey',
  'githubAppID',
  'githubAppInstallationID',
  'githubAppEnterpriseBaseUrl',
  'gcpServiceAccountKey',
  'azureServicePrincipalClientId',
  'azureServicePrincipalClientSecret',
  'azureServicePrincipalTenantId',
  'azureActiveDirectoryEndpoint',
  'useAzureWorkloadIdentity',
] as const;

const KINDS = {
  basic: ['username', 'password'],
  bearer: ['bearerToken'],
  ssh: ['sshPrivateKey'],
  tls: ['tlsClientCertData'],
  'github-app': ['githubAppPrivateKey'],
  google: ['gcpServiceAccountKey'],
  azure: ['azureServicePrincipalClientSecret', 'useAzureWorkloadIdentity'],
} as const satisfies Record<string, readonly (typeof CREDENTIALS)[number][]>;

export type CredentialKind = keyof typeof KINDS;

export const CREDENTIAL_KINDS = Object.keys(KINDS) as CredentialKind[];

/** Of what kinds its credentials are: what may be told of them. */
export function credentialKinds(data: RepositoryData): CredentialKind[] {
  return CREDENTIAL_KINDS.filter((kind) => KINDS[kind].some((key) => data[key] && data[key] !== 'false'));
}

/** What decides to whom credentials are shown on their way. */
const WAY = [
  'proxy',
  'noProxy',
  'insecure',
  'insecureIgnoreHostKey',
  'insecureOCIForceHttp',
  'type',
  'enableOCI',
] as const;

/**
 * Settings with the credentials that are known, where they bring none: whoever changes a name need not know the password. Throws
 * `InvalidInput` where they would then go another way than whoever gave them has chosen: through another proxy, or to whoever has no
 * certificate.
 */
export function withKnownCredentials(data: RepositoryData, known: RepositoryData): RepositoryData {
  if (CREDENTIALS.some((key) => data[key])) return data;
  const kept = CREDENTIALS.flatMap((key) => (known[key] ? [[key, known[key]] as const] : []));
  if (kept.length === 0) return data;
  const different = differentKeys(known, data).filter((key) => WAY.some((name) => name === key));
  if (different.length === 0) return { ...data, ...Object.fromEntries(kept) };
  throw new HawserError('InvalidInput', `with another ${different.join(', ')}, the credentials must be given again`, {
    hint: 'they would go another way than whoever gave them has chosen',
  });
}

/** Go: strconv.ParseBool. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text);
}
