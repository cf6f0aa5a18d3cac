// Whether a repository can be reached with what its Secret says: by the same clients that the handler uses.

import type { RepositoryData } from '../application/repository-secret.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { createChartClient } from '../charts/client.ts';
import { createGitClient } from '../git/client.ts';
import { chooseRemote, type RepositorySecrets } from '../git/credentials.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { ConnectedFetch } from '../platform.ts';
import { locateSource } from './chart-locations.ts';

export interface TestParts {
  readonly fetch: ConnectedFetch;
  /** Host to PEM. */
  readonly certificates: Readonly<Record<string, string>>;
  /** Half a minute where not given. */
  readonly limitMs?: number;
}

const LIMIT_MS = 30_000;

/** What was found, in one sentence. Throws what the handler would fail by. */
export async function testRepository(data: RepositoryData, parts: TestParts): Promise<string> {
  const { fetch, certificates, limitMs = LIMIT_MS } = parts;
  const { url = '', type = 'git', project = '' } = data;
  const shown = withoutUserinfo(url);
  const secrets: RepositorySecrets = { repositories: [data], templates: [], certificates };
  const signal = AbortSignal.timeout(limitMs);
  switch (type) {
    case 'git': {
      const refs = await createGitClient({ fetch }).listRefs(chooseRemote(url, project, secrets), { signal });
      const branches = [...refs.byName.keys()].filter((name) => name.startsWith('refs/heads/')).length;
      return branches === 0 ? `${shown} answers; it has no branch yet` : `${shown} answers; branches: ${branches}`;
    }
    case 'helm': {
      if (data.enableOCI === 'true') return testRegistry(data, secrets, fetch, signal);
      const location = locateSource({ repoURL: url, chart: '-' }, project, secrets);
      try {
        await createChartClient({ fetch }).resolveVersion(location, '*', signal);
      } catch (error) {
        // Its index was read, and has no such chart.
        if (!isHawserError(error, 'RevisionNotFound')) throw error;
      }
      return `${shown} answers with an index of charts`;
    }
    case 'oci':
      return testRegistry(data, secrets, fetch, signal);
    default:
      throw new HawserError('InvalidInput', `--type ${type} is not one of git, helm, oci`);
  }
}

/** Whether it accepts the credentials; what it holds is told by name alone. */
async function testRegistry(
  { url = '', project = '' }: RepositoryData,
  secrets: RepositorySecrets,
  fetch: ConnectedFetch,
  signal: AbortSignal,
): Promise<string> {
  const location = locateSource({ repoURL: url, chart: 'chart' }, project, secrets);
  if (location.kind !== 'oci') {
    throw new HawserError('InvalidInput', `${withoutUserinfo(url)} is no address of a registry`, {
      hint: 'write it as oci://registry.example.com/charts',
    });
  }
  await createChartClient({ fetch }).ping(location, signal);
  return `${withoutUserinfo(url)} answers as a registry does`;
}
