// The status of an Application as Argo CD writes it, from what a comparison or its failure says. Pure, but for the times that are given.

import type { Comparison } from '../application/difference.ts';
import { hasSeveralSources, sourcesOf } from '../application/parse.ts';
import type {
  Application,
  ApplicationStatus,
  ComparedTo,
  Condition,
  ConditionType,
  HealthStatus,
  Source,
  SourceType,
} from '../application/types.ts';
import { at, isObject } from '../base/json.ts';
import { isEqualJson } from '../base/merge-patch.ts';
import { resourceStatuses } from '../compare/resource-status.ts';
import { aggregateHealth } from '../health/aggregate.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ResolvedSource } from '../source/source.ts';

export interface Compared {
  readonly resolved: readonly ResolvedSource[];
  readonly sourceTypes: readonly SourceType[];
  /** As rendered. */
  readonly objects: readonly KubeObject[];
  readonly comparison: Comparison;
}

/** Conditions that a comparison decides: what it does not name is gone. */
const COMPARED_CONDITIONS: readonly ConditionType[] = [
  'ComparisonError',
  'InvalidSpecError',
  'UnknownError',
  'SharedResourceWarning',
  'RepeatedResourceWarning',
  'ExcludedResourceWarning',
];

/** The status after a comparison. */
export function statusOfComparison(app: Application, compared: Compared, now: string): ApplicationStatus {
  const { comparison, resolved, sourceTypes } = compared;
  const { namespace, name } = app.metadata;
  const { health, resources: healths } = aggregateHealth(comparison.differences, { self: { namespace, name } });
  return {
    ...app.status,
    sync: { status: comparison.status, ...revisionsOf(app, resolved), comparedTo: comparedTo(app) },
    health: withTransition(app.status.health, health, now),
    resources: resourceStatuses(comparison.differences, healths),
    conditions: mergeConditions(app.status.conditions, comparison.conditions, COMPARED_CONDITIONS, now),
    reconciledAt: now,
    ...(hasSeveralSources(app.spec) ? { sourceTypes } : sourceTypes[0] && { sourceType: sourceTypes[0] }),
    summary: {
      ...app.status.summary,
      images: imagesOf(comparison.differences.flatMap(({ live }) => (live ? [live] : []))),
    },
  };
}

/** The status when nothing could be compared: Unknown with the reason; resources, the inventory, and health stay as they were. */
export function statusOfFailure(
  app: Application,
  conditions: readonly Condition[],
  resolved: readonly ResolvedSource[],
  now: string,
): ApplicationStatus {
  const revisions = resolved.length > 0 ? revisionsOf(app, resolved) : keepRevisions(app.status);
  return {
    ...app.status,
    sync: { status: 'Unknown', ...revisions, comparedTo: comparedTo(app) },
    health: app.status.health ?? { status: 'Unknown', lastTransitionTime: now },
    conditions: mergeConditions(app.status.conditions, conditions, COMPARED_CONDITIONS, now),
    reconciledAt: now,
  };
}

/** What the status was compared with; a spec that differs from it makes the status old. */
export function comparedTo({ spec }: Application): ComparedTo {
  return {
    ...(hasSeveralSources(spec) ? { sources: sourcesOf(spec) } : spec.source && { source: spec.source }),
    destination: spec.destination,
    ...(spec.ignoreDifferences && { ignoreDifferences: spec.ignoreDifferences }),
  };
}

export function isOfThisSpec(app: Application): boolean {
  return isEqualJson(app.status.sync?.comparedTo, comparedTo(app));
}

export function revisionsOf(
  app: Application,
  resolved: readonly ResolvedSource[],
): { readonly revision?: string; readonly revisions?: readonly string[] } {
  const revisions = resolved.map(({ revision }) => revision);
  if (hasSeveralSources(app.spec)) return { revisions };
  return revisions[0] ? { revision: revisions[0] } : {};
}

/** One text for a revision of one or several sources. */
export function joinRevisions({
  revision,
  revisions,
}: {
  readonly revision?: string;
  readonly revisions?: readonly string[];
}): string {
  return revisions ? revisions.join(',') : (revision ?? '');
}

export function sourcesForRecord({ spec }: Application): {
  readonly source?: Source;
  readonly sources?: readonly Source[];
} {
  return hasSeveralSources(spec) ? { sources: sourcesOf(spec) } : spec.source ? { source: spec.source } : {};
}

/**
 * `fresh` conditions replace those of the `decided` types; the others stay. One that was there before with the same text
 * keeps its time.
 */
export function mergeConditions(
  before: readonly Condition[] | undefined,
  fresh: readonly Condition[],
  decided: readonly ConditionType[],
  now: string,
): readonly Condition[] {
  const kept = (before ?? []).filter(({ type }) => !decided.includes(type));
  const timed = fresh.map((condition) => {
    const same = before?.find(({ type, message }) => type === condition.type && message === condition.message);
    return { ...condition, lastTransitionTime: same?.lastTransitionTime ?? now };
  });
  return [...kept, ...timed];
}

export function withTransition(before: HealthStatus | undefined, health: HealthStatus, now: string): HealthStatus {
  const isSame = before?.status === health.status;
  return { ...health, lastTransitionTime: (isSame && before.lastTransitionTime) || now };
}

function keepRevisions(status: ApplicationStatus) {
  const { revision, revisions } = status.sync ?? {};
  return { ...(revision && { revision }), ...(revisions && { revisions }) };
}

/** All images of pod templates, sorted, each once (Argo CD: `summary.images`). */
function imagesOf(objects: readonly KubeObject[]): readonly string[] {
  const images = new Set<string>();
  for (const object of objects) {
    for (const podSpec of [
      at(object, 'spec'),
      at(object, 'spec', 'template', 'spec'),
      at(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec'),
    ]) {
      for (const list of ['containers', 'initContainers']) {
        const containers = at(podSpec, list);
        for (const container of Array.isArray(containers) ? containers : []) {
          if (isObject(container) && typeof container.image === 'string') images.add(container.image);
        }
      }
    }
  }
  return [...images].sort();
}
