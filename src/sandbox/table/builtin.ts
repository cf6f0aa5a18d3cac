// Columns of the built-in kinds.
//
// Source: k8s.io/kubernetes, pkg/printers/internalversion/printers.go. Long: one entry a kind.

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { selectorText } from '../http/scale.ts';
import { age, humanDuration } from './age.ts';
import { podCells } from './pod.ts';
import type { Cell, Column, Columns } from './table.ts';

type Obj = Record<string, unknown>;

const NONE = '<none>';
const UNSET = '<unset>';

/** `Name Ready Age IP+`: a `+` shows with `-o wide` alone, `#` is an integer, `?` a boolean, `_` stands for a space. */
function columnsNamed(text: string): Column[] {
  return text.split(' ').map((word) => {
    const type = word.includes('#') ? 'integer' : word.includes('?') ? 'boolean' : 'string';
    const name = word.replace(/[#?+]/g, '').replaceAll('_', ' ');
    return {
      name,
      type,
      ...(name === 'Name' ? { format: 'name' } : {}),
      ...(word.includes('+') ? { priority: 1 } : {}),
    };
  });
}

function kind(columns: string, cells: (object: KubeObject, cluster: Cluster) => Cell[]): Columns {
  return { columns: columnsNamed(columns), cells };
}

const nameOf = (object: KubeObject) => object.metadata.name ?? '';
const ageOf = (object: KubeObject, cluster: Cluster) => age(object.metadata.creationTimestamp, cluster);
const numberAt = (object: unknown, ...path: readonly (string | number)[]) => Number(at(object, ...path) ?? 0);
const textAt = (object: unknown, ...path: readonly (string | number)[]) => stringAt(object, ...path) ?? '';
const list = (object: unknown, ...path: readonly string[]): Obj[] => {
  const found = at(object, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
};
const sizeAt = (object: unknown, ...path: readonly string[]) => Object.keys(objectAt(object, ...path)).length;
const objectAt = (object: unknown, ...path: readonly string[]): Obj => {
  const found = at(object, ...path);
  return isObject(found) ? found : {};
};
const booleanAt = (object: unknown, ...path: readonly string[]) => {
  const found = at(object, ...path);
  return typeof found === 'boolean' ? (found ? 'True' : 'False') : UNSET;
};

/** Names and images of a template's containers. */
function containers(object: unknown, ...path: readonly string[]): [string, string] {
  const found = list(object, ...path);
  return [found.map(({ name }) => name).join(','), found.map(({ image }) => image).join(',')];
}

const TEMPLATE = ['spec', 'template', 'spec', 'containers'] as const;

function labelsText(labels: Obj): string {
  const text = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key]}`)
    .join(',');
  return text === '' ? NONE : text;
}

function labelSelector(object: unknown, ...path: readonly string[]): string {
  const found = at(object, ...path);
  if (found === undefined || found === null) return NONE;
  const text = selectorText(found);
  return text === '' ? NONE : text;
}

function withMore(items: readonly string[], empty: string): string {
  if (items.length === 0) return empty;
  const shown = items.slice(0, 3).join(',');
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}

function externalAddress(service: KubeObject): string {
  const ips: readonly unknown[] = Array.isArray(at(service, 'spec', 'externalIPs'))
    ? list0(service, 'spec', 'externalIPs')
    : [];
  switch (at(service, 'spec', 'type')) {
    case 'ExternalName':
      return textAt(service, 'spec', 'externalName');
    case 'LoadBalancer': {
      const all = [...balancers(service), ...ips];
      return all.length > 0 ? all.join(',') : '<pending>';
    }
    default:
      return ips.length > 0 ? ips.join(',') : NONE;
  }
}

function list0(object: unknown, ...path: readonly string[]): unknown[] {
  const found = at(object, ...path);
  return Array.isArray(found) ? found : [];
}

function balancers(object: KubeObject): string[] {
  return list(object, 'status', 'loadBalancer', 'ingress')
    .map(({ ip, hostname }) => String(ip ?? hostname ?? ''))
    .filter((text) => text !== '')
    .sort();
}

function servicePorts(service: KubeObject): string {
  const ports = list(service, 'spec', 'ports').map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return ports.length > 0 ? ports.join(',') : NONE;
}

function endpointsText(object: KubeObject): string {
  const subsets = list(object, 'subsets');
  if (subsets.length === 0) return NONE;
  const found = subsets.flatMap((subset) => {
    const addresses = list(subset, 'addresses').map(({ ip }) => String(ip));
    const ports = list(subset, 'ports');
    return ports.length === 0 ? addresses : ports.flatMap(({ port }) => addresses.map((ip) => `${ip}:${port}`));
  });
  return withMore(found, '');
}

function jobStatus(job: KubeObject): string {
  const has = (type: string) =>
    list(job, 'status', 'conditions').some((item) => item.type === type && item.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function jobCompletions(job: KubeObject): string {
  const done = numberAt(job, 'status', 'succeeded');
  const wanted = at(job, 'spec', 'completions');
  if (wanted !== undefined) return `${done}/${wanted}`;
  const parallelism = numberAt(job, 'spec', 'parallelism');
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function jobDuration(job: KubeObject, cluster: Cluster): string {
  const start = stringAt(job, 'status', 'startTime');
  if (start === undefined) return '';
  const end = stringAt(job, 'status', 'completionTime');
  return humanDuration((end === undefined ? cluster.clock.now() : Date.parse(end)) - Date.parse(start));
}

function nodeStatus(node: KubeObject): string {
  const ready = list(node, 'status', 'conditions').find(({ type }) => type === 'Ready');
  const status = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown';
  return at(node, 'spec', 'unschedulable') === true ? `${status},SchedulingDisabled` : status;
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter((key) => key.startsWith(prefix) && key.length > prefix.length)
    .map((key) => key.slice(prefix.length));
  return roles.sort().join(',') || NONE;
}

function nodeAddress(node: KubeObject, type: string): string {
  return String(list(node, 'status', 'addresses').find((address) => address.type === type)?.address ?? NONE);
}

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function accessModes(object: unknown, ...path: readonly string[]): string {
  const found = list0(object, ...path).map(String);
  return Object.keys(MODES)
    .filter((mode) => found.includes(mode))
    .map((mode) => MODES[mode])
    .join(',');
}

function phase(object: KubeObject): string {
  return object.metadata.deletionTimestamp ? 'Terminating' : textAt(object, 'status', 'phase');
}

function subjects(object: KubeObject, wanted: string): string {
  return list(object, 'subjects')
    .filter((subject) => subject.kind === wanted)
    .map(({ namespace, name }) => (wanted === 'ServiceAccount' && namespace ? `${namespace}/${name}` : String(name)))
    .join(', ');
}

const BINDING = kind('Name Role Age Users+ Groups+ ServiceAccounts+', (object, cluster) => [
  nameOf(object),
  `${textAt(object, 'roleRef', 'kind')}/${textAt(object, 'roleRef', 'name')}`,
  ageOf(object, cluster),
  subjects(object, 'User'),
  subjects(object, 'Group'),
  subjects(object, 'ServiceAccount'),
]);

const WEBHOOKS = kind('Name Webhooks# Age', (object, cluster) => [
  nameOf(object),
  list(object, 'webhooks').length,
  ageOf(object, cluster),
]);

function metricText(metric: Obj, current: Obj | undefined): string {
  const type = String(metric.type);
  const source = objectAt(metric, type.charAt(0).toLowerCase() + type.slice(1));
  const target = objectAt(source, 'target');
  const now = objectAt(current, type.charAt(0).toLowerCase() + type.slice(1), 'current');
  const named = type === 'Resource' || type === 'ContainerResource';
  const prefix = named ? `${source.name}: ` : '';
  if (target.averageValue !== undefined)
    return `${prefix}${now.averageValue ?? '<unknown>'}/${target.averageValue}${named || type === 'Pods' ? '' : ' (avg)'}`;
  if (!named) return `${now.value ?? '<unknown>'}/${target.value}`;
  const percent = (value: unknown, missing: string) => (value === undefined ? missing : `${value}%`);
  return `${prefix}${percent(now.averageUtilization, '<unknown>')}/${percent(target.averageUtilization, '<auto>')}`;
}

function metricsText(object: KubeObject): string {
  const current = list(object, 'status', 'currentMetrics');
  const all = list(object, 'spec', 'metrics').map((metric, index) => metricText(metric, current[index]));
  if (all.length === 0) return NONE;
  return all.length > 2 ? `${all.slice(0, 2).join(', ')} + ${all.length - 2} more...` : all.join(', ');
}

function eventCells(object: KubeObject, cluster: Cluster): Cell[] {
  const first = at(object, 'firstTimestamp')
    ? age(at(object, 'firstTimestamp'), cluster)
    : age(at(object, 'eventTime'), cluster);
  const last = at(object, 'series', 'lastObservedTime') ?? at(object, 'lastTimestamp');
  const involved = objectAt(object, 'involvedObject');
  const target = String(involved.kind ?? '').toLowerCase();
  const source = [
    textAt(object, 'source', 'component') || textAt(object, 'reportingComponent'),
    textAt(object, 'source', 'host') || textAt(object, 'reportingInstance'),
  ];
  return [
    last ? age(last, cluster) : first,
    textAt(object, 'type'),
    textAt(object, 'reason'),
    involved.name ? `${target}/${involved.name}` : target,
    textAt(object, 'involvedObject', 'fieldPath'),
    source.filter((part) => part !== '').join(', '),
    textAt(object, 'message').trim(),
    first,
    String(at(object, 'series', 'count') ?? (numberAt(object, 'count') || 1)),
    nameOf(object),
  ];
}

function quotaText(object: KubeObject, limits: boolean): string {
  const hard = objectAt(object, 'status', 'hard');
  const used = objectAt(object, 'status', 'used');
  return Object.keys(hard)
    .sort()
    .filter((name) => name.startsWith('limits.') === limits)
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]}`)
    .join(', ');
}

export const BUILTIN_COLUMNS: Readonly<Record<string, Columns>> = {
  '/pods': kind('Name Ready Status Restarts Age IP+ Node+ Nominated_Node+ Readiness_Gates+', podCells),
  '/podtemplates': kind('Name Containers Images Pod_Labels', (object) => [
    nameOf(object),
    ...containers(object, 'template', 'spec', 'containers'),
    labelsText(objectAt(object, 'template', 'metadata', 'labels')),
  ]),
  'policy/poddisruptionbudgets': kind(
    'Name Min_Available Max_Unavailable Allowed_Disruptions# Age',
    (object, cluster) => [
      nameOf(object),
      String(at(object, 'spec', 'minAvailable') ?? 'N/A'),
      String(at(object, 'spec', 'maxUnavailable') ?? 'N/A'),
      numberAt(object, 'status', 'disruptionsAllowed'),
      ageOf(object, cluster),
    ],
  ),
  '/replicationcontrollers': kind(
    'Name Desired# Current# Ready# Age Containers+ Images+ Selector+',
    (object, cluster) => [
      nameOf(object),
      numberAt(object, 'spec', 'replicas'),
      numberAt(object, 'status', 'replicas'),
      numberAt(object, 'status', 'readyReplicas'),
      ageOf(object, cluster),
      ...containers(object, ...TEMPLATE),
      labelsText(objectAt(object, 'spec', 'selector')),
    ],
  ),
  'apps/replicasets': kind('Name Desired# Current# Ready# Age Containers+ Images+ Selector+', (object, cluster) => [
    nameOf(object),
    numberAt(object, 'spec', 'replicas'),
    numberAt(object, 'status', 'replicas'),
    numberAt(object, 'status', 'readyReplicas'),
    ageOf(object, cluster),
    ...containers(object, ...TEMPLATE),
    labelSelector(object, 'spec', 'selector'),
  ]),
  'apps/deployments': kind('Name Ready Up-to-date Available Age Containers+ Images+ Selector+', (object, cluster) => [
    nameOf(object),
    `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`,
    numberAt(object, 'status', 'updatedReplicas'),
    numberAt(object, 'status', 'availableReplicas'),
    ageOf(object, cluster),
    ...containers(object, ...TEMPLATE),
    selectorText(at(object, 'spec', 'selector')),
  ]),
  'apps/daemonsets': kind(
    'Name Desired# Current# Ready# Up-to-date# Available# Node_Selector Age Containers+ Images+ Selector+',
    (object, cluster) => [
      nameOf(object),
      numberAt(object, 'status', 'desiredNumberScheduled'),
      numberAt(object, 'status', 'currentNumberScheduled'),
      numberAt(object, 'status', 'numberReady'),
      numberAt(object, 'status', 'updatedNumberScheduled'),
      numberAt(object, 'status', 'numberAvailable'),
      labelsText(objectAt(object, 'spec', 'template', 'spec', 'nodeSelector')),
      ageOf(object, cluster),
      ...containers(object, ...TEMPLATE),
      labelSelector(object, 'spec', 'selector'),
    ],
  ),
  'apps/statefulsets': kind('Name Ready Age Containers+ Images+', (object, cluster) => [
    nameOf(object),
    `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`,
    ageOf(object, cluster),
    ...containers(object, ...TEMPLATE),
  ]),
  'apps/controllerrevisions': kind('Name Controller Revision Age', (object, cluster) => {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller);
    const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
    return [
      nameOf(object),
      owner ? `${owner.kind.toLowerCase()}${group}/${owner.name}` : NONE,
      numberAt(object, 'revision'),
      ageOf(object, cluster),
    ];
  }),
  'batch/jobs': kind('Name Status Completions Duration Age Containers+ Images+ Selector+', (object, cluster) => [
    nameOf(object),
    jobStatus(object),
    jobCompletions(object),
    jobDuration(object, cluster),
    ageOf(object, cluster),
    ...containers(object, ...TEMPLATE),
    labelSelector(object, 'spec', 'selector'),
  ]),
  'batch/cronjobs': kind(
    'Name Schedule Timezone Suspend? Active# Last_Schedule Age Containers+ Images+ Selector+',
    (object, cluster) => [
      nameOf(object),
      textAt(object, 'spec', 'schedule'),
      stringAt(object, 'spec', 'timeZone') ?? NONE,
      booleanAt(object, 'spec', 'suspend'),
      list(object, 'status', 'active').length,
      at(object, 'status', 'lastScheduleTime') ? age(at(object, 'status', 'lastScheduleTime'), cluster) : NONE,
      ageOf(object, cluster),
      ...containers(object, 'spec', 'jobTemplate', ...TEMPLATE),
      labelSelector(object, 'spec', 'jobTemplate', 'spec', 'selector'),
    ],
  ),
  '/services': kind('Name Type Cluster-IP External-IP Port(s) Age Selector+', (object, cluster) => [
    nameOf(object),
    textAt(object, 'spec', 'type'),
    stringAt(object, 'spec', 'clusterIPs', 0) ?? NONE,
    externalAddress(object),
    servicePorts(object),
    ageOf(object, cluster),
    labelsText(objectAt(object, 'spec', 'selector')),
  ]),
  'networking.k8s.io/ingresses': kind('Name Class Hosts Address Ports Age', (object, cluster) => {
    const hosts = list(object, 'spec', 'rules').flatMap(({ host }) => (host ? [String(host)] : []));
    return [
      nameOf(object),
      stringAt(object, 'spec', 'ingressClassName') ?? NONE,
      withMore(hosts, '*'),
      balancers(object).join(','),
      list(object, 'spec', 'tls').length > 0 ? '80, 443' : '80',
      ageOf(object, cluster),
    ];
  }),
  'networking.k8s.io/ingressclasses': kind('Name Controller Parameters Age', (object, cluster) => {
    const parameters = objectAt(object, 'spec', 'parameters');
    const group = parameters.apiGroup ? `.${parameters.apiGroup}` : '';
    return [
      nameOf(object),
      textAt(object, 'spec', 'controller'),
      parameters.kind ? `${parameters.kind}${group}/${parameters.name}` : NONE,
      ageOf(object, cluster),
    ];
  }),
  'networking.k8s.io/networkpolicies': kind('Name Pod-Selector Age', (object, cluster) => [
    nameOf(object),
    labelSelector(object, 'spec', 'podSelector'),
    ageOf(object, cluster),
  ]),
  '/endpoints': kind('Name Endpoints Age', (object, cluster) => [
    nameOf(object),
    endpointsText(object),
    ageOf(object, cluster),
  ]),
  'discovery.k8s.io/endpointslices': kind('Name AddressType Ports Endpoints Age', (object, cluster) => [
    nameOf(object),
    textAt(object, 'addressType'),
    withMore(
      list(object, 'ports').map(({ port, name }) => String(port ?? name ?? '*')),
      UNSET,
    ),
    withMore(
      list(object, 'endpoints').flatMap((endpoint) => list0(endpoint, 'addresses').map(String)),
      UNSET,
    ),
    ageOf(object, cluster),
  ]),
  '/nodes': kind(
    'Name Status Roles Age Version Internal-IP+ External-IP+ OS-Image+ Kernel-Version+ Container-Runtime+',
    (object, cluster) => {
      const info = objectAt(object, 'status', 'nodeInfo');
      const architecture = info.architecture ? ` (${info.architecture})` : '';
      return [
        nameOf(object),
        nodeStatus(object),
        nodeRoles(object),
        ageOf(object, cluster),
        String(info.kubeletVersion ?? ''),
        nodeAddress(object, 'InternalIP'),
        nodeAddress(object, 'ExternalIP'),
        String(info.osImage || '<unknown>'),
        `${info.kernelVersion || '<unknown>'}${architecture}`,
        String(info.containerRuntimeVersion || '<unknown>'),
      ];
    },
  ),
  '/events': kind('Last_Seen Type Reason Object Subobject+ Source+ Message First_Seen+ Count+ Name+', eventCells),
  '/namespaces': kind('Name Status Age', (object, cluster) => [
    nameOf(object),
    textAt(object, 'status', 'phase'),
    ageOf(object, cluster),
  ]),
  '/secrets': kind('Name Type Data Age', (object, cluster) => [
    nameOf(object),
    textAt(object, 'type'),
    sizeAt(object, 'data'),
    ageOf(object, cluster),
  ]),
  '/configmaps': kind('Name Data Age', (object, cluster) => [
    nameOf(object),
    sizeAt(object, 'data') + sizeAt(object, 'binaryData'),
    ageOf(object, cluster),
  ]),
  '/serviceaccounts': kind('Name Age', (object, cluster) => [nameOf(object), ageOf(object, cluster)]),
  '/resourcequotas': kind('Name Request Limit Age', (object, cluster) => [
    nameOf(object),
    quotaText(object, false),
    quotaText(object, true),
    ageOf(object, cluster),
  ]),
  '/persistentvolumes': kind(
    'Name Capacity Access_Modes Reclaim_Policy Status Claim StorageClass VolumeAttributesClass Reason Age VolumeMode+',
    (object, cluster) => {
      const claim = objectAt(object, 'spec', 'claimRef');
      return [
        nameOf(object),
        textAt(object, 'spec', 'capacity', 'storage') || '0',
        accessModes(object, 'spec', 'accessModes'),
        textAt(object, 'spec', 'persistentVolumeReclaimPolicy'),
        phase(object),
        claim.name ? `${claim.namespace}/${claim.name}` : '',
        textAt(object, 'spec', 'storageClassName'),
        stringAt(object, 'spec', 'volumeAttributesClassName') ?? UNSET,
        textAt(object, 'status', 'reason'),
        ageOf(object, cluster),
        stringAt(object, 'spec', 'volumeMode') ?? UNSET,
      ];
    },
  ),
  '/persistentvolumeclaims': kind(
    'Name Status Volume Capacity Access_Modes StorageClass VolumeAttributesClass Age VolumeMode+',
    (object, cluster) => {
      const volume = textAt(object, 'spec', 'volumeName');
      return [
        nameOf(object),
        phase(object),
        volume,
        volume === '' ? '' : textAt(object, 'status', 'capacity', 'storage') || '0',
        volume === '' ? '' : accessModes(object, 'status', 'accessModes'),
        textAt(object, 'spec', 'storageClassName'),
        stringAt(object, 'spec', 'volumeAttributesClassName') ?? UNSET,
        ageOf(object, cluster),
        stringAt(object, 'spec', 'volumeMode') ?? UNSET,
      ];
    },
  ),
  'autoscaling/horizontalpodautoscalers': kind(
    'Name Reference Targets MinPods MaxPods Replicas Age',
    (object, cluster) => [
      nameOf(object),
      `${textAt(object, 'spec', 'scaleTargetRef', 'kind')}/${textAt(object, 'spec', 'scaleTargetRef', 'name')}`,
      metricsText(object),
      String(at(object, 'spec', 'minReplicas') ?? UNSET),
      numberAt(object, 'spec', 'maxReplicas'),
      numberAt(object, 'status', 'currentReplicas'),
      ageOf(object, cluster),
    ],
  ),
  'rbac.authorization.k8s.io/rolebindings': BINDING,
  'rbac.authorization.k8s.io/clusterrolebindings': BINDING,
  'coordination.k8s.io/leases': kind('Name Holder Age', (object, cluster) => [
    nameOf(object),
    textAt(object, 'spec', 'holderIdentity'),
    ageOf(object, cluster),
  ]),
  'storage.k8s.io/storageclasses': kind(
    'Name Provisioner ReclaimPolicy VolumeBindingMode AllowVolumeExpansion Age',
    (object, cluster) => {
      const isDefault = object.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
      return [
        isDefault ? `${nameOf(object)} (default)` : nameOf(object),
        textAt(object, 'provisioner'),
        stringAt(object, 'reclaimPolicy') ?? 'Delete',
        stringAt(object, 'volumeBindingMode') ?? 'Immediate',
        at(object, 'allowVolumeExpansion') === true,
        ageOf(object, cluster),
      ];
    },
  ),
  'scheduling.k8s.io/priorityclasses': kind('Name Value# Global-Default? Age PreemptionPolicy+', (object, cluster) => [
    nameOf(object),
    numberAt(object, 'value'),
    at(object, 'globalDefault') === true,
    ageOf(object, cluster),
    textAt(object, 'preemptionPolicy'),
  ]),
  'node.k8s.io/runtimeclasses': kind('Name Handler Age', (object, cluster) => [
    nameOf(object),
    textAt(object, 'handler'),
    ageOf(object, cluster),
  ]),
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': WEBHOOKS,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': WEBHOOKS,
};
