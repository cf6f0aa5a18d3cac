// The manifests that run hawser in a cluster.

import type { KubeObject } from '../kube/object.ts';
import { customResourceDefinitions } from './crds.ts';
import { DRIFT_ANNOTATION, type DriftMode, noticeConfiguration } from './install-notices.ts';
import { LABELS, NOTICE_PORT, PORT, SELECTOR, type Workload, workloadObjects } from './install-workload.ts';

export interface InstallOptions {
  readonly namespace: string;
  readonly image: string;
  readonly workload: Workload;
  readonly nodePort?: number;
  /** Where the API server reaches a hawser that runs outside of the cluster. */
  readonly noticeUrl?: string;
  readonly drift?: DriftMode;
}

/** In the order in which `kubectl apply -f -` should see them. */
export function installManifests(options: InstallOptions): readonly KubeObject[] {
  const { namespace, image, workload, nodePort, noticeUrl, drift } = options;
  const isKnative = workload.kind === 'knative';
  const notices = noticeConfiguration({ namespace, ...(noticeUrl && { url: noticeUrl }), ...(drift && { drift }) });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...customResourceDefinitions(),
    ...rights(namespace),
    ...(isKnative ? [] : [service(namespace, nodePort)]),
    ...workloadObjects({ namespace, image, workload, ...(drift && { annotations: { [DRIFT_ANNOTATION]: drift } }) }),
    // Without an address of its own, a Knative Service takes none.
    ...(isKnative && !noticeUrl ? [] : [notices]),
  ];
}

/** Those of an administrator: what an Application may make is for its AppProject to say. */
function rights(namespace: string): readonly KubeObject[] {
  const name = `hawser-${namespace}`;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'hawser', namespace, labels: LABELS } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name, labels: LABELS },
      rules: [
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
        { nonResourceURLs: ['*'], verbs: ['get'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name, labels: LABELS },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: 'hawser', namespace }],
    },
  ];
}

/** Replicas find each other by its EndpointSlices. */
function service(namespace: string, nodePort: number | undefined): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'hawser', namespace, labels: LABELS },
    spec: {
      ...(nodePort ? { type: 'NodePort' } : {}),
      selector: SELECTOR,
      ports: [
        { name: 'http', port: 80, targetPort: PORT, ...(nodePort && { nodePort }) },
        { name: 'notices', port: 443, targetPort: NOTICE_PORT },
      ],
    },
  };
}
