// Runs the parts of the diff corpus that have a counterpart: tracking, masking, normalisation, ignoreDifferences, and the
// comparison of a server-side dry run.

import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { IgnoreDifference } from '../../../src/application/types.ts';
import { isEqualJson } from '../../../src/base/equal.ts';
import { messageOf } from '../../../src/base/errors.ts';
import { at, isObject, stringAt } from '../../../src/base/json.ts';
import { readIgnoreRules } from '../../../src/compare/ignore.ts';
import { maskSecrets } from '../../../src/compare/mask-secret.ts';
import { comparable, normalizeKind, normalizeSecret } from '../../../src/compare/normalize.ts';
import {
  alignTracking,
  parseTrackingId,
  type Tracking,
  type TrackingMethod,
  trackedInstance,
  withoutTracking,
  withTracking,
} from '../../../src/compare/tracking.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';

export async function runDiffLayer(corpusDir: string): Promise<LayerResult[]> {
  const read = (file: string) => readCases(join(corpusDir, 'diff', file));
  return [
    await runCases('diff/tracking', read('tracking.jsonl'), runTracking),
    await runCases('diff/hide-secret-data', read('hide-secret-data.jsonl'), runMask),
    await runCases('diff/normalize-secret', read('normalize-secret.jsonl'), (entry) =>
      expectObject(at(entry, 'expect'), normalizeSecret(object(entry.before))),
    ),
    await runCases('diff/normalize', read('normalize.jsonl'), runNormalize),
    await runCases('diff/ignore-differences', read('ignore-differences.jsonl'), runIgnore),
    await runCases('diff/server-side', read('server-side.jsonl'), runServerSide),
  ];
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

function runIgnore(entry: Case): string | undefined {
  if (!isObject(entry.before)) return undefined; // Upstream refuses nil; here the type does.
  const before = object(entry.before);
  const { rulesFor } = readIgnoreRules(readRules(entry.ignoreDifferences));
  const after = rulesFor(before)?.strip(before, undefined) ?? before;
  return expectObject(at(entry, 'expect', 'after'), after);
}

/** Whether they differ; upstream's own forms of the two states come from typed structs. */
function runServerSide(entry: Case): string | undefined {
  const live = comparable(object(entry.live));
  const predicted = comparable(object(entry.dryRunResult));
  return compare(at(entry, 'expect', 'modified'), !isEqualJson(live, predicted));
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

function expectObject(expected: unknown, actual: KubeObject | undefined): string | undefined {
  if (!isObject(expected)) return compare(expected ?? null, actual ?? null);
  return compare(object(expected), actual);
}

function compare(expected: unknown, actual: unknown): string | undefined {
  const [left, right] = [JSON.parse(JSON.stringify(expected ?? null)), JSON.parse(JSON.stringify(actual ?? null))];
  return isDeepStrictEqual(left, right) ? undefined : `expected ${JSON.stringify(left)}, got ${JSON.stringify(right)}`;
}
