// What the object asks of others passes one gate (invocations.ts).

import { createLimiter } from '../base/limiter.ts';
import { orAborted } from '../base/or-aborted.ts';
import type { ClusterRequestInit, ClusterTransport, ConnectedFetch } from '../platform.ts';

export interface Passing extends Pick<ClusterRequestInit, 'turn'> {
  readonly signal?: AbortSignal | null | undefined;
  /** Others wait for it. */
  readonly isUrgent?: boolean;
}

/** Resolves with the head of the answer. */
export type Gate = <T>(send: () => Promise<T>, passing?: Passing) => Promise<T>;

export const OPEN: Gate = (send) => send();

/** Whoever does not renew its Lease in time stops working (operation/lease.ts): a long line is no reason. */
const LEASES = '/apis/coordination.k8s.io/';

export function gatedTransport(transport: ClusterTransport, gate: Gate): ClusterTransport {
  return {
    ...transport,
    fetch: (path, { turn, ...init } = {}) =>
      gate(() => transport.fetch(path, init), {
        signal: init.signal,
        isUrgent: path.startsWith(LEASES),
        ...(turn && { turn }),
      }),
  };
}

export function gatedFetch(fetch: ConnectedFetch, gate: Gate): ConnectedFetch {
  return (url, init, options) => gate(() => fetch(url, init, options), { signal: init.signal });
}

/** A part of the gate, for what may hang without keeping others from passing. */
export function narrowGate(gate: Gate, width: number): Gate {
  const limiter = createLimiter(Math.max(1, width));
  return (send, passing) => {
    passing?.turn?.waits();
    const signal = passing?.signal ?? undefined;
    const passed = limiter(async () => {
      signal?.throwIfAborted();
      return gate(send, passing);
    });
    // Whoever gives up does not wait for those before it.
    return orAborted(passed, signal);
  };
}
