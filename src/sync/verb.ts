// How one object is written, by the sync options of Application and object (Argo CD: pkg/sync/sync_context.go, applyObject).

import { hasSyncOption } from '../application/annotations.ts';
import { isAppliedClientSide, isReplaced } from '../application/apply-mode.ts';
import type { PropagationPolicy } from '../kube/client.ts';
import type { SyncSettings } from './plan.ts';
import { isCrd, isNamespace, type SyncTask } from './task.ts';

export type Verb =
  | {
      readonly verb: 'apply';
      /** Delete and create again what cannot be applied. */
      readonly force: boolean;
      readonly validate: boolean;
      /** False when `ServerSideApply=false` asks for the three-way apply. */
      readonly serverSide: boolean;
    }
  | { readonly verb: 'replace'; readonly force: boolean; readonly validate: boolean }
  | { readonly verb: 'create'; readonly validate: boolean }
  /** Replaced in place whatever `force` says: deleting it would delete all that is in it. */
  | { readonly verb: 'update'; readonly validate: boolean };

export function chooseVerb(task: SyncTask, settings: SyncSettings): Verb {
  const { target, live } = task;
  const force = settings.force || hasSyncOption(target, 'Force=true') || hasSyncOption(live, 'Force=true');
  const validate = !settings.syncOptions.includes('Validate=false') && !hasSyncOption(target, 'Validate=false');
  if (!isReplaced(target, live, settings.syncOptions)) {
    return { verb: 'apply', force, validate, serverSide: !isAppliedClientSide(target, settings.syncOptions) };
  }
  if (!live) return { verb: 'create', validate };
  if (target && (isCrd(target) || isNamespace(target))) return { verb: 'update', validate };
  return { verb: 'replace', force, validate };
}

/** `PrunePropagationPolicy`, for prunes and for hooks. */
export function propagationPolicy({ syncOptions }: SyncSettings): PropagationPolicy {
  if (syncOptions.includes('PrunePropagationPolicy=background')) return 'Background';
  if (syncOptions.includes('PrunePropagationPolicy=orphan')) return 'Orphan';
  return 'Foreground';
}
