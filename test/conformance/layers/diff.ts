// Runs the diff corpus: tracking, masking, normalisation, ignoreDifferences, known types, the comparison of a server-side dry
// run, and the comparisons that go without one. Rows with an extra normaliser of the upstream test are layers of their own.

import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseArgoSettings } from '../../../src/application/argo-settings.ts';
import type { IgnoreDifference } from '../../../src/application/types.ts';
import { isEqualJson } from '../../../src/base/equal.ts';
import { messageOf } from '../../../src/base/errors.ts';
import { at, isObject, stringAt } from '../../../src/base/json.ts';
import { normalizeState, predictClientSide } from '../../../src/compare/client-diff.ts';
import { readIgnoreRules } from '../../../src/compare/ignore.ts';
import { normalizeKnownTypes } from '../../../src/compare/known-types.ts';
import { maskSecrets } from '../../../src/compare/mask-secret.ts';
import { normalizeKind, normalizeSecret } from '../../../src/compare/normalize.ts';
import { remarshal } from '../../../src/compare/remarshal.ts';
import { predictStructuredMerge, withoutLastApplied } from '../../../src/compare/structured-merge.ts';
import type { StatePair } from '../../../src/compare/three-way.ts';
import {
  alignTracking,
  parseTrackingId,
  type Tracking,
  type TrackingMethod,
  trackedInstance,
  withoutTracking,
  withTracking,
} from '../../../src/compare/tracking.ts';
import { withoutMutations } from '../../../src/compare/webhook-mutation.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';

/** The check of each file, by its name without its ending. */
export const DIFF_CHECKS = {
  tracking: runTracking,
  'hide-secret-data': runMask,
  'normalize-secret': (entry) => expectObject(at(entry, 'expect'), normalizeSecret(object(entry.before))),
  normalize: runNormalize,
  'ignore-differences': runIgnore,
  'known-types': runKnownTypes,
  remarshal: (entry) => expectObject(entry.expect, remarshal(object(entry.before))),
  diff: (entry) => runPair(entry, runClientSide),
  extra: (entry) => runPair(entry, runClientSide),
  'structured-merge': (entry) => runPair(entry, runStructuredMerge),
  'server-side': (entry) => runPair(entry, runServerSide),
} as const satisfies Readonly<Record<string, (entry: Case) => string | undefined>>;

/** Rows in which an upstream test normalised besides are results of their own, and of them only `modified` is compared. */
export async function runDiffLayer(corpusDir: string): Promise<LayerResult[]> {
  const results: LayerResult[] = [];
  for (const [file, check] of Object.entries(DIFF_CHECKS)) {
    const cases = readCases(join(corpusDir, 'diff', `${file}.jsonl`));
    const isApart = (entry: Case) => stringAt(entry, 'normalizer') !== undefined;
    const apart = cases.filter(isApart);
    const own = cases.filter((entry) => !isApart(entry));
    results.push(await runCases(`diff/${file}`, own, check));
    if (apart.length > 0) results.push(await runCases(`diff/${file} with a normalizer`, apart, check));
  }
  return results;
}

function runPair(entry: Case, predict: (entry: Case) => StatePair): string | undefined {
  const expected = entry.expect;
  if (!isObject(entry.config) || !isObject(entry.live)) return runOneSided(entry);
  let states: StatePair;
  try {
    states = predict(entry);
  } catch (error) {
    return at(expected, 'error') === null ? `failed: ${messageOf(error)}` : undefined;
  }
  if (at(expected, 'error') !== null) return `expected the error ${String(at(expected, 'error'))}`;
  const modified = compare(at(expected, 'modified'), !isEqualJson(states.live, states.predicted));
  if (modified !== undefined || stringAt(entry, 'normalizer') !== undefined) return modified;
  return (
    expectObject(at(expected, 'normalizedLive'), states.live, 'live: ') ??
    expectObject(at(expected, 'predictedLive'), states.predicted, 'predicted: ')
  );
}

/** Without one of the two nothing is predicted: what is in Git is to be, and what is live is. */
function runOneSided(entry: Case): string | undefined {
  const state = (value: unknown) => (isObject(value) ? normalizeState(remarshal(object(value))) : undefined);
  return (
    compare(at(entry, 'expect', 'modified'), !isObject(entry.live)) ??
    expectObject(at(entry, 'expect', 'normalizedLive'), state(entry.live), 'live: ') ??
    expectObject(at(entry, 'expect', 'predictedLive'), state(entry.config), 'predicted: ')
  );
}

function runClientSide(entry: Case): StatePair {
  return predictClientSide(object(entry.config), object(entry.live), {
    manager: stringAt(entry, 'options', 'manager') ?? '',
    structuredMerge: at(entry, 'options', 'structuredMergeDiff') === true,
    ignoreAggregatedRoles: at(entry, 'options', 'ignoreAggregatedRoles') === true,
    ...(stringAt(entry, 'normalizer') ? { normalize: withoutSessionAffinity } : {}),
  });
}

/** What upstream's one double (testIgnoreDifferencesNormalizer) takes out. */
function withoutSessionAffinity(state: KubeObject): KubeObject {
  if (!isObject(state.spec)) return state;
  const { sessionAffinity: _, ...spec } = state.spec;
  return { ...state, spec };
}

function runStructuredMerge(entry: Case): StatePair {
  return predictStructuredMerge(object(entry.config), object(entry.live), stringAt(entry, 'options', 'manager') ?? '');
}

function runKnownTypes(entry: Case): string | undefined {
  const overrides = isObject(entry.resourceOverrides) ? entry.resourceOverrides : {};
  const data = Object.entries(overrides).map(([key, override]) => [
    `resource.customizations.knownTypeFields.${key.replace('/', '_')}`,
    JSON.stringify(at(override, 'knownTypeFields')),
  ]);
  try {
    const { knownTypeFields } = parseArgoSettings(Object.fromEntries(data));
    const after = normalizeKnownTypes(object(entry.before), knownTypeFields);
    return compare(at(entry, 'expect', 'error'), null) ?? expectObject(at(entry, 'expect', 'after'), after);
  } catch (error) {
    return at(entry, 'expect', 'error') === null ? `failed: ${messageOf(error)}` : undefined;
  }
}

function runTracking(entry: Case): string | undefined {
  const tracking: Tracking = {
    method: methodOf(entry.trackingMethod),
    labelKey: stringAt(entry, 'labelKey') ?? 'app.kubernetes.io/instance',
    installationId: stringAt(entry, 'installationID') ?? '',
  };
  const expected = entry.expect;
  switch (entry.op) {
    case 'SetAppInstance': {
      const instance = stringAt(entry, 'appName') ?? '';
      try {
        const after = withTracking(object(entry.before), instance, stringAt(entry, 'namespace') ?? '', tracking);
        return expectObject(at(expected, 'after'), after) ?? compare(at(expected, 'error'), null);
      } catch (error) {
        return compare(at(expected, 'error'), messageOf(error));
      }
    }
    case 'RemoveAppInstance':
      return expectObject(at(expected, 'after'), withoutTracking(object(entry.before), String(entry.trackingMethod)));
    case 'GetAppName':
      return compare(expected, trackedInstance(object(entry.obj), tracking));
    case 'ParseAppInstanceValue': {
      const id = parseTrackingId(stringAt(entry, 'value') ?? '');
      const parsed = id && {
        ApplicationName: id.instance,
        Group: id.group,
        Kind: id.kind,
        Namespace: id.namespace,
        Name: id.name,
      };
      return compare(at(expected, 'parsed'), parsed ?? null);
    }
    case 'TrackingNormalize': {
      const live = alignTracking(
        object(entry.config),
        object(entry.live),
        tracking.labelKey,
        String(entry.trackingMethod),
      );
      return expectObject(at(expected, 'live'), live);
    }
    default:
      return `unknown operation ${String(entry.op)}`;
  }
}

function runMask(entry: Case): string | undefined {
  const states = [entry.target, entry.live].map((state) => (isObject(state) ? object(state) : undefined));
  const hidden = Object.keys(isObject(entry.hideAnnotations) ? entry.hideAnnotations : {});
  const [target, live] = maskSecrets(states, new Set(hidden));
  return expectObject(at(entry, 'expect', 'target'), target) ?? expectObject(at(entry, 'expect', 'live'), live);
}

function runNormalize(entry: Case): string | undefined {
  const before = object(entry.before);
  const { creationTimestamp: _, ...metadata } = before.metadata;
  return expectObject(at(entry, 'expect'), normalizeKind({ ...before, metadata }));
}

/** Of the Application, and system-wide as argocd-cm has them. */
function runIgnore(entry: Case): string | undefined {
  // Upstream's function refuses no object at all; here its type does.
  if (!isObject(entry.before)) return at(entry, 'expect', 'error') === null ? 'expected no error' : undefined;
  const before = object(entry.before);
  const overrides = Object.entries(isObject(entry.resourceOverrides) ? entry.resourceOverrides : {});
  const data = overrides.map(([key, override]) => [
    `resource.customizations.ignoreDifferences.${key.replaceAll('*', 'all').replace('/', '_')}`,
    stringAt(override, 'ignoreDifferences') ?? '',
  ]);
  try {
    const { ignoreDifferences } = parseArgoSettings(Object.fromEntries(data));
    const { rulesFor } = readIgnoreRules([...readRules(entry.ignoreDifferences), ...ignoreDifferences]);
    const after = rulesFor(before)?.strip(before, undefined) ?? before;
    return compare(at(entry, 'expect', 'error'), null) ?? expectObject(at(entry, 'expect', 'after'), after);
  } catch (error) {
    return at(entry, 'expect', 'error') === null ? `failed: ${messageOf(error)}` : undefined;
  }
}

/** Both in the form in which upstream's tests compare them; they give live as it is. */
function runServerSide(entry: Case): StatePair {
  const live = object(entry.live);
  const answer = object(entry.dryRunResult);
  const manager = stringAt(entry, 'options', 'manager') ?? '';
  const isCleaned = at(entry, 'options', 'ignoreMutationWebhook') === true;
  const predicted = isCleaned ? withoutMutations(object(entry.config), live, answer, manager) : answer;
  return { live: shownServerSide(live), predicted: shownServerSide(remarshal(predicted)) };
}

function shownServerSide(state: KubeObject): KubeObject {
  const shown = withoutLastApplied(normalizeState(state));
  const { managedFields: _, resourceVersion: __, ...metadata } = shown.metadata;
  return { ...shown, metadata };
}

function readRules(value: unknown): IgnoreDifference[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((rule) => ({ ...rule, kind: stringAt(rule, 'kind') ?? '' }));
}

function methodOf(value: unknown): TrackingMethod {
  return value === 'label' || value === 'annotation+label' ? value : 'annotation';
}

/** Test objects are often without apiVersion, kind or metadata. */
function object(value: unknown): KubeObject {
  const fields = isObject(value) ? value : {};
  return {
    ...fields,
    apiVersion: stringAt(fields, 'apiVersion') ?? '',
    kind: stringAt(fields, 'kind') ?? '',
    metadata: isObject(fields.metadata) ? fields.metadata : {},
  };
}

function expectObject(expected: unknown, actual: KubeObject | undefined, what = ''): string | undefined {
  const problem = compare(isObject(expected) ? object(expected) : (expected ?? null), actual ?? null);
  return problem && `${what}${problem}`;
}

function compare(expected: unknown, actual: unknown): string | undefined {
  const [left, right] = [JSON.parse(JSON.stringify(expected ?? null)), JSON.parse(JSON.stringify(actual ?? null))];
  return isDeepStrictEqual(left, right) ? undefined : `expected ${JSON.stringify(left)}, got ${JSON.stringify(right)}`;
}
