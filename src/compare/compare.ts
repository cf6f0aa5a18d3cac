// Target state against live state, by a server-side dry run of the same apply (design 5.2).

import { ANNOTATION, annotationList, hasSyncOption } from '../application/annotations.ts';
import type { Comparison, Difference, DryRun } from '../application/difference.ts';
import { isHook, isIgnored, isSkipped, syncPhases } from '../application/hook.ts';
import type { Condition, IgnoreDifference, ResourceStatus, SyncCode, SyncPolicy } from '../application/types.ts';
import { syncWave } from '../application/wave.ts';
import { DEFAULT_CONCURRENCY } from '../base/concurrency.ts';
import { isEqualJson } from '../base/equal.ts';
import { createLimiter } from '../base/limiter.ts';
import { predecessorsOf, withoutPredecessors } from '../kube/adoption.ts';
import type { KubeClient } from '../kube/client.ts';
import { formatKey, groupOf, type KubeObject, keyOf, versionOf } from '../kube/object.ts';
import { refOf } from '../kube/resource.ts';
import { findDrift } from './drift.ts';
import { type DryRunContext, ownershipDiffers, readLive, type Sighting, sightObject, tryApply } from './dry-run.ts';
import { type ObjectRules, readIgnoreRules } from './ignore.ts';
import { createLiveReader } from './live.ts';
import { compareNamespace } from './namespace.ts';
import { comparable, normalizeSecret } from './normalize.ts';
import { findOrphans } from './orphans.ts';
import { respectIgnored } from './respect.ts';
import { readScopes } from './scope.ts';
import { type PreparedTarget, prepareTargets } from './target.ts';
import { alignTracking, DEFAULT_TRACKING, type Tracking, trackedInstance } from './tracking.ts';

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
  readonly ignoreDifferences?: readonly IgnoreDifference[];
  readonly syncOptions?: readonly string[];
  readonly managedNamespaceMetadata?: SyncPolicy['managedNamespaceMetadata'];
  /**
   * A comparison of a moment ago, before a sync without hooks: what was Synced then has not been written, and is not asked for
   * again as long as Git's side is the same.
   */
  readonly earlier?: Comparison;
  /** Requests in flight at most. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

interface Judge {
  readonly input: CompareInput;
  readonly tracking: Tracking;
  readonly context: DryRunContext;
  readonly rulesFor: (object: KubeObject) => ObjectRules | undefined;
}

/**
 * Compares every target and every object of the inventory with the cluster; writes nothing. A dry run that fails makes its
 * object Unknown with the server's message. Throws `Unavailable` when the cluster cannot be reached.
 */
export async function compareTargets(input: CompareInput): Promise<Comparison> {
  const { client, destinationNamespace, signal } = input;
  const options = input.syncOptions ?? [];
  const tracking = input.tracking ?? DEFAULT_TRACKING;
  const ignore = readIgnoreRules(input.ignoreDifferences ?? []);
  const wanted = input.targets.filter(isForSync);
  const scopeOf = await readScopes(client, wanted, signal);
  const prepared = prepareTargets(wanted, scopeOf, { instance: input.instance, destinationNamespace, tracking });

  const limiter = createLimiter(input.concurrency ?? DEFAULT_CONCURRENCY);
  const refs = prepared.targets.map(({ target, scope }) => ({ ref: refOf(target), resource: scope.resource }));
  const isNamespaceMade = options.includes('CreateNamespace=true');
  const judge: Judge = {
    input,
    tracking,
    rulesFor: ignore.rulesFor,
    context: {
      client,
      limiter,
      signal,
      reader: createLiveReader(client, refs, limiter, signal),
      validate: !options.includes('Validate=false'),
      comingNamespaces: new Set([
        ...prepared.targets.flatMap(({ target }) => (isNamespace(target) ? [target.metadata.name ?? ''] : [])),
        ...(isNamespaceMade ? [destinationNamespace] : []),
      ]),
    },
  };
  const settled = settledBefore(input.earlier);
  const [differences, orphans, namespace] = await Promise.all([
    Promise.all(prepared.targets.map((target) => keptFrom(settled, target) ?? judgeTarget(target, judge))),
    findOrphans(
      { ...input, tracking, limiter },
      prepared.targets.map(({ target }) => target),
    ),
    isNamespaceMade
      ? compareNamespace(prepared.targets, destinationNamespace, input.managedNamespaceMetadata, judge.context)
      : undefined,
  ]);

  const all = [...differences, ...withoutDoubles(orphans, differences)];
  const conditions: Condition[] = [
    ...ignore.conditions,
    ...prepared.conditions,
    ...all.flatMap(missingNamespaceCondition),
    ...all.flatMap((difference) => sharedCondition(difference, input.instance)),
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

async function judgeTarget({ target, scope }: PreparedTarget, judge: Judge): Promise<Difference> {
  if (!scope.resource) return missing(target, unknownKind(target, scope.comesWithTargets));
  if (isHook(target) || isSkipped(target)) return judgeHook(target, judge);
  const rules = judge.rulesFor(target);
  const sighting = await sight(target, rules, judge);
  const { live, applied } = sighting;
  if (sighting.unreadable !== undefined) return unreadable(applied, sighting.unreadable);
  if (!live) return missing(applied, sighting.dryRun);
  const other = trackedInstance(live, judge.tracking);
  const shared = other !== '' && other !== judge.input.instance ? { sharedWith: other } : {};
  if (!sighting.predicted) return { ...unpredictable(applied, live, sighting.dryRun, judge), ...shared };
  return { ...judgePrediction(applied, live, sighting.predicted, rules, judge), ...shared };
}

/** With RespectIgnoreDifferences what is applied depends on what is live, so that the two questions come one after the other. */
async function sight(
  target: KubeObject,
  rules: ObjectRules | undefined,
  judge: Judge,
): Promise<Sighting & { readonly applied: KubeObject }> {
  const sighting = await sightObject(target, judge.context);
  const { live } = sighting;
  const respects = judge.input.syncOptions?.includes('RespectIgnoreDifferences=true') === true;
  if (!rules || !live || !respects) return { ...sighting, applied: target };
  const applied = respectIgnored(target, live, rules);
  return { live, applied, ...(await tryApply(applied, judge.context)) };
}

function judgePrediction(
  target: KubeObject,
  live: KubeObject,
  answer: KubeObject,
  rules: ObjectRules | undefined,
  judge: Judge,
): Difference {
  const { fieldManager } = judge.input.client;
  const adopts = predecessorsOf(live);
  const adopted = adopts.length > 0 ? withoutPredecessors(answer) : answer;
  const strip = (object: KubeObject) => (rules ? rules.strip(object, live) : object);
  const drift = findDrift(strip(normalizeSecret(target)), live, strip(adopted));
  const predicted = drift ? withoutRemoved(adopted, drift.removals) : adopted;
  // Who moves here from tracking by label shall not find everything OutOfSync.
  const { labelKey, method } = judge.tracking;
  const isLabelled = live.metadata.labels?.[labelKey] === judge.input.instance;
  const tracked = isLabelled ? alignTracking(target, live, labelKey, method) : live;
  const before = comparable(tracked);
  const after = comparable(predicted);
  const isSame = isEqualJson(before, after);
  // What is replaced is nobody's by server-side apply.
  const isReplaced =
    judge.input.syncOptions?.includes('Replace=true') === true ||
    hasSyncOption(target, 'Replace=true') ||
    hasSyncOption(live, 'Replace=true');
  const modified = !isSame && !isEqualJson(strip(before), strip(after));
  return {
    ...describe(target, live),
    predicted,
    modified,
    // Fields that are ignored would be overwritten by an apply for ownership's sake alone.
    ownershipChanges: isSame && !isReplaced && (tracked !== live || ownershipDiffers(live, answer, fieldManager)),
    status: modified ? 'OutOfSync' : 'Synced',
    dryRun: { outcome: 'passed' },
    adopts,
    ...(drift ? { removals: drift.removals } : {}),
  };
}

/** Live, but what would become of it is not known. */
function unpredictable(target: KubeObject, live: KubeObject, dryRun: DryRun, judge: Judge): Difference {
  const base = { ...describe(target, live), ownershipChanges: false, adopts: predecessorsOf(live) };
  if (dryRun.outcome === 'failed' && dryRun.invalid && mayRecreate(target, live, judge.input.syncOptions ?? [])) {
    const { message } = dryRun;
    return { ...base, modified: true, status: 'OutOfSync', message, dryRun: { outcome: 'recreates', message } };
  }
  const message = 'message' in dryRun ? dryRun.message : '';
  return { ...base, modified: true, status: 'Unknown', message, dryRun };
}

/** Force=true deletes what cannot be changed (an immutable field) and creates it again. */
function mayRecreate(target: KubeObject, live: KubeObject, options: readonly string[]): boolean {
  return options.includes('Force=true') || hasSyncOption(target, 'Force=true') || hasSyncOption(live, 'Force=true');
}

function missing(target: KubeObject, dryRun: DryRun): Difference {
  return {
    ...describe(target, undefined),
    modified: true,
    ownershipChanges: false,
    status: 'OutOfSync',
    dryRun,
    adopts: [],
    ...('message' in dryRun && dryRun.outcome !== 'deferred' ? { message: dryRun.message } : {}),
  };
}

function unreadable(target: KubeObject, message: string): Difference {
  return { ...missing(target, { outcome: 'failed', message }), status: 'Unknown' };
}

/** Hooks and skipped objects have no sync status; what of a hook is left from last time decides how it is run. */
async function judgeHook(target: KubeObject, judge: Judge): Promise<Difference> {
  const sighting = target.metadata.name ? await readLive(target, judge.context.reader) : {};
  const { live, unreadable: message } = sighting;
  return {
    ...describe(target, live),
    modified: true,
    ownershipChanges: false,
    dryRun: message === undefined ? { outcome: 'none' } : { outcome: 'failed', message },
    adopts: [],
  };
}

function describe(target: KubeObject, live: KubeObject | undefined) {
  return {
    key: keyOf(target),
    version: versionOf(target.apiVersion),
    target,
    ...(live ? { live } : {}),
    hook: isHook(target),
    requiresPruning: false,
    syncWave: syncWave(target),
  };
}

function unknownKind(target: KubeObject, comesWithTargets: boolean): DryRun {
  const message = `no matches for kind "${target.kind}" in version "${target.apiVersion}"`;
  return comesWithTargets ? { outcome: 'deferred', awaits: 'kind', message } : { outcome: 'unknownKind', message };
}

/** The whole prediction, ignored fields too, without what drift removes. */
function withoutRemoved(predicted: KubeObject, removals: object): KubeObject {
  const remove = (value: unknown, patch: unknown): unknown => {
    if (!isMap(value) || !isMap(patch)) return value;
    const kept = Object.entries(value).filter(([key]) => patch[key] !== null);
    return Object.fromEntries(kept.map(([key, field]) => [key, key in patch ? remove(field, patch[key]) : field]));
  };
  return Object.assign({}, predicted, remove(predicted, removals));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One object under two groups (extensions and networking.k8s.io) is no orphan under the old one. */
function withoutDoubles(orphans: readonly Difference[], differences: readonly Difference[]): readonly Difference[] {
  const uids = new Set(differences.flatMap(({ live }) => live?.metadata.uid ?? []));
  return orphans.filter(({ live }) => !live?.metadata.uid || !uids.has(live.metadata.uid));
}

function sharedCondition(difference: Difference, instance: string): readonly Condition[] {
  const { sharedWith, key } = difference;
  if (!sharedWith) return [];
  const message = `${key.kind}/${key.name} is part of applications ${instance.replace('_', '/')} and ${sharedWith.replaceAll('_', '/')}`;
  return [{ type: 'SharedResourceWarning', message }];
}

/** Argo CD: an object of a namespaced kind for which neither Git nor the Application names a namespace. */
function missingNamespaceCondition({ target, key, version, dryRun }: Difference): readonly Condition[] {
  if (target?.metadata.namespace !== '' || dryRun.outcome === 'unknownKind') return [];
  const message = `Namespace for ${key.name} ${key.group ? `${key.group}/` : '/'}${version}, Kind=${key.kind} is missing.`;
  return [{ type: 'InvalidSpecError', message }];
}

function overallStatus(differences: readonly Difference[]): SyncCode {
  const counting = differences.filter(({ status, requiresPruning, live }) => {
    if (status === undefined) return false;
    const isExtraneous = requiresPruning && live !== undefined;
    return !(isExtraneous && annotationList(live, ANNOTATION.compareOptions).includes('IgnoreExtraneous'));
  });
  if (counting.some(({ status }) => status === 'Unknown')) return 'Unknown';
  return counting.some(({ status }) => status === 'OutOfSync') ? 'OutOfSync' : 'Synced';
}

function isNamespace(object: KubeObject): boolean {
  return groupOf(object.apiVersion) === '' && object.kind === 'Namespace';
}
