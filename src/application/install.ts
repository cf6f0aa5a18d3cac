// The manifests that run hawser in a cluster.

import type { KubeObject } from '../kube/object.ts';
import { customResourceDefinitions, defaultProject } from './crds.ts';
import { defaultConfigMaps, metricsService } from './install-defaults.ts';
import { DRIFT_ANNOTATION, type DriftMode, noticeConfiguration } from './install-notices.ts';
import { rightsObjects } from './install-rights.ts';
import { LABELS, NOTICE_PORT, PORT, SELECTOR, type Workload, workloadObjects } from './install-workload.ts';

export interface InstallOptions {
  readonly namespace: string;
  readonly image: string;
  readonly workload: Workload;
  readonly nodePort?: number;
  /** Where the API server reaches a hawser that runs outside of the cluster. */
  readonly noticeUrl?: string;
  readonly drift?: DriftMode;
  /** HTTPS by the Secret argocd-server-tls. */
  readonly tls?: boolean;
  /** Beside an Argo CD, which brings the rest itself: only comparing. */
  readonly alongside?: boolean;
  readonly destinationNamespaces?: readonly string[];
  readonly applicationNamespaces?: readonly string[];
  /** Without it, the AppProject `default` is left as it is. */
  readonly hasDefaultProject?: boolean;
}

/**
 * In the order in which `kubectl apply -f -` should see them. Of the last one, kubectl knows the kind only where its definition was applied
 * by an earlier command; hawser makes that object where it is missing.
 */
export function installManifests(options: InstallOptions): readonly KubeObject[] {
  const { namespace, image, workload, noticeUrl, drift, tls = false, alongside = false } = options;
  const { hasDefaultProject = true } = options;
  const { destinationNamespaces, applicationNamespaces } = options;
  const isKnative = workload.kind === 'knative';
  const ofArgo = (objects: readonly KubeObject[]) => (alongside ? [] : objects);
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...ofArgo(customResourceDefinitions()),
    ...rightsObjects({
      namespace,
      ...(destinationNamespaces && { destinationNamespaces }),
      ...(applicationNamespaces && { applicationNamespaces }),
      hasAlarmJobs: isKnative || workload.kind === 'scale-to-zero',
      isAlongside: alongside,
    }),
    ...ofArgo(defaultConfigMaps(namespace, applicationNamespaces)),
    ...(isKnative ? [] : [service(options), ...ofArgo([metricsService(namespace)])]),
    ...workloadObjects({
      ...{ namespace, image, workload, tls },
      ...(drift && { annotations: { [DRIFT_ANNOTATION]: drift } }),
      ...(alongside && { serveFlags: ['--alongside'] }),
    }),
    // Without an address of its own, a Knative Service takes none.
    ...(isKnative && !noticeUrl ? [] : [notices(options)]),
    ...ofArgo(hasDefaultProject ? [defaultProject(namespace)] : []),
  ];
}

function notices({ namespace, noticeUrl, drift, tls, applicationNamespaces }: InstallOptions): KubeObject {
  return noticeConfiguration({
    namespace,
    port: servicePorts(tls).notices,
    ...(applicationNamespaces && { applicationNamespaces }),
    ...(noticeUrl && { url: noticeUrl }),
    ...(drift && { drift }),
  });
}

/** The usual port of HTTPS is the page's, where it speaks it. */
function servicePorts(tls = false) {
  return tls ? { page: 443, notices: 8443 } : { page: 80, notices: 443 };
}

/** Replicas find each other by its EndpointSlices. */
function service({ namespace, nodePort, tls }: InstallOptions): KubeObject {
  const ports = servicePorts(tls);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'hawser', namespace, labels: LABELS },
    spec: {
      ...(nodePort ? { type: 'NodePort' } : {}),
      selector: SELECTOR,
      ports: [
        { name: tls ? 'https' : 'http', port: ports.page, targetPort: PORT, ...(nodePort && { nodePort }) },
        { name: 'notices', port: ports.notices, targetPort: NOTICE_PORT },
      ],
    },
  };
}
