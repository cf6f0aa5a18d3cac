// Whether a tag that was pushed to a registry concerns a source (Argo CD: util/webhook/registry.go, HandleRegistryEvent).

import { matchesRevision } from './push-match.ts';
import type { Source } from './types.ts';

export interface PushedTag {
  /** `oci://ghcr.io/owner/name` */
  readonly repository: string;
  readonly tag: string;
}

/**
 * The artifact itself as repoURL, or a Helm source whose repoURL and chart together are it; and the tag, or a constraint that it
 * satisfies. A targetRevision that is empty or HEAD follows no tag.
 */
export function followsTag(source: Source, pushed: PushedTag): boolean {
  return isArtifact(source, pushed.repository) && matchesRevision(pushed.tag, source.targetRevision ?? '');
}

/** Whether a source is this artifact, whatever its tag. */
export function isArtifact({ repoURL, chart }: Source, repository: string): boolean {
  const wanted = normaliseArtifact(repository);
  if (normaliseArtifact(repoURL) === wanted) return true;
  return Boolean(chart) && normaliseArtifact(`${repoURL.replace(/\/+$/, '')}/${chart}`) === wanted;
}

/** An artifact's address in lower case, without `oci://` and a slash at its end (Argo CD: normalizeOCI). */
export function normaliseArtifact(url: string): string {
  return url
    .replace(/^oci:\/\//, '')
    .replace(/\/$/, '')
    .toLowerCase();
}
