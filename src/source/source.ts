// What the road asks of an Application's sources: which commit, what changed, and the manifests.

import type { Source, SourceType } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';

/** A source at a commit. */
export interface ResolvedSource {
  readonly source: Source;
  /** 40 hex digits. */
  readonly revision: string;
}

/** All that rendering depends on beside the repository. Equal contexts and trees give equal manifests. */
export interface RenderContext {
  readonly appName: string;
  readonly appNamespace: string;
  readonly project: string;
  /** The destination's namespace. */
  readonly namespace: string;
  /** `v1.36.3` of the destination cluster. */
  readonly kubeVersion: string;
  /** `v1`, `apps/v1`, `apps/v1/Deployment` … of the destination cluster. */
  readonly apiVersions: readonly string[];
}

/** Paths that a render read, listed or probed, as JSON; one entry a source. */
export type ReadSets = readonly unknown[];

export interface RenderedSources {
  readonly objects: readonly KubeObject[];
  /** One a source. */
  readonly sourceTypes: readonly SourceType[];
  readonly readSets: ReadSets;
}

/** Credentials are chosen per project; reads are shared while one delivery is worked on. */
export interface SourceReader {
  /** Resolves a targetRevision at the Git server. Throws `RevisionNotFound`, `GitFailed`, `GitUnauthorized`, `Unavailable`. */
  resolve(source: Source, project: string, signal?: AbortSignal): Promise<ResolvedSource>;
  /** The paths of a read set that differ at the resolved commit. */
  changedPaths(
    resolved: ResolvedSource,
    readSet: unknown,
    project: string,
    signal?: AbortSignal,
  ): Promise<readonly string[]>;
  /** Throws `RenderFailed` and its kin with file, line and column. `readSets` of an earlier render say what to fetch at once. */
  render(
    resolved: readonly ResolvedSource[],
    context: RenderContext,
    earlier?: ReadSets,
    signal?: AbortSignal,
  ): Promise<RenderedSources>;
}
