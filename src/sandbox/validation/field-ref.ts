// A field of a Pod that its containers are told, as a variable or a file.
//
// Source: k8s.io/kubernetes, pkg/apis/core/validation/validation.go (validateObjectFieldSelector), pkg/apis/core/pods/helpers.go.

import { type FieldError, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import type { Obj } from './value.ts';

export const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

export const FILE_FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

/** `allowed` are the fields that this kind of use knows; one label or annotation may be told everywhere. */
export function validateFieldRef(field: string, ref: Obj, allowed: readonly string[]): FieldError[] {
  if (!ref.apiVersion) return [required(`${field}.apiVersion`)];
  if (!ref.fieldPath) return [required(`${field}.fieldPath`)];
  const path = String(ref.fieldPath);
  const isKeyed = /^metadata\.(labels|annotations)\['[^']+'\]$/.test(path);
  if (!isKeyed && !ENV_FIELDS.includes(path) && !FILE_FIELDS.includes(path))
    return [invalidValue(`${field}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)];
  return isKeyed || allowed.includes(path) ? [] : [notSupported(`${field}.fieldPath`, path, allowed)];
}
