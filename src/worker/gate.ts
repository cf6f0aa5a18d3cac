// What the object asks of others passes one gate (invocations.ts).

import { createLimiter } from '../base/limiter.ts';
import type { ClusterTransport, ConnectedFetch } from '../platform.ts';

/** Resolves with the head of the answer. */
export type Gate = <T>(send: () => Promise<T>, signal?: AbortSignal | null) => Promise<T>;

export const OPEN: Gate = (send) => send();

export function gatedTransport(transport: ClusterTransport, gate: Gate): ClusterTransport {
  return { ...transport, fetch: (path, init) => gate(() => transport.fetch(path, init), init?.signal) };
}

export function gatedFetch(fetch: ConnectedFetch, gate: Gate): ConnectedFetch {
  return (url, init, options) => gate(() => fetch(url, init, options), init.signal);
}

/** A part of the gate, for what may hang without keeping others from passing. */
export function narrowGate(gate: Gate, width: number): Gate {
  const limiter = createLimiter(Math.max(1, width));
  return (send, signal) => limiter(() => gate(send, signal));
}
