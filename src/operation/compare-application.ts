// One Application from Git to a comparison: resolve, fetch, render, compare. Writes nothing.

import { ANNOTATION, annotationList } from '../application/annotations.ts';
import type { Comparison } from '../application/difference.ts';
import { hasChangedNamespaceMetadata } from '../application/managed-namespace.ts';
import { instanceName, sourcesOf } from '../application/parse.ts';
import { isSourcePermitted, type Project } from '../application/project.ts';
import type { Application, Condition, ResourceStatus, Source, SourceType } from '../application/types.ts';
import { type ErrorCode, formatError, isHawserError } from '../base/errors.ts';
import { requireManaged } from '../compare/cluster-scope.ts';
import { compareTargets } from '../compare/compare.ts';
import { withoutExcluded } from '../compare/exclusion.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { refusalStatus } from '../kube/refusal.ts';
import type {
  FailedRender,
  ReadSets,
  RenderContext,
  RenderedSources,
  ResolvedSource,
  SourceReader,
} from '../source/source.ts';
import { digestOfKinds, readCapabilities } from './capabilities.ts';
import { readGenerated } from './generated-values.ts';
import { parseManifests } from './local-manifests.ts';
import { createAskCluster, keepLookups } from './lookups.ts';
import { orphanedWarnings } from './orphaned-resources.ts';
import { refuseBy, requirePermitted } from './project-rules.ts';
import { clientFor, keyOfApplication, type Road } from './road.ts';
import { readValuesFileSchemes, reportIneffectiveFields } from './settings.ts';
import { type Compared, comparedTo } from './status.ts';
import { readProject } from './world.ts';

export interface CompareRequest {
  readonly app: Application;
  readonly reader: SourceReader;
  /** Already resolved by the judgement; otherwise the sources' targetRevision. */
  readonly resolved?: readonly ResolvedSource[];
  /** The target state of a local sync: no source is asked for it. */
  readonly manifests?: readonly string[] | undefined;
  /** The version of a write to the home cluster of this moment. */
  readonly asOf?: string | undefined;
  readonly syncOptions?: readonly string[];
  /** Without what earlier answers of the cluster say about this one. */
  readonly fresh?: boolean;
  /** Of a sync of a moment ago: what the API server answered to its writes. */
  readonly written?: readonly KubeObject[];
  readonly signal?: AbortSignal;
}

/** Throws what a source or the cluster refuses; `conditionOf` makes it a condition. */
export async function compareApplication(road: Road, request: CompareRequest): Promise<Compared> {
  const { app, reader, signal } = request;
  const client = clientFor(road, app.spec.destination);
  if (request.manifests) return compareManifests(road, request, request.manifests);
  const [resolved, context, earlier, project] = await Promise.all([
    request.resolved ?? resolveSources(app, reader, signal),
    renderContext(road, client, app),
    road.readSets.read(app),
    readProject(road, app.spec.project),
  ]);
  // An operation may have sources of its own; and the project may be another one than a moment ago.
  requirePermitted(road, app, project);
  const rendered = await renderOrKeep(road, request, resolved, context, earlier?.readSets);
  const { objects, sourceTypes, generated } = rendered;
  const comparison = await compareObjects(road, request, project, objects, app.status.resources ?? []);
  road.background(keepReadSets(road, app, resolved, context, rendered));
  const { healthOf } = road.argo;
  return {
    resolved,
    sourceTypes,
    objects,
    comparison,
    healthOf,
    ...(project && { project }),
    ...(generated && { generated }),
  };
}

/** Of no revision: nothing of it is kept for the next comparison with Git. */
async function compareManifests(road: Road, request: CompareRequest, manifests: readonly string[]): Promise<Compared> {
  const { app } = request;
  const project = await readProject(road, app.spec.project);
  requirePermitted(road, app, project);
  const objects = parseManifests(manifests);
  const comparison = await compareObjects(road, request, project, objects, app.status.resources ?? []);
  const { healthOf } = road.argo;
  return { resolved: [], sourceTypes: [], objects, comparison, healthOf, ...(project && { project }) };
}

/** The target state as it is rendered now, compared with nothing. */
export async function renderTargets(road: Road, request: CompareRequest): Promise<readonly KubeObject[]> {
  const { app, reader, signal } = request;
  const [resolved, context, earlier] = await Promise.all([
    request.resolved ?? resolveSources(app, reader, signal),
    renderContext(road, clientFor(road, app.spec.destination), app),
    // One that is about to be made has none.
    app.metadata.uid === undefined ? undefined : road.readSets.read(app),
  ]);
  return (await reader.render(resolved, context, earlier?.readSets, signal)).objects;
}

/**
 * The same objects compared again after a sync; nothing is rendered, since the commit is the same. Of a sync without hooks, what was
 * Synced before it is not asked for again.
 */
export async function compareAgain(road: Road, request: CompareRequest, before: Compared): Promise<Compared> {
  const { comparison, objects, project } = before;
  const hadHooks = comparison.differences.some(({ hook }) => hook);
  const inventory = request.app.status.resources ?? [];
  return {
    ...before,
    comparison: await compareObjects(road, request, project, objects, inventory, hadHooks ? undefined : comparison),
  };
}

/** Targets that are rendered already, compared with the cluster as the Application and its project ask for it. */
export async function compareObjects(
  road: Road,
  { app, syncOptions, fresh, written = [], signal, asOf }: CompareRequest,
  project: Project | undefined,
  targets: readonly KubeObject[],
  inventory: readonly ResourceStatus[],
  earlier?: Comparison,
): Promise<Comparison> {
  const { syncPolicy, ignoreDifferences = [], destination } = app.spec;
  const { settings } = road.argo;
  const cluster = road.clusters.find(destination);
  const client = cluster.client();
  const kept = withoutExcluded(settings, cluster.server, { targets, inventory });
  const comparison = await compareTargets({
    client,
    instance: instanceName(app, road.platform.settings.namespace),
    targets: kept.targets,
    inventory: kept.inventory,
    destinationNamespace: destination.namespace ?? '',
    settings,
    tracking: settings.tracking,
    refuse: refuseBy(project, app, road.clusters),
    ignoreDifferences: [...ignoreDifferences, ...settings.ignoreDifferences],
    ...(earlier && { earlier, written }),
    ...(fresh && { fresh }),
    ...(asOf !== undefined && client === road.home && { asOf }),
    syncOptions: syncOptions ?? syncPolicy?.syncOptions ?? [],
    compareOptions: annotationList(app, ANNOTATION.compareOptions),
    ...(syncPolicy?.managedNamespaceMetadata && { managedNamespaceMetadata: syncPolicy.managedNamespaceMetadata }),
    ...(signal && { signal }),
  });
  requireManaged(cluster, comparison.differences);
  const orphaned = await orphanedWarnings(road, { app, project, comparison, client, signal });
  const drift = road.drift.conditionsOf(keyOfApplication(app), app, comparison);
  const isNamespaceAsked = comparison.status === 'Synced' && hasChangedNamespaceMetadata(app);
  return {
    ...comparison,
    ...(isNamespaceAsked && { status: 'OutOfSync' }),
    conditions: [...comparison.conditions, ...kept.conditions, ...orphaned, ...drift],
  };
}

/** `revisions` replace the sources' targetRevision, each its own. */
export async function resolveSources(
  app: Application,
  reader: SourceReader,
  signal?: AbortSignal,
  revisions: readonly string[] = [],
): Promise<readonly ResolvedSource[]> {
  const sources = sourcesOf(app.spec).map((source, index): Source => {
    const targetRevision = revisions[index];
    return targetRevision ? { ...source, targetRevision } : source;
  });
  return Promise.all(sources.map((source) => reader.resolve(source, app.spec.project, signal)));
}

/** Why an Application could not be compared, for its status. Anything unexpected is thrown on. */
export function conditionOf(error: unknown): Condition {
  if (!isHawserError(error)) throw error;
  const isOfSpec = error.code === 'InvalidInput' && error.data.condition !== 'ComparisonError';
  return { type: isOfSpec ? 'InvalidSpecError' : 'ComparisonError', message: formatError(error) };
}

/** An API server that is overloaded, or a gateway before one that is away. */
const BUSY: ReadonlySet<number | undefined> = new Set([429, 502, 503, 504]);

/** The API server answers 500 with etcd's own words while etcd elects a leader, or is too slow. */
const ETCD_AWAY = /\betcdserver: |^rpc error: code = (Unavailable|DeadlineExceeded) /;

/** True when trying again later may help without anybody changing anything: the push stays recorded. */
export function isPassing(error: unknown): boolean {
  if (isHawserError(error, 'Unavailable') || isHawserError(error, 'Timeout')) return true;
  const status = refusalStatus(error);
  return BUSY.has(status) || (status === 500 && isHawserError(error) && ETCD_AWAY.test(error.message));
}

export async function renderContext(road: Road, client: KubeClient, app: Application): Promise<RenderContext> {
  reportIneffectiveFields(road, app);
  const { kubeVersion, apiVersions } = await readCapabilities(client);
  return {
    appName: app.metadata.name,
    appNamespace: app.metadata.namespace,
    instance: instanceName(app, road.platform.settings.namespace),
    project: app.spec.project,
    namespace: app.spec.destination.namespace ?? '',
    kubeVersion,
    apiVersions,
    settings: road.argo.settings.sources,
    isPermittedRepository: async (url) => {
      const project = await readProject(road, app.spec.project);
      return project !== undefined && isSourcePermitted(project, url);
    },
    readValuesFileSchemes: () => readValuesFileSchemes(road.home, road.platform.settings.namespace),
    askCluster: createAskCluster(road, app, client),
    readGenerated: () => readGenerated(road, app),
  };
}

/** Renders that fail by what they read, and by nothing else, fail again as long as that stays as it is. */
const CERTAIN_FAILURES: readonly ErrorCode[] = ['RenderFailed', 'PathEscapes'];

async function renderOrKeep(
  road: Road,
  { app, reader, signal }: CompareRequest,
  resolved: readonly ResolvedSource[],
  context: RenderContext,
  earlier: ReadSets | undefined,
): Promise<RenderedSources> {
  let failed: FailedRender | undefined;
  const onFailure = (render: FailedRender) => {
    failed = render;
  };
  try {
    return await reader.render(resolved, { ...context, onFailure }, earlier, signal);
  } catch (error) {
    const isCertain = isHawserError(error) && CERTAIN_FAILURES.includes(error.code);
    if (isCertain && failed && failed.lookups.length === 0) {
      const kept = { comparedTo: comparedTo(app), revisions: resolved.map(({ revision }) => revision) };
      const settings = JSON.stringify(context.settings);
      const { readSets } = failed;
      const { message } = conditionOf(error);
      const asked = askedOfCluster(['Helm'], context);
      road.background(road.readSets.write(app, { ...kept, readSets, ...asked, settings, failure: message }));
    }
    throw error;
  }
}

async function keepReadSets(
  road: Road,
  app: Application,
  resolved: readonly ResolvedSource[],
  context: RenderContext,
  { readSets, lookups, sourceTypes }: RenderedSources,
): Promise<void> {
  await road.readSets.write(app, {
    comparedTo: comparedTo(app),
    revisions: resolved.map(({ revision }) => revision),
    readSets,
    settings: JSON.stringify(context.settings),
    ...(lookups.length > 0 && { lookups: await keepLookups(lookups) }),
    ...askedOfCluster(sourceTypes, context),
  });
}

/** Charts may ask for the version of Kubernetes and for what it serves; of kustomizations only those that have charts, and mostly the former. */
function askedOfCluster(types: readonly SourceType[], { kubeVersion, apiVersions }: RenderContext) {
  if (types.includes('Helm')) return { kubeVersion, kinds: digestOfKinds(apiVersions) };
  return types.includes('Kustomize') ? { kubeVersion } : {};
}
