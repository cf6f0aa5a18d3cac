// Which kinds clients know as Go structs: those of client-go's scheme, with versions that no API server serves any more.
//
// Source: k8s.io/client-go, kubernetes/scheme/register.go. Custom resource definitions and API services are not in it.

import { type Field, type TypeNode, typeOf, typeOfKind } from './types.ts';

/** Groups of the table that client-go's scheme does not have. */
const APART: readonly string[] = ['apiextensions.k8s.io', 'apiregistration.k8s.io'];

/** Older versions of which every field that still matters has kept its place: kinds by group and version, and whose structs they have. */
const OLDER: Readonly<Record<string, { readonly types: string; readonly kinds: readonly string[] }>> = {
  'apps/v1beta1': { types: 'apps/v1', kinds: ['ControllerRevision', 'Deployment', 'StatefulSet'] },
  'apps/v1beta2': {
    types: 'apps/v1',
    kinds: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  },
  'extensions/v1beta1': { types: 'apps/v1', kinds: ['DaemonSet', 'Deployment', 'ReplicaSet'] },
  'batch/v1beta1': { types: 'batch/v1', kinds: ['CronJob'] },
  'policy/v1beta1': { types: 'policy/v1', kinds: ['PodDisruptionBudget'] },
  'autoscaling/v2beta2': { types: 'autoscaling/v2', kinds: ['HorizontalPodAutoscaler'] },
  'rbac.authorization.k8s.io/v1beta1': {
    types: 'rbac/v1',
    kinds: ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  },
  'admissionregistration.k8s.io/v1beta1': {
    types: 'admissionregistration/v1',
    kinds: ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  },
  'storage.k8s.io/v1beta1': {
    types: 'storage/v1',
    kinds: ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
  },
  'coordination.k8s.io/v1beta1': { types: 'coordination/v1', kinds: ['Lease'] },
  'scheduling.k8s.io/v1beta1': { types: 'scheduling/v1', kinds: ['PriorityClass'] },
  'node.k8s.io/v1beta1': { types: 'node/v1', kinds: ['RuntimeClass'] },
};

const older = new Map<string, TypeNode>();

/** The struct of a kind in client-go's scheme; undefined for all others. */
export function schemeType(group: string, version: string, kind: string): TypeNode | undefined {
  if (APART.includes(group)) return undefined;
  return typeOfKind(group, version, kind) ?? olderType(`${group}/${version}`, kind);
}

function olderType(apiVersion: string, kind: string): TypeNode | undefined {
  const entry = OLDER[apiVersion];
  if (!entry?.kinds.includes(kind)) return undefined;
  const key = `${apiVersion}/${kind}`;
  const known = older.get(key);
  if (known) return known;
  const [group = '', version = ''] = apiVersion.split('/');
  const since = `${group.split('.')[0]}/${version}.${kind}`;
  const type = typeOf(`${entry.types}.${kind}`);
  const change = SELECTORS[apiVersion];
  const made = { ...(change ? withSelector(type, change) : type), since };
  older.set(key, made);
  return made;
}

/** A selector became required with apps/v1beta2, and replaces the one before as a whole with policy/v1. */
const SELECTORS: Readonly<Record<string, Partial<Field>>> = {
  'apps/v1beta1': { omit: 'empty' },
  'extensions/v1beta1': { omit: 'empty' },
  'policy/v1beta1': { patchStrategy: [] },
};

function withSelector(type: TypeNode, change: Partial<Field>): TypeNode {
  const spec = type.fields?.().get('spec');
  const selector = spec?.type.fields?.().get('selector');
  if (!spec || !selector) return type;
  const specFields = new Map([...(spec.type.fields?.() ?? [])]).set('selector', { ...selector, ...change });
  const specType: TypeNode = { ...spec.type, fields: () => specFields };
  const fields = new Map([...(type.fields?.() ?? [])]).set('spec', { ...spec, type: specType });
  return { ...type, fields: () => fields };
}
