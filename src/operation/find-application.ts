// One Application by its name, where Applications may be (Argo CD: security.IsNamespaceEnabled).

import { isApplicationNamespace, parseNamespaces } from '../application/application-namespaces.ts';
import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { applicationRef, type Road } from './road.ts';
import { configData } from './settings.ts';

/** Throws `NotFound`, and `Forbidden` for a namespace that may hold no Applications. */
export async function findApplication(
  road: Road,
  name: string,
  namespace = road.platform.settings.namespace,
): Promise<Application> {
  await requireApplicationNamespace(road, namespace);
  const found = await road.home.get(applicationRef(namespace, name));
  if (found) return parseApplication(found);
  throw new HawserError('NotFound', `applications.argoproj.io "${name}" not found`, {
    hint: `kubectl get applications -n ${namespace} lists them`,
  });
}

/** Throws `Forbidden`. */
export async function requireApplicationNamespace(road: Road, namespace: string): Promise<void> {
  const { namespace: own } = road.platform.settings;
  if (namespace === own) return;
  if (isApplicationNamespace(namespace, own, await readApplicationNamespaces(road))) return;
  throw new HawserError('Forbidden', `namespace '${namespace}' is not permitted`, {
    hint: 'application.namespaces of argocd-cmd-params-cm names those that are',
  });
}

/** `application.namespaces`, even where other settings cannot be read; the control namespace is not among them. */
export async function readApplicationNamespaces({
  home,
  platform,
}: Pick<Road, 'home' | 'platform'>): Promise<readonly string[]> {
  const { namespace } = platform.settings;
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cmd-params-cm' };
  return parseNamespaces(configData(await home.get(ref, { resourceVersion: '0' }))['application.namespaces']);
}
