// One Application from Git to a comparison: resolve, fetch, render, compare. Writes nothing.

import { instanceName, sourcesOf } from '../application/parse.ts';
import type { Application, Condition, Source } from '../application/types.ts';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import { compareTargets } from '../compare/compare.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ReadSets, RenderContext, ResolvedSource, SourceReader } from '../source/source.ts';
import { clientFor, type Road } from './road.ts';
import { type Compared, comparedTo } from './status.ts';

export interface CompareRequest {
  readonly app: Application;
  readonly reader: SourceReader;
  /** Already resolved by the judgement; otherwise the sources' targetRevision. */
  readonly resolved?: readonly ResolvedSource[];
  readonly syncOptions?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Throws what a source or the cluster refuses; `conditionOf` makes it a condition. */
export async function compareApplication(road: Road, request: CompareRequest): Promise<Compared> {
  const { app, reader, signal } = request;
  const client = clientFor(road, app.spec.destination);
  const [resolved, context, earlier] = await Promise.all([
    request.resolved ?? resolveSources(app, reader, signal),
    renderContext(client, app),
    readReadSets(road, app),
  ]);
  const rendered = await reader.render(resolved, context, earlier?.readSets, signal);
  const { syncPolicy } = app.spec;
  const comparison = await compareTargets({
    client,
    instance: instanceName(app, road.platform.settings.namespace),
    targets: rendered.objects,
    inventory: app.status.resources ?? [],
    destinationNamespace: context.namespace,
    ...(app.spec.ignoreDifferences && { ignoreDifferences: app.spec.ignoreDifferences }),
    syncOptions: request.syncOptions ?? syncPolicy?.syncOptions ?? [],
    ...(syncPolicy?.managedNamespaceMetadata && { managedNamespaceMetadata: syncPolicy.managedNamespaceMetadata }),
    ...(signal && { signal }),
  });
  await writeReadSets(road, app, resolved, rendered.readSets);
  return { resolved, sourceTypes: rendered.sourceTypes, comparison };
}

/** `revision` replaces the first source's targetRevision. */
export async function resolveSources(
  app: Application,
  reader: SourceReader,
  signal?: AbortSignal,
  revision?: string,
): Promise<readonly ResolvedSource[]> {
  const sources = sourcesOf(app.spec).map(
    (source, index): Source => (index === 0 && revision ? { ...source, targetRevision: revision } : source),
  );
  return Promise.all(sources.map((source) => reader.resolve(source, app.spec.project, signal)));
}

/** Why an Application could not be compared, for its status. Anything unexpected is thrown on. */
export function conditionOf(error: unknown): Condition {
  if (!isHawserError(error)) throw error;
  return { type: error.code === 'InvalidInput' ? 'InvalidSpecError' : 'ComparisonError', message: formatError(error) };
}

/** True when trying again later may help without anybody changing anything: the push stays recorded. */
export function isPassing(error: unknown): boolean {
  return isHawserError(error, 'Unavailable') || isHawserError(error, 'Timeout');
}

async function renderContext(client: KubeClient, app: Application): Promise<RenderContext> {
  const [{ gitVersion }, resources] = await Promise.all([client.version(), client.resources()]);
  const versions = new Set<string>();
  for (const { group, version, kind } of resources) {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    versions.add(apiVersion).add(`${apiVersion}/${kind}`);
  }
  return {
    appName: app.metadata.name,
    appNamespace: app.metadata.namespace,
    project: app.spec.project,
    namespace: app.spec.destination.namespace ?? '',
    kubeVersion: gitVersion,
    apiVersions: [...versions],
  };
}

/** What the render last compared has read, with what it was a render of. */
interface KeptReadSets {
  readonly comparedTo: unknown;
  readonly revisions: readonly string[];
  readonly readSets: ReadSets;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** undefined when there is none (any more): the Application is then rendered, never missed. */
export async function readReadSets({ platform }: Road, app: Application): Promise<KeptReadSets | undefined> {
  const bytes = await platform.cache.get(readSetKey(app));
  if (!bytes) return undefined;
  try {
    return JSON.parse(decoder.decode(bytes)) as KeptReadSets;
  } catch {
    return undefined; // A cache may hold anything, a cut-short file too.
  }
}

async function writeReadSets(
  { platform }: Road,
  app: Application,
  resolved: readonly ResolvedSource[],
  readSets: ReadSets,
): Promise<void> {
  const kept: KeptReadSets = {
    comparedTo: comparedTo(app),
    revisions: resolved.map(({ revision }) => revision),
    readSets,
  };
  await platform.cache.put(readSetKey(app), encoder.encode(JSON.stringify(kept)));
}

function readSetKey({ metadata }: Application): string {
  if (!metadata.uid) throw new HawserError('Internal', `Application ${metadata.name} has no uid`);
  return `read-sets/${metadata.uid}`;
}
