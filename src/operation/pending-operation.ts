// The operation that an Application waits for: requested, begun and not finished, waiting for its next attempt, or to be ended.

import { isAutomated } from '../application/parse.ts';
import { nextRetryAt } from '../application/retry.ts';
import type { Application, Operation, OperationState, Source, SyncRequest } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';

export type PendingOperation =
  /** Put on the object by a person or a program; nobody has begun it. */
  | { readonly kind: 'requested'; readonly operation: Operation }
  /** An earlier call or process began it; its steps may be done again. */
  | { readonly kind: 'begun'; readonly operation: Operation; readonly state: OperationState }
  /** Its last attempt failed; the next one is due at `dueMs`. */
  | { readonly kind: 'retry'; readonly operation: Operation; readonly state: OperationState; readonly dueMs: number }
  | { readonly kind: 'terminating'; readonly operation: Operation; readonly state: OperationState };

/** Called by whoever holds the Application's lock, so that nobody else in this process is at it. */
export function pendingOperation({ operation, status }: Application): PendingOperation | undefined {
  if (operation) return { kind: 'requested', operation };
  const state = status.operationState;
  if (state?.phase === 'Terminating') return { kind: 'terminating', operation: state.operation, state };
  if (state?.phase !== 'Running') return undefined;
  if (state.finishedAt === undefined) return { kind: 'begun', operation: state.operation, state };
  return { kind: 'retry', operation: state.operation, state, dueMs: retryDueMs(state, state.finishedAt) };
}

/** From what is recorded, so that any process finds the same instant (Argo CD: a Running operation with finishedAt waits for a retry). */
function retryDueMs({ operation, retryCount = 1 }: OperationState, finishedAt: string): number {
  const failedMs = Date.parse(finishedAt);
  try {
    return nextRetryAt(operation.retry, Math.max(0, retryCount - 1), failedMs)?.getTime() ?? failedMs;
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return failedMs; // The policy was edited meanwhile and cannot be read: what was promised is tried at once.
  }
}

/** The commits and sources of an operation, where it names them. */
export interface Pins {
  readonly revisions?: readonly string[];
  readonly sources?: readonly Source[];
  readonly hasSeveral?: boolean;
}

export function pinsOf({ revision, revisions, source, sources }: Omit<SyncRequest, 'resources'>): Pins {
  const named = revisions && revisions.length > 0 ? revisions : revision ? [revision] : undefined;
  const own = sources && sources.length > 0 ? sources : source ? [source] : undefined;
  return {
    ...(named && { revisions: named }),
    ...(own && { sources: own, hasSeveral: (sources?.length ?? 0) > 0 }),
  };
}

/** The Application as it is for this operation: with the operation's own sources in place of the spec's. */
export function asOfOperation(app: Application, { sources, hasSeveral }: Pins): Application {
  if (!sources) return app;
  const { source: _, sources: __, ...spec } = app.spec;
  const [first] = sources;
  return { ...app, spec: hasSeveral ? { ...spec, sources } : { ...spec, ...(first && { source: first }) } };
}

/** Whether a newer push may end it: not what a person wanted in exactly this form. */
export function isSupersedable(app: Application, { initiatedBy, sync = {} }: Operation): boolean {
  if (sync.dryRun) return false;
  if (initiatedBy?.automated) return true;
  const { revision, revisions, source, sources, resources, manifests } = sync;
  const isPlain = !revision && !revisions && !source && !sources && !resources && !manifests;
  return isPlain && isAutomated(app);
}

/** Of chosen resources. An empty choice is none (Argo CD: controller/sync.go). */
export function isPartial({ resources }: SyncRequest): boolean {
  return resources !== undefined && resources.length > 0;
}
