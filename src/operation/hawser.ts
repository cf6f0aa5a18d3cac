// What the outside (webhooks, API, CLI, UI) may ask of hawser. The road itself lies in the files beside this one.

import type { DriftMode } from '../application/install-notices.ts';
import type { Application, Operation, Retry, SyncRequest } from '../application/types.ts';
import type { MetricFamily } from '../base/metrics.ts';
import type { ResourceDiff } from '../compare/resource-diff.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { SourceEdits } from '../source/render-input.ts';
import type { ApplicationDrift } from './all-drift.ts';
import type { ApplicationChanges } from './application-changes.ts';
import type { ApplicationEditing } from './application-editing.ts';
import type { ApplicationObserver } from './application-observer.ts';
import type { ApplicationOutlook } from './application-outlook.ts';
import type { ApplicationStreams } from './application-streams.ts';
import type { CertificateBook } from './certificate-book.ts';
import type { ClusterBook } from './cluster-book.ts';
import type { DeliveryDesk } from './delivery-desk.ts';
import type { Advice } from './drift-advice.ts';
import type { DriftEntry } from './drift-record.ts';
import type { LiveResources } from './live-resources.ts';
import type { Notice } from './notice.ts';
import type { ApplicationPreview, RenderForeign } from './preview-application.ts';
import type { ProjectBook } from './project-book.ts';
import type { AnyPush, DeliveryAnswer } from './push.ts';
import type { RefusedDeliveries } from './refused-deliveries.ts';
import type { PeerMessage } from './replicas.ts';
import type { RepositoryBook } from './repository-book.ts';
import type { RepositoryHooks } from './repository-hooks.ts';

export interface RefreshRequest {
  /** One of the three. */
  readonly application?: string;
  /** Where the Application is; hawser's own namespace where not given. */
  readonly appNamespace?: string;
  readonly repoURL?: string;
  readonly all?: boolean;
  /** Compare with this revision instead of targetRevision. */
  readonly revision?: string;
  /** Render and compare anew even where nothing seems to have changed. */
  readonly hard?: boolean;
  /** Answer when what was found is recorded, within bounds. */
  readonly wait?: boolean;
}

export interface DeletionRequest {
  /** False: the objects stay. Default true. */
  readonly cascade?: boolean;
  /** `foreground` (default), `background`, or `orphan`, which is no cascade. */
  readonly propagationPolicy?: string;
}

export interface SyncExtras {
  readonly retry?: Retry;
  readonly info?: Operation['info'];
}

export interface RollbackRequest {
  /** Of `status.history`; without one, the entry before the newest. */
  readonly id?: number;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  /** Turns automated sync off first, instead of refusing. */
  readonly disableAutoSync?: boolean;
}

/** What is compared with the cluster; the target revision when nothing is said. */
export interface DiffRequest {
  /** One a source, in place of its targetRevision. */
  readonly revisions?: readonly string[];
  /** The target state itself, as YAML or JSON. */
  readonly manifests?: readonly string[];
  /** In place of those of the first source, by names relative to its folder. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** In place of some of a source's, or beside them, by paths from the root of its repository. */
  readonly edits?: SourceEdits;
  /** In place of the Application's own: what would change if it were so. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Without what earlier answers of the cluster say about this one. */
  readonly fresh?: boolean;
}

export interface WebhookSettings {
  readonly secrets: Readonly<Record<string, string>>;
  /** Of repositories that have their own. */
  readonly repositorySecrets: readonly { readonly url: string; readonly secrets: readonly string[] }[];
  readonly maxBytes: number;
}

export interface Hawser {
  /** As last known, where the cluster does not answer at once. Throws `Unavailable` where nothing is known. */
  webhookSettings(): Promise<WebhookSettings>;
  /** As they are now, for a signature that does not match; undefined where that cannot be told. Not without end: one read a second. */
  freshWebhookSettings(): Promise<WebhookSettings | undefined>;
  /** hawser's own token, which gives all rights. */
  token(): Promise<string>;
  /** The cluster in which accounts are kept (src/account). */
  readonly home: KubeClient;
  /**
   * Records it, and answers within `answerMs` (800) or so with what is known by then. Throws `Unavailable` where it could not be recorded
   * anywhere.
   */
  receivePush(push: AnyPush, answerMs?: number): Promise<DeliveryAnswer>;
  /** A Git server has tried out the webhook of a repository, signed as pushes are: whoever has made the webhook is to know. */
  receivePing(addresses: readonly string[]): void;
  /** Its name among the replicas. */
  readonly identity: string;
  /** Another replica tells something. */
  peer(message: PeerMessage): Promise<void>;
  /** The record of the pushes that came. */
  readonly deliveries: DeliveryDesk;
  /** What was sent to the webhook of this process and refused. */
  readonly refusedDeliveries: RefusedDeliveries;
  readonly editing: ApplicationEditing;
  /** How it is, and what a sync would do. */
  readonly outlook: ApplicationOutlook;
  readonly changes: ApplicationChanges;
  readonly resources: LiveResources;
  readonly streams: ApplicationStreams;
  readonly projects: ProjectBook;
  readonly repositories: RepositoryBook;
  readonly hooks: RepositoryHooks;
  readonly clusters: ClusterBook;
  readonly certificates: CertificateBook;
  refresh(request: RefreshRequest): Promise<DeliveryAnswer>;
  listApplications(): Promise<readonly Application[]>;
  /** Throws `NotFound`, and `Forbidden` for a namespace that may hold no Applications. */
  getApplication(name: string, namespace?: string): Promise<Application>;
  /**
   * Records the operation and starts it; throws `FailedPrecondition` while another one runs, `Forbidden` in a closed sync window. `by`, here
   * and below: the name of whoever asks.
   */
  requestSync(app: Application, request: SyncRequest, by: string, more?: SyncExtras): Promise<Application>;
  /** Brings back an entry of the history; throws `FailedPrecondition` while automated sync is on. */
  rollback(app: Application, request: RollbackRequest, by: string): Promise<Application>;
  /** Ends the operation that runs or waits: hooks that run are deleted. Throws `InvalidInput` when there is none. */
  terminateOperation(app: Application, by: string): Promise<void>;
  /** Lets a held sync, or an operation that a sync window blocks, go on now. Throws `FailedPrecondition` when nothing waits. */
  approveSync(app: Application, by: string): Promise<Application>;
  /** The API server tells of a write that is about to be done; what it concerns is looked at in the background. */
  notice(notice: Notice): void;
  /** What whoever writes to a managed object is to be told; at once, and from memory. */
  advise(notice: Notice, mode: DriftMode): Advice;
  /** Whether whoever knows this is the API server. False while that cannot be told. */
  isNoticeSecret(given: string): Promise<boolean>;
  /** Fills in what the registration of notices lacks: for a server that has no certificate of its own to tell of. */
  registerNotices(): Promise<void>;
  /** Who changed what of its objects, the newest first. Throws `NotFound`. */
  drift(name: string, namespace?: string): Promise<readonly DriftEntry[]>;
  /** The same of these Applications, together. */
  driftOf(apps: readonly Application[]): Promise<readonly ApplicationDrift[]>;
  /** Called by the platform when an alarm that the road has set is due. */
  alarm(name: string): Promise<void>;
  /** Deletes the Application; with a cascade its objects go first, and it is there until they have gone. */
  deleteApplication(app: Application, request: DeletionRequest, by: string): Promise<void>;
  /** Lets deletions and prunes go on that wait for a person's word. */
  confirmDeletion(app: Application, by: string): Promise<void>;
  /** Live, target and predicted state of each object, and what differs, compared now. */
  managedResources(name: string, request?: DiffRequest, namespace?: string): Promise<readonly ResourceDiff[]>;
  /** The same of an Application that need not be in the cluster. */
  diffOf(app: Application, request: DiffRequest): Promise<readonly ResourceDiff[]>;
  /** What it is to have there: everything, hooks and Secrets as they are. For whoever runs hawser, not for its answers. */
  renderOf(app: Application, request: DiffRequest): Promise<readonly KubeObject[]>;
  /** What the Application, which need not be in the cluster, would become here; by another renderer too, where one is given. */
  preview(app: Application, renderForeign?: RenderForeign): Promise<ApplicationPreview>;
  /** Finishes what an earlier process left unfinished and catches pushes that were missed. Called at start. */
  resume(): Promise<void>;
  /** `resume`, and waits within bounds until all is done. For a request that wakes a process: it is kept while it waits. */
  wake(): Promise<{ readonly isIdle: boolean }>;
  /** Resolves when no work goes on in the background. */
  idle(): Promise<void>;
  /** Writes an Event about what somebody did; waits for nothing, and never fails. */
  noted: ApplicationObserver['noted'];
  /** Numbers for operators, from what is remembered: no cluster is asked. */
  metricFamilies(): readonly MetricFamily[];
}
