// A cluster that keeps some requests waiting, so that a test surely is in the middle of what makes them.

import type { ClusterTransport } from '../../../src/platform.ts';

export interface HeldCluster {
  through(cluster: ClusterTransport): ClusterTransport;
  /** From now on, until `lose`. */
  hold(isHeld: (request: string) => boolean): Hold;
}

export interface Hold {
  /** The first one has come: `PATCH /api/v1/…`. */
  readonly reached: Promise<string>;
  /** They never arrive; those that come from now on do. */
  lose(): void;
}

export function createHeldCluster(): HeldCluster {
  let held:
    | { isHeld: (request: string) => boolean; reach: (request: string) => void; gone: Promise<never> }
    | undefined;
  return {
    through: (cluster) => ({
      ...cluster,
      fetch: async (path, init) => {
        const request = `${init?.method ?? 'GET'} ${path}`;
        if (held?.isHeld(request)) {
          held.reach(request);
          await held.gone;
        }
        return cluster.fetch(path, init);
      },
    }),
    hold: (isHeld) => {
      const { promise: reached, resolve: reach } = Promise.withResolvers<string>();
      const { promise: gone, reject: lose } = Promise.withResolvers<never>();
      gone.catch(() => undefined);
      held = { isHeld, reach, gone };
      return {
        reached,
        lose: () => {
          held = undefined;
          lose(new TypeError('fetch failed: connection lost'));
        },
      };
    },
  };
}
