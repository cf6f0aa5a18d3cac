// A home cluster for rendering where there is none: empty, with the project of the one Application that is rendered, and the credentials for
// its repositories.

import { type RepositoryData, repositorySecret } from '../application/repository-secret.ts';
import { createKubeClient } from '../kube/client.ts';
import { prepareHome } from '../operation/prepare-home.ts';
import type { ClusterTransport } from '../platform.ts';
import { createSandbox } from './sandbox.ts';

export interface OfflineHomeOptions {
  readonly namespace: string;
  readonly project: string;
  /** For every repository whose address begins with its `url`. */
  readonly credentials?: RepositoryData;
  /** What the cluster says that it is: `1.33.1`. */
  readonly kubeVersion?: string;
}

export async function createOfflineHome(options: OfflineHomeOptions): Promise<ClusterTransport> {
  const { namespace, project, credentials, kubeVersion } = options;
  const sandbox = createSandbox({
    clock: { now: () => Date.now() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const server = 'http://offline.invalid';
  const home: ClusterTransport = {
    server,
    fetch: async (path, init) => {
      if (path === '/version' && kubeVersion) return Response.json(versionInfo(kubeVersion));
      return sandbox.fetch(new Request(`${server}${path}`, init));
    },
    close: () => sandbox.close(),
  };
  const client = createKubeClient(home, { fieldManager: 'hawser' });
  await prepareHome(client, namespace);
  if (project !== 'default') {
    await client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: project, namespace },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ namespace: '*', server: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    });
  }
  if (credentials) await client.create(repositorySecret(namespace, credentials, 'repo-creds'));
  return home;
}

function versionInfo(text: string) {
  const [major = '', minor = ''] = text.replace(/^v/, '').split('.');
  return { major, minor, gitVersion: `v${text.replace(/^v/, '')}`, platform: 'linux/amd64' };
}
