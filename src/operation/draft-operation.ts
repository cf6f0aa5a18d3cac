// The operation that a request means: what is put on the Application, and what a plan of it is made from. Pure.

import { sourcesOf } from '../application/parse.ts';
import type { Application, Operation, RevisionHistory, SyncRequest } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { RollbackRequest, SyncExtras } from './hawser.ts';
import { localManifests } from './local-manifests.ts';
import { withoutApprovals } from './window-rules.ts';

/** With the options and the retries of the spec where the request names none. Throws as `localManifests` does. */
export function syncOperation(
  app: Application,
  sync: SyncRequest,
  by: string,
  { retry = app.spec.syncPolicy?.retry, info }: SyncExtras = {},
): Operation {
  const { syncOptions = app.spec.syncPolicy?.syncOptions } = sync;
  return {
    sync: {
      ...sync,
      ...(sync.manifests && { manifests: localManifests(app, sync, sync.manifests) }),
      ...(syncOptions && { syncOptions }),
    },
    initiatedBy: { username: by },
    ...(retry && { retry }),
    ...(info && { info: withoutApprovals(info) }),
  };
}

/**
 * The sources and commits of an earlier deployment, with today's rules for rendering (Argo CD: server/application, Rollback). What the
 * newer deployment added is in the inventory, and goes with `prune`. Throws `InvalidInput` for an entry that is not there.
 */
export function rollbackOperation(
  app: Application,
  { id, prune = false, dryRun = false }: RollbackRequest,
  by: string,
): { readonly operation: Operation; readonly deployed: number } {
  const { id: deployed, revision, revisions, source, sources } = deploymentOf(app, id);
  const { syncOptions } = app.spec.syncPolicy ?? {};
  const operation: Operation = {
    sync: {
      ...(revision && { revision }),
      ...(revisions && { revisions }),
      prune,
      dryRun,
      ...(syncOptions && { syncOptions }),
      syncStrategy: { apply: {} },
      ...(source && { source }),
      ...(sources && { sources }),
    },
    initiatedBy: { username: by },
  };
  return { operation, deployed };
}

/** The revisions that a sync asks for in place of those of the sources. */
export function otherRevisions(
  { spec }: Application,
  { revision, revisions = revision ? [revision] : [] }: SyncRequest,
): readonly { readonly revision: string; readonly target: string }[] {
  return sourcesOf(spec).flatMap(({ targetRevision }, index) => {
    const wanted = revisions[index];
    const target = targetRevision || 'HEAD';
    return wanted && wanted !== target ? [{ revision: wanted, target }] : [];
  });
}

/** An entry of the history, or the one before the newest. */
function deploymentOf({ status, metadata }: Application, id: number | undefined): RevisionHistory {
  const { history = [] } = status;
  const found = id === undefined ? history.at(-2) : history.find((entry) => entry.id === id);
  if (found) return found;
  const hint = `ids: ${history.map((entry) => entry.id).join(', ') || 'none, since nothing was deployed'}`;
  const message =
    id === undefined
      ? `application ${metadata.name} should have at least two successful deployments`
      : `application ${metadata.name} does not have deployment with id ${id}`;
  throw new HawserError('InvalidInput', message, { hint });
}
