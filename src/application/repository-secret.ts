// The Secret of a repository as Argo CD keeps it (util/db/repository_secrets.go, repositoryToSecret), with what hawser adds to it.

import { sameRepository } from '../git/repository-url.ts';
import type { KubeObject } from '../kube/object.ts';

export const SECRET_TYPE = 'argocd.argoproj.io/secret-type';

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

/** A Secret that is new. */
export function repositorySecret(namespace: string, data: RepositoryData): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: repositorySecretName(data.url ?? '', data.project ?? ''),
      namespace,
      labels: { [SECRET_TYPE]: 'repository' },
      annotations: { 'managed-by': 'argocd.argoproj.io' },
    },
    type: 'Opaque',
    stringData: { ...data },
  };
}

/** The name that Argo CD gives it: `repo-` and FNV-1a of the address and the project (util/db: RepoURLToSecretName). */
export function repositorySecretName(url: string, project: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(url + project)) hash = Math.imul(hash ^ byte, 0x01000193);
  return `repo-${hash >>> 0}`;
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
