// The CustomResourceDefinitions of hawser's own making: Argo CD's names, scopes and printer columns. What hawser reads is typed, what
// it does not know is kept (below spec, status and operation), and there is no status subresource, as in Argo CD.

import type { KubeObject } from '../kube/object.ts';

export type Schema = { readonly [key: string]: unknown };

const TEXT: Schema = { type: 'string' };
const FLAG: Schema = { type: 'boolean' };
const WHOLE: Schema = { type: 'integer', format: 'int64' };
const ANY: Schema = { 'x-kubernetes-preserve-unknown-fields': true };
const TIME: Schema = { type: 'string', format: 'date-time' };
const TEXT_MAP: Schema = { type: 'object', additionalProperties: TEXT };

const list = (items: Schema): Schema => ({ type: 'array', items });
const open = (properties: Readonly<Record<string, Schema>> = {}, required?: readonly string[]): Schema => ({
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  ...(Object.keys(properties).length > 0 && { properties }),
  ...(required && { required }),
});

/** ApplicationSource: all fields of Argo CD's v1alpha1. */
export const SOURCE = open(
  {
    repoURL: TEXT,
    path: TEXT,
    targetRevision: TEXT,
    chart: TEXT,
    ref: TEXT,
    name: TEXT,
    tagPrefix: TEXT,
    helm: open({
      version: TEXT,
      valueFiles: list(TEXT),
      values: TEXT,
      valuesObject: open(),
      parameters: list(open({ name: TEXT, value: TEXT, forceString: FLAG })),
      fileParameters: list(open({ name: TEXT, path: TEXT })),
      releaseName: TEXT,
      ignoreMissingValueFiles: FLAG,
      skipCrds: FLAG,
      skipTests: FLAG,
      skipSchemaValidation: FLAG,
      passCredentials: FLAG,
      namespace: TEXT,
      kubeVersion: TEXT,
      apiVersions: list(TEXT),
    }),
    kustomize: open({
      namePrefix: TEXT,
      nameSuffix: TEXT,
      images: list(TEXT),
      replicas: list(open({ name: TEXT, count: { 'x-kubernetes-int-or-string': true } }, ['name', 'count'])),
      namespace: TEXT,
      commonLabels: TEXT_MAP,
      commonAnnotations: TEXT_MAP,
      forceCommonLabels: FLAG,
      forceCommonAnnotations: FLAG,
      commonAnnotationsEnvsubst: FLAG,
      labelWithoutSelector: FLAG,
      labelIncludeTemplates: FLAG,
      patches: list(
        open({ path: TEXT, patch: TEXT, target: open(), options: { type: 'object', additionalProperties: FLAG } }),
      ),
      components: list(TEXT),
      ignoreMissingComponents: FLAG,
      version: TEXT,
      kubeVersion: TEXT,
      apiVersions: list(TEXT),
    }),
    directory: open({ recurse: FLAG, include: TEXT, exclude: TEXT, disableExtensionFilter: FLAG, jsonnet: open() }),
    plugin: open(),
  },
  ['repoURL'],
);

const OPERATION = open({
  sync: open({
    revision: TEXT,
    revisions: list(TEXT),
    prune: FLAG,
    dryRun: FLAG,
    resources: list(open({ group: TEXT, kind: TEXT, name: TEXT, namespace: TEXT }, ['kind', 'name'])),
    source: SOURCE,
    sources: list(SOURCE),
    syncOptions: list(TEXT),
  }),
  initiatedBy: open({ username: TEXT, automated: FLAG }),
  info: list(open({ name: TEXT, value: TEXT })),
  retry: open({ limit: WHOLE }),
});

const SPEC = open(
  {
    project: TEXT,
    destination: open({ server: TEXT, name: TEXT, namespace: TEXT }),
    source: SOURCE,
    sources: list(SOURCE),
    syncPolicy: open({
      automated: open({ enabled: FLAG, prune: FLAG, selfHeal: FLAG, allowEmpty: FLAG }),
      syncOptions: list(TEXT),
      retry: open({
        limit: WHOLE,
        refresh: FLAG,
        backoff: open({ duration: TEXT, factor: WHOLE, maxDuration: TEXT }),
      }),
      managedNamespaceMetadata: open({ labels: TEXT_MAP, annotations: TEXT_MAP }),
    }),
    ignoreDifferences: list(
      open(
        {
          group: TEXT,
          kind: TEXT,
          name: TEXT,
          namespace: TEXT,
          jsonPointers: list(TEXT),
          jqPathExpressions: list(TEXT),
          managedFieldsManagers: list(TEXT),
        },
        ['kind'],
      ),
    ),
    revisionHistoryLimit: WHOLE,
    info: list(open({ name: TEXT, value: TEXT })),
  },
  ['destination', 'project'],
);

const STATUS = open({
  sync: open({ status: TEXT, revision: TEXT, revisions: list(TEXT) }),
  health: open({ status: TEXT, message: TEXT, lastTransitionTime: TIME }),
  resources: list(open({ group: TEXT, version: TEXT, kind: TEXT, namespace: TEXT, name: TEXT, status: TEXT })),
  history: list(open({ id: WHOLE, revision: TEXT, deployedAt: TIME }, ['deployedAt', 'id'])),
  conditions: list(open({ type: TEXT, message: TEXT, lastTransitionTime: TIME }, ['message', 'type'])),
  operationState: open({ phase: TEXT, message: TEXT, startedAt: TIME, finishedAt: TIME, retryCount: WHOLE }),
  reconciledAt: TIME,
});

interface Definition {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
  readonly columns: readonly { name: string; jsonPath: string; priority?: number }[];
  readonly hasStatusSubresource: boolean;
}

const DEFINITIONS: readonly Definition[] = [
  {
    kind: 'Application',
    plural: 'applications',
    shortNames: ['app', 'apps'],
    properties: { spec: SPEC, status: STATUS, operation: OPERATION },
    columns: [
      { name: 'Sync Status', jsonPath: '.status.sync.status' },
      { name: 'Health Status', jsonPath: '.status.health.status' },
      { name: 'Revision', jsonPath: '.status.sync.revision', priority: 10 },
      { name: 'Project', jsonPath: '.spec.project', priority: 10 },
      { name: 'Held', jsonPath: '.status.conditions[?(@.type=="SyncHeld")].message', priority: 10 },
    ],
    hasStatusSubresource: false,
  },
  {
    kind: 'ApplicationSet',
    plural: 'applicationsets',
    shortNames: ['appset', 'appsets'],
    properties: { spec: open({ generators: list(ANY), template: open() }), status: open({ conditions: list(open()) }) },
    columns: [],
    hasStatusSubresource: true,
  },
  {
    kind: 'AppProject',
    plural: 'appprojects',
    shortNames: ['appproj', 'appprojs'],
    properties: {
      spec: open({
        description: { type: 'string', maxLength: 255 },
        sourceRepos: list(TEXT),
        destinations: list(open({ server: TEXT, name: TEXT, namespace: TEXT })),
        sourceNamespaces: list(TEXT),
        clusterResourceWhitelist: list(open({ group: TEXT, kind: TEXT, name: TEXT }, ['group', 'kind'])),
        clusterResourceBlacklist: list(open({ group: TEXT, kind: TEXT, name: TEXT }, ['group', 'kind'])),
        namespaceResourceWhitelist: list(open({ group: TEXT, kind: TEXT }, ['group', 'kind'])),
        namespaceResourceBlacklist: list(open({ group: TEXT, kind: TEXT }, ['group', 'kind'])),
        orphanedResources: open({ warn: FLAG, ignore: list(open({ group: TEXT, kind: TEXT, name: TEXT })) }),
        permitOnlyProjectScopedClusters: FLAG,
        syncWindows: list(
          open({
            kind: TEXT,
            schedule: TEXT,
            duration: TEXT,
            timeZone: TEXT,
            description: TEXT,
            applications: list(TEXT),
            namespaces: list(TEXT),
            clusters: list(TEXT),
            andOperator: FLAG,
            manualSync: FLAG,
            syncOverrun: FLAG,
          }),
        ),
        roles: list(open({ name: TEXT, policies: list(TEXT) }, ['name'])),
      }),
      status: open(),
    },
    columns: [],
    hasStatusSubresource: false,
  },
];

/** The three CustomResourceDefinitions that hawser needs in its home cluster. */
export function customResourceDefinitions(): readonly KubeObject[] {
  return DEFINITIONS.map(({ kind, plural, shortNames, properties, columns, hasStatusSubresource }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.argoproj.io`,
      labels: { 'app.kubernetes.io/name': `${plural}.argoproj.io`, 'app.kubernetes.io/part-of': 'hawser' },
    },
    spec: {
      group: 'argoproj.io',
      names: { kind, listKind: `${kind}List`, plural, shortNames, singular: kind.toLowerCase() },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          ...(columns.length > 0 && {
            additionalPrinterColumns: columns.map((column) => ({ ...column, type: 'string' })),
          }),
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['metadata', 'spec'],
              properties: { apiVersion: TEXT, kind: TEXT, metadata: { type: 'object' }, ...properties },
            },
          },
          ...(hasStatusSubresource && { subresources: { status: {} } }),
        },
      ],
    },
  }));
}

/** The AppProject `default`, which permits everything, as Argo CD makes it. */
export function defaultProject(namespace: string): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ namespace: '*', server: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  };
}
