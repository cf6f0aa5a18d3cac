// Target state against live state, by a server-side dry run of the same apply (design 5.2).

import { ANNOTATION, annotationList } from '../application/annotations.ts';
import type { ArgoSettings } from '../application/argo-settings.ts';
import type { Comparison, Difference } from '../application/difference.ts';
import { isHook, isIgnored, syncPhases } from '../application/hook.ts';
import type { Condition, IgnoreDifference, ResourceStatus, SyncCode, SyncPolicy } from '../application/types.ts';
import { DEFAULT_CONCURRENCY } from '../base/concurrency.ts';
import { isEqualJson } from '../base/equal.ts';
import { createLimiter } from '../base/limiter.ts';
import type { KubeClient } from '../kube/client.ts';
import { formatKey, groupOf, type KubeObject, keyOf } from '../kube/object.ts';
import { createAutoscalers } from './autoscaling.ts';
import { differenceConditions } from './conditions.ts';
import { forbiddenTarget, type Refuse } from './forbidden.ts';
import { readIgnoreRules } from './ignore.ts';
import { type Judge, judgeTarget } from './judge.ts';
import { createListedLive } from './listed.ts';
import { compareNamespace } from './namespace.ts';
import { findOrphans, keyOfResource } from './orphans.ts';
import { readScopes } from './scope.ts';
import { type PreparedTarget, prepareTargets } from './target.ts';
import { DEFAULT_TRACKING, type Tracking } from './tracking.ts';

export interface CompareInput {
  readonly client: KubeClient;
  /** The name that tracking ids carry (`instanceName`). */
  readonly instance: string;
  /** As rendered: namespaces and tracking ids are added here. */
  readonly targets: readonly KubeObject[];
  /** `status.resources` of the last comparison: what is gone from Git is found by it. */
  readonly inventory: readonly ResourceStatus[];
  readonly destinationNamespace: string;
  readonly tracking?: Tracking;
  /** Of argocd-cm; its tracking and ignoreDifferences come in by their own fields. */
  readonly settings?: Pick<ArgoSettings, 'compareOptions' | 'knownTypeFields'>;
  readonly ignoreDifferences?: readonly IgnoreDifference[];
  /** By the rules of the AppProject. */
  readonly refuse?: Refuse;
  readonly syncOptions?: readonly string[];
  /** The Application's own annotation `compare-options`. */
  readonly compareOptions?: readonly string[];
  readonly managedNamespaceMetadata?: SyncPolicy['managedNamespaceMetadata'];
  /**
   * A comparison of a moment ago, before a sync without hooks: what was Synced then has not been written, and is not asked for
   * again as long as Git's side is the same.
   */
  readonly earlier?: Comparison;
  /** What the API server has just answered to writes of these objects: those that nobody else changes are not read again. */
  readonly written?: readonly KubeObject[];
  /** The version of a write to this cluster of this moment: what is live may be listed as of then. */
  readonly asOf?: string;
  /** Asks for a dry run even where the API server has said of this very version that it would change nothing. */
  readonly fresh?: boolean;
  /** Requests in flight at most. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

/**
 * Compares every target and every object of the inventory with the cluster; writes nothing. A dry run that fails makes its
 * object Unknown with the server's message. Throws `Unavailable` when the cluster cannot be reached.
 */
export async function compareTargets(input: CompareInput): Promise<Comparison> {
  const { client, destinationNamespace, signal } = input;
  const options = input.syncOptions ?? [];
  const tracking = input.tracking ?? DEFAULT_TRACKING;
  const { compareOptions } = input.settings ?? {};
  const ignore = readIgnoreRules(input.ignoreDifferences ?? [], compareOptions);
  const wanted = input.targets.filter(isForSync);
  const scopeOf = await readScopes(client, wanted, signal);
  const prepared = prepareTargets(wanted, scopeOf, { instance: input.instance, destinationNamespace, tracking });

  const limiter = createLimiter(input.concurrency ?? DEFAULT_CONCURRENCY);
  // What was missing then most likely is still: its dry run tells.
  const there = input.inventory.filter(({ health }) => health?.status !== 'Missing');
  const inventory = new Set(there.map((resource) => formatKey(keyOfResource(resource))));
  const isNamespaceMade = options.includes('CreateNamespace=true');
  const listLive = (version: string) =>
    createListedLive(
      prepared.targets.map(({ target }) => target).filter((target) => inventory.has(formatKey(keyOf(target)))),
      { client, limiter, version, signal },
    );
  const judge: Judge = {
    instance: input.instance,
    syncOptions: options,
    compareOptions: input.compareOptions ?? [],
    knownTypeFields: input.settings?.knownTypeFields ?? [],
    ignoreStatusOf: compareOptions?.ignoreResourceStatusField ?? 'all',
    tracking,
    rulesFor: ignore.rulesFor,
    autoscalers: createAutoscalers(
      client,
      prepared.targets.map(({ target }) => target),
      limiter,
      signal,
    ),
    context: {
      client,
      limiter,
      signal,
      fresh: input.fresh === true,
      ...(input.asOf !== undefined && { listed: listLive(input.asOf) }),
      written: new Map((input.written ?? []).map((object) => [formatKey(keyOf(object)), object])),
      isInInventory: (key) => inventory.has(key),
      missingNamespaces: new Map(),
      validate: !options.includes('Validate=false'),
      comingNamespaces: new Set([
        ...prepared.targets.flatMap(({ target }) => (isNamespace(target) ? [target.metadata.name ?? ''] : [])),
        ...(isNamespaceMade ? [destinationNamespace] : []),
      ]),
    },
  };
  const settled = settledBefore(input.earlier);
  const refuse = input.refuse ?? (() => undefined);
  const [differences, orphans, namespace] = await Promise.all([
    Promise.all(
      prepared.targets.map((prepared) => {
        const refusal = refuse(prepared.target);
        if (refusal !== undefined) return forbiddenTarget(prepared.target, refusal);
        return keptFrom(settled, prepared) ?? judgeTarget(prepared, judge);
      }),
    ),
    findOrphans(
      { ...input, tracking, limiter, refuse },
      prepared.targets.map(({ target }) => target),
    ),
    isNamespaceMade
      ? compareNamespace(prepared.targets, destinationNamespace, input.managedNamespaceMetadata, judge.context, refuse)
      : undefined,
  ]);

  const all = [...differences, ...withoutDoubles(orphans, differences)];
  const conditions: Condition[] = [
    ...ignore.conditions,
    ...prepared.conditions,
    ...all.flatMap((difference) => differenceConditions(difference, input.instance)),
  ];
  const isBroken = conditions.some(({ type }) => type === 'ComparisonError');
  return {
    status: isBroken ? 'Unknown' : overallStatus(all),
    differences: all,
    conditions,
    ...(namespace ? { namespace } : {}),
  };
}

function settledBefore(earlier: Comparison | undefined): ReadonlyMap<string, Difference> {
  const settled = (earlier?.differences ?? []).filter(({ status, ownershipChanges }) => {
    return status === 'Synced' && !ownershipChanges;
  });
  return new Map(settled.map((difference) => [formatKey(difference.key), difference]));
}

function keptFrom(settled: ReadonlyMap<string, Difference>, { target }: PreparedTarget): Difference | undefined {
  const kept = settled.get(formatKey(keyOf(target)));
  return kept && isEqualJson(kept.target, target) ? kept : undefined;
}

/** Helm's tests, and hooks of an Application's deletion alone, have no place in a sync. */
function isForSync(object: KubeObject): boolean {
  return !isIgnored(object) && (!isHook(object) || syncPhases(object).length > 0);
}

/** One object under two groups (extensions and networking.k8s.io) is no orphan under the old one. */
function withoutDoubles(orphans: readonly Difference[], differences: readonly Difference[]): readonly Difference[] {
  const uids = new Set(differences.flatMap(({ live }) => live?.metadata.uid ?? []));
  return orphans.filter(({ live }) => !live?.metadata.uid || !uids.has(live.metadata.uid));
}

function overallStatus(differences: readonly Difference[]): SyncCode {
  const counting = differences.filter(({ status, requiresPruning, live }) => {
    if (status === undefined) return false;
    const isExtraneous = requiresPruning && live !== undefined;
    return !(isExtraneous && annotationList(live, ANNOTATION.compareOptions).includes('IgnoreExtraneous'));
  });
  if (counting.some(({ status, forbidden }) => status === 'Unknown' && !forbidden)) return 'Unknown';
  return counting.some(({ status }) => status !== 'Synced') ? 'OutOfSync' : 'Synced';
}

function isNamespace(object: KubeObject): boolean {
  return groupOf(object.apiVersion) === '' && object.kind === 'Namespace';
}
