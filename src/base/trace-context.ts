// W3C Trace Context (w3.org/TR/trace-context, level 1 and 2): which trace a request belongs to, and what it is sent on as.

import { toHex } from './hex.ts';

export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: whoever called. */
  readonly parentId: string;
  /** Two hexadecimal digits; 01: the caller records. */
  readonly flags: string;
  /** What tracing systems have put beside it; passed on as it came. */
  readonly state?: string;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;

/** Vendors may put this much beside it, and no more is passed on (3.3.1.5: at least 512 characters). */
const MAX_STATE = 1_024;
const STATE = /^[\x20-\x7e\t]*$/;

/** undefined for a header that is none, or not of the form that it must have; it is then as if there were none. */
export function parseTraceparent(
  traceparent: string | null | undefined,
  state?: string | null,
): TraceContext | undefined {
  const match = TRACEPARENT.exec(traceparent?.trim() ?? '');
  if (!match) return undefined;
  const [, version = '', traceId = '', parentId = '', flags = '', more] = match;
  // Version 00 has nothing behind its flags, ff is forbidden; of a version to come the known fields count.
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (ZEROS.test(traceId) || ZEROS.test(parentId)) return undefined;
  const isKept = typeof state === 'string' && state.trim() !== '' && state.length <= MAX_STATE && STATE.test(state);
  // Of the flags only `sampled` has a meaning here; a version that is not known may use others.
  const sampled = (Number.parseInt(flags, 16) & 1) === 1 ? '01' : '00';
  return { traceId, parentId, flags: sampled, ...(isKept && { state: state.trim() }) };
}

export function traceOfHeaders(headers: Headers): TraceContext | undefined {
  return parseTraceparent(headers.get('traceparent'), headers.get('tracestate'));
}

/** The same trace with a span of its own, as whose children our requests count. */
export function childSpan(trace: TraceContext, random: (length: number) => Uint8Array): TraceContext {
  let parentId = toHex(random(8));
  while (ZEROS.test(parentId)) parentId = toHex(random(8));
  return { ...trace, parentId };
}

export function formatTraceparent({ traceId, parentId, flags }: TraceContext): string {
  return `00-${traceId}-${parentId}-${flags}`;
}

/** With the trace's headers, where it has not got such already. */
export function withTraceHeaders(given: RequestInit['headers'], trace: TraceContext): Headers {
  const headers = new Headers(given);
  if (headers.has('traceparent')) return headers;
  headers.set('traceparent', formatTraceparent(trace));
  if (trace.state !== undefined) headers.set('tracestate', trace.state);
  return headers;
}

/** One text, as it is kept in records. */
export function formatTrace(trace: TraceContext): string {
  return trace.state === undefined ? formatTraceparent(trace) : `${formatTraceparent(trace)} ${trace.state}`;
}

/** What `formatTrace` has written; undefined for anything else. */
export function parseTrace(text: string | undefined): TraceContext | undefined {
  const [traceparent, ...state] = (text ?? '').split(' ');
  return parseTraceparent(traceparent, state.join(' '));
}
