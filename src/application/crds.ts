// The CustomResourceDefinitions of hawser's own making: Argo CD's names, scopes and printer columns. What hawser reads is typed, what
// it does not know is kept (below spec, status and operation), and there is no status subresource, as in Argo CD. What people write (spec,
// operation) is held to all that Argo CD's own definitions hold it to; what programs write (status) to its types alone.

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

const NAMED_VALUES = list(open({ name: TEXT, value: TEXT }, ['name', 'value']));
const VARIABLES = list(open({ name: TEXT, value: TEXT, code: FLAG }, ['name', 'value']));

/** What an ApplicationSource says to the tool that renders it: all fields of Argo CD's v1alpha1. */
const TOOLS: Readonly<Record<string, Schema>> = {
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
      open({
        path: TEXT,
        patch: TEXT,
        target: open({
          ...{ group: TEXT, version: TEXT, kind: TEXT, name: TEXT, namespace: TEXT },
          ...{ labelSelector: TEXT, annotationSelector: TEXT },
        }),
        options: { type: 'object', additionalProperties: FLAG },
      }),
    ),
    components: list(TEXT),
    ignoreMissingComponents: FLAG,
    version: TEXT,
    kubeVersion: TEXT,
    apiVersions: list(TEXT),
  }),
  directory: open({
    recurse: FLAG,
    include: TEXT,
    exclude: TEXT,
    disableExtensionFilter: FLAG,
    jsonnet: open({ extVars: VARIABLES, tlas: VARIABLES, libs: list(TEXT) }),
  }),
  plugin: open({
    name: TEXT,
    env: NAMED_VALUES,
    parameters: list(open({ name: TEXT, string: TEXT, map: TEXT_MAP, array: list(TEXT) })),
  }),
};

export const SOURCE = open(
  {
    repoURL: TEXT,
    path: TEXT,
    targetRevision: TEXT,
    chart: TEXT,
    ref: TEXT,
    name: TEXT,
    tagPrefix: TEXT,
    ...TOOLS,
  },
  ['repoURL'],
);

const BRANCH = { targetBranch: TEXT };
const DRY_SOURCE = ['path', 'repoURL', 'targetRevision'];

/** It is not carried out here; what is written of it is held to its form all the same, as an Argo CD that reads it later would. */
const HYDRATOR = open(
  {
    drySource: open({ repoURL: TEXT, path: TEXT, targetRevision: TEXT, ...TOOLS }, DRY_SOURCE),
    hydrateTo: open(BRANCH, ['targetBranch']),
    syncSource: open({ ...BRANCH, repoURL: TEXT, path: { type: 'string', minLength: 1, pattern: '^.{2,}|[^./]$' } }, [
      'path',
      'targetBranch',
    ]),
  },
  ['drySource', 'syncSource'],
);

const RETRY = open({
  limit: WHOLE,
  refresh: FLAG,
  backoff: open({ duration: TEXT, factor: WHOLE, maxDuration: TEXT }),
});

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
    syncStrategy: open({ apply: open({ force: FLAG }), hook: open({ force: FLAG }) }),
    manifests: list(TEXT),
    autoHealAttemptsCount: WHOLE,
  }),
  initiatedBy: open({ username: TEXT, automated: FLAG }),
  info: NAMED_VALUES,
  retry: RETRY,
});

const SPEC = open(
  {
    project: TEXT,
    destination: open({ server: TEXT, name: TEXT, namespace: TEXT }),
    source: SOURCE,
    sources: list(SOURCE),
    sourceHydrator: HYDRATOR,
    syncPolicy: open({
      automated: open({ enabled: FLAG, prune: FLAG, selfHeal: FLAG, allowEmpty: FLAG }),
      syncOptions: list(TEXT),
      retry: RETRY,
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
    info: NAMED_VALUES,
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

const KIND = ['group', 'kind'];

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
    properties: {
      spec: open(
        {
          generators: list(ANY),
          template: open({}, ['metadata', 'spec']),
          goTemplate: FLAG,
          goTemplateOptions: list(TEXT),
          templatePatch: TEXT,
          applyNestedSelectors: FLAG,
          syncPolicy: open({
            applicationsSync: { type: 'string', enum: ['create-only', 'create-update', 'create-delete', 'sync'] },
            preserveResourcesOnDeletion: FLAG,
          }),
        },
        ['generators', 'template'],
      ),
      status: open({ conditions: list(open()) }),
    },
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
        clusterResourceWhitelist: list(open({ group: TEXT, kind: TEXT, name: TEXT }, KIND)),
        clusterResourceBlacklist: list(open({ group: TEXT, kind: TEXT, name: TEXT }, KIND)),
        namespaceResourceWhitelist: list(open({ group: TEXT, kind: TEXT }, KIND)),
        namespaceResourceBlacklist: list(open({ group: TEXT, kind: TEXT }, KIND)),
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
        roles: list(
          open(
            {
              ...{ name: TEXT, description: TEXT, policies: list(TEXT), groups: list(TEXT) },
              jwtTokens: list(open({ iat: WHOLE, exp: WHOLE, id: TEXT }, ['iat'])),
            },
            ['name'],
          ),
        ),
        destinationServiceAccounts: list(
          open({ server: TEXT, namespace: TEXT, defaultServiceAccount: TEXT }, ['defaultServiceAccount', 'server']),
        ),
        signatureKeys: list(open({ keyID: TEXT }, ['keyID'])),
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
      // Argo CD's own: whoever deletes all that is hawser's by its label keeps the Applications.
      labels: { 'app.kubernetes.io/name': `${plural}.argoproj.io`, 'app.kubernetes.io/part-of': 'argocd' },
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
