// What work is going on, for whom, and as part of which trace: it goes along with all that the work calls, so that log lines and requests
// can tell. Node and workerd have AsyncLocalStorage for it; where a runtime has nothing, lines have fewer fields.

import type { TraceContext } from './trace-context.ts';

export interface WorkContext {
  readonly trace?: TraceContext;
  /** Fields of every log line; a name that a line has itself counts there. Never a secret. */
  readonly fields: Readonly<Record<string, string>>;
  /** The Application that is worked on, for metrics. */
  readonly application?: { readonly namespace: string; readonly name: string; readonly project: string };
}

/** The runtime's part. */
export interface WorkScope {
  run<T>(context: WorkContext, work: () => T): T;
  current(): WorkContext | undefined;
}

export interface WorkMore extends Partial<Omit<WorkContext, 'trace'>> {
  /** In place of the one that is there; undefined leaves that. */
  readonly trace?: TraceContext | undefined;
}

/** Runs `work` with all that holds here, and more. */
export function inScope<T>(scope: WorkScope | undefined, more: WorkMore, work: () => T): T {
  if (!scope) return work();
  const before = scope.current();
  const { trace = before?.trace, application = before?.application } = more;
  const fields = { ...before?.fields, ...more.fields };
  return scope.run({ fields, ...(trace && { trace }), ...(application && { application }) }, work);
}
