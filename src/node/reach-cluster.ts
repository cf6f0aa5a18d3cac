// The first word with an API server at the start: what is wrong is said at once, in one line, before anything listens.

import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import type { ClusterTransport } from '../platform.ts';

const LIMIT_MS = 10_000;

/**
 * Throws `Unavailable` when nothing answers at the address, or something that is no API server, and `Unauthenticated` when it does
 * not accept the credentials.
 */
export async function reachCluster(cluster: ClusterTransport): Promise<void> {
  const { server } = cluster;
  const { status, text } = await askVersion(cluster);
  if (status === 401) {
    throw new HawserError('Unauthenticated', `the cluster at ${server} does not accept the kubeconfig's credentials`, {
      hint: 'kubectl auth whoami with the same kubeconfig tells more',
    });
  }
  // An API server may keep its version to itself; the requests that follow say then what is forbidden.
  if (status === 403 || isVersion(text)) return;
  throw new HawserError(
    'Unavailable',
    `what answers at ${server} is no Kubernetes API server (GET /version: ${status})`,
    {
      hint: 'look at the server of the context in the kubeconfig',
    },
  );
}

async function askVersion({ server, fetch }: ClusterTransport): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch('/version', { signal: AbortSignal.timeout(LIMIT_MS) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (isHawserError(error)) throw error;
    throw new HawserError('Unavailable', `no cluster answers at ${server}: ${reasonOf(error)}`, {
      hint: 'is it running, and is it the right context? kubectl cluster-info tells',
      cause: error,
    });
  }
}

function isVersion(text: string): boolean {
  try {
    return stringAt(JSON.parse(text), 'gitVersion') !== undefined;
  } catch {
    return false; // No JSON: a web page, most likely.
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `nothing within ${LIMIT_MS / 1000} s`;
  // `fetch failed` alone helps nobody: its cause says what happened.
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message ? cause.message : messageOf(error);
}
