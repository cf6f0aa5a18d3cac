// Anonymous reading of a sandbox cluster, so that the page of a demo is open: Argo CD's own settings for that.

import type { KubeClient } from '../kube/client.ts';

export async function openReading(client: KubeClient, namespace: string): Promise<void> {
  const labels = { 'app.kubernetes.io/part-of': 'argocd' };
  const configMap = (name: string, data: Readonly<Record<string, string>>) =>
    client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data });
  await configMap('argocd-cm', { 'users.anonymous.enabled': 'true' });
  await configMap('argocd-rbac-cm', { 'policy.default': 'role:readonly' });
}
