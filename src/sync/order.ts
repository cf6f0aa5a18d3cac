// The order of tasks: phase, wave, kind, name; then what others need comes before them (Argo CD: pkg/sync/sync_tasks.go).

import type { SyncPhase } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';
import { crdKind, isNamespace, kindOf, objectOf, type SyncTask } from './task.ts';

const PHASES: Readonly<Record<SyncPhase, number>> = {
  PreDelete: -2,
  PreSync: -1,
  Sync: 0,
  PostSync: 1,
  SyncFail: 2,
  PostDelete: 3,
};

/** Helm's install order, with Argo CD's additions. Every other kind comes after these. */
const KINDS = [
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
] as const;

const KIND_RANKS: ReadonlyMap<string, number> = new Map(KINDS.map((kind, index) => [kind, index]));

/** Tasks in their order of execution. Namespaces and CRDs move up to their first user, into its wave and phase. */
export function orderTasks(tasks: readonly SyncTask[]): readonly SyncTask[] {
  const sorted = [...tasks].sort(compareTasks);
  return raiseNeeded(raiseNeeded(sorted, namespaceName, namespaceUsed), crdKind, kindOf);
}

function compareTasks(a: SyncTask, b: SyncTask): number {
  const [left, right] = [objectOf(a), objectOf(b)];
  return (
    PHASES[a.phase] - PHASES[b.phase] ||
    a.wave - b.wave ||
    kindRank(left.kind) - kindRank(right.kind) ||
    compareText(left.metadata.name ?? '', right.metadata.name ?? '')
  );
}

function kindRank(kind: string): number {
  return KIND_RANKS.get(kind) ?? KINDS.length;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Moves each task that `provides` something in front of the first one that `uses` it. */
function raiseNeeded(
  tasks: readonly SyncTask[],
  provides: (target: KubeObject) => string | undefined,
  uses: (target: KubeObject, task: SyncTask) => string,
): readonly SyncTask[] {
  const result: SyncTask[] = [];
  for (const task of tasks) {
    const provided = task.target && provides(task.target);
    // What provides is not looked at as a user: a CRD does not wait for its own kind.
    const first =
      provided === undefined
        ? -1
        : result.findIndex(
            (user) => user.target && provides(user.target) === undefined && uses(user.target, user) === provided,
          );
    const user = result[first];
    if (user) result.splice(first, 0, { ...task, phase: user.phase, wave: user.wave });
    else result.push(task);
  }
  return result;
}

const namespaceName = (target: KubeObject) => (isNamespace(target) ? target.metadata.name : undefined);
const namespaceUsed = (_: KubeObject, task: SyncTask) => task.namespace;
