// What a PersistentVolumeClaim asks for, alone, in a StatefulSet or in a Pod.
//
// Source: k8s.io/kubernetes, pkg/apis/core/validation/validation.go (ValidatePersistentVolumeClaimSpec).

import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import { parseQuantity } from '../../typed/quantity.ts';
import { subdomainProblems } from './names.ts';
import { validateSelector } from './selector.ts';
import { type Obj, objectOf, problems } from './value.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];

export function validateClaimSpec(field: string, spec: Obj): FieldError[] {
  const modes: readonly unknown[] = Array.isArray(spec.accessModes) ? spec.accessModes : [];
  const { storage } = objectOf(objectOf(spec.resources).requests);
  const amount = `${field}.resources[storage]`;
  return [
    ...(modes.length === 0 ? [required(`${field}.accessModes`, 'at least 1 access mode is required')] : []),
    ...(spec.selector === undefined ? [] : validateSelector(`${field}.selector`, spec.selector)),
    ...validateAccessModes(`${field}.accessModes`, modes),
    ...(storage === undefined ? [required(amount)] : greaterThanZero(amount, storage)),
    ...validateClassName(`${field}.storageClassName`, spec.storageClassName),
    ...validateVolumeMode(`${field}.volumeMode`, spec.volumeMode),
  ];
}

export function validateAccessModes(field: string, modes: readonly unknown[]): FieldError[] {
  const unknown = modes.filter((mode) => !ACCESS_MODES.includes(String(mode)));
  const isMixed =
    modes.includes('ReadWriteOncePod') &&
    modes.some((mode) => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(String(mode)));
  return [
    ...unknown.map((mode) => notSupported(field, mode, ACCESS_MODES)),
    ...(isMixed ? [forbiddenField(field, 'may not use ReadWriteOncePod with other access modes')] : []),
  ];
}

export function greaterThanZero(field: string, quantity: unknown): FieldError[] {
  const isPositive = (parseQuantity(String(quantity))?.nano ?? 0n) > 0n;
  return isPositive ? [] : [invalidValue(field, quantity, 'must be greater than zero')];
}

export function validateClassName(field: string, name: unknown): FieldError[] {
  return name ? problems(field, name, subdomainProblems(String(name))) : [];
}

export function validateVolumeMode(field: string, mode: unknown): FieldError[] {
  return mode === undefined || VOLUME_MODES.includes(String(mode)) ? [] : [notSupported(field, mode, VOLUME_MODES)];
}
