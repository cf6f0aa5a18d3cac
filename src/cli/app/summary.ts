// What an Application is and how it is, as facts, one a line (Argo CD: printAppSummaryTable, printOperationResult).

import { sourcesOf } from '../../application/parse.ts';
import { stateCommand, stateSentence } from '../../application/state-sentence.ts';
import type { Application, OperationState, Source } from '../../application/types.ts';
import { resourceRows } from '../progress/rows.ts';
import { formatTable } from '../table.ts';

type Fact = readonly [name: string, value: string | undefined];

export interface SummaryExtras {
  /** Its page. */
  readonly url?: string;
  readonly windows?: readonly Fact[];
}

export function formatSummary(app: Application, { url, windows = [] }: SummaryExtras = {}): string {
  const { spec, metadata } = app;
  const { automated } = spec.syncPolicy ?? {};
  const isAutomated = automated && automated.enabled !== false;
  const sources = sourcesOf(spec);
  return formatFacts([
    ['Name:', metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name],
    ['Project:', spec.project],
    ['Server:', spec.destination.server || spec.destination.name],
    ['Namespace:', spec.destination.namespace ?? ''],
    ['URL:', url],
    [spec.sources ? 'Sources:' : 'Source:', ''],
    ...sources.flatMap(sourceFacts),
    ...windows,
    ['Sync Policy:', isAutomated ? `Automated${automated.prune ? ' (Prune)' : ''}` : 'Manual'],
    ['Sync Status:', syncStatus(app)],
    ['Health Status:', healthStatus(app)],
    ['Last Operation:', lastFailure(app)],
  ]);
}

export function formatOperationResult({ phase, message, startedAt, finishedAt, syncResult }: OperationState): string {
  const { revisions, revision = '' } = syncResult ?? {};
  return formatFacts([
    ['Operation:', syncResult && 'Sync'],
    ['Sync Revision:', syncResult && (revisions?.join(', ') ?? revision)],
    ['Phase:', phase],
    ['Start:', startedAt],
    ['Finished:', finishedAt ?? '<nil>'],
    ['Duration:', durationText(startedAt, finishedAt)],
    ['Message:', message || undefined],
  ]);
}

/**
 * The state in a sentence (the server's, where it has told it), what a person can do, what the last operation could not bring about, and
 * what is not well.
 */
export function formatState(app: Application, sentence = stateSentence(app, { nowMs: Date.now() })): string {
  const command = stateCommand(app);
  const lines = [sentence, ...(command ? [`${command} lets it go on.`] : []), ...refusals(app), ...ailments(app)];
  return lines.map((line) => `${line}\n`).join('');
}

/** Empty where there are none. */
export function formatConditions({ status: { conditions = [] } }: Application): string {
  if (conditions.length === 0) return '';
  const rows = conditions.map(({ type, message, lastTransitionTime = '' }) => [type, message, lastTransitionTime]);
  return formatTable(['CONDITION', 'MESSAGE', 'LAST TRANSITION'], rows);
}

/** Empty where there are none. */
export function formatResources(app: Application): string {
  const rows = resourceRows(app).map((row) => {
    const { group, kind, namespace, name, status, health, hook, message } = row;
    return [group, kind, namespace, name, status, health, hook, message];
  });
  if (rows.length === 0) return '';
  return formatTable(['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'HEALTH', 'HOOK', 'MESSAGE'], rows);
}

export function formatFacts(facts: readonly Fact[]): string {
  return facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${`${name.padEnd(20)}${value}`.trimEnd()}\n`)
    .join('');
}

function sourceFacts({ repoURL, targetRevision = '', path, chart, ref, helm, kustomize }: Source): readonly Fact[] {
  return [
    ['- Repo:', repoURL],
    ['  Target:', targetRevision],
    ['  Path:', path || undefined],
    ['  Chart:', chart || undefined],
    ['  Ref:', ref || undefined],
    ['  Helm Values:', helm?.valueFiles?.join(',') || undefined],
    ['  Name Prefix:', kustomize?.namePrefix || undefined],
  ];
}

/** `Synced to HEAD (3f9c1a2)`. */
function syncStatus({ spec, status: { sync } }: Application): string {
  const [source] = sourcesOf(spec);
  const target = source?.targetRevision || 'HEAD';
  const status = sync?.status ?? 'Unknown';
  const revisions = sync?.revisions ?? (sync?.revision ? [sync.revision] : []);
  const place = status === 'Synced' ? ` to ${target}` : status === 'OutOfSync' ? ` from ${target}` : '';
  const commits = [...new Set(revisions)]
    .filter((revision) => revision !== target)
    .map((revision) => revision.slice(0, 7));
  return `${status}${place}${commits.length > 0 ? ` (${commits.join(', ')})` : ''}`;
}

function healthStatus({ status: { health } }: Application): string {
  return `${health?.status ?? 'Unknown'}${health?.message ? ` (${health.message})` : ''}`;
}

/** hawser's own fact, for an operation that did not succeed; one that runs is told by the state. */
function lastFailure({ status: { operationState } }: Application): string | undefined {
  if (!operationState?.finishedAt || !['Failed', 'Error'].includes(operationState.phase)) return undefined;
  const { phase, finishedAt, message } = operationState;
  return `${phase} at ${finishedAt}${message ? `: ${message}` : ''}`;
}

/** In whole seconds, as Go writes a duration. */
function durationText(startedAt: string, finishedAt: string | undefined): string {
  const end = finishedAt === undefined ? Date.now() : Date.parse(finishedAt);
  const seconds = Math.max(0, Math.round((end - Date.parse(startedAt)) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ''}${seconds >= 60 ? `${minutes}m` : ''}${seconds % 60}s`;
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
