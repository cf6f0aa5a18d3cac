// The history of an Application as its entries are compared and told of. Pure.

import type { Application, RevisionHistory, Source } from '../../../application/types.ts';

export interface Entry {
  readonly entry: RevisionHistory;
  readonly isCurrent: boolean;
  /** The one before it, which may have been dropped. */
  readonly before: RevisionHistory | undefined;
  /** Seconds; undefined where it was not written down. */
  readonly tookS: number | undefined;
}

/** The newest first. */
export function entriesOf({ status }: Pick<Application, 'status'>): readonly Entry[] {
  const history = status.history ?? [];
  return history
    .map((entry, index) => ({
      entry,
      isCurrent: index === history.length - 1,
      before: history[index - 1],
      tookS: secondsBetween(entry.deployStartedAt, entry.deployedAt),
    }))
    .reverse();
}

function secondsBetween(from: string | undefined, to: string): number | undefined {
  const ms = Date.parse(to) - Date.parse(from ?? '');
  return Number.isFinite(ms) && ms >= 0 ? ms / 1_000 : undefined;
}

/** Of what it was deployed from, each with its own revision. */
export function revisionsOf({ revision, revisions }: RevisionHistory): readonly string[] {
  return revisions && revisions.length > 0 ? revisions : revision ? [revision] : [];
}

export function sourcesOfEntry({ source, sources }: RevisionHistory): readonly Source[] {
  return sources && sources.length > 0 ? sources : source ? [source] : [];
}

/** The spec of the Application as it was then, at the revisions of then: what those would be rendered from. */
export function specOf({ spec }: Pick<Application, 'spec'>, entry: RevisionHistory): Readonly<Record<string, unknown>> {
  const { source: _, sources: __, ...rest } = spec;
  const revisions = revisionsOf(entry);
  const pinned = sourcesOfEntry(entry).map((source, index) => {
    const revision = revisions[index];
    return revision ? { ...source, targetRevision: revision } : source;
  });
  return entry.sources && entry.sources.length > 0 ? { ...rest, sources: pinned } : { ...rest, source: pinned[0] };
}

/** Whether it was deployed from what the Application is deployed from now, at whatever revision. */
export function isOfSameSources({ spec }: Pick<Application, 'spec'>, entry: RevisionHistory): boolean {
  const own = spec.sources && spec.sources.length > 0 ? spec.sources : spec.source ? [spec.source] : [];
  return JSON.stringify(own.map(unpinned)) === JSON.stringify(sourcesOfEntry(entry).map(unpinned));
}

function unpinned({ targetRevision: _, ...source }: Source): unknown {
  return Object.fromEntries(Object.entries(source).sort(([a], [b]) => (a < b ? -1 : 1)));
}
