// The credentials for writing to Git servers: never read for fetching, and never mixed with those for reading.

import type { WriteSecrets } from '../git/credentials.ts';
import { readCredentialSecrets } from './credential-secrets.ts';
import type { Road } from './road.ts';

/** What `chooseWriter` takes. */
export function readWriteCredentials({ home, platform }: Pick<Road, 'home' | 'platform'>): Promise<WriteSecrets> {
  const types = { repository: 'repository-write', template: 'repo-write-creds' } as const;
  return readCredentialSecrets(home, platform.settings.namespace, types);
}
