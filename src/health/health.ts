// The health of one object, by the check of its kind (Argo CD: gitops-engine pkg/health/health.go).

import type { HealthCustomizations } from '../application/argo-settings.ts';
import { hasHookFinalizer } from '../application/hook.ts';
import type { HealthStatus } from '../application/types.ts';
import { groupOf, type KubeObject, versionOf } from '../kube/object.ts';
import { apiService } from './api-service.ts';
import { health, type KindCheck } from './check.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment } from './deployment.ts';
import { familyCheck } from './families.ts';
import { generalHealth } from './general.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { ingress } from './ingress.ts';
import { job } from './job.ts';
import { persistentVolumeClaim } from './persistent-volume-claim.ts';
import { pod } from './pod.ts';
import { replicaSet } from './replica-set.ts';
import type { Assess } from './rules.ts';
import { findScripts } from './script.ts';
import { service } from './service.ts';
import { statefulSet } from './stateful-set.ts';
import { workflow } from './workflow.ts';

const CHECKS: Readonly<Record<string, KindCheck>> = {
  '/PersistentVolumeClaim': persistentVolumeClaim,
  '/Pod': pod,
  '/Service': service,
  'apiregistration.k8s.io/APIService': apiService,
  'apps/DaemonSet': daemonSet,
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'argoproj.io/Workflow': workflow,
  'autoscaling/HorizontalPodAutoscaler': horizontalPodAutoscaler,
  'batch/Job': job,
  'extensions/Ingress': ingress,
  'networking.k8s.io/Ingress': ingress,
};

/** What Go's messages call a kind where it is not the kind's own name. */
const SHORT_NAMES: Readonly<Record<string, string>> = { HorizontalPodAutoscaler: 'HPA' };

export type HealthOf = (object: KubeObject) => HealthStatus | undefined;

/**
 * The health of objects, with the checks of argocd-cm before the built-in ones: a script for exactly this kind, a script whose pattern
 * fits, the table of Argo CD's own scripts, the built-in kinds, and last what a custom kind's conditions say in general.
 * `now` is the clock of scripts. undefined when nothing is known about this kind: it then counts neither for nor against.
 */
export function createHealthCheck(customizations: HealthCustomizations = {}, now = () => new Date()): HealthOf {
  const scriptOf = findScripts(customizations, now);
  /** By group and kind: each is looked for once. */
  const checks = new Map<string, Assess>();
  return (object) => {
    if (object.metadata.deletionTimestamp && !hasHookFinalizer(object)) {
      return health('Progressing', 'Pending deletion');
    }
    const { kind } = object;
    const group = groupOf(object.apiVersion);
    const name = `${group}/${kind}`;
    const check = checks.get(name) ?? scriptOf(group, kind) ?? familyCheck(group, kind) ?? builtInCheck(name);
    checks.set(name, check);
    return check(object);
  };
}

/** The health that objects have without any setting. */
export const resourceHealth: HealthOf = createHealthCheck();

function builtInCheck(name: string): Assess {
  const found = CHECKS[name];
  if (!found) return generalHealth;
  const { versions, check } = found;
  return (object) => {
    if (versions && !versions.includes(versionOf(object.apiVersion))) {
      const kind = SHORT_NAMES[object.kind] ?? object.kind;
      return health('Unknown', `unsupported ${kind} GVK: ${object.apiVersion}, Kind=${object.kind}`);
    }
    return check(object);
  };
}
