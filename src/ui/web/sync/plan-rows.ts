// A plan, and what has become of it: the same rows before, while and after it is carried out. Of an operation that nobody planned here, rows
// are made of its record. Pure.

import type { OperationState, ResourceResult } from '../../../application/types.ts';
import type { PlanStep } from './plan-types.ts';

export type RowAction = PlanStep['action'];

/** `notRun`: the operation has ended without it. */
export type RowState = 'planned' | 'running' | 'done' | 'failed' | 'notRun';

export interface SyncRow {
  readonly key: string;
  readonly phase: PlanStep['phase'];
  /** A record does not say it. */
  readonly wave: number | undefined;
  readonly action: RowAction;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What was planned, with the states before and after. */
  readonly step: PlanStep | undefined;
  /** undefined before anything has begun. */
  readonly state: RowState | undefined;
  readonly message: string | undefined;
}

/** `wave` is undefined in records: they say nothing of it. */
export interface RowGroup {
  readonly key: string;
  readonly phase: PlanStep['phase'];
  readonly wave: number | undefined;
  readonly rows: readonly SyncRow[];
}

export interface GroupedRows {
  /** Those that something is done to, by phase and wave, in the order in which they come. */
  readonly groups: readonly RowGroup[];
  /** Those that stay as they are. */
  readonly still: readonly SyncRow[];
}

const PHASES: readonly PlanStep['phase'][] = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete'];

/** `state` undefined: nothing has begun. */
export function syncRows(
  steps: readonly PlanStep[] | undefined,
  operation: OperationState | undefined,
): readonly SyncRow[] {
  const results = operation?.syncResult?.resources ?? [];
  if (!steps) return results.map((result) => rowOfResult(result, operation));
  const left = [...results];
  const rows = steps.map((step): SyncRow => {
    const at = left.findIndex((result) => isOf(result, step));
    const [result] = at < 0 ? [] : left.splice(at, 1);
    return {
      key: [step.phase, step.group, step.kind, step.namespace, step.name].join('/'),
      phase: step.phase,
      wave: step.wave,
      action: step.action,
      group: step.group,
      kind: step.kind,
      namespace: step.namespace,
      name: result?.name ?? step.name,
      step,
      state: operation && stateOf(result, operation),
      message: result?.message || step.message,
    };
  });
  return [...rows, ...left.map((result) => rowOfResult(result, operation))];
}

export function groupRows(rows: readonly SyncRow[]): GroupedRows {
  const isStill = ({ action, state }: SyncRow) => action === 'unchanged' && state !== 'failed' && state !== 'running';
  const active = rows.filter((row) => !isStill(row));
  const groups = [...Map.groupBy(active, ({ phase, wave }) => `${phase} ${wave ?? ''}`)].map(
    ([key, members]): RowGroup => ({
      key,
      phase: members[0]?.phase ?? 'Sync',
      wave: members[0]?.wave,
      rows: members,
    }),
  );
  return {
    // A record is in the order of its results, in which a hook that failed may come late.
    groups: groups.toSorted(
      (a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) || (a.wave ?? 0) - (b.wave ?? 0),
    ),
    still: rows.filter(isStill),
  };
}

/** What the action and its mark say already: `configmap/web configured`. */
export function isPlainMessage(message: string): boolean {
  return /^(\S+\/\S+ )?(created|configured|unchanged|replaced|updated|pruned)( \(dry run\))?$/.test(message);
}

export interface Progress {
  readonly done: number;
  readonly failed: number;
  readonly all: number;
}

/** Of what something is done to; hooks that only a failure brings about count once they have run. */
export function progressOf(rows: readonly SyncRow[]): Progress {
  const counted = rows.filter(({ step, state }) => !step?.isForFailure || (state !== 'planned' && state !== 'notRun'));
  return {
    done: counted.filter(({ state }) => state === 'done').length,
    failed: counted.filter(({ state }) => state === 'failed').length,
    all: counted.length,
  };
}

function isOf(result: ResourceResult, step: PlanStep): boolean {
  const { group, kind, namespace, name, syncPhase, hookType } = result;
  if (group !== step.group || kind !== step.kind || (syncPhase ?? hookType ?? 'Sync') !== step.phase) return false;
  if (namespace !== step.namespace) return false;
  return step.isGenerated ? name.startsWith(step.name) : name === step.name;
}

function rowOfResult(result: ResourceResult, operation: OperationState | undefined): SyncRow {
  const { group, kind, namespace, name, syncPhase = 'Sync', message } = result;
  return {
    key: [syncPhase, group, kind, namespace, name].join('/'),
    phase: syncPhase,
    wave: undefined,
    action: actionOf(result),
    group,
    kind,
    namespace,
    name,
    step: undefined,
    state: operation && stateOf(result, operation),
    message: message || undefined,
  };
}

const ACTIONS: readonly (readonly [RegExp, RowAction])[] = [
  [/\bcreated\b/, 'create'],
  [/\bunchanged\b/, 'unchanged'],
  [/\b(pruned)\b/, 'delete'],
  [/\bignored\b/, 'left'],
];

/** A record says what was done in the words of its message (src/sync/words.ts). */
function actionOf({ hookType, status, message = '' }: ResourceResult): RowAction {
  if (hookType) return 'hook';
  if (status === 'Pruned') return 'delete';
  if (status === 'PruneSkipped') return 'left';
  return ACTIONS.find(([words]) => words.test(message))?.[1] ?? 'update';
}

function stateOf(result: ResourceResult | undefined, { phase, finishedAt }: OperationState): RowState {
  const isOver = phase !== 'Running' && phase !== 'Terminating';
  if (!result || (result.status === undefined && result.hookPhase === undefined)) {
    return isOver || finishedAt !== undefined ? 'notRun' : 'planned';
  }
  const { status, hookPhase } = result;
  if (status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error') return 'failed';
  // What the last wave applied is not waited for.
  if (hookPhase === 'Running') return isOver ? 'done' : 'running';
  return 'done';
}
