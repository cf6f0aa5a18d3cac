// What is not compared, and what means the same in two forms (Argo CD: gitops-engine pkg/diff/diff.go, Normalize).

import { ANNOTATION } from '../application/annotations.ts';
import { isObject } from '../base/json.ts';
import { groupOf, type KubeObject, type ObjectMeta } from '../kube/object.ts';
import { normalizeEndpoints } from './endpoints.ts';

/** Written by the API server alone. */
const SERVER_METADATA: readonly (keyof ObjectMeta | 'selfLink')[] = [
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];

/**
 * What of an object is compared: no status (unless `withStatus`), nothing that the API server writes, one form for equal things.
 */
export function comparable(object: KubeObject, withStatus = false): KubeObject {
  const { status, ...others } = normalizeKind(object);
  const rest = withStatus && status !== undefined ? { ...others, status } : others;
  const metadata: ObjectMeta = Object.fromEntries(
    Object.entries(object.metadata).filter(([key]) => !SERVER_METADATA.some((field) => field === key)),
  );
  const { [ANNOTATION.lastApplied]: __, ...annotations } = metadata.annotations ?? {};
  if (Object.keys(annotations).length > 0) metadata.annotations = annotations;
  else delete metadata.annotations;
  if (Object.keys(metadata.labels ?? {}).length === 0) delete metadata.labels;
  return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata };
}

/** One form for what a kind can say in two. Returns the object itself where nothing is to do. */
export function normalizeKind(object: KubeObject): KubeObject {
  const group = groupOf(object.apiVersion);
  if (group === '' && object.kind === 'Secret') return normalizeSecret(object);
  if (group === '' && object.kind === 'Endpoints') return normalizeEndpoints(object);
  if (group === 'rbac.authorization.k8s.io' && (object.kind === 'Role' || object.kind === 'ClusterRole')) {
    return Array.isArray(object.rules) && object.rules.length === 0 ? { ...object, rules: null } : object;
  }
  return object;
}

/** `stringData` becomes `data`, no value becomes the empty one. What is no text stays, so that an apply fails with it. */
export function normalizeSecret(object: KubeObject): KubeObject {
  let result = object;
  if (isObject(object.stringData)) {
    const { stringData, ...rest } = object;
    const encoded = Object.entries(object.stringData).map(([key, value]) => [
      key,
      typeof value === 'string' ? encodeBase64(value) : value,
    ]);
    const data = { ...(isObject(object.data) ? object.data : {}), ...Object.fromEntries(encoded) };
    result = { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata, data };
  }
  if (!isObject(result.data)) return result;
  const values = Object.entries(result.data);
  if (!values.every(([, value]) => value === null || (typeof value === 'string' && isBase64(value)))) return result;
  // Go's typed Secret does not tell empty data from none.
  const data = values.length > 0 ? Object.fromEntries(values.map(([key, value]) => [key, value ?? ''])) : null;
  return { ...result, data };
}

function encodeBase64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
