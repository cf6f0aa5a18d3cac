// The trace that an operation belongs to is kept in it, so that whoever carries it out, now or after a crash, goes on with the trace.

import type { Operation } from '../application/types.ts';
import { formatTrace, parseTrace, type TraceContext } from '../base/trace-context.ts';
import type { Platform } from '../platform.ts';

/** A name among the operation's `info`, as which people see it, too. */
const INFO = 'hawser.dev/traceparent';

/** With the trace of the work that asks for it, where there is one. */
export function withTrace({ scope }: Pick<Platform, 'scope'>, operation: Operation): Operation {
  const trace = scope?.current()?.trace;
  if (!trace || traceOf(operation)) return operation;
  return { ...operation, info: [...(operation.info ?? []), { name: INFO, value: formatTrace(trace) }] };
}

export function traceOf({ info = [] }: Operation): TraceContext | undefined {
  return parseTrace(info.find(({ name }) => name === INFO)?.value);
}
