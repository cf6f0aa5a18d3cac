// Pod: what admission adds, its first status, and how little of it can change.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import { newSuffix } from '../cluster.ts';
import type { KindRules } from '../resource/resource.ts';

type Obj = Record<string, unknown>;

const TOLERATED = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

export const POD: KindRules = {
  generation: true,
  admit: admitPod,
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
  if (spec.automountServiceAccountToken !== false) mountToken(spec, cluster);
  const tolerations = objects(spec.tolerations);
  for (const key of TOLERATED) {
    if (
      tolerations.some((toleration) => toleration.key === key || (!toleration.key && toleration.operator === 'Exists'))
    )
      continue;
    tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec.tolerations = tolerations;
  spec.priority ??= 0;
  spec.preemptionPolicy ??= 'PreemptLowerPriority';
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

/** pkg/apis/core/v1/helper/qos: by cpu and memory alone. */
function qosClass(pod: KubeObject): string {
  const spec = isObject(pod.spec) ? pod.spec : {};
  const containers = [...objects(spec.containers), ...objects(spec.initContainers)];
  let any = false;
  let guaranteed = true;
  for (const container of containers) {
    const resources = isObject(container.resources) ? container.resources : {};
    const limits = isObject(resources.limits) ? resources.limits : {};
    const requests = isObject(resources.requests) ? resources.requests : {};
    for (const name of ['cpu', 'memory']) {
      if (requests[name] !== undefined || limits[name] !== undefined) any = true;
      if (limits[name] === undefined || (requests[name] ?? limits[name]) !== limits[name]) guaranteed = false;
    }
  }
  return any ? (guaranteed ? 'Guaranteed' : 'Burstable') : 'BestEffort';
}
