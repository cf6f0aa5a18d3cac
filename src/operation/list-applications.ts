// The Applications that whoever asks wants to see (Argo CD: server/application, List).

import { isApplicationNamespace, namedNamespaces } from '../application/application-namespaces.ts';
import { parseApplication, sourcesOf } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { sameRepository } from '../git/repository-url.ts';
import type { KubeList } from '../kube/client.ts';
import { isUnknownKind } from '../kube/refusal.ts';
import { readApplicationNamespaces } from './find-application.ts';
import type { Road } from './road.ts';

export interface ApplicationFilter {
  readonly name?: string | undefined;
  readonly projects?: readonly string[];
  /** A label selector as text. */
  readonly selector?: string | undefined;
  /** The address of a source. */
  readonly repo?: string | undefined;
  readonly namespace?: string | undefined;
  /** A part of the name; hawser's own. */
  readonly search?: string | undefined;
}

export interface ApplicationList {
  /** By their names. */
  readonly items: readonly Application[];
  /** A watch goes on from here. */
  readonly resourceVersion: string;
}

export async function findApplications(road: Road, filter: ApplicationFilter): Promise<ApplicationList> {
  const { namespace: own } = road.platform.settings;
  const patterns = await readApplicationNamespaces(road);
  const isWithin = ({ metadata }: Application) => isApplicationNamespace(metadata.namespace, own, patterns);
  const namespaces = filter.namespace ? [filter.namespace] : (namedNamespaces(own, patterns) ?? [undefined]);
  const permitted = namespaces.filter((name) => name === undefined || isApplicationNamespace(name, own, patterns));
  const lists = await Promise.all(permitted.map((name) => list(road, name, filter.selector)));
  const items = lists.flatMap((found) => found.items);
  const resourceVersion = lists[0]?.resourceVersion ?? '';
  const apps = items.map(parseApplication).filter((app) => isWithin(app) && isAskedFor(app, filter));
  return { items: apps.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)), resourceVersion };
}

async function list(
  { home }: Road,
  namespace: string | undefined,
  labelSelector: string | undefined,
): Promise<Pick<KubeList, 'items' | 'resourceVersion'>> {
  const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
  try {
    return await home.list(type, { ...(namespace && { namespace }), ...(labelSelector && { labelSelector }) });
  } catch (error) {
    if (isUnknownKind(error)) return { items: [], resourceVersion: '' };
    throw error;
  }
}

/** What is not asked for is not restricted. Also for a stream of changes. */
export function isAskedFor({ metadata, spec }: Application, filter: Omit<ApplicationFilter, 'selector'>): boolean {
  const { name, projects = [], repo, namespace, search } = filter;
  return (
    (!name || metadata.name === name) &&
    (!namespace || metadata.namespace === namespace) &&
    (projects.length === 0 || projects.includes(spec.project)) &&
    (!repo || sourcesOf(spec).some((source) => sameRepository(source.repoURL, repo))) &&
    (!search || metadata.name.includes(search))
  );
}
