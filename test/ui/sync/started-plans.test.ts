// Which operation a plan that was confirmed belongs to, while the stream tells of one state after the other.

import { describe, expect, it } from 'vitest';
import type { Application, Operation, OperationState } from '../../../src/application/types.ts';
import type { Plan } from '../../../src/ui/web/sync/plan-types.ts';
import { keepPlan, startedPlan } from '../../../src/ui/web/sync/started-plans.ts';

const PLAN: Plan = {
  sentence: '',
  counts: { create: 0, update: 1, delete: 0, recreate: 0, hooks: 0, unchanged: 0, left: 0 },
  steps: [],
  problems: [],
};
const traced = (trace: string | undefined): Operation =>
  trace === undefined ? {} : { info: [{ name: 'hawser.dev/traceparent', value: trace }] };
const state = (operation: Operation, startedAt: string): OperationState => ({ operation, phase: 'Running', startedAt });

function app(operationState: OperationState | undefined, operation?: Operation): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: { project: 'default', destination: {} },
    status: operationState ? { operationState } : {},
    ...(operation && { operation }),
  };
}

describe.each([
  ['by their trace', 'ours', 'another'],
  ['by their time, where there is no trace', undefined, undefined],
])('operations are told apart %s', (title, ours, others) => {
  const before = state(traced(others), '2026-03-10T12:00:00Z');
  const key = `argocd/${title}`;
  const shown = (found: Application) => {
    const started = startedPlan(key, found);
    return started && (started.operation ? 'its progress' : 'awaited');
  };

  it('nothing is known of an Application of which no plan was confirmed', () => {
    expect(startedPlan(`${key} other`, app(before))).toBeUndefined();
  });

  it('a plan is awaited until its operation begins, and gives way to the next one', () => {
    keepPlan(key, PLAN, app(before, traced(ours)), before);
    expect(shown(app(before))).toBe('awaited');
    expect(shown(app(before, traced(ours)))).toBe('awaited');
    expect(shown(app(state(traced(ours), '2026-03-10T12:05:00Z')))).toBe('its progress');
  });
});

describe('an operation of somebody else', () => {
  it('is no progress of the plan', () => {
    const before = state(traced('first'), '2026-03-10T12:00:00Z');
    keepPlan('argocd/shop', PLAN, app(before, traced('ours')), before);
    expect(startedPlan('argocd/shop', app(state(traced('later'), '2026-03-10T12:09:00Z')))).toBeUndefined();
  });
});
