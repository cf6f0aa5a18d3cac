// Which version of a chart a text means: a pin, or the newest that a constraint allows.

import { HawserError } from '../base/errors.ts';
import {
  type Constraint,
  compareVersions,
  parseConstraint,
  parseVersion,
  satisfies,
  type Version,
} from '../base/semver.ts';

/** True for `1.2.3`, `v1.2` and `1`: a pin that needs no list of versions (Argo CD: util/versions, IsVersion). */
export function isPinned(text: string): boolean {
  return versionOf(text) !== undefined;
}

/**
 * The newest version that the constraint allows, as its author wrote it; empty allows every release (Argo CD: MaxVersion). Throws
 * `InvalidInput` for what is no constraint, `RevisionNotFound` where none fits.
 */
export function newestVersion(versions: readonly string[], constraintText: string, chart: string): string {
  const constraint = parseConstraint(constraintText || '*');
  let best: Version | undefined;
  for (const version of versions.map(versionOf)) {
    if (!version || !satisfies(version, constraint)) continue;
    if (!best || compareVersions(version, best) > 0) best = version;
  }
  if (best) return best.original;
  throw new HawserError(
    'RevisionNotFound',
    `${chart}: none of ${versions.length} versions satisfies '${constraintText || '*'}'`,
    { hint: 'correct spec.source.targetRevision' },
  );
}

/**
 * The first of `entries`, which come newest first, that is exactly this version, or else satisfies it as a constraint; empty is the
 * newest release, and what is neither version nor constraint is not found (Helm: pkg/repo/index.go, Get; pkg/registry/util.go, GetTagMatchingVersionOrConstraint).
 */
export function findVersion<T extends { readonly version: string }>(
  entries: readonly T[],
  wanted: string,
): T | undefined {
  const exact = entries.find(({ version }) => version === wanted);
  if (exact) return exact;
  const constraint = constraintOf(wanted || '*');
  if (!constraint) return undefined;
  return entries.find(({ version }) => {
    const parsed = versionOf(version);
    return parsed !== undefined && satisfies(parsed, constraint);
  });
}

function constraintOf(text: string): Constraint | undefined {
  try {
    return parseConstraint(text);
  } catch (error) {
    if (error instanceof HawserError) return undefined;
    throw error;
  }
}

function versionOf(text: string): Version | undefined {
  try {
    return parseVersion(text);
  } catch (error) {
    if (error instanceof HawserError) return undefined;
    throw error;
  }
}
