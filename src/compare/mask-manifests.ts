// Applications for human eyes: the manifests of a local sync stand in their operation, and Secrets may be among them.

import { formatGoJson } from '../base/go-json.ts';
import { at, isObject } from '../base/json.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import { withPath } from './json-pointer.ts';
import { isSecret, maskSecrets } from './mask-secret.ts';

const PLACES = [
  ['operation', 'sync', 'manifests'],
  ['status', 'operationState', 'operation', 'sync', 'manifests'],
] as const;

/** The same object, unless it is such an Application. */
export function maskLocalManifests<T extends Pick<KubeObject, 'apiVersion' | 'kind'>>(object: T): T {
  if (object.kind !== 'Application' || groupOf(object.apiVersion) !== 'argoproj.io') return object;
  let shown = object;
  for (const place of PLACES) {
    const manifests = at(shown, ...place);
    if (!Array.isArray(manifests)) continue;
    const masked = withPath(shown, place, manifests.map(maskManifest));
    if (isObject(masked)) shown = { ...shown, ...masked };
  }
  return shown;
}

function maskManifest(text: unknown): string {
  try {
    const object: unknown = JSON.parse(String(text));
    if (!isKubeObject(object)) return '{}';
    return isSecret(object) ? formatGoJson(maskSecrets([object])[0]) : String(text);
  } catch {
    return '{}'; // Written by another hand, in a form that hawser does not write: nobody can tell what is in it.
  }
}
