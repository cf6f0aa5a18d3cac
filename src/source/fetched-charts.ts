// Charts of repositories and registries for a synchronous render: one that is not here is remembered, fetched, and found the next time.

import { HawserError } from '../base/errors.ts';
import type { ChartClient } from '../charts/client.ts';
import type { ChartLocation } from '../charts/location.ts';
import type { FindDependency } from './chart-dependencies.ts';
import type { LockedDependency } from './chart-lock.ts';

export interface FetchedCharts {
  readonly find: FindDependency;
  /** Whether the last render asked for charts that are not here. */
  isIncomplete(): boolean;
  /** Fetches what was asked for in vain. */
  load(signal?: AbortSignal): Promise<void>;
}

export function createFetchedCharts(
  client: ChartClient,
  locate: (dependency: LockedDependency) => ChartLocation,
): FetchedCharts {
  const archives = new Map<string, Uint8Array>();
  const missing = new Map<string, LockedDependency>();
  return {
    find: (wanted) => {
      const key = JSON.stringify([wanted.repository, wanted.name, wanted.version]);
      const archive = archives.get(key);
      if (archive) return archive;
      missing.set(key, wanted);
      throw new HawserError('Unavailable', `the chart ${wanted.name} is not fetched yet`);
    },
    isIncomplete: () => missing.size > 0,
    load: async (signal) => {
      const wanted = [...missing];
      missing.clear();
      await Promise.all(
        wanted.map(async ([key, dependency]) => {
          const { archive } = await client.pull(locate(dependency), dependency.version, signal);
          archives.set(key, archive);
        }),
      );
    },
  };
}
