// The plan that was confirmed last for an Application, on this page: its progress is shown row by row. What another page began is shown from
// its record. Pure but for what it keeps.

import type { Application, Operation, OperationState } from '../../../application/types.ts';
import type { Plan } from './plan-types.ts';

interface Started {
  readonly plan: Plan;
  /** Of the trace that the server gives each operation. */
  readonly trace: string | undefined;
  /** When the operation before it began. */
  readonly before: string | undefined;
}

const started = new Map<string, Started>();

/** `begun`: the Application as the request has answered it; `before`: its last operation by then. */
export function keepPlan(key: string, plan: Plan, begun: Application, before: OperationState | undefined): void {
  started.set(key, { plan, trace: traceOf(begun.operation), before: before?.startedAt });
}

export interface StartedPlan {
  readonly plan: Plan;
  /** undefined: it was asked for, and nothing is known of it yet. */
  readonly operation: OperationState | undefined;
}

/** undefined where the Application's operation is another one's, or nothing was begun on this page. */
export function startedPlan(key: string, { operation, status }: Pick<Application, 'operation' | 'status'>) {
  const found = started.get(key);
  if (!found) return undefined;
  const { plan } = found;
  const state = status.operationState;
  if (operation && isOf(operation, found)) return { plan, operation: undefined };
  if (state && isOf(state.operation, found, state)) return { plan, operation: state };
  // The stream has not told of it yet, or has told of a later one.
  return state?.startedAt === found.before ? { plan, operation: undefined } : undefined;
}

export function forgetPlan(key: string): void {
  started.delete(key);
}

function isOf(operation: Operation, { trace, before }: Started, state?: OperationState): boolean {
  if (trace !== undefined) return traceOf(operation) === trace;
  return state === undefined || state.startedAt !== before;
}

/** As src/operation/operation-trace.ts keeps it. */
function traceOf(operation: Operation | undefined): string | undefined {
  return operation?.info?.find(({ name }) => name === 'hawser.dev/traceparent')?.value;
}
