// What `hawser app` prints of Applications.

import { outcomeOf } from '../application/operation-result.ts';
import { sourcesOf } from '../application/parse.ts';
import { stateSentence } from '../application/state-sentence.ts';
import type { Application } from '../application/types.ts';
import { formatTable } from './table.ts';

const LIST_HEADER = ['NAME', 'NAMESPACE', 'STATUS', 'HEALTH', 'REVISION', 'SYNCPOLICY'];
const WIDE_HEADER = [...LIST_HEADER, 'REPO', 'PATH', 'TARGET'];

/** A table with one line an Application. */
export function formatList(apps: readonly Application[], isWide: boolean): string {
  const rows = apps.map((app) => {
    const source = sourcesOf(app.spec)[0];
    return [
      app.metadata.name,
      app.spec.destination.namespace ?? '',
      app.status.sync?.status ?? 'Unknown',
      app.status.health?.status ?? 'Unknown',
      [...new Set(comparedRevisions(app))].map((revision) => revision.slice(0, 7)).join(', '),
      app.spec.syncPolicy?.automated ? 'Auto' : 'Manual',
      ...(isWide ? [source?.repoURL ?? '', source?.path ?? source?.chart ?? '', source?.targetRevision || 'HEAD'] : []),
    ];
  });
  return formatTable(isWide ? WIDE_HEADER : LIST_HEADER, rows);
}

/** What it is, its state in a sentence, and its objects. */
export function formatApplication(app: Application): string {
  const { status, spec, metadata } = app;
  const { automated } = spec.syncPolicy ?? {};
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ['Name', metadata.name],
    ['Project', spec.project],
    ['Server', spec.destination.server ?? spec.destination.name],
    ['Namespace', spec.destination.namespace],
    ...sourcesOf(spec).flatMap((source) => [
      ['Repo', source.repoURL] as const,
      ['Target', source.targetRevision || 'HEAD'] as const,
      [source.chart ? 'Chart' : 'Path', source.chart ?? source.path] as const,
      ['Helm Values', source.helm?.valueFiles?.join(', ')] as const,
      ['Ref', source.ref && `$${source.ref}`] as const,
    ]),
    ['Sync Policy', automated ? `Automated${automated.prune ? ' (Prune)' : ''}` : 'Manual'],
    ['Sync Status', [status.sync?.status ?? 'Unknown', comparedRevisions(app).join(', ')].filter(Boolean).join(' ')],
    ['Health Status', status.health?.status ?? 'Unknown'],
    ['Last Operation', lastOperation(app)],
  ];
  const lines = facts.filter(([, value]) => value).map(([name, value]) => `${`${name}:`.padEnd(20)}${value}`);
  const sentence = stateSentence(app);
  // The sentence of an Application that cannot be compared holds the condition's message already.
  const conditions = (status.conditions ?? [])
    .filter(({ message }) => !sentence.includes(message))
    .map(({ type, message }) => `${type}: ${message}`);
  return `${[...lines, '', sentence, ...conditions, ...refusals(app), ...ailments(app)].join('\n')}\n\n${formatResources(app)}`;
}

/** One a source. */
function comparedRevisions({ status: { sync } }: Application): readonly string[] {
  return sync?.revisions ?? (sync?.revision ? [sync.revision] : []);
}

/** One that runs is told by the sentence. */
function lastOperation({ status: { operationState } }: Application): string | undefined {
  if (!operationState || operationState.phase === 'Running' || operationState.phase === 'Terminating') return undefined;
  const { phase, finishedAt, message } = operationState;
  const end = finishedAt ? `${phase} at ${finishedAt}` : phase;
  return phase === 'Succeeded' || !message ? end : `${end}: ${message}`;
}

/** What the API server said of the objects that the last operation, or its last attempt, could not bring about. */
function refusals({ status: { operationState } }: Application): readonly string[] {
  if (operationState?.finishedAt === undefined || operationState.phase === 'Succeeded') return [];
  return (operationState.syncResult?.resources ?? [])
    .filter(({ status, hookPhase }) => status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error')
    .map(({ kind, name, message = '' }) => `${kind} ${name}: ${message}`);
}

/** Why objects are not healthy, where something is known. */
function ailments({ status: { resources = [] } }: Application): readonly string[] {
  return resources.flatMap(({ kind, name, health }) =>
    health?.message && health.status !== 'Healthy'
      ? [`${kind} ${name}: ${health.status}: ${health.message.trim()}`]
      : [],
  );
}

/** The deployments that `hawser app rollback` can bring back, the newest last. */
export function formatHistory({ status: { history = [] } }: Application): string {
  const rows = history.map(({ id, deployedAt, revision, revisions, initiatedBy }) => [
    String(id),
    deployedAt,
    (revisions ?? (revision ? [revision] : [])).map((commit) => commit.slice(0, 7)).join(', '),
    initiatedBy?.automated ? 'automated sync' : (initiatedBy?.username ?? ''),
  ]);
  return formatTable(['ID', 'DATE', 'REVISION', 'BY'], rows);
}

/** The end of an operation: what became of each object, and of all of it. */
export function formatOperation(app: Application): string {
  const state = app.status.operationState;
  const rows = (state?.syncResult?.resources ?? []).map((result) => [
    result.group,
    result.kind,
    result.namespace,
    result.name,
    outcomeOf(result) ?? '',
    result.message ?? '',
  ]);
  const header = ['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'MESSAGE'];
  const table = rows.length > 0 ? `${formatTable(header, rows)}\n` : '';
  return `${table}${state?.phase ?? ''}: ${state?.message ?? ''}\n${stateSentence(app)}\n`;
}

function formatResources({ status }: Application): string {
  return formatTable(
    ['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'HEALTH'],
    (status.resources ?? []).map(({ group, kind, namespace, name, status: sync, health, requiresPruning }) => [
      group ?? '',
      kind,
      namespace ?? '',
      name,
      requiresPruning ? 'OutOfSync (prune)' : (sync ?? ''),
      health?.status ?? '',
    ]),
  );
}
