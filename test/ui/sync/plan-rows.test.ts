// The rows of a plan: before, while and after the sync.

import { describe, expect, it } from 'vitest';
import type { OperationState, ResourceResult } from '../../../src/application/types.ts';
import { addCounts, applyLabel, isRefused } from '../../../src/ui/web/sync/plan-label.ts';
import { groupRows, progressOf, syncRows } from '../../../src/ui/web/sync/plan-rows.ts';
import type { PlanProblem, PlanStep } from '../../../src/ui/web/sync/plan-types.ts';
import { SYNC_TEXTS } from '../../../src/ui/web/sync/sync-texts.ts';

const step = (name: string, more: Partial<PlanStep> = {}): PlanStep => ({
  ...{ phase: 'Sync', wave: 0, action: 'update', group: '', version: 'v1', kind: 'ConfigMap', namespace: 'n', name },
  changes: [],
  needsConfirmation: false,
  ...more,
});
const result = (name: string, more: Partial<ResourceResult> = {}): ResourceResult => ({
  ...{ group: '', version: 'v1', kind: 'ConfigMap', namespace: 'n', name, syncPhase: 'Sync' },
  ...more,
});
const operation = (phase: OperationState['phase'], resources: readonly ResourceResult[]): OperationState => ({
  operation: {},
  phase,
  startedAt: '2026-03-10T12:00:00Z',
  ...(phase !== 'Running' && { finishedAt: '2026-03-10T12:00:09Z' }),
  syncResult: { resources },
});
const golden = (steps: readonly PlanStep[] | undefined, state: OperationState | undefined) =>
  syncRows(steps, state).map(
    (row) => `${row.phase} ${row.action} ${row.name}: ${row.state}${row.message ? ` (${row.message})` : ''}`,
  );

const STEPS = [
  step('before', { phase: 'PreSync', action: 'hook', isGenerated: true, name: 'before-' }),
  step('a'),
  step('b', { wave: 2, action: 'create' }),
  step('fail', { phase: 'SyncFail', action: 'hook', isForFailure: true }),
];

describe('the rows of a sync', () => {
  it('are the plan before anything has begun', () => {
    expect(golden(STEPS, undefined)).toEqual([
      'PreSync hook before-: undefined',
      'Sync update a: undefined',
      'Sync create b: undefined',
      'SyncFail hook fail: undefined',
    ]);
  });

  it('turn from planned to running to done', () => {
    const hook = result('before-3f9c1a2', {
      syncPhase: 'PreSync',
      hookType: 'PreSync',
      hookPhase: 'Succeeded',
      status: 'Synced',
    });
    const running = result('a', { status: 'Synced', hookPhase: 'Running', message: 'configmap/a configured' });
    expect(golden(STEPS, operation('Running', [hook, running]))).toEqual([
      'PreSync hook before-3f9c1a2: done',
      'Sync update a: running (configmap/a configured)',
      'Sync create b: planned',
      'SyncFail hook fail: planned',
    ]);
    const applied = result('b', { status: 'Synced', hookPhase: 'Running', message: 'configmap/b created' });
    const done = syncRows(STEPS, operation('Succeeded', [hook, { ...running, hookPhase: 'Succeeded' }, applied]));
    expect(done.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'notRun']);
    expect(progressOf(done)).toEqual({ done: 3, failed: 0, all: 3 });
  });

  it('say what failed, and what was not run for it', () => {
    const failed = result('a', { status: 'SyncFailed', hookPhase: 'Failed', message: 'no' });
    const rows = syncRows(STEPS, operation('Failed', [failed]));
    expect(rows.map(({ state }) => state)).toEqual(['notRun', 'failed', 'notRun', 'notRun']);
    expect(progressOf(rows)).toEqual({ done: 0, failed: 1, all: 3 });
  });

  it('show what nobody had planned, too', () => {
    expect(
      golden(
        [step('a')],
        operation('Running', [result('other', { status: 'Synced', hookPhase: 'Succeeded', message: 'x created' })]),
      ),
    ).toEqual(['Sync update a: planned', 'Sync create other: done (x created)']);
  });

  it.each<[string, Partial<ResourceResult>, string]>([
    ['created', { status: 'Synced', message: 'configmap/a created' }, 'create'],
    ['changed', { status: 'Synced', message: 'configmap/a configured' }, 'update'],
    ['left as it was', { status: 'Synced', message: 'configmap/a unchanged' }, 'unchanged'],
    ['pruned', { status: 'Pruned', message: 'pruned' }, 'delete'],
    ['not pruned', { status: 'PruneSkipped', message: 'ignored (requires pruning)' }, 'left'],
    ['run as a hook', { hookType: 'PreSync', hookPhase: 'Succeeded', message: 'job/a created' }, 'hook'],
  ])('of a record alone say what was %s', (_, more, action) => {
    expect(syncRows(undefined, operation('Succeeded', [result('a', more)]))[0]).toMatchObject({
      action,
      state: 'done',
    });
  });

  it('stand by phase and wave, those that stay apart', () => {
    const steps = [...STEPS, step('still', { action: 'unchanged', wave: 2 })];
    const { groups, still } = groupRows(syncRows(steps, undefined));
    expect(groups.map(({ phase, wave, rows }) => [phase, wave, ...rows.map(({ name }) => name)])).toEqual([
      ['PreSync', 0, 'before-'],
      ['Sync', 0, 'a'],
      ['Sync', 2, 'b'],
      ['SyncFail', 0, 'fail'],
    ]);
    expect(still.map(({ name }) => name)).toEqual(['still']);
  });
});

describe('the button of a plan', () => {
  const none = { create: 0, update: 0, delete: 0, recreate: 0, hooks: 0, unchanged: 3, left: 0 };
  it.each([
    [{ ...none, create: 1, update: 1, delete: 1 }, 'Apply 2 changes, delete 1', '변경 2건 적용, 1개 삭제'],
    [{ ...none, update: 1 }, 'Apply 1 change', '변경 1건 적용'],
    [{ ...none, delete: 2, hooks: 1 }, 'Delete 2, run 1 hook', '2개 삭제, 훅 1개 실행'],
    [none, '', ''],
  ])('%#: says what it will do', (counts, english, korean) => {
    expect(applyLabel(counts, SYNC_TEXTS.en)).toBe(english);
    expect(applyLabel(counts, SYNC_TEXTS.ko)).toBe(korean);
  });

  it('adds several plans up', () => {
    expect(
      addCounts([
        { ...none, update: 1 },
        { ...none, create: 2 },
      ]),
    ).toEqual({ ...none, create: 2, update: 1, unchanged: 6 });
  });

  const plain = { isDryRun: false, isRollback: false, turnsAutomationOff: false };
  const problem = (code: PlanProblem['code'], blocks = true): PlanProblem => ({ code, message: '', blocks });
  it.each([
    [[], plain, false],
    [[problem('pruningOff', false)], plain, false],
    [[problem('wouldFail')], plain, false],
    [[problem('windowClosed')], plain, true],
    [[problem('windowClosed')], { ...plain, isDryRun: true }, false],
    [[problem('operationRunning')], { ...plain, isDryRun: true }, true],
    [[problem('automated')], { ...plain, isRollback: true }, true],
    [[problem('automated')], { ...plain, isRollback: true, turnsAutomationOff: true }, false],
  ])('%#: is off only for what the server would refuse', (problems, circumstances, expected) => {
    expect(isRefused(problems, circumstances)).toBe(expected);
  });
});
