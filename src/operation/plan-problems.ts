// What stands against a planned operation, or is to be known before it: as values, for whoever looks at the plan.

import type { Comparison } from '../application/difference.ts';
import { windowShown } from '../application/held-sync.ts';
import { isAutomated } from '../application/parse.ts';
import type { Project } from '../application/project.ts';
import { isSuspended, SUSPENDED } from '../application/suspended.ts';
import type { Application, Operation } from '../application/types.ts';
import type { SyncPlan } from '../sync/plan.ts';
import type { PlannedStep } from '../sync/planned-steps.ts';
import { describeTask } from '../sync/task.ts';
import { otherRevisions } from './draft-operation.ts';
import { formatTime } from './road.ts';
import { operationVerdict, REFUSED, untilOpen, windowsOf } from './window-rules.ts';

export type PlanProblemCode =
  | 'suspended'
  | 'operationRunning'
  | 'beingDeleted'
  /** Automated sync would take it back at once. */
  | 'automated'
  | 'windowClosed'
  /** The comparison has conditions. */
  | 'condition'
  /** The operation as a whole, or one object, is not valid; `invalid` ones are named with their step, too. */
  | 'refused'
  | 'invalid'
  /** The API server refuses an object when it is tried. */
  | 'wouldFail'
  /** Objects that Git no longer has stay. */
  | 'pruningOff'
  | 'needsConfirmation';

export interface PlanProblem {
  readonly code: PlanProblemCode;
  readonly message: string;
  /** It cannot be begun, or is sure to fail; otherwise it is only to be known. */
  readonly blocks: boolean;
  /** How many objects it is about. */
  readonly count?: number;
  /** RFC 3339: when a closed sync window lets it pass. */
  readonly opensAt?: string;
  /** In which zone people think of it. */
  readonly timeZone?: string;
  /** What the window is called. */
  readonly window?: string;
  /** `deny`: it has to end, not to begin. */
  readonly windowKind?: 'allow' | 'deny';
  /** A sync of this Application is held, and can be approved. */
  readonly canApprove?: boolean;
}

export interface ProblemInput {
  readonly app: Application;
  readonly operation: Operation;
  readonly project: Project | undefined;
  readonly plan: SyncPlan;
  readonly steps: readonly PlannedStep[];
  readonly comparison: Comparison;
  readonly nowMs: number;
  readonly isRollback: boolean;
}

/** Those that block come first. The rules are those of request-operation.ts and of the sync itself. */
export function planProblems(input: ProblemInput): readonly PlanProblem[] {
  const found = [
    ...ofApplication(input),
    ...ofWindows(input),
    ...ofConditions(input.comparison),
    ...ofPlan(input.plan),
    ...ofSteps(input),
  ];
  return [...found.filter(({ blocks }) => blocks), ...found.filter(({ blocks }) => !blocks)];
}

function ofApplication({ app, operation, isRollback }: ProblemInput): PlanProblem[] {
  const { operationState } = app.status;
  const isRunning = operationState?.phase === 'Running' || operationState?.phase === 'Terminating';
  const problems: PlanProblem[] = [];
  if (isSuspended(app)) problems.push({ code: 'suspended', message: SUSPENDED, blocks: true });
  if (app.operation || isRunning) {
    problems.push({ code: 'operationRunning', message: 'another operation is already in progress', blocks: true });
  }
  if (app.metadata.deletionTimestamp) {
    problems.push({ code: 'beingDeleted', message: 'application is deleting', blocks: true });
  }
  const message = automationProblem(app, operation, isRollback);
  if (message !== undefined) problems.push({ code: 'automated', message, blocks: true });
  return problems;
}

function automationProblem(app: Application, { sync = {} }: Operation, isRollback: boolean): string | undefined {
  if (!isAutomated(app)) return undefined;
  if (isRollback) return 'rollback cannot be initiated when auto-sync is enabled';
  if (sync.manifests) return 'cannot use local sync when Automatic Sync Policy is enabled unless for dry run';
  const [other] = otherRevisions(app, sync);
  return other && `Cannot sync to ${other.revision}: auto-sync currently set to ${other.target}`;
}

function ofWindows({ app, operation, project, nowMs }: ProblemInput): PlanProblem[] {
  const windows = windowsOf(project, app);
  const verdict = operationVerdict(windows, { operation, startedAt: formatTime(nowMs) }, nowMs);
  if (verdict.allowed) return [];
  const { nextChangeMs, reason } = verdict;
  return [
    {
      code: 'windowClosed',
      message: `${REFUSED}${untilOpen(verdict)}`,
      blocks: true,
      ...(nextChangeMs !== undefined && { opensAt: formatTime(nextChangeMs) }),
      ...windowShown(reason),
      canApprove: app.status.conditions?.some(({ type }) => type === 'SyncHeld') ?? false,
    },
  ];
}

/** A sync that cannot compare does nothing (take-up.ts); warnings are only told. */
function ofConditions({ conditions }: Comparison): PlanProblem[] {
  return conditions
    .filter(({ type }) => type !== 'DriftDetected')
    .map(({ type, message }) => ({
      code: 'condition' as const,
      message: `${type}: ${message}`,
      blocks: type === 'ComparisonError',
    }));
}

function ofPlan({ refusal, problems }: SyncPlan): PlanProblem[] {
  const invalid = problems.map(({ task, message }) => `${describeTask(task)}: ${message}`);
  return [
    ...(refusal === undefined ? [] : [{ code: 'refused' as const, message: refusal, blocks: true }]),
    ...(invalid.length === 0
      ? []
      : [{ code: 'invalid' as const, message: invalid.join('; '), blocks: true, count: invalid.length }]),
  ];
}

function ofSteps({ plan, steps }: ProblemInput): PlanProblem[] {
  const isInvalid = (step: PlannedStep) => plan.problems.some(({ task }) => task === step.task);
  const failing = steps.filter((step) => step.message !== undefined && step.action !== 'left' && !isInvalid(step));
  const left = steps.filter(({ action }) => action === 'left');
  const unconfirmed = steps.filter((step) => step.needsConfirmation);
  const named = (some: readonly PlannedStep[]) => some.map(({ task }) => describeTask(task)).join(', ');
  return [
    ...(failing.length === 0
      ? []
      : [
          {
            code: 'wouldFail' as const,
            message: failing.map(({ task, message }) => `${describeTask(task)}: ${message}`).join('; '),
            blocks: true,
            count: failing.length,
          },
        ]),
    ...(left.length === 0
      ? []
      : [{ code: 'pruningOff' as const, message: `not pruned: ${named(left)}`, blocks: false, count: left.length }]),
    ...(unconfirmed.length === 0
      ? []
      : [
          {
            code: 'needsConfirmation' as const,
            message: `pruned once somebody confirms it: ${named(unconfirmed)}`,
            blocks: false,
            count: unconfirmed.length,
          },
        ]),
  ];
}
