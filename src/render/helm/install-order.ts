// The orders in which Helm installs and removes kinds (Helm: pkg/releaseutil/kind_sorter.go); `helm template` prints manifests in the first.

import { compareBytes } from '../go/strings.ts';

export type KindOrder = readonly string[];

export const INSTALL_ORDER: KindOrder = [
  'PriorityClass',
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
];

export const UNINSTALL_ORDER: KindOrder = [
  'APIService',
  'Ingress',
  'IngressClass',
  'Service',
  'CronJob',
  'Job',
  'StatefulSet',
  'HorizontalPodAutoscaler',
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'Pod',
  'DaemonSet',
  'RoleBindingList',
  'RoleBinding',
  'RoleList',
  'Role',
  'ClusterRoleBindingList',
  'ClusterRoleBinding',
  'ClusterRoleList',
  'ClusterRole',
  'CustomResourceDefinition',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass',
  'ConfigMap',
  'SecretList',
  'Secret',
  'ServiceAccount',
  'PodDisruptionBudget',
  'PodSecurityPolicy',
  'LimitRange',
  'ResourceQuota',
  'NetworkPolicy',
  'Namespace',
  'PriorityClass',
];

/** Sorts by kind, keeping the order of equals: known kinds first, the others by name behind them. */
export function sortByKind<T extends { readonly kind: string }>(items: readonly T[], order: KindOrder): T[] {
  const ranks = new Map(order.map((kind, index) => [kind, index]));
  return items.toSorted((a, b) => {
    const first = ranks.get(a.kind);
    const second = ranks.get(b.kind);
    if (first === undefined && second === undefined) return compareBytes(a.kind, b.kind);
    return (first ?? order.length) - (second ?? order.length);
  });
}
