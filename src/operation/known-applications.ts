// The Applications that are known without asking the cluster, kept up by what notices lead to: drift is answered from them.

import { instanceName } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import type { Road } from './road.ts';

type Known = Pick<Road, 'lastListed'>;

/** As it lies in the cluster now. */
export function learnApplication({ lastListed }: Known, app: Application): void {
  const { applications } = lastListed;
  const { name, namespace } = app.metadata;
  const index = applications.findIndex(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  lastListed.applications = index < 0 ? [...applications, app] : applications.with(index, app);
}

export function forgetApplication({ lastListed }: Known, namespace: string, name: string): void {
  lastListed.applications = lastListed.applications.filter(
    ({ metadata }) => metadata.name !== name || metadata.namespace !== namespace,
  );
}

/** The one that tracking ids and labels name so: by its name, or as `<namespace>_<name>`. */
export function findInstance({ lastListed, platform }: Pick<Road, 'lastListed' | 'platform'>, instance: string) {
  const { namespace } = platform.settings;
  const own = `${namespace}_`;
  const name = instance.startsWith(own) ? instance.slice(own.length) : instance;
  return lastListed.applications.find((app) => instanceName(app, namespace) === name);
}
