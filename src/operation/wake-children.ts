// App of apps: a child Application that a sync has written or deleted is looked at at once, and not by the next push. It is woken
// between two steps, since a later wave of the parent may wait for its health.

import type { Application, ResourceResult } from '../application/types.ts';
import { clientFor, type Road } from './road.ts';

/** Gets the results after each step. Results that an earlier call has recorded need no waking: a start looks at every Application. */
export function createChildWaker(
  road: Road,
  parent: Application,
  recorded: readonly ResourceResult[],
): (results: readonly ResourceResult[]) => void {
  const seen = new Set(recorded.map(markOf));
  const { namespace } = road.platform.settings;
  return (results) => {
    for (const result of results) {
      const isNew = isWrittenChild(result) && result.namespace === namespace && !seen.has(markOf(result));
      if (!isNew) continue;
      seen.add(markOf(result));
      const isParent = result.name === parent.metadata.name && namespace === parent.metadata.namespace;
      // Applications that a sync puts into another cluster are another hawser's.
      if (!isParent && clientFor(road, parent.spec.destination).server === road.home.server) {
        road.wakeApplication(result.name, undefined, result.namespace);
      }
    }
  };
}

function isWrittenChild({ group, kind, status, message = '' }: ResourceResult): boolean {
  if (group !== 'argoproj.io' || kind !== 'Application') return false;
  return status === 'Pruned' || (status === 'Synced' && !/ unchanged$|\(dry run\)$/.test(message));
}

function markOf({ group, kind, namespace, name, status }: ResourceResult): string {
  return [group, kind, namespace, name, status].join('\0');
}
