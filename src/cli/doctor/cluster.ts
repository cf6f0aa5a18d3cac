// The API server: whether it answers, what it is, and whether its clock is ours.

import { formatError, HawserError, messageOf } from '../../base/errors.ts';
import { type Check, type DoctorPlace, type Finding, fail, ok, warn } from './finding.ts';

/** Tokens and certificates are judged by the clock: a difference of minutes makes them invalid. */
const CLOCK_WARN_MS = 5_000;
const CLOCK_FAIL_MS = 60_000;

export const checkCluster: Check = async (place) => {
  const { home, client } = place;
  try {
    const { gitVersion } = await client.version();
    return [ok('API server', `${home.server}, Kubernetes ${gitVersion}`), ...(await checkClock(place))];
  } catch (error) {
    const hint = error instanceof HawserError ? error.hint : undefined;
    return [
      fail(
        'API server',
        `${home.server}: ${messageOf(error)}`,
        hint ?? 'look at the context of the kubeconfig: kubectl cluster-info',
      ),
    ];
  }
};

async function checkClock({ home, nowMs }: DoctorPlace): Promise<readonly Finding[]> {
  try {
    const beforeMs = nowMs();
    const response = await home.fetch('/version');
    await response.text();
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return [];
    // The header has no more than seconds.
    const offMs = Math.max(0, beforeMs - theirs - 1_000, theirs - nowMs());
    const detail = `differs from the API server's by ${Math.round(offMs / 1_000)} s`;
    const advice = 'set the clock of this machine, or of the cluster, by NTP: tokens and certificates go by it';
    if (offMs >= CLOCK_FAIL_MS) return [fail('clock', detail, advice)];
    return offMs >= CLOCK_WARN_MS ? [warn('clock', detail, advice)] : [ok('clock', "is the API server's")];
  } catch (error) {
    return [warn('clock', `could not be compared: ${formatError(error)}`)];
  }
}
