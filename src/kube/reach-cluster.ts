// The first word with an API server at the start: what is wrong is said at once, in one line.

import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import type { ClusterTransport } from '../platform.ts';

/** What to do about each of what may be wrong, where the address and the credentials come from. */
export interface ReachAdvice {
  /** `the kubeconfig's credentials` */
  readonly credentials: string;
  readonly refused: string;
  readonly silent: string;
  readonly noApiServer: string;
}

const LIMIT_MS = 10_000;

/**
 * The version (`v1.34.1`), or undefined for an API server that keeps it to itself. Throws `Unavailable` when nothing answers at the
 * address, or something that is no API server, and `Unauthenticated` when it does not accept the credentials.
 */
export async function reachCluster(cluster: ClusterTransport, advice: ReachAdvice): Promise<string | undefined> {
  const { server } = cluster;
  const { status, text } = await askVersion(cluster, advice);
  if (status === 401) {
    throw new HawserError('Unauthenticated', `the cluster at ${server} does not accept ${advice.credentials}`, {
      hint: advice.refused,
    });
  }
  const version = versionIn(text);
  // The requests that follow say then what is forbidden.
  if (status === 403 || version !== undefined) return version;
  throw new HawserError(
    'Unavailable',
    `what answers at ${server} is no Kubernetes API server (GET /version: ${status})`,
    { hint: advice.noApiServer },
  );
}

async function askVersion(
  { server, fetch }: ClusterTransport,
  { silent }: ReachAdvice,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch('/version', { signal: AbortSignal.timeout(LIMIT_MS) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (isHawserError(error)) throw error;
    throw new HawserError('Unavailable', `no cluster answers at ${server}: ${reasonOf(error)}`, {
      hint: silent,
      cause: error,
    });
  }
}

function versionIn(text: string): string | undefined {
  try {
    return stringAt(JSON.parse(text), 'gitVersion');
  } catch {
    return undefined; // No JSON: a web page, most likely.
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `nothing within ${LIMIT_MS / 1000} s`;
  // `fetch failed` alone helps nobody: its cause says what happened.
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message ? cause.message : messageOf(error);
}
