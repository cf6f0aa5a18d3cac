// What hawser knows at a wake: Applications, projects and repository Secrets, read from the home cluster.

import { parseApplication } from '../application/parse.ts';
import { type Project, parseProject } from '../application/project.ts';
import type { Application } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import type { RepositorySecrets } from '../git/credentials.ts';
import type { Road } from './road.ts';
import { configData, decodeSecret } from './settings.ts';

const API = 'argoproj.io/v1alpha1';
const SECRET_TYPE = 'argocd.argoproj.io/secret-type';

/** Every Application there is now. Throws `Unavailable` when the home cluster is away. */
export async function listApplications(road: Road): Promise<readonly Application[]> {
  const { namespace } = road.platform.settings;
  try {
    const { items } = await road.home.list({ apiVersion: API, kind: 'Application' }, { namespace });
    road.lastListed.applications = items.map(parseApplication);
    return road.lastListed.applications;
  } catch (error) {
    if (isHawserError(error, 'ClusterRefused') && error.data.reason === 'UnknownKind') return [];
    throw error;
  }
}

export async function readProject({ home, platform }: Road, name: string): Promise<Project | undefined> {
  const { namespace } = platform.settings;
  const found = await home.get({ apiVersion: API, kind: 'AppProject', namespace, name });
  return found && parseProject(found);
}

/**
 * The Secrets of repositories; those of clusters come with them and go to `road.clusters`. `cached`: as the API server's cache has
 * them, milliseconds old, without waiting for it to catch up.
 */
export async function readRepositorySecrets(
  { home, platform, clusters }: Road,
  freshness: 'cached' | 'consistent',
): Promise<RepositorySecrets> {
  const { namespace } = platform.settings;
  const labelSelector = `${SECRET_TYPE} in (repository,repo-creds,cluster)`;
  const [secrets, certificates] = await Promise.all([
    home.list(
      { apiVersion: 'v1', kind: 'Secret' },
      { namespace, labelSelector, ...(freshness === 'cached' && { resourceVersion: '0' }) },
    ),
    home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-tls-certs-cm' }),
  ]);
  const ofType = (type: string) => secrets.items.filter(({ metadata }) => metadata.labels?.[SECRET_TYPE] === type);
  clusters.learn(ofType('cluster'), secrets.resourceVersion);
  return {
    repositories: ofType('repository').map(decodeSecret),
    templates: ofType('repo-creds').map(decodeSecret),
    certificates: configData(certificates),
  };
}
