// The Secret of a repository as Argo CD keeps it (util/db/repository_secrets.go, repositoryToSecret), with what hawser adds to it.

import { fnv32a } from '../base/fnv.ts';
import { sameRepository } from '../git/repository-url.ts';
import type { KubeObject } from '../kube/object.ts';

export const SECRET_TYPE = 'argocd.argoproj.io/secret-type';

/** The annotation of Secrets that were made by the API: with their entry they are deleted, others only lose their label. */
export const MANAGED = { 'managed-by': 'argocd.argoproj.io' } as const;

/** hawser's own keys: the secrets that webhooks of this repository are signed with. */
export const WEBHOOK_SECRET = 'webhookSecret';
export const PREVIOUS_WEBHOOK_SECRET = 'webhookSecret.previous';

/** The keys of such a Secret and their values, without those that are empty. */
export type RepositoryData = Readonly<Record<string, string>>;

/** The keys that nobody is shown. */
const HIDDEN = [
  'password',
  'bearerToken',
  'sshPrivateKey',
  'tlsClientCertKey',
  'githubAppPrivateKey',
  'gcpServiceAccountKey',
  'azureServicePrincipalClientSecret',
  WEBHOOK_SECRET,
  PREVIOUS_WEBHOOK_SECRET,
];

/** What the label says a Secret of this kind is, and how Argo CD begins its name. Write credentials are used for nothing but writing. */
const NAME_PREFIXES = {
  repository: 'repo',
  'repo-creds': 'creds',
  'repository-write': 'repo-write',
  'repo-write-creds': 'creds-write',
} as const;

export type RepositorySecretType = keyof typeof NAME_PREFIXES;

/** A Secret that is new. */
export function repositorySecret(
  namespace: string,
  data: RepositoryData,
  type: RepositorySecretType = 'repository',
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: repositorySecretName(data.url ?? '', data.project ?? '', type),
      namespace,
      labels: { [SECRET_TYPE]: type },
      annotations: { ...MANAGED },
    },
    type: 'Opaque',
    stringData: { ...data },
  };
}

/** The name that Argo CD gives it: `repo-` and FNV-1a of the address and the project (util/db: RepoURLToSecretName). */
export function repositorySecretName(url: string, project: string, type: RepositorySecretType = 'repository'): string {
  return `${NAME_PREFIXES[type]}-${fnv32a(url + project)}`;
}

/** Whether a Secret's data are those of a repository in a project. */
export function isOfRepository(data: RepositoryData, url: string, project: string): boolean {
  return sameRepository(data.url ?? '', url) && (data.project ?? '') === project;
}

/** What of the data may be shown. */
export function shownData(data: RepositoryData): RepositoryData {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, HIDDEN.includes(key) ? '++++++++' : value]),
  );
}

/**
 * What changes when webhooks are signed with another secret from now on: the one before counts beside it, so that the Git server can be
 * told afterwards.
 */
export function rotateWebhookSecret(data: RepositoryData, secret: string): RepositoryData {
  const before = data[WEBHOOK_SECRET];
  if (before === secret) return {};
  return { [WEBHOOK_SECRET]: secret, ...(before && { [PREVIOUS_WEBHOOK_SECRET]: before }) };
}
