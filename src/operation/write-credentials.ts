// The credentials for writing to Git servers: never read for fetching, and never mixed with those for reading.

import { SECRET_TYPE } from '../application/repository-secret.ts';
import type { WriteSecrets } from '../git/credentials.ts';
import type { Road } from './road.ts';
import { configData, decodeSecret } from './settings.ts';

/** What `chooseWriter` takes. */
export async function readWriteCredentials({ home, platform }: Pick<Road, 'home' | 'platform'>): Promise<WriteSecrets> {
  const { namespace } = platform.settings;
  const labelSelector = `${SECRET_TYPE} in (repository-write,repo-write-creds)`;
  const [secrets, certificates] = await Promise.all([
    home.list({ apiVersion: 'v1', kind: 'Secret' }, { namespace, labelSelector }),
    home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-tls-certs-cm' }),
  ]);
  const ofType = (type: string) =>
    secrets.items.filter(({ metadata }) => metadata.labels?.[SECRET_TYPE] === type).map(decodeSecret);
  return {
    repositories: ofType('repository-write'),
    templates: ofType('repo-write-creds'),
    certificates: configData(certificates),
  };
}
