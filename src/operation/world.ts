// What hawser knows at a wake: Applications, projects and repository Secrets, read from the home cluster, each once.

import { parseApplication } from '../application/parse.ts';
import { type Project, parseProject } from '../application/project.ts';
import type { Application } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import type { RepositorySecrets } from '../git/credentials.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Road } from './road.ts';
import { configData, decodeSecret } from './settings.ts';

export interface World {
  readonly applications: readonly Application[];
  readonly projects: ReadonlyMap<string, Project>;
  readonly repositories: RepositorySecrets;
}

const API = 'argoproj.io/v1alpha1';
const SECRET_TYPE = 'argocd.argoproj.io/secret-type';

/** Throws `Unavailable` when the home cluster is away, `InvalidInput` when its CRDs are missing. */
export async function readWorld(road: Road): Promise<World> {
  const [applications, rest] = await Promise.all([listApplications(road), readSurroundings(road)]);
  return { applications, ...rest };
}

/** The world without its Applications, for work on one that is known. */
export async function readSurroundings({ home, platform }: Road): Promise<Omit<World, 'applications'>> {
  const { namespace } = platform.settings;
  const [projects, secrets, certificates] = await Promise.all([
    home.list({ apiVersion: API, kind: 'AppProject' }, { namespace }),
    home.list(
      { apiVersion: 'v1', kind: 'Secret' },
      { namespace, labelSelector: `${SECRET_TYPE} in (repository,repo-creds)` },
    ),
    home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-tls-certs-cm' }),
  ]);
  const ofType = (type: string) =>
    secrets.items.filter(({ metadata }) => metadata.labels?.[SECRET_TYPE] === type).map(decodeSecret);
  return {
    projects: new Map(projects.items.map(parseProject).map((project) => [project.name, project])),
    repositories: {
      repositories: ofType('repository'),
      templates: ofType('repo-creds'),
      certificates: configData(certificates),
    },
  };
}

export async function listApplications({ home, platform }: Road): Promise<readonly Application[]> {
  const { namespace } = platform.settings;
  try {
    const { items } = await home.list({ apiVersion: API, kind: 'Application' }, { namespace });
    return items.map(parseListed);
  } catch (error) {
    if (isHawserError(error, 'ClusterRefused') && error.data.reason === 'UnknownKind') return [];
    throw error;
  }
}

/** Items of a list carry no apiVersion and kind on some servers. */
function parseListed(item: KubeObject): Application {
  return parseApplication({ ...item, apiVersion: API, kind: 'Application' });
}
