// What the button of a plan says it will do, and which problems keep it from being pressed. Pure.

import type { PlanCounts, PlanProblem } from './plan-types.ts';
import type { SyncWords } from './sync-texts.ts';

/** `Apply 2 changes, delete 1`; empty where nothing is done. */
export function applyLabel(counts: PlanCounts, t: SyncWords): string {
  const { create, update, recreate, hooks } = counts;
  return t.apply({ changes: create + update + recreate, deletions: counts.delete, hooks });
}

/** Of several plans together. */
export function addCounts(all: readonly PlanCounts[]): PlanCounts {
  const sum = (key: keyof PlanCounts) => all.reduce((total, counts) => total + counts[key], 0);
  return {
    create: sum('create'),
    update: sum('update'),
    delete: sum('delete'),
    recreate: sum('recreate'),
    hooks: sum('hooks'),
    unchanged: sum('unchanged'),
    left: sum('left'),
  };
}

/** The server would not begin it. What is only sure to fail may be tried. */
const REFUSED: readonly PlanProblem['code'][] = [
  'suspended',
  'operationRunning',
  'beingDeleted',
  'automated',
  'windowClosed',
];

/** A dry run changes nothing: neither windows nor automated sync stand against it. */
const PASSED_BY_DRY_RUN: readonly PlanProblem['code'][] = ['windowClosed', 'automated'];

export interface Circumstances {
  readonly isDryRun: boolean;
  readonly isRollback: boolean;
  /** Automated sync is turned off with it. */
  readonly turnsAutomationOff: boolean;
}

export function isRefused(problems: readonly PlanProblem[], circumstances: Circumstances): boolean {
  const { isDryRun, isRollback, turnsAutomationOff } = circumstances;
  return problems.some(({ code, blocks }) => {
    if (!blocks || !REFUSED.includes(code)) return false;
    if (code === 'automated' && isRollback) return !turnsAutomationOff;
    return !(isDryRun && PASSED_BY_DRY_RUN.includes(code));
  });
}
