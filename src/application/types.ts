// Argo CD's Application as it lies in the cluster: field names, texts and optionality are its v1alpha1 API's.
// Only what hawser reads or writes has a field here; unknown fields are kept because status and spec are patched, never replaced.

import type { ObjectMeta } from '../kube/object.ts';

export interface Application {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'Application';
  readonly metadata: ObjectMeta & { readonly name: string; readonly namespace: string };
  readonly spec: ApplicationSpec;
  readonly status: ApplicationStatus;
  /** A requested operation that no process has taken up yet. */
  readonly operation?: Operation;
}

export interface ApplicationSpec {
  readonly project: string;
  readonly destination: Destination;
  readonly source?: Source;
  readonly sources?: readonly Source[];
  readonly sourceHydrator?: unknown;
  readonly syncPolicy?: SyncPolicy;
  readonly ignoreDifferences?: readonly IgnoreDifference[];
  readonly revisionHistoryLimit?: number;
}

/** `server` or `name`, not both. `namespace` is for namespaced objects that name none. */
export interface Destination {
  readonly server?: string;
  readonly name?: string;
  readonly namespace?: string;
}

export interface Source {
  readonly repoURL: string;
  readonly path?: string;
  readonly targetRevision?: string;
  readonly chart?: string;
  readonly ref?: string;
  readonly name?: string;
  /** Only tags that begin with it count where targetRevision is a semver constraint; the rest of their name is compared. */
  readonly tagPrefix?: string;
  readonly helm?: HelmSource;
  readonly kustomize?: KustomizeSource;
  readonly directory?: DirectorySource;
  readonly plugin?: unknown;
}

export interface HelmSource {
  /** Without effect, as in Argo CD. */
  readonly version?: string;
  readonly valueFiles?: readonly string[];
  readonly values?: string;
  readonly valuesObject?: Readonly<Record<string, unknown>>;
  readonly parameters?: readonly { readonly name: string; readonly value?: string; readonly forceString?: boolean }[];
  readonly fileParameters?: readonly { readonly name: string; readonly path: string }[];
  readonly releaseName?: string;
  readonly ignoreMissingValueFiles?: boolean;
  readonly skipCrds?: boolean;
  readonly skipTests?: boolean;
  readonly skipSchemaValidation?: boolean;
  readonly passCredentials?: boolean;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
}

export interface KustomizeSource {
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly images?: readonly string[];
  readonly replicas?: readonly { readonly name: string; readonly count: number | string }[];
  readonly namespace?: string;
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly forceCommonLabels?: boolean;
  readonly forceCommonAnnotations?: boolean;
  readonly commonAnnotationsEnvsubst?: boolean;
  readonly labelWithoutSelector?: boolean;
  readonly labelIncludeTemplates?: boolean;
  readonly patches?: readonly unknown[];
  readonly components?: readonly string[];
  readonly ignoreMissingComponents?: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  /** Chooses the flags of `kustomize build` that argocd-cm has for it; there is one engine. */
  readonly version?: string;
}

export interface JsonnetVariable {
  readonly name: string;
  readonly value: string;
  /** The value is evaluated. */
  readonly code?: boolean;
}

export interface DirectorySource {
  readonly recurse?: boolean;
  /** Files of any name count, not only those that end as YAML, JSON and Jsonnet do. */
  readonly disableExtensionFilter?: boolean;
  readonly include?: string;
  readonly exclude?: string;
  readonly jsonnet?: {
    readonly extVars?: readonly JsonnetVariable[];
    readonly tlas?: readonly JsonnetVariable[];
    /** Folders of the repository, relative to its root, in which imports are looked for, too. */
    readonly libs?: readonly string[];
  };
}

export interface SyncPolicy {
  readonly automated?: {
    readonly enabled?: boolean;
    readonly prune?: boolean;
    readonly selfHeal?: boolean;
    readonly allowEmpty?: boolean;
  };
  readonly syncOptions?: readonly string[];
  readonly retry?: Retry;
  readonly managedNamespaceMetadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface Retry {
  readonly limit?: number;
  readonly refresh?: boolean;
  readonly backoff?: { readonly duration?: string; readonly factor?: number; readonly maxDuration?: string };
}

export interface IgnoreDifference {
  readonly group?: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly jsonPointers?: readonly string[];
  readonly jqPathExpressions?: readonly string[];
  readonly managedFieldsManagers?: readonly string[];
}

export type SyncCode = 'Synced' | 'OutOfSync' | 'Unknown';
export type HealthCode = 'Healthy' | 'Suspended' | 'Progressing' | 'Missing' | 'Degraded' | 'Unknown';
/** Empty for a source that only lends its files (`ref`). */
export type SourceType = 'Helm' | 'Kustomize' | 'Directory' | 'Plugin' | '';

export interface HealthStatus {
  readonly status: HealthCode;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** What was compared; kept because a difference from the spec means that the status is of another time. */
export interface ComparedTo {
  readonly source?: Source;
  readonly sources?: readonly Source[];
  readonly destination: Destination;
  readonly ignoreDifferences?: readonly IgnoreDifference[];
}

export interface ApplicationStatus {
  readonly sync?: {
    readonly status: SyncCode;
    readonly revision?: string;
    readonly revisions?: readonly string[];
    readonly comparedTo?: ComparedTo;
  };
  readonly health?: HealthStatus;
  /** The inventory too: what this Application had in the cluster when last compared. */
  readonly resources?: readonly ResourceStatus[];
  readonly history?: readonly RevisionHistory[];
  readonly conditions?: readonly Condition[];
  readonly operationState?: OperationState;
  readonly reconciledAt?: string;
  readonly sourceType?: SourceType;
  readonly sourceTypes?: readonly SourceType[];
  readonly summary?: { readonly images?: readonly string[]; readonly externalURLs?: readonly string[] };
}

export interface ResourceStatus {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: SyncCode;
  readonly health?: { readonly status: HealthCode; readonly message?: string };
  readonly hook?: boolean;
  readonly requiresPruning?: boolean;
  readonly requiresDeletionConfirmation?: boolean;
  readonly syncWave?: number;
}

export type ConditionType =
  | 'DeletionError'
  | 'InvalidSpecError'
  | 'ComparisonError'
  | 'SyncError'
  | 'UnknownError'
  | 'SharedResourceWarning'
  | 'RepeatedResourceWarning'
  | 'ExcludedResourceWarning'
  | 'OrphanedResourceWarning'
  /** hawser's own: somebody changed what differs. */
  | 'DriftDetected'
  /** hawser's own: the commit that was synced last is no longer part of the branch. */
  | 'ForcedPushWarning'
  /** hawser's own: an automated sync waits for a sync window to open. */
  | 'SyncHeld'
  /** hawser's own: it only compares, beside an Argo CD. */
  | 'HawserAlongside';

export interface Condition {
  readonly type: ConditionType;
  readonly message: string;
  readonly lastTransitionTime?: string;
}

export interface RevisionHistory {
  readonly id: number;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly source?: Source;
  readonly sources?: readonly Source[];
  readonly deployedAt: string;
  readonly deployStartedAt?: string;
  readonly initiatedBy?: Initiator;
}

export interface Initiator {
  readonly username?: string;
  readonly automated?: boolean;
}

export interface SyncRequest {
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly syncStrategy?: {
    readonly apply?: { readonly force?: boolean };
    readonly hook?: { readonly force?: boolean };
  };
  readonly resources?: readonly {
    readonly group?: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  }[];
  readonly source?: Source;
  readonly sources?: readonly Source[];
  readonly syncOptions?: readonly string[];
  /** A local sync: these, as JSON, in place of what the sources hold. */
  readonly manifests?: readonly string[];
  /** Of selfHeal: how often in a row. */
  readonly autoHealAttemptsCount?: number;
}

export interface Operation {
  readonly sync?: SyncRequest;
  readonly initiatedBy?: Initiator;
  readonly info?: readonly { readonly name: string; readonly value: string }[];
  readonly retry?: Retry;
}

export type OperationPhase = 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded';

export interface OperationState {
  readonly operation: Operation;
  readonly phase: OperationPhase;
  readonly message?: string;
  readonly syncResult?: {
    readonly revision?: string;
    readonly revisions?: readonly string[];
    readonly source?: Source;
    readonly sources?: readonly Source[];
    readonly resources?: readonly ResourceResult[];
    readonly managedNamespaceMetadata?: SyncPolicy['managedNamespaceMetadata'];
  };
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly retryCount?: number;
}

export type SyncPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail' | 'PreDelete' | 'PostDelete';
export type ResultCode = 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped';
export type HookPhase = OperationPhase;

export interface ResourceResult {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status?: ResultCode;
  readonly message?: string;
  readonly hookType?: SyncPhase;
  readonly hookPhase?: HookPhase;
  readonly syncPhase?: SyncPhase;
  readonly images?: readonly string[];
}
