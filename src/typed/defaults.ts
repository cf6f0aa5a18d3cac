// What the API server sets when a field is missing, by type, wherever the type occurs: a Container in a Pod and in a CronJob alike.
//
// Source: k8s.io/kubernetes, pkg/apis/*/v1/defaults.go, in the order of zz_generated.defaults.go (outer types first). Long:
// a table with one entry a type.

import { at, isObject } from '../base/json.ts';
import { imageTag } from './image.ts';
import { setPodRequests } from './pod-resources.ts';
import type { Field, TypeNode } from './types.ts';

type Obj = Record<string, unknown>;

/** Sets a field that is absent. */
function fill(object: Obj, field: string, value: unknown): void {
  if (object[field] === undefined || object[field] === null) object[field] = value;
}

/** Sets a field that is absent or has its zero value. */
function fillEmpty(object: Obj, field: string, value: unknown): void {
  const own = object[field];
  const empty = own === undefined || own === null || own === '' || own === 0;
  if (empty || (Array.isArray(own) && own.length === 0)) object[field] = value;
}

function child(object: Obj, field: string): Obj {
  const own = object[field];
  if (isObject(own)) return own;
  const made: Obj = {};
  object[field] = made;
  return made;
}

function objects(value: unknown): Obj[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

const MODE = 420;

const DEFAULTS: Readonly<Record<string, (object: Obj) => void>> = {
  'core/v1.Namespace': (object) => {
    const metadata = child(object, 'metadata');
    if (metadata.name) child(metadata, 'labels')['kubernetes.io/metadata.name'] = metadata.name;
  },
  'core/v1.NamespaceStatus': (object) => fillEmpty(object, 'phase', 'Active'),
  'core/v1.Pod': setPodDefaults,
  'core/v1.PodSpec': (object) => {
    fillEmpty(object, 'dnsPolicy', 'ClusterFirst');
    fillEmpty(object, 'restartPolicy', 'Always');
    fill(object, 'securityContext', {});
    fill(object, 'terminationGracePeriodSeconds', 30);
    fillEmpty(object, 'schedulerName', 'default-scheduler');
  },
  'core/v1.Container': setContainerDefaults,
  'core/v1.EphemeralContainer': setContainerDefaults,
  'core/v1.Volume': (object) => {
    if (Object.keys(object).every((key) => key === 'name')) object.emptyDir = {};
    if (isObject(object.image)) fillEmpty(object.image, 'pullPolicy', pullPolicy(String(object.image.reference ?? '')));
  },
  'core/v1.Probe': (object) => {
    fillEmpty(object, 'timeoutSeconds', 1);
    fillEmpty(object, 'periodSeconds', 10);
    fillEmpty(object, 'successThreshold', 1);
    fillEmpty(object, 'failureThreshold', 3);
  },
  'core/v1.GRPCAction': (object) => fill(object, 'service', ''),
  'core/v1.HTTPGetAction': (object) => {
    fillEmpty(object, 'path', '/');
    fillEmpty(object, 'scheme', 'HTTP');
  },
  'core/v1.SecretVolumeSource': (object) => fill(object, 'defaultMode', MODE),
  'core/v1.ConfigMapVolumeSource': (object) => fill(object, 'defaultMode', MODE),
  'core/v1.DownwardAPIVolumeSource': (object) => fill(object, 'defaultMode', MODE),
  'core/v1.ProjectedVolumeSource': (object) => fill(object, 'defaultMode', MODE),
  'core/v1.ServiceAccountTokenProjection': (object) => fill(object, 'expirationSeconds', 3600),
  'core/v1.HostPathVolumeSource': (object) => fill(object, 'type', ''),
  'core/v1.ObjectFieldSelector': (object) => fillEmpty(object, 'apiVersion', 'v1'),
  'core/v1.Service': setServiceDefaults,
  'core/v1.Secret': (object) => fillEmpty(object, 'type', 'Opaque'),
  'core/v1.PersistentVolume': (object) => {
    fillEmpty(child(object, 'status'), 'phase', 'Pending');
    const spec = child(object, 'spec');
    fillEmpty(spec, 'persistentVolumeReclaimPolicy', 'Retain');
    fill(spec, 'volumeMode', 'Filesystem');
  },
  'core/v1.PersistentVolumeClaim': (object) => fillEmpty(child(object, 'status'), 'phase', 'Pending'),
  'core/v1.PersistentVolumeClaimSpec': (object) => fill(object, 'volumeMode', 'Filesystem'),
  'core/v1.EndpointPort': (object) => fillEmpty(object, 'protocol', 'TCP'),
  'core/v1.LimitRangeItem': setLimitRangeDefaults,
  'core/v1.NodeStatus': (object) => {
    if (object.capacity) fill(object, 'allocatable', structuredClone(object.capacity));
  },
  'core/v1.ReplicationController': (object) => {
    const spec = child(object, 'spec');
    const labels = at(spec, 'template', 'metadata', 'labels');
    if (isObject(labels)) {
      fill(spec, 'selector', { ...labels });
      fill(child(object, 'metadata'), 'labels', { ...labels });
    }
  },
  'apps/v1.Deployment': (object) => {
    const spec = child(object, 'spec');
    fill(spec, 'replicas', 1);
    const strategy = child(spec, 'strategy');
    fillEmpty(strategy, 'type', 'RollingUpdate');
    if (strategy.type === 'RollingUpdate') {
      const rolling = child(strategy, 'rollingUpdate');
      fill(rolling, 'maxUnavailable', '25%');
      fill(rolling, 'maxSurge', '25%');
    }
    fill(spec, 'revisionHistoryLimit', 10);
    fill(spec, 'progressDeadlineSeconds', 600);
  },
  'apps/v1.DaemonSet': (object) => {
    const spec = child(object, 'spec');
    const strategy = child(spec, 'updateStrategy');
    fillEmpty(strategy, 'type', 'RollingUpdate');
    if (strategy.type === 'RollingUpdate') {
      const rolling = child(strategy, 'rollingUpdate');
      fill(rolling, 'maxUnavailable', 1);
      fill(rolling, 'maxSurge', 0);
    }
    fill(spec, 'revisionHistoryLimit', 10);
  },
  'apps/v1.StatefulSet': (object) => {
    const spec = child(object, 'spec');
    fillEmpty(spec, 'podManagementPolicy', 'OrderedReady');
    const strategy = child(spec, 'updateStrategy');
    if (!strategy.type) {
      strategy.type = 'RollingUpdate';
      child(strategy, 'rollingUpdate');
    }
    if (strategy.type === 'RollingUpdate' && isObject(strategy.rollingUpdate))
      fill(strategy.rollingUpdate, 'partition', 0);
    const retention = child(spec, 'persistentVolumeClaimRetentionPolicy');
    fillEmpty(retention, 'whenDeleted', 'Retain');
    fillEmpty(retention, 'whenScaled', 'Retain');
    fill(spec, 'replicas', 1);
    fill(spec, 'revisionHistoryLimit', 10);
  },
  'apps/v1.ReplicaSet': (object) => fill(child(object, 'spec'), 'replicas', 1),
  'batch/v1.Job': (object) => {
    const spec = child(object, 'spec');
    if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
    fill(spec, 'parallelism', 1);
    fill(spec, 'backoffLimit', spec.backoffLimitPerIndex === undefined ? 6 : 2147483647);
    const labels = at(spec, 'template', 'metadata', 'labels');
    const metadata = child(object, 'metadata');
    // Not a copy: see prepareCreate of job.ts.
    if (isObject(labels)) fill(metadata, 'labels', labels);
    fill(spec, 'completionMode', 'NonIndexed');
    fill(spec, 'suspend', false);
    fill(spec, 'podReplacementPolicy', spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed');
    fill(spec, 'manualSelector', false);
  },
  'batch/v1.CronJob': (object) => {
    const spec = child(object, 'spec');
    fillEmpty(spec, 'concurrencyPolicy', 'Allow');
    fill(spec, 'suspend', false);
    fill(spec, 'successfulJobsHistoryLimit', 3);
    fill(spec, 'failedJobsHistoryLimit', 1);
  },
  'batch/v1.PodFailurePolicyOnPodConditionsPattern': (object) => fillEmpty(object, 'status', 'True'),
  'autoscaling/v1.HorizontalPodAutoscaler': (object) => fill(child(object, 'spec'), 'minReplicas', 1),
  'autoscaling/v2.HorizontalPodAutoscaler': setAutoscalerDefaults,
  'networking/v1.NetworkPolicyPort': (object) => fill(object, 'protocol', 'TCP'),
  'networking/v1.NetworkPolicy': (object) => {
    const spec = child(object, 'spec');
    const egress = objects(spec.egress).length > 0;
    fillEmpty(spec, 'policyTypes', egress ? ['Ingress', 'Egress'] : ['Ingress']);
  },
  'networking/v1.IngressClassParametersReference': (object) => fill(object, 'scope', 'Cluster'),
  'rbac/v1.RoleRef': (object) => fillEmpty(object, 'apiGroup', 'rbac.authorization.k8s.io'),
  'rbac/v1.Subject': (object) => {
    if (object.kind === 'User' || object.kind === 'Group') fillEmpty(object, 'apiGroup', 'rbac.authorization.k8s.io');
  },
  'storage/v1.StorageClass': (object) => {
    fill(object, 'reclaimPolicy', 'Delete');
    fill(object, 'volumeBindingMode', 'Immediate');
  },
  'storage/v1.CSIDriverSpec': (object) => {
    fill(object, 'attachRequired', true);
    fill(object, 'podInfoOnMount', false);
    fill(object, 'storageCapacity', false);
    fill(object, 'fsGroupPolicy', 'ReadWriteOnceWithFSType');
    fillEmpty(object, 'volumeLifecycleModes', ['Persistent']);
    fill(object, 'requiresRepublish', false);
    fill(object, 'seLinuxMount', false);
  },
  'admissionregistration/v1.ValidatingWebhook': setWebhookDefaults,
  'admissionregistration/v1.MutatingWebhook': (object) => {
    setWebhookDefaults(object);
    fill(object, 'reinvocationPolicy', 'Never');
  },
  'admissionregistration/v1.RuleWithOperations': (object) => fill(object, 'scope', '*'),
  'admissionregistration/v1.NamedRuleWithOperations': (object) => fill(object, 'scope', '*'),
  'admissionregistration/v1.ServiceReference': (object) => fill(object, 'port', 443),
  'admissionregistration/v1.ValidatingAdmissionPolicySpec': (object) => fill(object, 'failurePolicy', 'Fail'),
  'admissionregistration/v1.MutatingAdmissionPolicySpec': (object) => fill(object, 'failurePolicy', 'Fail'),
  'admissionregistration/v1.MatchResources': (object) => {
    fill(object, 'matchPolicy', 'Equivalent');
    fill(object, 'namespaceSelector', {});
    fill(object, 'objectSelector', {});
  },
  'apiextensions/v1.ServiceReference': (object) => fill(object, 'port', 443),
  'apiregistration/v1.ServiceReference': (object) => fill(object, 'port', 443),
  'scheduling/v1.PriorityClass': (object) => fill(object, 'preemptionPolicy', 'PreemptLowerPriority'),
  'discovery/v1.EndpointPort': (object) => {
    fill(object, 'name', '');
    fill(object, 'protocol', 'TCP');
  },
  'flowcontrol/v1.FlowSchemaSpec': (object) => fillEmpty(object, 'matchingPrecedence', 1000),
  'resource/v1.ExactDeviceRequest': setDeviceCount,
  'resource/v1.DeviceSubRequest': setDeviceCount,
  'flowcontrol/v1.ExemptPriorityLevelConfiguration': (object) => {
    fill(object, 'nominalConcurrencyShares', 0);
    fill(object, 'lendablePercent', 0);
  },
  'flowcontrol/v1.LimitedPriorityLevelConfiguration': (object) => {
    fill(object, 'nominalConcurrencyShares', 30);
    fill(object, 'lendablePercent', 0);
  },
  'flowcontrol/v1.QueuingConfiguration': (object) => {
    fillEmpty(object, 'handSize', 8);
    fillEmpty(object, 'queues', 64);
    fillEmpty(object, 'queueLengthLimit', 50);
  },
  'apiextensions/v1.CustomResourceDefinition': setDefinitionDefaults,
};

/** Defaults of versions that are served no more, before those of their successors (pkg/apis/{apps,extensions,admissionregistration}/v1beta1). */
const OLD_DEFAULTS: Readonly<Record<string, (object: Obj) => void>> = {
  'apps/v1beta1.Deployment': (object) => {
    inheritTemplateLabels(object);
    fill(child(object, 'spec'), 'revisionHistoryLimit', 2);
  },
  'apps/v1beta1.StatefulSet': (object) => {
    inheritTemplateLabels(object);
    fillEmpty(child(child(object, 'spec'), 'updateStrategy'), 'type', 'OnDelete');
  },
  'extensions/v1beta1.Deployment': (object) => {
    inheritTemplateLabels(object);
    const spec = child(object, 'spec');
    const strategy = child(spec, 'strategy');
    fillEmpty(strategy, 'type', 'RollingUpdate');
    if (strategy.type === 'RollingUpdate') {
      fill(child(strategy, 'rollingUpdate'), 'maxUnavailable', 1);
      fill(child(strategy, 'rollingUpdate'), 'maxSurge', 1);
    }
    fill(spec, 'revisionHistoryLimit', 2147483647);
    fill(spec, 'progressDeadlineSeconds', 2147483647);
  },
  'extensions/v1beta1.DaemonSet': (object) => {
    inheritTemplateLabels(object);
    fillEmpty(child(child(object, 'spec'), 'updateStrategy'), 'type', 'OnDelete');
  },
  'extensions/v1beta1.ReplicaSet': inheritTemplateLabels,
  'admissionregistration/v1beta1.MutatingWebhookConfiguration': setOldWebhookDefaults,
  'admissionregistration/v1beta1.ValidatingWebhookConfiguration': setOldWebhookDefaults,
};

/** What reading a version into the internal types and writing it again sets, beside the defaults. */
const CONVERSIONS: Readonly<Record<string, (object: Obj) => void>> = {
  'core/v1.PodSpec': mirrorServiceAccount,
  'core/v1.Secret': foldStringData,
  'apps/v1.StatefulSet': (object) => {
    for (const claim of objects(child(object, 'spec').volumeClaimTemplates)) {
      fillEmpty(claim, 'apiVersion', 'v1');
      fillEmpty(claim, 'kind', 'PersistentVolumeClaim');
    }
  },
};

/** Types that have defaults, or hold one that has. */
const reaching = new Map<TypeNode, boolean>();

/** Sets the defaults of a value of a built-in type, in place, as the scheme's functions do. */
export function setTypeDefaults(type: TypeNode, value: unknown): void {
  setIn(type, value, false);
}

/** The same with what the API server's conversions set besides. */
export function settleAsServer(type: TypeNode, value: unknown): void {
  setIn(type, value, true);
}

function setIn(type: TypeNode, value: unknown, converts: boolean): void {
  if (value === null || value === undefined || !reachesDefaults(type)) return;
  if (type.kind === 'list' && Array.isArray(value)) {
    const element = type.element?.();
    if (element) for (const item of value) setIn(element, item, converts);
    return;
  }
  if (!isObject(value)) return;
  if (type.kind === 'map') {
    const element = type.element?.();
    if (element) for (const item of Object.values(value)) setIn(element, item, converts);
    return;
  }
  if (type.since) OLD_DEFAULTS[type.since]?.(value);
  if (type.name) DEFAULTS[type.name]?.(value);
  if (type.name && converts) CONVERSIONS[type.name]?.(value);
  for (const field of type.fields?.().values() ?? []) {
    if (hasDefault(field)) {
      const set = field.pointer ? fill : fillEmpty;
      set(value, field.name, structuredClone(field.default));
    }
    setIn(field.type, value[field.name], converts);
  }
}

/** A zero value is a default of pointers alone: everything else has it already. */
function hasDefault({ default: value, pointer, required }: Field): boolean {
  if (required || value === undefined || isObject(value)) return false;
  return pointer || (value !== '' && value !== 0 && value !== false);
}

function reachesDefaults(type: TypeNode): boolean {
  const known = reaching.get(type);
  if (known !== undefined) return known;
  reaching.set(type, false);
  const element = type.element?.();
  let found = (type.name !== undefined && type.name in DEFAULTS) || (element ? reachesDefaults(element) : false);
  for (const field of type.fields?.().values() ?? []) found ||= hasDefault(field) || reachesDefaults(field.type);
  reaching.set(type, found);
  return found;
}

function pullPolicy(image: string): string {
  return imageTag(image) === 'latest' ? 'Always' : 'IfNotPresent';
}

function setContainerDefaults(object: Obj): void {
  fillEmpty(object, 'imagePullPolicy', pullPolicy(String(object.image ?? '')));
  fillEmpty(object, 'terminationMessagePath', '/dev/termination-log');
  fillEmpty(object, 'terminationMessagePolicy', 'File');
}

function setPodDefaults(object: Obj): void {
  const spec = child(object, 'spec');
  for (const container of [...objects(spec.containers), ...objects(spec.initContainers)]) {
    const resources = child(container, 'resources');
    if (!isObject(resources.limits)) continue;
    const requests = child(resources, 'requests');
    for (const [name, value] of Object.entries(resources.limits)) fill(requests, name, value);
  }
  setPodRequests(spec);
  fill(spec, 'enableServiceLinks', true);
  if (spec.hostNetwork !== true) return;
  for (const container of [...objects(spec.containers), ...objects(spec.initContainers)])
    for (const port of objects(container.ports)) fillEmpty(port, 'hostPort', port.containerPort);
}

/** The old name of the field says what the new one says (pkg/apis/core/v1/conversion.go, Convert_v1_PodSpec_To_core_PodSpec and back). */
function mirrorServiceAccount(spec: Obj): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (name) Object.assign(spec, { serviceAccountName: name, serviceAccount: name });
  else delete spec.serviceAccount;
}

function setServiceDefaults(object: Obj): void {
  const spec = child(object, 'spec');
  fillEmpty(spec, 'sessionAffinity', 'None');
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (
    spec.sessionAffinity === 'ClientIP' &&
    at(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds') === undefined
  )
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10800 } };
  fillEmpty(spec, 'type', 'ClusterIP');
  for (const port of objects(spec.ports)) {
    fillEmpty(port, 'protocol', 'TCP');
    fillEmpty(port, 'targetPort', port.port);
  }
  const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const accessible = external || (spec.type === 'ClusterIP' && Array.isArray(spec.externalIPs));
  if (accessible) fillEmpty(spec, 'externalTrafficPolicy', 'Cluster');
  if (external || spec.type === 'ClusterIP') fill(spec, 'internalTrafficPolicy', 'Cluster');
  if (spec.type === 'LoadBalancer') fill(spec, 'allocateLoadBalancerNodePorts', true);
}

function setLimitRangeDefaults(object: Obj): void {
  if (object.type !== 'Container') return;
  const limits = child(object, 'default');
  const requests = child(object, 'defaultRequest');
  for (const [name, value] of Object.entries(isObject(object.max) ? object.max : {})) fill(limits, name, value);
  for (const [name, value] of Object.entries(limits)) fill(requests, name, value);
  for (const [name, value] of Object.entries(isObject(object.min) ? object.min : {})) fill(requests, name, value);
}

function setAutoscalerDefaults(object: Obj): void {
  const spec = child(object, 'spec');
  fill(spec, 'minReplicas', 1);
  if (objects(spec.metrics).length === 0)
    spec.metrics = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ];
  if (!isObject(spec.behavior)) return;
  const up = child(spec.behavior, 'scaleUp');
  fill(up, 'stabilizationWindowSeconds', 0);
  fill(up, 'selectPolicy', 'Max');
  fill(up, 'policies', [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ]);
  const down = child(spec.behavior, 'scaleDown');
  fill(down, 'selectPolicy', 'Max');
  fill(down, 'policies', [{ type: 'Percent', value: 100, periodSeconds: 15 }]);
}

function setDeviceCount(object: Obj): void {
  fillEmpty(object, 'allocationMode', 'ExactCount');
  if (object.allocationMode === 'ExactCount') fillEmpty(object, 'count', 1);
}

function setWebhookDefaults(object: Obj): void {
  fill(object, 'failurePolicy', 'Fail');
  fill(object, 'matchPolicy', 'Equivalent');
  fill(object, 'namespaceSelector', {});
  fill(object, 'objectSelector', {});
  fill(object, 'timeoutSeconds', 10);
}

function setOldWebhookDefaults(object: Obj): void {
  for (const webhook of objects(object.webhooks)) {
    fill(webhook, 'failurePolicy', 'Ignore');
    fill(webhook, 'matchPolicy', 'Exact');
    fill(webhook, 'sideEffects', 'Unknown');
    fill(webhook, 'timeoutSeconds', 30);
    fillEmpty(webhook, 'admissionReviewVersions', ['v1beta1']);
  }
}

/** Before apps/v1beta2 a workload without selector or labels had those of its template. */
function inheritTemplateLabels(object: Obj): void {
  const spec = child(object, 'spec');
  const labels = at(spec, 'template', 'metadata', 'labels');
  if (!isObject(labels)) return;
  fill(spec, 'selector', { matchLabels: { ...labels } });
  const metadata = child(object, 'metadata');
  if (Object.keys(isObject(metadata.labels) ? metadata.labels : {}).length === 0) metadata.labels = { ...labels };
}

function setDefinitionDefaults(object: Obj): void {
  const spec = child(object, 'spec');
  const names = child(spec, 'names');
  const kind = String(names.kind ?? '');
  fillEmpty(names, 'singular', kind.toLowerCase());
  if (kind !== '') fillEmpty(names, 'listKind', `${kind}List`);
  fill(spec, 'conversion', { strategy: 'None' });
  const status = child(object, 'status');
  const stored = objects(spec.versions).find((version) => version.storage === true);
  if (stored) fillEmpty(status, 'storedVersions', [stored.name]);
}

/** stringData is for writing only, and wins over data (pkg/apis/core/v1/conversion.go, Convert_v1_Secret_To_core_Secret). */
function foldStringData(secret: Obj): void {
  const { stringData } = secret;
  if (!isObject(stringData)) return;
  const data = child(secret, 'data');
  for (const [key, text] of Object.entries(stringData)) {
    const bytes = new TextEncoder().encode(String(text));
    data[key] = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }
  delete secret.stringData;
}
