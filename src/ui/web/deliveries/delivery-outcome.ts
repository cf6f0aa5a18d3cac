// What became of the sync that a push has begun, by the Application as it is now.

import type { Application } from '../../../application/types.ts';
import type { Delivery } from './delivery-list.ts';

export type OutcomeKind = 'running' | 'Succeeded' | 'Failed' | 'Error' | 'superseded' | 'unknown';

export interface Outcome {
  readonly kind: OutcomeKind;
  readonly message?: string;
  /** RFC 3339. */
  readonly at?: string;
}

/** undefined where the push began no sync of it, or that cannot be told. */
export function outcomeOf(app: Application, delivery: Delivery): Outcome | undefined {
  const { operationState } = app.status;
  const { after, receivedAt } = delivery;
  if (!operationState) return app.operation ? { kind: 'running' } : undefined;
  const { phase, message, startedAt, finishedAt, syncResult } = operationState;
  const revisions = [syncResult?.revision, ...(syncResult?.revisions ?? [])];
  const isOfIt = after !== undefined && revisions.includes(after);
  // Within the second in which it was written: Kubernetes keeps no more of a time.
  const isSince = Date.parse(startedAt) >= Math.floor(Date.parse(receivedAt) / 1_000) * 1_000;
  const told = { ...(message !== undefined && { message }), ...(finishedAt !== undefined && { at: finishedAt }) };
  if (isOfIt && isSince) {
    if (phase === 'Running' || phase === 'Terminating') return { kind: 'running', ...(message && { message }) };
    return { kind: phase, ...told };
  }
  if (isSince && phase === 'Running') return { kind: 'running', ...(message && { message }) };
  return isSince ? { kind: 'superseded', ...(finishedAt !== undefined && { at: finishedAt }) } : { kind: 'unknown' };
}
