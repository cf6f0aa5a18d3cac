// The first word with an API server at the start: what is wrong is said at once, in one line, before anything listens.

import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import type { ClusterTransport } from '../platform.ts';

const LIMIT_MS = 10_000;

/** Throws `Unavailable` when nothing answers at the address, and `Unauthenticated` when what answers does not accept the credentials. */
export async function reachCluster({ server, fetch }: ClusterTransport): Promise<void> {
  let response: Response;
  try {
    response = await fetch('/version', { signal: AbortSignal.timeout(LIMIT_MS) });
    await response.body?.cancel();
  } catch (error) {
    if (isHawserError(error)) throw error;
    throw new HawserError('Unavailable', `no cluster answers at ${server}: ${reasonOf(error)}`, {
      hint: 'is it running, and is it the right context? kubectl cluster-info tells',
      cause: error,
    });
  }
  if (response.status !== 401) return;
  throw new HawserError('Unauthenticated', `the cluster at ${server} does not accept the kubeconfig's credentials`, {
    hint: 'kubectl auth whoami with the same kubeconfig tells more',
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `nothing within ${LIMIT_MS / 1000} s`;
  // `fetch failed` alone helps nobody: its cause says what happened.
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message ? cause.message : messageOf(error);
}
