// Where the rules of each built-in kind are.

import type { KindRules } from '../resource/resource.ts';
import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING } from './access.ts';
import { CONFIG_MAP, SECRET } from './config.ts';
import { DEFINITION } from './definition.ts';
import { CRON_JOB, JOB } from './job.ts';
import { NAMESPACE } from './namespace.ts';
import { INGRESS, INGRESS_CLASS, NETWORK_POLICY } from './network.ts';
import { NODE } from './node.ts';
import { POD } from './pod.ts';
import { namedWorkloadWarnings, templateWarnings } from './pod-warnings.ts';
import {
  API_SERVICE,
  AUTOSCALER,
  CLAIM,
  CSI_DRIVER,
  DISRUPTION_BUDGET,
  LEASE,
  LIMIT_RANGE,
  PRIORITY_CLASS,
  RESOURCE_QUOTA,
  STORAGE_CLASS_RULES,
  VOLUME,
  WEBHOOK_CONFIGURATION,
} from './policy.ts';
import { SERVICE } from './service.ts';
import { DAEMON_SET, DEPLOYMENT, REPLICA_SET, STATEFUL_SET } from './workload.ts';

const RULES: Readonly<Record<string, KindRules>> = {
  '/ConfigMap': CONFIG_MAP,
  '/Secret': SECRET,
  '/Namespace': NAMESPACE,
  '/Node': NODE,
  '/Pod': POD,
  '/Service': SERVICE,
  '/PersistentVolume': VOLUME,
  '/PersistentVolumeClaim': CLAIM,
  '/ResourceQuota': RESOURCE_QUOTA,
  '/LimitRange': LIMIT_RANGE,
  '/PodTemplate': {
    generation: true,
    warnings: (object, live) => templateWarnings('template', object, live),
  },
  '/ReplicationController': { generation: true, warnings: namedWorkloadWarnings },
  '/Endpoints': {
    createOnUpdate: true,
    deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  },
  '/Event': { createOnUpdate: true },
  'apps/Deployment': DEPLOYMENT,
  'apps/ReplicaSet': REPLICA_SET,
  'apps/StatefulSet': STATEFUL_SET,
  'apps/DaemonSet': DAEMON_SET,
  'batch/Job': JOB,
  'batch/CronJob': CRON_JOB,
  'networking.k8s.io/Ingress': INGRESS,
  'networking.k8s.io/IngressClass': INGRESS_CLASS,
  'networking.k8s.io/NetworkPolicy': NETWORK_POLICY,
  'discovery.k8s.io/EndpointSlice': { generation: true },
  'policy/PodDisruptionBudget': DISRUPTION_BUDGET,
  'autoscaling/HorizontalPodAutoscaler': AUTOSCALER,
  'scheduling.k8s.io/PriorityClass': PRIORITY_CLASS,
  'resource.k8s.io/ResourceSlice': { generation: true },
  'resource.k8s.io/DeviceClass': { generation: true },
  'flowcontrol.apiserver.k8s.io/FlowSchema': { generation: true },
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': { generation: true },
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': WEBHOOK_CONFIGURATION,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': WEBHOOK_CONFIGURATION,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': { generation: true, needsRevision: true },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': { generation: true, needsRevision: true },
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': { generation: true, needsRevision: true },
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': { generation: true, needsRevision: true },
  'apiregistration.k8s.io/APIService': API_SERVICE,
  'apiextensions.k8s.io/CustomResourceDefinition': DEFINITION,
  'coordination.k8s.io/Lease': LEASE,
  'node.k8s.io/RuntimeClass': { needsRevision: true, createOnUpdate: true },
  'storage.k8s.io/StorageClass': STORAGE_CLASS_RULES,
  'storage.k8s.io/CSIDriver': CSI_DRIVER,
  'storage.k8s.io/CSINode': { needsRevision: true },
  'storage.k8s.io/CSIStorageCapacity': { needsRevision: true },
  'storage.k8s.io/VolumeAttachment': { needsRevision: true },
  'rbac.authorization.k8s.io/Role': ROLE,
  'rbac.authorization.k8s.io/RoleBinding': ROLE_BINDING,
  'rbac.authorization.k8s.io/ClusterRole': CLUSTER_ROLE,
  'rbac.authorization.k8s.io/ClusterRoleBinding': CLUSTER_ROLE_BINDING,
};

/** The rules of a kind; none where the schema says everything. */
export function rulesFor(group: string, kind: string): KindRules {
  return RULES[`${group}/${kind}`] ?? {};
}
