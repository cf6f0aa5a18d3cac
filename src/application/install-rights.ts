// What hawser may do in its cluster, in three parts: its own namespace, the little that it needs of the cluster itself, and what its
// Applications deploy. Each rule is there because hawser asks for it; test/cluster/install-rights.test.ts holds that none is without use.

import type { KubeObject } from '../kube/object.ts';
import { noticeConfigurationName } from './install-notices.ts';
import { LABELS } from './install-workload.ts';

export interface RightsOptions {
  readonly namespace: string;
  /** Where Applications may deploy; everywhere, cluster-scoped objects included, when left out. */
  readonly destinationNamespaces?: readonly string[];
  /** Namespaces beside its own from which Applications are taken (argocd-cmd-params-cm: application.namespaces). */
  readonly applicationNamespaces?: readonly string[];
  /** It keeps a CronJob that starts it again. */
  readonly hasAlarmJobs: boolean;
  /** It only compares: whatever it sends to what Applications have made is a dry run. */
  readonly isAlongside: boolean;
}

export interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

const RBAC = 'rbac.authorization.k8s.io';
const API = `${RBAC}/v1`;
const NAME = 'hawser';

export function rightsObjects(options: RightsOptions): readonly KubeObject[] {
  const { namespace, applicationNamespaces = [] } = options;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace, labels: LABELS } },
    ...role(options, namespace, ownRules(options)),
    ...clusterRole(options, clusterName(namespace), clusterRules(namespace)),
    ...applicationNamespaces.flatMap((other) => role(options, other, APPLICATION_RULES)),
    ...destinationRights(options),
  ];
}

function clusterName(namespace: string): string {
  return `hawser-${namespace}`;
}

const APPLICATIONS: Rule = {
  apiGroups: ['argoproj.io'],
  resources: ['applications'],
  verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
};

/** Of Applications outside of its namespace; what goes with them (their generated values) is kept in its own. */
const APPLICATION_RULES: readonly Rule[] = [
  APPLICATIONS,
  // What people see of an Application by `kubectl describe`, and a look for its later ones.
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'list'] },
];

/** What a notice tells of is watched until it shows, which is not for longer than seconds. */
function ownRules({ hasAlarmJobs }: RightsOptions): readonly Rule[] {
  return [
    APPLICATIONS,
    {
      apiGroups: ['argoproj.io'],
      resources: ['appprojects'],
      verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
    },
    // They are not carried out here, which is written into their status.
    { apiGroups: ['argoproj.io'], resources: ['applicationsets'], verbs: ['list'] },
    { apiGroups: ['argoproj.io'], resources: ['applicationsets/status'], verbs: ['patch'] },
    // Repositories, clusters, accounts, its token, the certificate of its notices, what charts have generated.
    {
      apiGroups: [''],
      resources: ['secrets'],
      verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
    },
    // Settings; the record of pushes, which is watched while somebody looks at it, and of which old ones are dropped by the batch; drift.
    {
      apiGroups: [''],
      resources: ['configmaps'],
      verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete', 'deletecollection'],
    },
    { apiGroups: [''], resources: ['events'], verbs: ['create', 'list'] },
    // Which replica works on what.
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      verbs: ['get', 'list', 'watch', 'create', 'update', 'delete'],
    },
    // Where the other replicas are.
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
    // Whether an Argo CD works here, too.
    { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['list'] },
    ...(hasAlarmJobs
      ? [{ apiGroups: ['batch'], resources: ['cronjobs'], verbs: ['get', 'create', 'update', 'delete'] }]
      : []),
  ];
}

/**
 * The paths of the discovery (older API servers tell it a group at a time) are everybody's by Kubernetes' own defaults, which some clusters
 * take away.
 */
function clusterRules(namespace: string): readonly Rule[] {
  return [
    { nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/version'], verbs: ['get'] },
    {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['validatingwebhookconfigurations'],
      resourceNames: [noticeConfigurationName(namespace)],
      verbs: ['get', 'patch'],
    },
  ];
}

/**
 * An Application may hold whatever Git holds: any kind, Roles and CustomResourceDefinitions among them, in namespaces that it makes. What it
 * may hold is its AppProject's to say, as with Argo CD, whose application-controller has these rights, too. Whoever wants the API server
 * to hold it names the namespaces: then there is nothing beyond them, and no object without a namespace.
 */
function destinationRights(options: RightsOptions): readonly KubeObject[] {
  const { namespace, destinationNamespaces, isAlongside } = options;
  const name = `${clusterName(namespace)}-applications`;
  // A dry run is authorised as the write that it is of; to try Roles, one must be allowed to give what they give.
  const verbs = isAlongside ? ['get', 'list', 'watch', 'create', 'update', 'patch', 'bind', 'escalate'] : ['*'];
  const rules = [{ apiGroups: ['*'], resources: ['*'], verbs }];
  if (!destinationNamespaces) return clusterRole(options, name, rules);
  return [
    { apiVersion: API, kind: 'ClusterRole', metadata: { name, labels: LABELS }, rules },
    ...destinationNamespaces.map((destination) => binding(options, 'ClusterRole', name, destination)),
    inCluster(namespace, destinationNamespaces),
  ];
}

/** Tells hawser of the namespaces, as Argo CD is told: nothing that lies elsewhere is its to manage, whatever the API server would say. */
function inCluster(namespace: string, namespaces: readonly string[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'cluster-in-cluster',
      namespace,
      labels: { 'app.kubernetes.io/part-of': 'argocd', 'argocd.argoproj.io/secret-type': 'cluster' },
    },
    type: 'Opaque',
    stringData: {
      name: 'in-cluster',
      server: 'https://kubernetes.default.svc',
      config: '{}',
      namespaces: namespaces.join(','),
      clusterResources: 'false',
    },
  };
}

function role(options: RightsOptions, namespace: string, rules: readonly Rule[]): readonly KubeObject[] {
  const metadata = { name: nameIn(options, namespace), namespace, labels: LABELS };
  return [{ apiVersion: API, kind: 'Role', metadata, rules }, binding(options, 'Role', metadata.name, namespace)];
}

function clusterRole(options: RightsOptions, name: string, rules: readonly Rule[]): readonly KubeObject[] {
  return [
    { apiVersion: API, kind: 'ClusterRole', metadata: { name, labels: LABELS }, rules },
    {
      apiVersion: API,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels: LABELS },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: subjects(options),
    },
  ];
}

function binding(
  options: RightsOptions,
  kind: 'Role' | 'ClusterRole',
  roleName: string,
  namespace: string,
): KubeObject {
  // A namespace of Applications may be one of destinations, too.
  const name = kind === 'Role' ? roleName : `${nameIn(options, namespace)}-applications`;
  return {
    apiVersion: API,
    kind: 'RoleBinding',
    metadata: { name, namespace, labels: LABELS },
    roleRef: { apiGroup: RBAC, kind, name: roleName },
    subjects: subjects(options),
  };
}

/** In namespaces of others, two hawsers must not have one name. */
function nameIn({ namespace: own }: RightsOptions, namespace: string): string {
  return namespace === own ? NAME : clusterName(own);
}

function subjects({ namespace }: RightsOptions) {
  return [{ kind: 'ServiceAccount', name: NAME, namespace }];
}
