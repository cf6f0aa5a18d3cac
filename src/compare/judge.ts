// One target against the cluster: is it there, would an apply change it, and what of that counts?

import { hasSyncOption } from '../application/annotations.ts';
import { adoptionOf, isAppliedClientSide, isComparedClientSide, isReplaced } from '../application/apply-mode.ts';
import type { CompareOptions, KnownTypeFields } from '../application/argo-settings.ts';
import type { Difference, DryRun } from '../application/difference.ts';
import { isHook, isSkipped } from '../application/hook.ts';
import { syncWave } from '../application/wave.ts';
import { isEqualJson } from '../base/equal.ts';
import { predecessorsOf, sharersOf, withoutPredecessors } from '../kube/adoption.ts';
import { isAppliedLast } from '../kube/last-applied.ts';
import { type KubeObject, keyOf, versionOf } from '../kube/object.ts';
import { type Autoscalers, leaveScale } from './autoscaling.ts';
import { findDrift, withoutPaths } from './drift.ts';
import { type Adjust, type DryRunContext, ownershipDiffers, readLive, sightObject, tryCreate } from './dry-run.ts';
import type { ObjectRules } from './ignore.ts';
import { comparable, normalizeSecret } from './normalize.ts';
import { predictLocally } from './predict-locally.ts';
import { respectIgnored } from './respect.ts';
import { stripper } from './strip.ts';
import { isCrd, type PreparedTarget } from './target.ts';
import { alignTracking, type Tracking, trackedInstance } from './tracking.ts';
import { includesMutations, withoutMutations } from './webhook-mutation.ts';

/** By what one comparison judges all of its targets. */
export interface Judge {
  readonly instance: string;
  readonly tracking: Tracking;
  readonly syncOptions: readonly string[];
  /** The Application's own `compare-options`. */
  readonly compareOptions: readonly string[];
  /** argocd-cm `resource.compareoptions`: ignoreResourceStatusField. */
  readonly ignoreStatusOf: CompareOptions['ignoreResourceStatusField'];
  readonly knownTypeFields: readonly KnownTypeFields[];
  readonly context: DryRunContext;
  readonly autoscalers: Autoscalers;
  readonly rulesFor: (object: KubeObject) => ObjectRules | undefined;
}

/** Writes nothing. Throws when the cluster cannot be reached; what it refuses is in the difference. */
export async function judgeTarget({ target, scope }: PreparedTarget, judge: Judge): Promise<Difference> {
  if (!scope.resource) return missing(target, unknownKind(target, scope.comesWithTargets));
  if (isHook(target) || isSkipped(target)) return judgeHook(target, judge);
  const rules = judge.rulesFor(target);
  if (isComparedClientSide(target, judge.syncOptions, judge.compareOptions)) return judgeLocally(target, rules, judge);
  const sighting = await sightObject(target, judge.context, adjuster(rules, judge));
  const { live, applied } = sighting;
  if (sighting.unreadable !== undefined) return unreadable(applied, sighting.unreadable);
  if (!live) return missing(applied, sighting.dryRun);
  const shared = sharedBy(live, judge);
  if (!sighting.predicted) return { ...unpredictable(applied, live, sighting.dryRun, judge), ...shared };
  return { ...judgePrediction(applied, live, sighting.predicted, rules, judge), ...shared };
}

function sharedBy(live: KubeObject, judge: Judge): Pick<Difference, 'sharedWith'> {
  const other = trackedInstance(live, judge.tracking);
  return other !== '' && other !== judge.instance ? { sharedWith: other } : {};
}

/** Without a dry run, but for what is not there: that it can be made, the API server alone knows. */
async function judgeLocally(target: KubeObject, rules: ObjectRules | undefined, judge: Judge): Promise<Difference> {
  const { live, unreadable: message } = await readLive(target, judge.context);
  if (message !== undefined) return unreadable(target, message);
  if (!live) {
    const byPatch = isAppliedClientSide(target, judge.syncOptions);
    const { dryRun } = byPatch
      ? { dryRun: await tryCreate(target, judge.context) }
      : await sightObject(target, judge.context);
    return missing(target, dryRun);
  }
  const applied = await adjuster(rules, judge)(target, live);
  const tracked = withTrackingOf(applied, live, judge);
  const prediction = predictLocally(applied, tracked, {
    ...judge,
    strip: stripper(live, rules, judge),
    withStatus: countsStatus(applied, judge),
    manager: judge.context.client.fieldManager,
  });
  const ownershipChanges = prediction.ownershipChanges || tracked !== live;
  return { ...describe(applied, live), ...prediction, ownershipChanges, ...sharedBy(live, judge) };
}

/** What is applied depends on what is live where an autoscaler or the sync options say so. */
function adjuster(rules: ObjectRules | undefined, judge: Judge): Adjust {
  const respects = judge.syncOptions.includes('RespectIgnoreDifferences=true');
  const manager = judge.context.client.fieldManager;
  return async (target, live) => {
    // What a replacement or a client-side apply does not name is reset.
    const asLive =
      isReplaced(target, live, judge.syncOptions) || hasOption(target, live, judge, 'ServerSideApply=false');
    const scaled = await leaveScale(target, live, judge.autoscalers, { manager, asLive });
    return rules && respects ? respectIgnored(scaled, live, rules) : scaled;
  };
}

function judgePrediction(
  target: KubeObject,
  live: KubeObject,
  answer: KubeObject,
  rules: ObjectRules | undefined,
  judge: Judge,
): Difference {
  const { fieldManager } = judge.context.client;
  // Who patches takes nobody's fields over, and leaves what others added.
  const byPatch = isAppliedClientSide(target, judge.syncOptions);
  const adoption = adoptionOf(target, judge.syncOptions);
  const adopts = byPatch ? [] : predecessorsOf(live, adoption);
  const alone = adopts.length > 0 ? withoutPredecessors(answer, adoption) : answer;
  const sharers = byPatch ? [] : sharersOf(answer, fieldManager, adoption);
  const adopted = ownAnswer(target, live, alone, judge);
  const strip = stripper(live, rules, judge);
  const drift = byPatch ? undefined : findDrift(strip(normalizeSecret(target)), live, strip(adopted));
  const predicted = drift ? withoutPaths(adopted, drift.paths) : adopted;
  const tracked = withTrackingOf(target, live, judge);
  const withStatus = countsStatus(target, judge);
  const before = comparable(tracked, withStatus);
  const after = comparable(predicted, withStatus);
  const isSame = isEqualJson(before, after);
  const compared = isSame ? undefined : { live: strip(before), predicted: strip(after) };
  const modified = compared !== undefined && !isEqualJson(compared.live, compared.predicted);
  return {
    ...describe(target, live),
    predicted,
    modified,
    // Fields that are ignored would be overwritten by an apply for ownership's sake alone.
    // What is replaced is nobody's by server-side apply.
    ownershipChanges:
      isSame &&
      !isReplaced(target, live, judge.syncOptions) &&
      (tracked !== live ||
        sharers.length > 0 ||
        (byPatch ? !isAppliedLast(target, live) : ownershipDiffers(live, answer, fieldManager))),
    status: modified ? 'OutOfSync' : 'Synced',
    dryRun: { outcome: 'passed' },
    adopts: [...adopts, ...sharers],
    ...(compared ? { compared } : {}),
    ...(drift ? { removals: drift.removals } : {}),
  };
}

/** A status that Git itself has, where argocd-cm does not ignore it. */
function countsStatus(target: KubeObject, { ignoreStatusOf }: Judge): boolean {
  if (target.status === undefined || ignoreStatusOf === 'all') return false;
  return ignoreStatusOf === 'none' || !isCrd(target);
}

/** The dry run's answer without what webhooks do to it on their own account. */
function ownAnswer(target: KubeObject, live: KubeObject, answer: KubeObject, judge: Judge): KubeObject {
  if (answer === live || includesMutations(target, judge.compareOptions)) return answer;
  if (isEqualJson(comparable(live), comparable(answer))) return answer;
  return withoutMutations(target, live, answer, judge.context.client.fieldManager);
}

/** Live, but what would become of it is not known. */
function unpredictable(target: KubeObject, live: KubeObject, dryRun: DryRun, judge: Judge): Difference {
  const base = {
    ...describe(target, live),
    ownershipChanges: false,
    adopts: predecessorsOf(live, adoptionOf(target, judge.syncOptions)),
  };
  if (dryRun.outcome === 'failed' && dryRun.invalid && mayRecreate(target, live, judge.syncOptions)) {
    const { message } = dryRun;
    return { ...base, modified: true, status: 'OutOfSync', message, dryRun: { outcome: 'recreates', message } };
  }
  const message = 'message' in dryRun ? dryRun.message : '';
  return { ...base, modified: true, status: 'Unknown', message, dryRun };
}

/** Who moves here from tracking by label shall not find everything OutOfSync. */
function withTrackingOf(target: KubeObject, live: KubeObject, { tracking, instance }: Judge): KubeObject {
  const { labelKey, method } = tracking;
  return live.metadata.labels?.[labelKey] === instance ? alignTracking(target, live, labelKey, method) : live;
}

function hasOption(target: KubeObject, live: KubeObject, judge: Judge, option: string): boolean {
  return judge.syncOptions.includes(option) || hasSyncOption(target, option) || hasSyncOption(live, option);
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
  const sighting = target.metadata.name ? await readLive(target, judge.context) : {};
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
