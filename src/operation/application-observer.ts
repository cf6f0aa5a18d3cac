// What happens to an Application is told to whoever wants to know, at the one place where its state is written: metrics, Events,
// notifications, the log. Nothing waits for it, and nothing fails because of it.

import { sourcesOf } from '../application/parse.ts';
import type { Application, Operation, OperationState } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import type { Platform } from '../platform.ts';
import type { ApplicationEvent, ApplicationEvents, EventSubject } from './application-events.ts';
import { metricLabelsOf, serverOf } from './application-metrics.ts';
import { isPartial } from './pending-operation.ts';
import { keyOfApplication, type Road } from './road.ts';

export interface ApplicationObserver {
  /** Those that hawser has seen last, as it has seen them last. */
  applications(): readonly Application[];
  /** All there are: what was told of others is forgotten. */
  listed(apps: readonly Application[]): void;
  /** A status was stored: what this process had read before, and what is there now. `isTaken`: of an operation that was taken up with it. */
  recorded(before: Application, after: Application, isTaken: boolean): void;
  /** Somebody asks for an operation. */
  requested(app: Application, operation: Operation, rollbackTo?: number): void;
  /** Somebody did something else with it, or with a project (made, changed or deleted it, ended its operation, ran an action). */
  noted(subject: EventSubject, event: ApplicationEvent): void;
  /** It is being deleted. */
  deleting(app: Application): void;
  /** It is gone. */
  gone(app: Application): void;
}

export interface ObserverParts {
  readonly platform: Pick<Platform, 'metrics' | 'log' | 'clock'>;
  /** Asked when something is to be told: the road is not there yet when this is made. */
  readonly road: () => Pick<Road, 'clusters'>;
  readonly events: ApplicationEvents;
  /** A state that may be told of to those who subscribed. */
  readonly notify: (app: Application) => void;
}

export function createApplicationObserver({ platform, road, events, notify }: ObserverParts): ApplicationObserver {
  const { metrics, log } = platform;
  let known = new Map<string, Application>();
  const forget = ({ metadata }: Application) => metrics?.forget({ namespace: metadata.namespace, name: metadata.name });

  function ended(app: Application, state: OperationState): void {
    const { phase, startedAt, finishedAt = startedAt, operation } = state;
    const labels = { ...metricLabelsOf(app), dest_server: serverOf(road(), app) };
    const isDry = operation.sync?.dryRun === true;
    metrics?.count('argocd_app_sync_total', { ...labels, phase, dry_run: String(isDry) });
    const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000;
    if (seconds >= 0) metrics?.count('argocd_app_sync_duration_seconds_total', labels, seconds);
    const event = completed(state);
    const fields = { application: keyOfApplication(app), operation: operationId(app, startedAt), phase };
    if (event.type === 'Warning') log.warn(event.message, fields);
    else log.info(event.message, fields);
    events.write(app, event);
  }

  return {
    applications: () => [...known.values()],
    listed: (apps) => {
      const before = known;
      known = new Map(apps.map((app) => [keyOfApplication(app), app]));
      for (const [key, app] of before) if (!known.has(key)) forget(app);
    },
    recorded: (before, after, isTaken) => {
      known.set(keyOfApplication(after), after);
      const was = before.status.operationState;
      const now = after.status.operationState;
      const isNew = now !== undefined && (isTaken || isAnother(was, now));
      if (now && isNew && isAutomaticStart(now)) events.write(after, automated(now));
      if (now && isOver(now) && (isNew || (was !== undefined && !isOver(was)))) ended(after, now);
      for (const message of changesOf(before, after)) events.write(after, { reason: 'ResourceUpdated', message });
      notify(after);
    },
    requested: (app, operation, rollbackTo) => {
      const { username: user = '' } = operation.initiatedBy ?? {};
      const partial = isPartial(operation.sync ?? {}) ? 'partial ' : '';
      const what =
        rollbackTo === undefined
          ? `initiated ${partial}sync to ${revisionsOf(app, operation)}`
          : `initiated rollback to ${rollbackTo}`;
      const message = `${user || 'Unknown user'} ${what}`;
      log.info(message, { application: keyOfApplication(app), user });
      events.write(app, { reason: 'OperationStarted', message, user });
    },
    noted: (subject, event) => events.write(subject, event),
    deleting: notify,
    gone: (app) => {
      known.delete(keyOfApplication(app));
      forget(app);
    },
  };
}

/** Names an operation in logs: Applications have one at a time. */
export function operationId({ metadata }: Pick<Application, 'metadata'>, startedAt: string): string {
  return `${metadata.uid ?? metadata.name}/${startedAt}`;
}

function isOver({ phase }: OperationState): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Error';
}

/** Two may have begun in one second, which is all that their times tell. */
function isAnother(was: OperationState | undefined, now: OperationState): boolean {
  if (!was || was.startedAt !== now.startedAt) return true;
  return isOver(was) && (!isOver(now) || !isEqualJson(was.syncResult?.revision, now.syncResult?.revision));
}

/** What a person has asked for was told of when that was done. */
function isAutomaticStart({ operation }: OperationState): boolean {
  return operation.initiatedBy?.automated === true;
}

function automated({ operation, syncResult }: OperationState): ApplicationEvent {
  const { revision = '', revisions } = { ...operation.sync, ...syncResult };
  const text = (revisions ?? [revision]).join(', ');
  return { reason: 'OperationStarted', message: `Initiated automated sync to '${text}'` };
}

/** Argo CD: setOperationState. */
function completed({ phase, operation, syncResult, message = '' }: OperationState): ApplicationEvent {
  const head = isPartial(operation.sync ?? {}) ? 'Partial sync operation' : 'Sync operation';
  const { revision, revisions } = syncResult ?? {};
  const to = syncResult ? ` to ${revision ?? revisions?.join(', ') ?? ''}` : '';
  if (phase === 'Succeeded') return { reason: 'OperationCompleted', message: `${head}${to} succeeded` };
  return { reason: 'OperationCompleted', type: 'Warning', message: `${head}${to} failed: ${message}` };
}

/** Argo CD: persistAppStatus. */
function changesOf({ status: before }: Application, { status: after }: Application): readonly string[] {
  const messages: string[] = [];
  if (after.sync && after.sync.status !== before.sync?.status) {
    messages.push(`Updated sync status: ${before.sync?.status ?? ''} -> ${after.sync.status}`);
  }
  if (after.health && after.health.status !== before.health?.status) {
    const why = after.health.message ? ` (${after.health.message})` : '';
    messages.push(`Updated health status: ${before.health?.status ?? ''} -> ${after.health.status}${why}`);
  }
  return messages;
}

function revisionsOf({ spec }: Application, { sync }: Operation): string {
  if (sync?.revisions) return sync.revisions.join(',');
  return (
    sync?.revision ||
    sourcesOf(spec)
      .map(({ targetRevision }) => targetRevision || 'HEAD')
      .join(',')
  );
}
