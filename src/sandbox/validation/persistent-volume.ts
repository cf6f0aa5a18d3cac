// The spec of a PersistentVolume.
//
// Source: k8s.io/kubernetes, pkg/apis/core/validation/validation.go (ValidatePersistentVolumeSpec), pkg/api/persistentvolume/util.go.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type FieldError, notSupported, required } from '../../typed/field-error.ts';
import { greaterThanZero, validateAccessModes, validateClassName, validateVolumeMode } from './claim.ts';
import { validateNodeSelector } from './node-affinity.ts';
import { validateSource } from './pod-volumes.ts';
import { type Obj, objectOf } from './value.ts';

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
const TYPES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
];

export function validateVolumeSpec(field: string, spec: Obj): FieldError[] {
  const modes: readonly unknown[] = Array.isArray(spec.accessModes) ? spec.accessModes : [];
  const capacity = objectOf(spec.capacity);
  const names = Object.keys(capacity);
  const isStorage = names.length === 1 && names[0] === 'storage';
  const policy = spec.persistentVolumeReclaimPolicy;
  const affinity = objectOf(spec.nodeAffinity).required;
  return [
    ...(modes.length === 0 ? [required(`${field}.accessModes`)] : []),
    ...validateAccessModes(`${field}.accessModes`, modes),
    ...(names.length === 0 ? [required(`${field}.capacity`)] : []),
    ...(isStorage ? [] : [notSupported(`${field}.capacity`, spec.capacity ?? null, ['storage'])]),
    ...names.flatMap((name) => greaterThanZero(`${field}.capacity[${name}]`, capacity[name])),
    ...(policy && !RECLAIM_POLICIES.includes(String(policy))
      ? [notSupported(`${field}.persistentVolumeReclaimPolicy`, policy, RECLAIM_POLICIES)]
      : []),
    ...(isObject(affinity) ? validateNodeSelector(`${field}.nodeAffinity.required`, affinity) : []),
    ...validateSource(field, spec, TYPES),
    ...(isObject(spec.local) && !isObject(affinity)
      ? [required(`${field}.nodeAffinity`, 'Local volume requires node affinity')]
      : []),
    ...validateClassName(`${field}.storageClassName`, spec.storageClassName),
    ...validateVolumeMode(`${field}.volumeMode`, spec.volumeMode),
  ];
}

/** The one member of the spec that says what the volume is. */
export function volumeSourceOf(spec: Obj): Obj {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => TYPES.includes(name)));
}

const ANNOTATIONS: Readonly<Record<string, string>> = {
  'volume.beta.kubernetes.io/storage-class': 'deprecated since v1.8; use "storageClassName" attribute instead',
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
};
const DEPRECATED: Readonly<Record<string, string>> = {
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};
const RECYCLE =
  'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';

export function volumeWarnings(volume: KubeObject): string[] {
  const spec = objectOf(volume.spec);
  const annotations = volume.metadata.annotations ?? {};
  return [
    ...Object.entries(ANNOTATIONS).flatMap(([key, why]) =>
      key in annotations ? [`metadata.annotations[${key}]: ${why}`] : [],
    ),
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle' ? [`spec.persistentVolumeReclaimPolicy: ${RECYCLE}`] : []),
    ...Object.entries(DEPRECATED).flatMap(([type, why]) =>
      spec[type] ? [`spec.${type === 'storageos' ? 'storageOS' : type}: ${why}`] : [],
    ),
  ];
}
