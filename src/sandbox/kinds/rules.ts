// Where the rules of each built-in kind are.

import type { KindRules } from '../resource/resource.ts';
import { JOB } from './job.ts';
import { NAMESPACE } from './namespace.ts';
import { POD } from './pod.ts';
import { SERVICE } from './service.ts';
import { setDefaultClass, setPending } from './storage.ts';

const RULES: Readonly<Record<string, KindRules>> = {
  '/Namespace': NAMESPACE,
  '/Pod': POD,
  '/Service': SERVICE,
  '/Node': { keepsStatus: true },
  '/PersistentVolume': { prepareCreate: setPending },
  '/PersistentVolumeClaim': { admit: setDefaultClass, prepareCreate: setPending },
  '/PodTemplate': { generation: true },
  '/ReplicationController': { generation: true },
  '/Endpoints': { createOnUpdate: true },
  '/Event': { createOnUpdate: true },
  '/LimitRange': { createOnUpdate: true },
  'apps/Deployment': { generation: true },
  'apps/ReplicaSet': { generation: true },
  'apps/StatefulSet': { generation: true },
  'apps/DaemonSet': { generation: true },
  'batch/Job': JOB,
  'batch/CronJob': { generation: true },
  'networking.k8s.io/Ingress': { generation: true },
  'networking.k8s.io/IngressClass': { generation: true },
  'networking.k8s.io/NetworkPolicy': { generation: true },
  'discovery.k8s.io/EndpointSlice': { generation: true },
  'policy/PodDisruptionBudget': { generation: true, needsRevision: true },
  'scheduling.k8s.io/PriorityClass': { generation: true },
  'resource.k8s.io/ResourceSlice': { generation: true },
  'resource.k8s.io/DeviceClass': { generation: true },
  'flowcontrol.apiserver.k8s.io/FlowSchema': { generation: true },
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': { generation: true },
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': { generation: true, needsRevision: true },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': { generation: true, needsRevision: true },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': { generation: true, needsRevision: true },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': { generation: true, needsRevision: true },
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': { generation: true, needsRevision: true },
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': { generation: true, needsRevision: true },
  'apiextensions.k8s.io/CustomResourceDefinition': { generation: true, needsRevision: true },
  'coordination.k8s.io/Lease': { needsRevision: true, createOnUpdate: true },
  'node.k8s.io/RuntimeClass': { needsRevision: true, createOnUpdate: true },
  'storage.k8s.io/CSIDriver': { needsRevision: true },
  'storage.k8s.io/CSINode': { needsRevision: true },
  'storage.k8s.io/CSIStorageCapacity': { needsRevision: true },
  'storage.k8s.io/VolumeAttachment': { needsRevision: true },
  'rbac.authorization.k8s.io/Role': { name: 'path', createOnUpdate: true },
  'rbac.authorization.k8s.io/RoleBinding': { name: 'path', createOnUpdate: true },
  'rbac.authorization.k8s.io/ClusterRole': { name: 'path', createOnUpdate: true },
  'rbac.authorization.k8s.io/ClusterRoleBinding': { name: 'path', createOnUpdate: true },
};

/** The rules of a kind; none where the schema says everything. */
export function rulesFor(group: string, kind: string): KindRules {
  return RULES[`${group}/${kind}`] ?? {};
}
