// The records of drift of many Applications: one list a namespace, not a request each.

import type { Application } from '../application/types.ts';
import { type DriftEntry, recordedDrift } from './drift-record.ts';
import { keyOfApplication, type Road } from './road.ts';

export interface ApplicationDrift extends DriftEntry {
  readonly application: Application;
}

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const SELECTOR = 'hawser.dev/record=drift';

/** Of these Applications, the newest first. */
export async function readAllDrift(road: Road, apps: readonly Application[]): Promise<readonly ApplicationDrift[]> {
  const known = new Map(apps.map((app) => [keyOfApplication(app), app]));
  const namespaces = [...new Set(apps.map(({ metadata }) => metadata.namespace))];
  const lists = await Promise.all(
    namespaces.map((namespace) => road.home.list(CONFIG_MAP, { namespace, labelSelector: SELECTOR })),
  );
  const found = lists
    .flatMap(({ items }) => items)
    .flatMap((object) => {
      const { namespace = '', annotations } = object.metadata;
      const application = known.get(`${namespace}/${annotations?.['hawser.dev/application'] ?? ''}`);
      return application ? recordedDrift(object).map((entry) => ({ ...entry, application })) : [];
    });
  return found.sort((a, b) => (a.at < b.at ? 1 : -1));
}
