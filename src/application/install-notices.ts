// The registration of admission notices (design 3): the API server tells hawser of every write to what it lives by, and, where that is
// asked for, to what it has made.

import type { KubeObject } from '../kube/object.ts';
import { ANNOTATION } from './annotations.ts';
import { SECRET_TYPE } from './repository-secret.ts';

export const NOTICE_CONFIGURATION = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
} as const;

/** One a control namespace: configurations have none of their own. */
export function noticeConfigurationName(namespace: string): string {
  return `hawser-${namespace}`;
}

/** `warn`: whoever writes to a managed object is told where to change it instead. `enforce`: people are refused. */
export type DriftMode = 'warn' | 'enforce';

export interface NoticeTarget {
  readonly namespace: string;
  /** Where the API server reaches hawser (`https://HOST:PORT/notice`); without it, hawser's Service in the cluster. */
  readonly url?: string;
  /** Of that Service. */
  readonly port?: number;
  /** Those of Applications beside its own. */
  readonly applicationNamespaces?: readonly string[];
  /** Tell of writes to managed objects, too: drift is seen when it happens. */
  readonly drift?: DriftMode;
}

/** Where hawser answers notices of what it lives by, and of what it has made. */
export const NOTICE_PATH = '/notice';
export const DRIFT_PATH = '/api/drift';

/** The annotation of the configuration that holds the mode. */
export const DRIFT_ANNOTATION = 'hawser.dev/drift';

/** The webhooks of drift; hawser fills in their paths when it starts. */
export const DRIFT_WEBHOOKS: readonly string[] = ['drift.hawser.dev', 'scale.hawser.dev', 'labelled.hawser.dev'];

/**
 * The longest that a write may be held up where hawser does not answer, which it otherwise does within milliseconds; the write goes on then.
 * Few write to Applications, and each notice counts; many write to what they have made, so that it is the least that Kubernetes knows.
 */
const NOTICE_SECONDS = 10;
const DRIFT_SECONDS = 1;

/** The field manager of all that hawser writes. */
const FIELD_MANAGER = 'hawser';

const TRACKING_ID = ANNOTATION.trackingId;

const COMMON = {
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  failurePolicy: 'Ignore',
} as const;

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Without a caBundle, and without the secret part of the paths: hawser fills in its own when it starts. */
export function noticeConfiguration(target: NoticeTarget): KubeObject {
  const { namespace, url, port = 443, drift, applicationNamespaces = [] } = target;
  const service = { name: 'hawser', namespace, port };
  const clientConfig = url ? { url } : { service: { ...service, path: NOTICE_PATH } };
  // A path that is printed here would be put back by the next `kubectl apply`, or be in conflict with hawser's.
  const driftConfig = url ? { url: new URL(DRIFT_PATH, url).href } : { service };
  const common = { ...COMMON, timeoutSeconds: NOTICE_SECONDS, clientConfig };
  const inControlNamespace = { matchLabels: { [NAMESPACE_NAME]: namespace } };
  const inTheirs = {
    matchExpressions: [{ key: NAMESPACE_NAME, operator: 'In', values: [namespace, ...applicationNamespaces] }],
  };
  const byOthers = notByHawser(namespace, url !== undefined);
  const operations = ['CREATE', 'UPDATE', 'DELETE'];
  return {
    ...NOTICE_CONFIGURATION,
    metadata: {
      name: noticeConfigurationName(namespace),
      labels: { 'app.kubernetes.io/name': 'hawser', 'app.kubernetes.io/part-of': 'hawser' },
      ...(drift && { annotations: { [DRIFT_ANNOTATION]: drift } }),
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
        namespaceSelector: applicationNamespaces.length > 0 ? inTheirs : inControlNamespace,
        matchConditions: [byOthers],
      },
      {
        ...common,
        name: 'secrets.hawser.dev',
        rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], operations }],
        namespaceSelector: inControlNamespace,
        objectSelector: { matchExpressions: [{ key: SECRET_TYPE, operator: 'Exists' }] },
        matchConditions: [byOthers],
      },
      ...(drift ? driftWebhooks(driftConfig, byOthers) : []),
    ],
  };
}

interface Condition {
  readonly name: string;
  readonly expression: string;
}

/**
 * What hawser itself writes is no news to it. In the cluster it has a user of its own; outside it may have the very user of whoever sits
 * before kubectl, but names itself as field manager. Its deletions name none: the handler knows them.
 */
function notByHawser(namespace: string, isOutside: boolean): Condition {
  const expression = isOutside
    ? `!(has(request.options) && has(request.options.fieldManager) && request.options.fieldManager == '${FIELD_MANAGER}')`
    : `request.userInfo.username != 'system:serviceaccount:${namespace}:hawser'`;
  return { name: 'not-by-hawser', expression };
}

/** Written all the time, and never by Git. */
const NOISE: Condition = {
  name: 'no-noise',
  expression: "!(request.resource.resource in ['events', 'leases'])",
};

function driftWebhooks(clientConfig: object, byOthers: Condition): readonly Readonly<Record<string, unknown>>[] {
  const all = { apiGroups: ['*'], apiVersions: ['*'] };
  return [
    {
      ...COMMON,
      timeoutSeconds: DRIFT_SECONDS,
      clientConfig,
      name: 'drift.hawser.dev',
      // `*` names no subresource: no status.
      rules: [{ ...all, resources: ['*'], operations: ['UPDATE', 'DELETE'] }],
      matchConditions: [NOISE, byOthers, IS_MANAGED],
    },
    {
      ...COMMON,
      timeoutSeconds: DRIFT_SECONDS,
      clientConfig,
      name: 'scale.hawser.dev',
      // A Scale has no annotations: hawser knows by name whose object it is. Autoscalers scale all the time.
      rules: [{ ...all, resources: ['*/scale'], operations: ['UPDATE'] }],
      matchConditions: [
        byOthers,
        {
          name: 'not-by-a-controller',
          expression:
            "!request.userInfo.username.startsWith('system:serviceaccount:kube-system:') && !request.userInfo.username.startsWith('system:kube-')",
        },
      ],
    },
  ];
}

/**
 * The tracking id is there before or after the write, and names the object itself: Deployments' annotations are copied to their
 * ReplicaSets, which controllers write all the time.
 */
const IS_MANAGED: Condition = {
  name: 'is-managed',
  expression: ['object', 'oldObject'].map((name) => `(${carriesId(name)})`).join(' || '),
};

function carriesId(object: string): string {
  const annotations = `${object}.metadata.annotations`;
  const id = `${annotations}['${TRACKING_ID}']`;
  return [
    `${object} != null`,
    `has(${annotations})`,
    `'${TRACKING_ID}' in ${annotations}`,
    `${id}.contains('/' + request.kind.kind + ':')`,
    `${id}.endsWith('/' + ${object}.metadata.name)`,
  ].join(' && ');
}

/** The same notices for objects that carry a label alone (`application.resourceTrackingMethod: label`). */
export function labelledWebhook(
  drift: Readonly<Record<string, unknown>>,
  labelKey: string,
): Readonly<Record<string, unknown>> {
  const given = Array.isArray(drift.matchConditions) ? (drift.matchConditions as readonly Condition[]) : [];
  const carries = (object: string) =>
    `(${object} != null && has(${object}.metadata.labels) && '${labelKey}' in ${object}.metadata.labels)`;
  const isLabelled = { name: 'is-labelled', expression: `${carries('object')} || ${carries('oldObject')}` };
  return {
    ...drift,
    name: 'labelled.hawser.dev',
    matchConditions: [...given.filter(({ name }) => name !== IS_MANAGED.name), isLabelled],
  };
}
