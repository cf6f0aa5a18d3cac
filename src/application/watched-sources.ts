// The sources of an Application whose repositories tell of pushes that concern it.

import { stringAt } from '../base/json.ts';
import { sourcesOf } from './parse.ts';
import type { Source } from './types.ts';

interface Holder {
  readonly source?: Source;
  readonly sources?: readonly Source[];
  readonly sourceHydrator?: unknown;
}

/**
 * Its sources; where a hydrator is set, what is synced and what is rendered from (Argo CD: GetSources and GetDrySource), which hawser does
 * not sync, but its Application is told so at each push.
 */
export function watchedSources(spec: Holder): readonly Source[] {
  const synced = hydratedSource(spec);
  if (!synced) return sourcesOf(spec);
  const { sourceHydrator } = spec;
  const dry = {
    repoURL: stringAt(sourceHydrator, 'drySource', 'repoURL') ?? '',
    path: stringAt(sourceHydrator, 'drySource', 'path') ?? '',
    targetRevision: stringAt(sourceHydrator, 'drySource', 'targetRevision') ?? '',
  };
  return [synced, dry];
}

/** The branch of rendered manifests (Argo CD: GetSyncSource); undefined without a hydrator. */
export function hydratedSource({ sourceHydrator }: Holder): Source | undefined {
  if (!sourceHydrator) return undefined;
  return {
    repoURL:
      stringAt(sourceHydrator, 'syncSource', 'repoURL') || (stringAt(sourceHydrator, 'drySource', 'repoURL') ?? ''),
    path: stringAt(sourceHydrator, 'syncSource', 'path') ?? '',
    targetRevision: stringAt(sourceHydrator, 'syncSource', 'targetBranch') ?? '',
  };
}
