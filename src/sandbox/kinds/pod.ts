// Pod: what admission adds, its first status, and how little of it can change.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { type FieldError, forbiddenField, invalidValue } from '../../typed/field-error.ts';
import { parseQuantity } from '../../typed/quantity.ts';
import type { Cluster } from '../cluster.ts';
import { newSuffix } from '../cluster.ts';
import { forbidden } from '../http/status.ts';
import type { KindRules } from '../resource/resource.ts';
import { validatePodSpec } from '../validation/pod-spec.ts';
import { podWarnings } from './pod-warnings.ts';

type Obj = Record<string, unknown>;

const TOLERATED = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

export const POD: KindRules = {
  generation: true,
  keepsStatus: true,
  admit: admitPod,
  admitUpdate: addTolerations,
  validate(object, _cluster, live) {
    const spec = isObject(object.spec) ? object.spec : {};
    return [...validatePodSpec('spec', spec), ...(live ? [] : untidyImages(spec))];
  },
  validateUpdate: specIsFixed,
  warnings: (object, live) => (live ? [] : podWarnings(object)),
  prepareCreate(object) {
    object.status = { phase: 'Pending', qosClass: qosClass(object) };
  },
};

function objects(value: unknown): Obj[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The plugins ServiceAccount, DefaultTolerationSeconds and Priority. */
function admitPod(pod: KubeObject, cluster: Cluster): void {
  const spec = isObject(pod.spec) ? pod.spec : {};
  pod.spec = spec;
  spec.serviceAccountName ??= 'default';
  spec.serviceAccount ??= spec.serviceAccountName;
  checkServiceAccount(pod, String(spec.serviceAccountName), cluster);
  if (spec.automountServiceAccountToken !== false) mountToken(spec, cluster);
  addTolerations(pod);
  spec.priority ??= 0;
  spec.preemptionPolicy ??= 'PreemptLowerPriority';
}

function addTolerations(pod: KubeObject): void {
  const spec = isObject(pod.spec) ? pod.spec : {};
  const tolerations = objects(spec.tolerations);
  for (const key of TOLERATED) {
    const isThere = tolerations.some((own) => own.key === key || (!own.key && own.operator === 'Exists'));
    if (!isThere) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec.tolerations = tolerations;
}

function checkServiceAccount(pod: KubeObject, account: string, cluster: Cluster): void {
  const { namespace = '', name = '' } = pod.metadata;
  if (cluster.store.get('/serviceaccounts', namespace, account)) return;
  // The account of a new namespace comes a moment after it; nobody should have to wait for it here.
  if (account === 'default') return;
  const why = `error looking up service account ${namespace}/${account}: serviceaccount ${JSON.stringify(account)} not found`;
  throw forbidden({ group: '', plural: 'pods' }, name, why);
}

function mountToken(spec: Obj, cluster: Cluster): void {
  const containers = [...objects(spec.containers), ...objects(spec.initContainers)];
  const bare = containers.filter(
    (container) => !objects(container.volumeMounts).some((mount) => mount.mountPath === TOKEN_PATH),
  );
  if (bare.length === 0) return;
  const name = `kube-api-access-${newSuffix(cluster)}`;
  for (const container of bare)
    container.volumeMounts = [...objects(container.volumeMounts), { name, readOnly: true, mountPath: TOKEN_PATH }];
  spec.volumes = [
    ...objects(spec.volumes),
    {
      name,
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
        defaultMode: 420,
      },
    },
  ];
}

function untidyImages(spec: Obj): FieldError[] {
  return ['initContainers', 'containers'].flatMap((part) =>
    objects(spec[part]).flatMap(({ image }, index) => {
      const text = String(image ?? '');
      const why = 'must not have leading or trailing whitespace';
      return text.trim() === text ? [] : [invalidValue(`spec.${part}[${index}].image`, text, why)];
    }),
  );
}

const UPDATABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

/** Little of a Pod changes once it is there (ValidatePodUpdate). */
function specIsFixed(next: KubeObject, live: KubeObject): FieldError[] {
  const before = isObject(live.spec) ? live.spec : {};
  const after = isObject(next.spec) ? next.spec : {};
  for (const part of ['containers', 'initContainers'])
    if (objects(after[part]).length !== objects(before[part]).length)
      return [forbiddenField(`spec.${part}`, 'pod updates may not add or remove containers')];
  const withoutImages = (containers: unknown) => objects(containers).map(({ image: _, ...rest }) => rest);
  const fixed = ({ activeDeadlineSeconds: _, tolerations: __, ...spec }: Obj) => ({
    ...spec,
    containers: withoutImages(spec.containers),
    initContainers: withoutImages(spec.initContainers),
  });
  if (equalJson(fixed(after), fixed(before))) return [];
  return [forbiddenField('spec', `pod updates may not change fields other than ${UPDATABLE.join(',')}`)];
}

/** By cpu and memory alone (pkg/apis/core/helper/qos). */
function qosClass(pod: KubeObject): unknown {
  const given = isObject(pod.status) ? pod.status.qosClass : undefined;
  if (given) return given;
  const spec = isObject(pod.spec) ? pod.spec : {};
  const limits = new Map<string, bigint>();
  const requests = new Map<string, bigint>();
  let guaranteed = true;
  for (const { resources } of [...objects(spec.containers), ...objects(spec.initContainers)]) {
    const own = isObject(resources) ? resources : {};
    addAmounts(requests, own.requests);
    if (addAmounts(limits, own.limits) < QOS_RESOURCES.length) guaranteed = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const isMet = [...requests].every(([name, amount]) => limits.get(name) === amount);
  return guaranteed && isMet && requests.size === limits.size ? 'Guaranteed' : 'Burstable';
}

const QOS_RESOURCES = ['cpu', 'memory'];

/** Sums up; gives the number of resources that there are some of. */
function addAmounts(sums: Map<string, bigint>, list: unknown): number {
  if (!isObject(list)) return 0;
  const found = QOS_RESOURCES.filter((name) => (parseQuantity(String(list[name] ?? '0'))?.nano ?? 0n) > 0n);
  for (const name of found) sums.set(name, (sums.get(name) ?? 0n) + (parseQuantity(String(list[name]))?.nano ?? 0n));
  return found.length;
}
