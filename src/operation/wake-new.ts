// Applications that nobody has looked at yet: the API server tells of each that is made, but such a notice may be lost. Whoever lists the
// Applications anyway finds them.

import { isSuspended } from '../application/suspended.ts';
import type { Application } from '../application/types.ts';
import { keyOfApplication, type Road } from './road.ts';

/** Beyond, they are forgotten, and perhaps looked at once more. */
const MOST_KNOWN = 10_000;

/** Wakes each of a list that was never compared and is not in work, once for each version of it. */
export function createNewcomers(): (
  road: Pick<Road, 'holdings' | 'wakeApplication'>,
  apps: readonly Application[],
) => void {
  const woken = new Set<string>();
  return (road, apps) => {
    for (const app of apps) {
      if (app.status.sync !== undefined || isSuspended(app) || !road.holdings.isFree(keyOfApplication(app))) continue;
      const version = `${app.metadata.uid} ${app.metadata.resourceVersion}`;
      if (woken.has(version)) continue;
      if (woken.size >= MOST_KNOWN) woken.clear();
      woken.add(version);
      road.wakeApplication(app.metadata.name);
    }
  };
}
