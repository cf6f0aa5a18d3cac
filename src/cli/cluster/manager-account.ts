// The ServiceAccount by which another cluster is worked on, under Argo CD's names (Argo CD: util/clusterauth/clusterauth.go), so that either
// finds what the other has made.

import { HawserError } from '../../base/errors.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/object.ts';
import { decodeSecret } from '../../operation/settings.ts';

export const MANAGER = 'argocd-manager';
const ROLE = 'argocd-manager-role';
const BINDING = 'argocd-manager-role-binding';
const RBAC = 'rbac.authorization.k8s.io';

/** The token controller of a cluster needs a moment. */
const TOKEN_MS = 30_000;

const EVERYTHING = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };

/** What is made: for the whole cluster, or for `namespaces` alone. */
export function managerObjects(systemNamespace: string, namespaces: readonly string[]): readonly KubeObject[] {
  const apiVersion = `${RBAC}/v1`;
  const subjects = [{ kind: 'ServiceAccount', name: MANAGER, namespace: systemNamespace }];
  const account: KubeObject = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: MANAGER, namespace: systemNamespace },
  };
  if (namespaces.length > 0) {
    const ofNamespaces = namespaces.flatMap((namespace): KubeObject[] => [
      { apiVersion, kind: 'Role', metadata: { name: ROLE, namespace }, rules: [EVERYTHING] },
      {
        apiVersion,
        kind: 'RoleBinding',
        metadata: { name: BINDING, namespace },
        roleRef: { apiGroup: RBAC, kind: 'Role', name: ROLE },
        subjects,
      },
    ]);
    return [account, ...ofNamespaces];
  }
  return [
    account,
    {
      apiVersion,
      kind: 'ClusterRole',
      metadata: { name: ROLE },
      rules: [EVERYTHING, { nonResourceURLs: ['*'], verbs: ['*'] }],
    },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: BINDING },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ROLE },
      subjects,
    },
  ];
}

/** A token that lasts, of a Secret that is made where there is none. Throws `Timeout` where the cluster makes no token. */
export async function readAccountToken(target: KubeClient, account: string, namespace: string): Promise<string> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: `${account}-long-lived-token` };
  const found = await target.get(ref);
  if (!found) {
    await target.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: ref.name,
        namespace,
        annotations: { 'kubernetes.io/service-account.name': account },
      },
      type: 'kubernetes.io/service-account-token',
    });
  }
  for await (const event of target.watch(ref, { namespace, name: ref.name, timeoutMs: TOKEN_MS })) {
    const objects = event.type === 'RELISTED' ? event.objects : [event.object];
    const token = objects.map((secret) => decodeSecret(secret).token).find((text) => text);
    if (token) return token;
  }
  throw new HawserError('Timeout', `the cluster made no token for the ServiceAccount ${namespace}/${account}`, {
    hint: `kubectl describe secret -n ${namespace} ${ref.name} tells more`,
  });
}
