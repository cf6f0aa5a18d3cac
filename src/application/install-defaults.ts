// What Argo CD's own manifests bring beside its programs, and its tools look for: ConfigMaps by their names and label, the Service of the
// metrics. They hold nothing: what is not said in them counts as Argo CD has it, and applying them again takes nothing of anybody's away.

import type { KubeObject } from '../kube/object.ts';
import { METRICS_PORT, SELECTOR } from './install-workload.ts';

/** `argocd admin export` reads each of them, and fails without. */
const CONFIG_MAPS = ['argocd-cm', 'argocd-rbac-cm', 'argocd-tls-certs-cm', 'argocd-ssh-known-hosts-cm'];

/** Argo CD finds its settings by this label. */
const PART_OF = { 'app.kubernetes.io/part-of': 'argocd' };

/** `applicationNamespaces`: from which Applications are taken, beside this one. */
export function defaultConfigMaps(
  namespace: string,
  applicationNamespaces: readonly string[] = [],
): readonly KubeObject[] {
  const parameters = { 'application.namespaces': applicationNamespaces.join(',') };
  return [
    ...CONFIG_MAPS.map((name) => configMap(namespace, name)),
    ...(applicationNamespaces.length > 0
      ? [{ ...configMap(namespace, 'argocd-cmd-params-cm'), data: parameters }]
      : []),
  ];
}

function configMap(namespace: string, name: string): KubeObject {
  const labels = { 'app.kubernetes.io/name': name, ...PART_OF };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels } };
}

/** Under the name and labels by which ServiceMonitors find Argo CD's application-controller. */
export function metricsService(namespace: string): KubeObject {
  const name = 'argocd-metrics';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      labels: { 'app.kubernetes.io/name': name, ...PART_OF, 'app.kubernetes.io/component': 'metrics' },
    },
    spec: { selector: SELECTOR, ports: [{ name: 'metrics', port: METRICS_PORT, targetPort: METRICS_PORT }] },
  };
}
