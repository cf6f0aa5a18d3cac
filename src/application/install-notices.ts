// The registration of admission notices (design 3): the API server tells hawser of every write to what it lives by.

import type { KubeObject } from '../kube/object.ts';

export const NOTICE_CONFIGURATION = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
} as const;

/** One a control namespace: configurations have none of their own. */
export function noticeConfigurationName(namespace: string): string {
  return `hawser-${namespace}`;
}

export interface NoticeTarget {
  readonly namespace: string;
  /** Where the API server reaches hawser; without it, hawser's Service in the cluster. */
  readonly url?: string;
  /** Tell of writes to managed objects, too: drift is seen when it happens. */
  readonly drift?: boolean;
}

/** Where hawser answers them. */
export const NOTICE_PATH = '/notice';

/** The longest that a write may be held up; hawser answers within milliseconds, and a failure is ignored. */
const TIMEOUT_SECONDS = 2;

/** Without a caBundle: hawser fills in its own when it starts. */
export function noticeConfiguration({ namespace, url, drift = false }: NoticeTarget): KubeObject {
  const clientConfig = url ? { url } : { service: { name: 'hawser', namespace, path: NOTICE_PATH, port: 443 } };
  const common = {
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Ignore',
    timeoutSeconds: TIMEOUT_SECONDS,
    clientConfig,
  };
  const inControlNamespace = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  // What hawser itself writes is no news to it.
  const byOthers = {
    name: 'not-by-hawser',
    expression: `request.userInfo.username != 'system:serviceaccount:${namespace}:hawser'`,
  };
  const operations = ['CREATE', 'UPDATE', 'DELETE'];
  const managed = {
    name: 'is-managed',
    expression:
      "has((object != null ? object : oldObject).metadata.annotations) && 'argocd.argoproj.io/tracking-id' in (object != null ? object : oldObject).metadata.annotations",
  };
  return {
    ...NOTICE_CONFIGURATION,
    metadata: {
      name: noticeConfigurationName(namespace),
      labels: { 'app.kubernetes.io/name': 'hawser', 'app.kubernetes.io/part-of': 'hawser' },
    },
    webhooks: [
      {
        ...common,
        name: 'applications.hawser.dev',
        rules: [
          {
            apiGroups: ['argoproj.io'],
            apiVersions: ['v1alpha1'],
            resources: ['applications', 'appprojects'],
            operations,
          },
        ],
        namespaceSelector: inControlNamespace,
        matchConditions: [byOthers],
      },
      {
        ...common,
        name: 'secrets.hawser.dev',
        rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], operations }],
        namespaceSelector: inControlNamespace,
        objectSelector: { matchExpressions: [{ key: 'argocd.argoproj.io/secret-type', operator: 'Exists' }] },
        matchConditions: [byOthers],
      },
      ...(drift
        ? [
            {
              ...common,
              name: 'drift.hawser.dev',
              rules: [{ apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], operations: ['UPDATE', 'DELETE'] }],
              matchConditions: [byOthers, managed],
            },
          ]
        : []),
    ],
  };
}
