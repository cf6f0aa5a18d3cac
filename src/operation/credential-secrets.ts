// The Secrets that credentials for Git servers, charts and registries are chosen from, with the certificates of those servers.

import { type RepositorySecretType, SECRET_TYPE } from '../application/repository-secret.ts';
import type { RepositorySecrets } from '../git/credentials.ts';
import type { KubeClient } from '../kube/client.ts';
import { configData, decodeSecret } from './settings.ts';

/** `types`: the labels of those of one repository, and of templates for many. */
export async function readCredentialSecrets(
  home: KubeClient,
  namespace: string,
  types: { readonly repository: RepositorySecretType; readonly template: RepositorySecretType },
): Promise<RepositorySecrets> {
  const labelSelector = `${SECRET_TYPE} in (${types.repository},${types.template})`;
  const [secrets, certificates] = await Promise.all([
    home.list({ apiVersion: 'v1', kind: 'Secret' }, { namespace, labelSelector }),
    readGitCertificates(home, namespace),
  ]);
  const ofType = (type: RepositorySecretType) =>
    secrets.items.filter(({ metadata }) => metadata.labels?.[SECRET_TYPE] === type).map(decodeSecret);
  return { repositories: ofType(types.repository), templates: ofType(types.template), certificates };
}

/** Those of argocd-tls-certs-cm: host to PEM. */
export async function readGitCertificates(
  home: KubeClient,
  namespace: string,
): Promise<Readonly<Record<string, string>>> {
  return configData(await home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-tls-certs-cm' }));
}
