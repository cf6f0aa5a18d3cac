// What hawser knows at a wake: Applications, projects and repository Secrets, read from the home cluster.

import { isApplicationNamespace, namedNamespaces } from '../application/application-namespaces.ts';
import { matchesLabelSelector } from '../application/label-selector.ts';
import { parseApplication } from '../application/parse.ts';
import { type Project, parseProject, withGlobalProject, withProjectScoped } from '../application/project.ts';
import { SECRET_TYPE } from '../application/repository-secret.ts';
import type { Application } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import type { RepositorySecrets } from '../git/credentials.ts';
import type { ListOptions } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Road } from './road.ts';
import { configData, decodeSecret } from './settings.ts';

const API = 'argoproj.io/v1alpha1';

/** Every Application there is now. Throws `Unavailable` when the home cluster is away. */
export async function listApplications(road: Road): Promise<readonly Application[]> {
  try {
    road.lastListed.applications = (await listIn(road, {})).map(parseApplication);
    road.observer.listed(road.lastListed.applications);
    return road.lastListed.applications;
  } catch (error) {
    if (isHawserError(error, 'ClusterRefused') && error.data.reason === 'UnknownKind') return [];
    throw error;
  }
}

/** Of hawser's own namespace, and of those that `application.namespaces` names. */
async function listIn(
  { home, platform, argo }: Road,
  options: Pick<ListOptions, 'metadataOnly' | 'limit'>,
): Promise<readonly KubeObject[]> {
  const { namespace: own } = platform.settings;
  const { applicationNamespaces: patterns } = argo.settings;
  const type = { apiVersion: API, kind: 'Application' };
  const namespaces = namedNamespaces(own, patterns);
  if (namespaces) {
    const lists = await Promise.all(namespaces.map((namespace) => home.list(type, { ...options, namespace })));
    return lists.flatMap(({ items }) => items);
  }
  const { items } = await home.list(type, options);
  return items.filter(({ metadata }) => isApplicationNamespace(metadata.namespace ?? '', own, patterns));
}

/** What hawser has just written of an Application; the next push begins with it. */
export function rememberApplication({ lastListed }: Road, app: Application): void {
  const { applications } = lastListed;
  const index = applications.findIndex(({ metadata }) => metadata.uid === app.metadata.uid);
  if (index >= 0) lastListed.applications = applications.with(index, app);
}

/** Fewer are listed as a whole by one request. */
const MANY = 50;
/** As many are read one by one rather than all as a whole. */
const MOST_READ = 32;
const METADATA_PAGE = 5_000;

/**
 * The same, where the last list may still be true of most: the metadata of 1,000 Applications come in a quarter of the time that the
 * Applications themselves take, and tell which have to be read.
 */
export async function relistApplications(road: Road): Promise<readonly Application[]> {
  const { applications: before } = road.lastListed;
  if (before.length < MANY) return listApplications(road);
  const type = { apiVersion: API, kind: 'Application' };
  const items = await listIn(road, { metadataOnly: true, limit: METADATA_PAGE });
  const known = new Map(before.map((app) => [app.metadata.uid, app]));
  const isSame = ({ metadata: { uid, resourceVersion } }: KubeObject) =>
    known.get(uid)?.metadata.resourceVersion === resourceVersion;
  const others = items.filter((item) => !isSame(item));
  if (others.length > MOST_READ) return listApplications(road);
  const read = new Map(
    await Promise.all(
      others.map(async ({ metadata: { name = '', namespace = '', uid } }) => {
        return [uid, await road.home.get({ ...type, namespace, name })] as const;
      }),
    ),
  );
  const applications = items.flatMap((item): readonly Application[] => {
    const same = isSame(item) ? known.get(item.metadata.uid) : undefined;
    if (same) return [same];
    const found = read.get(item.metadata.uid);
    return found ? [parseApplication(found)] : [];
  });
  road.lastListed.applications = applications;
  road.observer.listed(applications);
  return applications;
}

/**
 * The project as it counts: with the repositories and clusters that are registered for it alone, and with the rules of global projects
 * (Argo CD: util/argo, GetAppProjectByName). Those are known from the Secrets and settings, for which it waits by `known`.
 */
export async function readProject(road: Road, name: string, known?: Promise<unknown>): Promise<Project | undefined> {
  const [found] = await Promise.all([getProject(road, name), known]);
  if (!found) return undefined;
  const { argo, clusters, lastListed } = road;
  const repositories = lastListed.repositories.filter(({ project }) => project === name).map(({ url = '' }) => url);
  reportUnused(road, parseProject(found));
  let project = withProjectScoped(parseProject(found), repositories, clusters.ofProject(name));
  for (const { projectName, labelSelector } of argo.settings.globalProjects) {
    if (projectName === name || !matchesLabelSelector(labelSelector, found.metadata.labels)) continue;
    const global = await getProject(road, projectName);
    if (global) project = withGlobalProject(project, parseProject(global));
  }
  return project;
}

/** Once for each key, as for settings. */
function reportUnused({ argo, platform }: Road, { name, unused }: Project): void {
  for (const key of unused) {
    const reported = `AppProject ${name}: ${key}`;
    if (argo.reported.has(reported)) continue;
    argo.reported.add(reported);
    platform.log.warn('a rule of an AppProject has no effect here', { project: name, key });
  }
}

function getProject({ home, platform }: Road, name: string): Promise<KubeObject | undefined> {
  const { namespace } = platform.settings;
  return home.get({ apiVersion: API, kind: 'AppProject', namespace, name });
}

/**
 * The Secrets of repositories; those of clusters come with them and go to `road.clusters`. `cached`: as the API server's cache has
 * them, milliseconds old, without waiting for it to catch up.
 */
export async function readRepositorySecrets(
  { home, platform, clusters, lastListed }: Road,
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
  lastListed.repositories = ofType('repository').map(decodeSecret);
  return {
    repositories: lastListed.repositories,
    templates: ofType('repo-creds').map(decodeSecret),
    certificates: configData(certificates),
  };
}
