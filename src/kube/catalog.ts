// The discovery of one API server, kept: read at first need, and once more for a kind that it does not know yet.

import { discover, type ReadJson } from './discovery.ts';
import type { ApiResource } from './resource.ts';

export interface Catalog {
  find(apiVersion: string, kind: string, signal?: AbortSignal): Promise<ApiResource | undefined>;
  all(fresh: boolean): Promise<readonly ApiResource[]>;
}

interface Reading {
  readonly resources: readonly ApiResource[];
  readonly byType: ReadonlyMap<string, ApiResource>;
}

export function createCatalog(read: ReadJson): Catalog {
  let current: Promise<Reading> | undefined;
  let isReading = false;

  /** One reading at a time, shared by all who wait for it. A failed one is forgotten. */
  const refresh = (): Promise<Reading> => {
    if (current && isReading) return current;
    isReading = true;
    const reading = discover(read).then(indexResources);
    current = reading;
    reading.then(
      () => {
        isReading = false;
      },
      () => {
        isReading = false;
        if (current === reading) current = undefined;
      },
    );
    return reading;
  };

  return {
    async find(apiVersion, kind, signal) {
      signal?.throwIfAborted();
      const type = `${apiVersion} ${kind}`;
      const before = current;
      const known = (await (current ?? refresh())).byType.get(type);
      // What was read for this very question needs no second reading.
      if (known || before === undefined) return known;
      signal?.throwIfAborted();
      return (await refresh()).byType.get(type);
    },
    async all(fresh) {
      return (await (fresh || !current ? refresh() : current)).resources;
    },
  };
}

function indexResources(resources: readonly ApiResource[]): Reading {
  const byType = new Map<string, ApiResource>();
  for (const resource of resources) {
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    const type = `${apiVersion} ${resource.kind}`;
    if (!byType.has(type)) byType.set(type, resource);
  }
  return { resources, byType };
}
