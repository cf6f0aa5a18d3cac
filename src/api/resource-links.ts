// The links of an object (argocd-cm: resource.links).

import { type DeepLink, deepLinks } from '../application/deep-links.ts';
import { linkHolds } from '../application/link-condition.ts';
import type { Application } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Platform } from '../platform.ts';
import { presentApplication } from './present-application.ts';

const KEY = 'resource.links';

/** What is wrong with a link is in the log: whoever reads the links cannot mend it. */
export function resourceLinks(
  config: Readonly<Record<string, string>>,
  app: Application,
  resource: KubeObject,
  log: Platform['log'],
): readonly DeepLink[] {
  const shown = presentApplication(app);
  const { server = '', name = '' } = app.spec.destination;
  const values = {
    ...{ resource, app: shown, application: shown, cluster: { server, name } },
    ...(config.url && { managedByURL: config.url }),
  };
  const { items, problems } = deepLinks(config[KEY] ?? '', values, linkHolds);
  for (const problem of problems) log.warn(`a link of ${KEY} in argocd-cm cannot be used`, { problem });
  return items;
}
