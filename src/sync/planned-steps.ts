// What a plan would do, step by step, before anything is done: the order is that in which a sync records its results.

import type { SyncPhase } from '../application/types.ts';
import type { SyncPlan, SyncSettings } from './plan.ts';
import { needsConfirmation, pruneRefusal } from './run-tasks.ts';
import { isHookTask, isNamespace, isPrune, type SyncTask } from './task.ts';
import { isLeftOut, isUnchanged } from './unchanged.ts';
import { chooseVerb } from './verb.ts';

/** `left`: Git no longer has it, and it is not pruned. */
export type PlannedAction = 'create' | 'update' | 'delete' | 'recreate' | 'hook' | 'unchanged' | 'left';

export interface PlannedStep {
  readonly task: SyncTask;
  readonly action: PlannedAction;
  /** It is done only when the sync fails. */
  readonly isForFailure: boolean;
  /** A person has to confirm it before it is done. */
  readonly needsConfirmation: boolean;
  /** Why it cannot be done, or is left. */
  readonly message?: string;
}

export type PlannedCounts = Readonly<Record<Exclude<PlannedAction, 'hook'> | 'hooks', number>>;

/** Pure. What ApplyOutOfSyncOnly leaves out has no step. */
export function plannedSteps({ tasks, problems, settings }: SyncPlan): readonly PlannedStep[] {
  const steps = inOrder(tasks, settings.namespace)
    .filter((task) => !isLeftOut(task, task.live, settings))
    .map((task): PlannedStep => {
      const action = actionOf(task, settings);
      const problem = problems.find((one) => one.task === task)?.message ?? failureOf(task, action);
      const message = problem ?? (action === 'left' ? pruneRefusal(task.live, settings) : undefined);
      return {
        task,
        action,
        isForFailure: task.phase === 'SyncFail',
        needsConfirmation: action === 'delete' && needsConfirmation(task.live, settings),
        ...(message !== undefined && { message }),
      };
    });
  return steps;
}

/** Hooks that only a failure brings about are not counted. */
export function countSteps(steps: readonly PlannedStep[]): PlannedCounts {
  const of = (action: PlannedAction) => steps.filter((step) => step.action === action && !step.isForFailure).length;
  return {
    create: of('create'),
    update: of('update'),
    delete: of('delete'),
    recreate: of('recreate'),
    hooks: of('hook'),
    unchanged: of('unchanged'),
    left: of('left'),
  };
}

/** `3f9c1a2 creates 1 and changes 2 objects, in 2 waves; 12 stay as they are.` */
export function planSentence(steps: readonly PlannedStep[], revision: string): string {
  const counts = countSteps(steps);
  const parts = [
    counts.create > 0 ? `creates ${counts.create}` : '',
    counts.update > 0 ? `changes ${counts.update}` : '',
    counts.recreate > 0 ? `deletes and creates anew ${counts.recreate}` : '',
    counts.delete > 0 ? `deletes ${counts.delete}` : '',
    counts.hooks > 0 ? `runs ${counts.hooks} ${counts.hooks === 1 ? 'hook' : 'hooks'}` : '',
  ].filter((part) => part !== '');
  const subject = revision === '' ? 'The sync' : `The sync to ${revision}`;
  const still = counts.unchanged + counts.left;
  if (parts.length === 0) return `${subject} changes nothing.`;
  const waves = new Set(steps.filter(isDone).map(({ task }) => waveKey(task))).size;
  const stays = still === 0 ? '' : `; ${still} ${still === 1 ? 'stays as it is' : 'stay as they are'}`;
  return `${subject} ${listed(parts)}${waves > 1 ? `, in ${waves} waves` : ''}${stays}.`;
}

function isDone({ action, isForFailure }: PlannedStep): boolean {
  return !isForFailure && action !== 'unchanged' && action !== 'left';
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** Within a wave prunes go first (run-tasks.ts), and a destination namespace that is missing before everything (step.ts). */
function inOrder(tasks: readonly SyncTask[], namespace: string): readonly SyncTask[] {
  const isFirst = (task: SyncTask) => !task.live && isNamespace(task.target, namespace);
  const waves = [
    ...Map.groupBy(
      tasks.filter((task) => !isFirst(task)),
      waveKey,
    ).values(),
  ];
  return [
    ...tasks.filter(isFirst),
    ...waves.flatMap((wave) => [...wave.filter(isPrune), ...wave.filter((task) => !isPrune(task))]),
  ];
}

function waveKey({ phase, wave }: { readonly phase: SyncPhase; readonly wave: number }): string {
  return `${phase} ${wave}`;
}

function actionOf(task: SyncTask, settings: SyncSettings): PlannedAction {
  if (isHookTask(task)) return 'hook';
  if (isPrune(task)) return pruneRefusal(task.live, settings) === undefined ? 'delete' : 'left';
  if (!task.live) return 'create';
  const verb = chooseVerb(task, settings);
  if (verb.verb === 'replace' && verb.force) return 'recreate';
  if (verb.verb !== 'apply') return 'update';
  const dryRun = task.difference?.dryRun;
  const isImpossible = dryRun?.outcome === 'failed' && dryRun.invalid === true;
  if ((dryRun?.outcome === 'recreates' && verb.serverSide) || (isImpossible && verb.force)) return 'recreate';
  return isUnchanged(task) ? 'unchanged' : 'update';
}

/** What the API server said against it when it was tried. */
function failureOf(task: SyncTask, action: PlannedAction): string | undefined {
  if (task.failure !== undefined) return task.failure;
  const dryRun = task.difference?.dryRun;
  return dryRun?.outcome === 'failed' && action !== 'recreate' ? dryRun.message : undefined;
}
