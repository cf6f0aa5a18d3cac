// AppProjects, as people and programs make and change them (Argo CD: server/project).

import { type DeepLink, deepLinks } from '../application/deep-links.ts';
import { matchesLabelSelector } from '../application/label-selector.ts';
import { linkHolds } from '../application/link-condition.ts';
import { sourcesOf } from '../application/parse.ts';
import { isDestinationPermitted, isSourcePermitted, parseProject } from '../application/project.ts';
import { normaliseTokens, withTokensOf } from '../application/project-tokens.ts';
import { activeWindows, type SyncWindow } from '../application/sync-window.ts';
import { normalisePolicies, validateProject } from '../application/validate-project.ts';
import { isEqualJson } from '../base/equal.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { isAlreadyExists } from '../kube/refusal.ts';
import { finishProjectDeletion } from './delete-project.ts';
import type { Road } from './road.ts';
import { configData, readArgoSettings } from './settings.ts';
import { listApplications, readProject, readRepositorySecrets } from './world.ts';

/** What a change of a project touches beside the project itself: whoever makes it needs the right to update these. */
export interface ProjectReach {
  readonly clusters: readonly string[];
  readonly repositories: readonly string[];
}

export interface ProjectBook {
  list(): Promise<readonly KubeObject[]>;
  /** Throws `NotFound`. */
  get(name: string): Promise<KubeObject>;
  /** `by`, here and below: the name of whoever asks. The same once more is no failure; another spec needs `isUpsert`. `beforeUpdate` is called before one that is there is changed. */
  create(
    project: KubeObject,
    by: string,
    options?: { readonly isUpsert?: boolean; readonly beforeUpdate?: (reach: ProjectReach) => void },
  ): Promise<KubeObject>;
  /** Throws `NotFound`, and `InvalidInput` where an Application would lose its source or destination by it. */
  update(project: KubeObject, by: string, permit: (reach: ProjectReach) => void): Promise<KubeObject>;
  /** Throws `InvalidInput` for `default` and while an Application names it. */
  remove(name: string, by: string): Promise<void>;
  /** The global projects whose rules are added to its own. */
  globalProjects(project: KubeObject): Promise<readonly KubeObject[]>;
  /** Those of its sync windows that are open now, allowing or denying. */
  activeWindows(name: string): Promise<readonly SyncWindow[]>;
  /** Those that argocd-cm has for it (`project.links`). Throws `NotFound`. */
  links(name: string): Promise<readonly DeepLink[]>;
  /** Throws `Forbidden` where Applications of the project may not use the repository, `NotFound` without the project. */
  requireSourcePermitted(name: string, repoURL: string): Promise<void>;
}

const PROJECT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' };
const DEFAULT_PROJECT = 'default';

const DONE = { ResourceCreated: 'created', ResourceUpdated: 'updated', ResourceDeleted: 'deleted' } as const;

const KIND_LISTS = [
  'clusterResourceWhitelist',
  'clusterResourceBlacklist',
  'namespaceResourceBlacklist',
  'namespaceResourceWhitelist',
];

export function createProjectBook(road: Road): ProjectBook {
  const { home, platform } = road;
  const { namespace } = platform.settings;
  const refOf = (name: string) => ({ ...PROJECT, namespace, name });

  async function get(name: string): Promise<KubeObject> {
    const found = await home.get(refOf(name));
    if (found) return found;
    throw new HawserError('NotFound', `appprojects.argoproj.io "${name}" not found`, {
      hint: `kubectl get appprojects -n ${namespace} lists them`,
    });
  }

  /** Of what is asked for, what an object in the cluster has. */
  function prepare({ metadata, spec, status }: KubeObject): KubeObject {
    const { managedFields: _, ...own } = metadata;
    const project = { ...PROJECT, metadata: { ...own, namespace }, spec: isObject(spec) ? spec : {} };
    const prepared = normaliseTokens(normalisePolicies(isObject(status) ? { ...project, status } : project));
    validateProject(prepared);
    return prepared;
  }

  async function requireKept(before: KubeObject, after: KubeObject): Promise<void> {
    const name = before.metadata.name ?? '';
    const [apps] = await Promise.all([listApplications(road), readRepositorySecrets(road, 'consistent')]);
    const [was, willBe] = [parseProject(before), parseProject(after)];
    const clusters = road.clusters.ofProject(name);
    let [sources, destinations] = [0, 0];
    for (const { spec } of apps.filter((app) => (app.spec.project || DEFAULT_PROJECT) === name)) {
      const isLost = sourcesOf(spec).some(
        ({ repoURL }) => isSourcePermitted(was, repoURL) && !isSourcePermitted(willBe, repoURL),
      );
      if (isLost) sources++;
      const cluster = findCluster(road, spec.destination);
      // A destination that is not known is in error already.
      if (!cluster) continue;
      const isPermittedIn = (project: typeof was) =>
        isDestinationPermitted(project, cluster, spec.destination.namespace ?? '', clusters);
      if (isPermittedIn(was) && !isPermittedIn(willBe)) destinations++;
    }
    const lost = [
      ...(sources > 0 ? [`${sources} applications source became invalid`] : []),
      ...(destinations > 0 ? [`${destinations} applications destination became invalid`] : []),
    ];
    if (lost.length > 0) throw new HawserError('InvalidInput', `as a result of project update ${lost.join(' and ')}`);
  }

  async function replace(live: KubeObject, project: KubeObject): Promise<KubeObject> {
    const { resourceVersion = live.metadata.resourceVersion } = project.metadata;
    const { uid } = live.metadata;
    const metadata = { ...project.metadata, ...(resourceVersion && { resourceVersion }), ...(uid && { uid }) };
    return home.replace(withTokensOf({ ...project, metadata }, live));
  }

  function noted(project: KubeObject, reason: keyof typeof DONE, by: string): KubeObject {
    road.observer.noted(project, { reason, message: `${by} ${DONE[reason]} project`, user: by });
    return project;
  }

  const book: ProjectBook = {
    list: async () => {
      const { items } = await home.list(PROJECT, { namespace });
      return items;
    },
    get: async (name) => normaliseTokens(await get(name)),
    create: async (given, by, { isUpsert = false, beforeUpdate } = {}) => {
      const { resourceVersion: _, uid: __, ...metadata } = given.metadata;
      const project = prepare({ ...given, metadata });
      try {
        return noted(await home.create(project), 'ResourceCreated', by);
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
      const live = await get(project.metadata.name ?? '');
      if (isEqualJson(live.spec ?? {}, project.spec)) return live;
      if (!isUpsert) {
        const keys = differentKeys(live.spec, project.spec);
        throw new HawserError(
          'InvalidInput',
          `existing project spec is different; use upsert flag to force update; difference in keys "${keys.join(',')}"`,
        );
      }
      beforeUpdate?.(reachOf(live, project));
      return noted(await replace(live, { ...live, spec: project.spec }), 'ResourceCreated', by);
    },
    update: async (given, by, permit) => {
      const live = await get(given.metadata.name ?? '');
      const project = prepare(given);
      permit(reachOf(live, project));
      await requireKept(live, project);
      return noted(await replace(live, project), 'ResourceUpdated', by);
    },
    remove: async (name, by) => {
      if (name === DEFAULT_PROJECT) {
        throw new HawserError('InvalidInput', `name '${name}' is reserved and cannot be deleted`);
      }
      const project = await get(name);
      const users = (await listApplications(road)).filter(({ spec }) => spec.project === name);
      if (users.length > 0) {
        throw new HawserError('InvalidInput', `project is referenced by ${users.length} applications`);
      }
      await home.remove(refOf(name));
      noted(project, 'ResourceDeleted', by);
      // Its finalizer waits for Applications alone, and there are none.
      await finishProjectDeletion(road, name);
    },
    globalProjects: async ({ metadata }) => {
      const { globalProjects } = await readArgoSettings(road);
      const names = globalProjects
        .filter(({ projectName }) => projectName !== metadata.name)
        .filter(({ labelSelector }) => matchesLabelSelector(labelSelector, metadata.labels))
        .map(({ projectName }) => projectName);
      const found = await Promise.all(names.map((name) => home.get(refOf(name))));
      return found.filter((project) => project !== undefined);
    },
    activeWindows: async (name) => activeWindows(parseProject(await get(name)).syncWindows, platform.clock.now()),
    links: async (name) => {
      const [project, config] = await Promise.all([
        get(name),
        home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' }),
      ]);
      // What tokens there are is nobody's business.
      const { status: _, ...shown } = project;
      const { items, problems } = deepLinks(configData(config)['project.links'] ?? '', { project: shown }, linkHolds);
      for (const reason of problems)
        platform.log.warn('a link of project.links is left out', { project: name, reason });
      return items;
    },
    requireSourcePermitted: async (name, repoURL) => {
      await Promise.all([readArgoSettings(road), readRepositorySecrets(road, 'cached')]);
      const project = await readProject(road, name);
      if (!project) throw new HawserError('NotFound', `appprojects.argoproj.io "${name}" not found`);
      if (isSourcePermitted(project, repoURL)) return;
      throw new HawserError('Forbidden', `repository '${repoURL}' not permitted in project '${name}'`);
    },
  };
  return book;
}

/** What was added or taken away; all destinations, where the kinds that may be deployed there are others (project.go, Update). */
function reachOf(before: KubeObject, after: KubeObject): ProjectReach {
  const [was, willBe] = [destinationsOf(before), destinationsOf(after)];
  const isOtherKinds = KIND_LISTS.some(
    (key) => !isEqualJson(at(before.spec, key) ?? null, at(after.spec, key) ?? null),
  );
  return {
    clusters: [...new Set([...difference(was, willBe), ...(isOtherKinds ? willBe : [])])],
    repositories: difference(sourcesIn(before), sourcesIn(after)),
  };
}

function destinationsOf(project: KubeObject): readonly string[] {
  const destinations = at(project.spec, 'destinations');
  return (Array.isArray(destinations) ? destinations : []).map((entry) => stringAt(entry, 'server') ?? '');
}

function sourcesIn(project: KubeObject): readonly string[] {
  const sources = at(project.spec, 'sourceRepos');
  return (Array.isArray(sources) ? sources : []).map(String);
}

/** What stands in one of the two lists alone, and what one of them says twice less or more. */
function difference(one: readonly string[], other: readonly string[]): readonly string[] {
  const count = (list: readonly string[], text: string) => list.filter((entry) => entry === text).length;
  return [...new Set([...one, ...other])].filter((text) => count(one, text) !== count(other, text));
}

function differentKeys(one: unknown, other: unknown): readonly string[] {
  const [left, right] = [isObject(one) ? one : {}, isObject(other) ? other : {}];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].filter((key) => !isEqualJson(left[key] ?? null, right[key] ?? null)).sort();
}

function findCluster({ clusters }: Road, destination: Parameters<Road['clusters']['find']>[0]) {
  try {
    return clusters.find(destination);
  } catch (error) {
    if (isHawserError(error, 'InvalidInput')) return undefined;
    throw error;
  }
}
