// What the list shows and finds of an Application, made once of each state of it.

import type { Application, HealthCode, OperationPhase, Source, SyncCode } from '../../../application/types.ts';
import { type Held, heldOf } from './held.ts';

export interface Row {
  readonly app: Application;
  /** `argocd/guestbook`. */
  readonly key: string;
  readonly name: string;
  readonly project: string;
  readonly sync: SyncCode;
  readonly health: HealthCode;
  /** Objects that differ, of how many. */
  readonly differing: number;
  readonly total: number;
  /** What Git says, as it was compared last. */
  readonly revisions: readonly string[];
  /** What the last sync brought; empty where that is what Git says, or is not known. */
  readonly deployed: readonly string[];
  readonly isNeverSynced: boolean;
  /** When something of it changed last: a sync, its health, or that it was made. Milliseconds since the Unix epoch. */
  readonly changedAtMs: number;
  /** The last operation that has ended (RFC 3339), and who began it; `''` for automated sync. */
  readonly syncedAt: string | undefined;
  readonly syncedBy: string | undefined;
  readonly cluster: string;
  readonly namespace: string;
  readonly sources: readonly RowSource[];
  readonly images: readonly string[];
  /** `team=shop`. */
  readonly labels: readonly string[];
  readonly isAutomated: boolean;
  readonly isDeleting: boolean;
  readonly held: Held | undefined;
  /** While one runs. */
  readonly running: OperationPhase | undefined;
  /** Why the last operation failed, or what cannot be compared or deployed. */
  readonly trouble: string | undefined;
  /** What people type to find it, in small letters. */
  readonly text: string;
  /** Another one: people are shown that it has changed. */
  readonly print: string;
}

export interface RowSource {
  /** `devops/ops-deploy`; the whole address on hover. */
  readonly repo: string;
  readonly repoURL: string;
  /** A path, or a chart. */
  readonly place: string;
  readonly target: string;
}

const IN_CLUSTER = 'https://kubernetes.default.svc';
const ERRORS: readonly string[] = ['ComparisonError', 'InvalidSpecError', 'DeletionError', 'SyncError', 'UnknownError'];

const known = new WeakMap<Application, Row>();

export function rowOf(app: Application): Row {
  const row = known.get(app) ?? makeRow(app);
  known.set(app, row);
  return row;
}

function makeRow(app: Application): Row {
  const { metadata, spec, status } = app;
  const { sync, health, operationState, resources = [], conditions = [] } = status;
  const counted = resources.filter(({ hook }) => !hook);
  const sources = (spec.sources?.length ? spec.sources : spec.source ? [spec.source] : []).map(sourceOf);
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const { phase, startedAt, finishedAt, message } = operationState ?? {};
  const isRunning = (phase === 'Running' || phase === 'Terminating') && finishedAt === undefined;
  const initiator = operationState?.operation?.initiatedBy;
  const revisions = idsOf(sync);
  const deployed = phase === 'Succeeded' ? idsOf(operationState?.syncResult) : [];
  const row = {
    app,
    key: `${metadata.namespace}/${metadata.name}`,
    name: metadata.name,
    project: spec.project,
    sync: sync?.status ?? 'Unknown',
    health: health?.status ?? 'Unknown',
    differing: counted.filter(({ status: state }) => state !== undefined && state !== 'Synced').length,
    total: counted.length,
    revisions,
    deployed: deployed.join() === revisions.join() ? [] : deployed,
    isNeverSynced: operationState === undefined && health?.status === 'Missing',
    changedAtMs: latest(startedAt, finishedAt, health?.lastTransitionTime, metadata.creationTimestamp),
    syncedAt: isRunning ? startedAt : finishedAt,
    syncedBy: initiator?.automated ? '' : initiator?.username,
    cluster: clusterName(spec.destination),
    namespace: spec.destination.namespace ?? '',
    sources,
    images: status.summary?.images ?? [],
    labels,
    isAutomated: spec.syncPolicy?.automated !== undefined && spec.syncPolicy.automated.enabled !== false,
    isDeleting: metadata.deletionTimestamp !== undefined,
    held: heldOf(app),
    running: isRunning ? phase : app.operation ? ('Running' as const) : undefined,
    trouble:
      conditions.find(({ type }) => ERRORS.includes(type))?.message ??
      (phase === 'Failed' || phase === 'Error' ? (message ?? phase) : undefined),
  };
  const words = [row.name, metadata.namespace, row.project, row.cluster, row.namespace, ...labels, ...row.images];
  const places = sources.flatMap(({ repoURL, place, target }) => [repoURL, place, target]);
  return {
    ...row,
    text: [...words, ...places, ...revisions].join('\n').toLowerCase(),
    print: [row.sync, row.health, row.differing, row.total, revisions, phase, row.isDeleting, row.held?.message].join(),
  };
}

/** Each once: sources of one repository have one. */
function idsOf(
  of: { readonly revision?: string; readonly revisions?: readonly string[] } | undefined,
): readonly string[] {
  const { revision, revisions = [] } = of ?? {};
  return [...new Set(revisions.length > 0 ? revisions : revision ? [revision] : [])];
}

function sourceOf({ repoURL = '', path, chart, ref, targetRevision }: Source): RowSource {
  return {
    repo: shortRepo(repoURL),
    repoURL,
    place: chart ?? path ?? (ref === undefined ? '' : `$${ref}`),
    target: targetRevision || 'HEAD',
  };
}

/** `https://git.example.com/devops/ops-deploy.git` → `devops/ops-deploy`; a registry or a server of charts keeps its host. */
export function shortRepo(url: string): string {
  const [, host = '', path = ''] = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^/:]+)(?::\d+(?=\/))?[/:]?(.*)$/i.exec(url) ?? [];
  const parts = path
    .replace(/\.git$/, '')
    .split('/')
    .filter((part) => part !== '');
  if (parts.length < 2 || url.startsWith('oci://')) return [host, ...parts].join('/');
  return parts.slice(-2).join('/');
}

function clusterName({ name, server = '' }: Application['spec']['destination']): string {
  if (name) return name;
  if (server === IN_CLUSTER) return 'in-cluster';
  return server.replace(/^https?:\/\//, '');
}

function latest(...times: readonly (string | undefined)[]): number {
  return Math.max(0, ...times.map((time) => Date.parse(time ?? '')).filter((ms) => !Number.isNaN(ms)));
}
