// An AppProject's rules: which repositories, destinations and kinds of objects its Applications may use (Argo CD:
// app_project_types.go). Globs are gobwas', `!` in front of one denies.

import { isHawserError } from '../base/errors.ts';
import { matchesGlob } from '../base/glob.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import { leadsElsewhere, normaliseRepositoryUrl } from '../git/repository-url.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { compileRegexp, matchesRegexp } from '../render/go/regexp.ts';
import { sourcesOf } from './parse.ts';
import { parseSyncWindows, type SyncWindow } from './sync-window.ts';
import type { Application, Condition, Destination } from './types.ts';

export interface Project {
  readonly name: string;
  readonly sourceRepos: readonly string[];
  /** Namespaces outside of the control plane's whose Applications may use it. */
  readonly sourceNamespaces: readonly string[];
  readonly destinations: readonly Destination[];
  /** Cluster-scoped kinds: none but these. */
  readonly clusterResourceWhitelist: readonly KindRule[];
  readonly clusterResourceBlacklist: readonly KindRule[];
  /** Namespaced kinds: undefined permits all, an empty list none. */
  readonly namespaceResourceWhitelist: readonly KindRule[] | undefined;
  readonly namespaceResourceBlacklist: readonly KindRule[];
  /** Only clusters whose Secret names this project. */
  readonly permitOnlyProjectScopedClusters: boolean;
  readonly syncWindows: readonly SyncWindow[];
  /** Set where what belongs to no Application is to be told. */
  readonly orphanedResources: OrphanRules | undefined;
  /** Commits must be signed: what cannot be verified here must not be deployed. */
  readonly demandsSignatures: boolean;
  /** Keys of its spec that have no effect here. */
  readonly unused: readonly string[];
}

/** `name` only of cluster-scoped objects; without one, any. */
export interface KindRule {
  readonly group: string;
  readonly kind: string;
  readonly name?: string;
}

export interface OrphanRules {
  /** Whether a condition tells of them. */
  readonly warn: boolean;
  readonly ignore: readonly { readonly group: string; readonly kind?: string; readonly name?: string }[];
}

/** A destination cluster by both of its names; either may be unknown. */
export interface ClusterNames {
  readonly server?: string;
  readonly name?: string;
}

export interface ResourceName {
  readonly group: string;
  readonly kind: string;
  /** Undefined for what is cluster-scoped. */
  readonly namespace?: string;
  readonly name: string;
}

/** What the rules are asked with, beside the Application's spec. */
export interface ProjectWorld {
  /** The destination as it is registered; otherwise what the spec says of it. */
  readonly cluster?: ClusterNames;
  /** The clusters whose Secret names the project. */
  readonly projectClusters?: readonly ClusterNames[];
  /** The namespace of the control plane, whose Applications may use every project. */
  readonly controlNamespace?: string;
}

export function parseProject(object: KubeObject): Project {
  const spec = isObject(object.spec) ? object.spec : {};
  return {
    name: object.metadata.name ?? '',
    sourceRepos: texts(spec.sourceRepos),
    sourceNamespaces: texts(spec.sourceNamespaces),
    destinations: Array.isArray(spec.destinations) ? spec.destinations.filter(isObject) : [],
    clusterResourceWhitelist: parseKindRules(spec.clusterResourceWhitelist),
    clusterResourceBlacklist: parseKindRules(spec.clusterResourceBlacklist),
    namespaceResourceWhitelist: Array.isArray(spec.namespaceResourceWhitelist)
      ? parseKindRules(spec.namespaceResourceWhitelist)
      : undefined,
    namespaceResourceBlacklist: parseKindRules(spec.namespaceResourceBlacklist),
    permitOnlyProjectScopedClusters: spec.permitOnlyProjectScopedClusters === true,
    syncWindows: parseSyncWindows(spec.syncWindows),
    orphanedResources: isObject(spec.orphanedResources) ? parseOrphanRules(spec.orphanedResources) : undefined,
    demandsSignatures: hasEntries(spec.signatureKeys) || hasEntries(at(spec.sourceIntegrity, 'git', 'policies')),
    unused: ['destinationServiceAccounts'].filter((key) => hasEntries(spec[key])),
  };
}

/**
 * A project together with a global one (argocd-cm `globalProjects`), whose lists are appended to its own (Argo CD: mergeVirtualProject).
 */
export function withGlobalProject(project: Project, global: Project): Project {
  const kinds = [...(project.namespaceResourceWhitelist ?? []), ...(global.namespaceResourceWhitelist ?? [])];
  const hasKinds = project.namespaceResourceWhitelist !== undefined || kinds.length > 0;
  return {
    ...project,
    sourceRepos: [...project.sourceRepos, ...global.sourceRepos],
    destinations: [...project.destinations, ...global.destinations],
    clusterResourceWhitelist: [...project.clusterResourceWhitelist, ...global.clusterResourceWhitelist],
    clusterResourceBlacklist: [...project.clusterResourceBlacklist, ...global.clusterResourceBlacklist],
    namespaceResourceWhitelist: hasKinds ? kinds : undefined,
    namespaceResourceBlacklist: [...project.namespaceResourceBlacklist, ...global.namespaceResourceBlacklist],
    syncWindows: [...project.syncWindows, ...global.syncWindows],
  };
}

/** A project together with what is registered for it alone: its repositories and clusters are permitted without being listed. */
export function withProjectScoped(
  project: Project,
  repositories: readonly string[],
  clusters: readonly (ClusterNames & { readonly namespaces?: readonly string[] })[],
): Project {
  const destinations = clusters.flatMap(({ server, namespaces }) =>
    (namespaces && namespaces.length > 0 ? namespaces : ['*']).map((namespace) => ({
      ...(server !== undefined && { server }),
      namespace,
    })),
  );
  return {
    ...project,
    sourceRepos: [...project.sourceRepos, ...repositories],
    destinations: [...project.destinations, ...destinations],
  };
}

/** Why `app` may not be deployed under `project`, in Argo CD's words; empty when it may. `project` is undefined where there is none. */
export function projectProblems(
  app: Application,
  project: Project | undefined,
  world: ProjectWorld = {},
): readonly Condition[] {
  if (!project) {
    return [
      invalid(
        `Application referencing project ${app.spec.project} which does not exist: create the AppProject or set spec.project`,
      ),
    ];
  }
  const { namespace, name } = app.metadata;
  const isElsewhere = world.controlNamespace !== undefined && namespace !== world.controlNamespace;
  if (isElsewhere && !matchesAnyNamespace(project.sourceNamespaces, namespace)) {
    return [invalid(`application '${name}' in namespace '${namespace}' is not allowed to use project ${project.name}`)];
  }
  if (project.demandsSignatures) {
    return [
      invalid(
        `project '${project.name}' demands signed commits, and hawser verifies no signatures: remove signatureKeys and sourceIntegrity from the AppProject to deploy without`,
      ),
    ];
  }
  const problems = sourcesOf(app.spec)
    .filter(({ repoURL }) => !isSourcePermitted(project, repoURL))
    .map(({ repoURL }) => invalid(`application repo ${repoURL} is not permitted in project '${project.name}'`));
  const { destination } = app.spec;
  const cluster = world.cluster ?? destinationNames(destination);
  if (!isDestinationPermitted(project, cluster, destination.namespace ?? '', world.projectClusters)) {
    const shown = (destination.name ? cluster.name : cluster.server) ?? '';
    problems.push(
      invalid(
        `application destination server '${shown}' and namespace '${destination.namespace ?? ''}' do not match any of the allowed destinations in project '${project.name}'`,
      ),
    );
  }
  return problems;
}

/** Needs one entry that permits, and none that denies. Argo CD counts a `!` entry that does not match as one that permits. */
export function isSourcePermitted(project: Pick<Project, 'sourceRepos'>, repoURL: string): boolean {
  // No entry is about `https://git.example.com/team/../other`, from which Git would read another team's repository.
  if (leadsElsewhere(repoURL)) return false;
  const url = normaliseRepositoryUrl(repoURL) ?? '';
  let isPermitted = false;
  for (const entry of project.sourceRepos) {
    const pattern = normaliseRepositoryUrl(isDenial(entry) ? entry.slice(1) : entry) ?? '';
    const matches = matchesPattern(pattern, url, '/');
    if (isDenial(entry) && matches) return false;
    if (isDenial(entry) || matches) isPermitted = true;
  }
  return isPermitted;
}

/** The same for a cluster and a namespace: the entry must match in either name of the cluster, and in the namespace. */
export function isDestinationPermitted(
  project: Pick<Project, 'destinations' | 'permitOnlyProjectScopedClusters'>,
  cluster: ClusterNames,
  namespace: string,
  projectClusters: readonly ClusterNames[] = [],
): boolean {
  if (!isDestinationListed(project.destinations, cluster, namespace)) return false;
  if (!project.permitOnlyProjectScopedClusters) return true;
  return projectClusters.some(
    ({ name, server }) =>
      (name !== undefined && name === cluster.name) || (server !== undefined && server === cluster.server),
  );
}

/** Which entry denies is Argo CD's to the letter (isDestinationMatched): a denied namespace counts by server alone. */
function isDestinationListed(entries: readonly Destination[], cluster: ClusterNames, namespace: string): boolean {
  let isListed = false;
  for (const { server = '', name = '', namespace: namespaces = '' } of entries) {
    const isName = cluster.name !== undefined && cluster.name !== '' && matchesOrDenies(name, cluster.name);
    const isServer = cluster.server !== undefined && cluster.server !== '' && matchesOrDenies(server, cluster.server);
    const isNamespace = matchesOrDenies(namespaces, namespace);
    if ((isServer || isName) && isNamespace) isListed = true;
    else if ((!isName && isDenial(name)) || (!isServer && isDenial(server) && isNamespace)) return false;
    else if (!isNamespace && isDenial(namespaces) && isServer) return false;
  }
  return isListed;
}

/** Why an object may not be touched, in Argo CD's words (controller/sync.go, validateSyncPermissions); undefined when it may. */
export function resourceProblem(
  project: Project,
  resource: ResourceName,
  cluster: ClusterNames,
  projectClusters?: readonly ClusterNames[],
): string | undefined {
  const { group, kind, namespace } = resource;
  if (!isKindPermitted(project, resource)) {
    return `resource ${group}:${kind} is not permitted in project ${project.name}`;
  }
  if (namespace === undefined || isDestinationPermitted(project, cluster, namespace, projectClusters)) return undefined;
  return `namespace ${namespace} is not permitted in project '${project.name}'`;
}

/** An object as the rules see it. Namespaced ones have a namespace, be it empty; cluster-scoped ones have lost theirs. */
export function resourceNameOf({ apiVersion, kind, metadata }: KubeObject): ResourceName {
  const { name = '', namespace } = metadata;
  return { group: groupOf(apiVersion), kind, name, ...(namespace !== undefined && { namespace }) };
}

/** Whether the lists of kinds permit it, wherever it is (Argo CD: IsGroupKindNamePermitted). */
export function isKindPermitted(project: Project, resource: ResourceName): boolean {
  const isListed = (list: readonly KindRule[]) => list.some((rule) => matchesRule(rule, resource));
  if (resource.namespace !== undefined) {
    const { namespaceResourceWhitelist: white, namespaceResourceBlacklist: black } = project;
    return (white === undefined || isWhitelisted(white, resource)) && !isListed(black);
  }
  return isWhitelisted(project.clusterResourceWhitelist, resource) && !isListed(project.clusterResourceBlacklist);
}

/** Argo CD reads a `!` in these lists as a letter, so that such an entry permits nothing; here it takes away as well. */
function isWhitelisted(list: readonly KindRule[], resource: ResourceName): boolean {
  const bare = (text: string) => (isDenial(text) ? text.slice(1) : text);
  const isDenied = list.some(({ group, kind, ...rest }) => {
    const denies = isDenial(group) || isDenial(kind);
    return denies && matchesRule({ ...rest, group: bare(group), kind: bare(kind) }, resource);
  });
  return !isDenied && list.some((rule) => matchesRule(rule, resource));
}

function matchesRule(rule: KindRule, { group, kind, namespace, name }: ResourceName): boolean {
  if (!matchesGlob(rule.kind, kind) || !matchesGlob(rule.group, group)) return false;
  return namespace !== undefined || !rule.name || matchesGlob(rule.name, name);
}

// Parts ----------------------------------------------------------------------------------------------------------------

function hasEntries(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function parseKindRules(value: unknown): readonly KindRule[] {
  const entries = Array.isArray(value) ? value : [];
  return entries.map((entry) => {
    const name = stringAt(entry, 'name');
    return { group: stringAt(entry, 'group') ?? '', kind: stringAt(entry, 'kind') ?? '', ...(name && { name }) };
  });
}

function parseOrphanRules(value: Record<string, unknown>): OrphanRules {
  const ignore = Array.isArray(value.ignore) ? value.ignore : [];
  return { warn: value.warn === true, ignore: parseKindRules(ignore) };
}

function invalid(message: string): Condition {
  return { type: 'InvalidSpecError', message };
}

function isDenial(pattern: string): boolean {
  return pattern.startsWith('!');
}

function matchesPattern(pattern: string, text: string, separator = ''): boolean {
  return pattern === '*' || matchesGlob(pattern, text, separator);
}

/** A pattern that denies "matches" what it does not deny. */
function matchesOrDenies(pattern: string, text: string): boolean {
  return isDenial(pattern) ? !matchesGlob(pattern.slice(1), text) : matchesPattern(pattern, text);
}

/** Globs, or regular expressions between slashes (Argo CD: glob.MatchStringInList). */
function matchesAnyNamespace(patterns: readonly string[], namespace: string): boolean {
  return patterns.some((pattern) => {
    const expression = /^\/(.*)\/$/.exec(pattern)?.[1];
    if (expression !== undefined && matchesExpression(expression, namespace)) return true;
    return matchesGlob(pattern, namespace);
  });
}

function matchesExpression(expression: string, text: string): boolean {
  try {
    return matchesRegexp(compileRegexp(expression), text);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return false; // As in Argo CD.
  }
}

const HOME = { server: 'https://kubernetes.default.svc', name: 'in-cluster' } as const satisfies ClusterNames;

/** Both names of a destination, where they are known from it alone. */
export function destinationNames({ server, name }: Destination): ClusterNames {
  if (server === HOME.server || name === HOME.name) return HOME;
  return { ...(server !== undefined && { server }), ...(name !== undefined && { name }) };
}
