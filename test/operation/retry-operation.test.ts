// What a failed attempt becomes (Argo CD: controller/appcontroller.go, processRequestedAppOperation).

import { describe, expect, it } from 'vitest';
import type { OperationState } from '../../src/application/types.ts';
import { pendingOperation } from '../../src/operation/pending-operation.ts';
import { endAttempt } from '../../src/operation/retry-operation.ts';

const NOW = Date.parse('2026-03-10T13:04:30Z');
const FINISHED = '2026-03-10T13:04:30Z';

function failed(more: Partial<OperationState> = {}, retry?: OperationState['operation']['retry']): OperationState {
  return {
    operation: { sync: {}, ...(retry && { retry }) },
    phase: 'Failed',
    message: 'no',
    startedAt: '2026-03-10T13:00:00Z',
    ...more,
  };
}

describe('the end of an attempt', () => {
  it.each<[string, OperationState, boolean, Partial<OperationState>]>([
    [
      'that succeeded is the end',
      failed({ phase: 'Succeeded' }, { limit: 5 }),
      false,
      { phase: 'Succeeded', message: 'no' },
    ],
    ['that failed without a retry is the end', failed(), false, { phase: 'Failed', message: 'no' }],
    [
      'that failed is followed by another',
      failed({}, { limit: 2 }),
      false,
      {
        phase: 'Running',
        retryCount: 1,
        message: 'no. Retrying attempt #1 at 1:04PM.',
      },
    ],
    [
      'that ended with an error is followed by another, too',
      failed({ phase: 'Error' }, { limit: 2 }),
      false,
      {
        phase: 'Running',
        retryCount: 1,
      },
    ],
    [
      'is counted',
      failed({ retryCount: 1 }, { limit: 2, backoff: { duration: '1m', factor: 3 } }),
      false,
      {
        phase: 'Running',
        retryCount: 2,
        message: 'no. Retrying attempt #2 at 1:07PM.',
      },
    ],
    [
      'at the limit is the end',
      failed({ retryCount: 2 }, { limit: 2 }),
      false,
      {
        phase: 'Failed',
        message: 'no (retried 2 times).',
      },
    ],
    ['below 0 has no limit', failed({ retryCount: 99 }, { limit: -1 }), false, { phase: 'Running', retryCount: 100 }],
    ['that nobody wants any more is the end', failed({}, { limit: 2 }), true, { phase: 'Failed', message: 'no' }],
    [
      'with a duration that is none is an error',
      failed({}, { limit: 2, backoff: { duration: 'soon' } }),
      false,
      { phase: 'Error', message: 'no (failed to retry: unable to parse soon as a duration)' },
    ],
  ])('%s', (_, state, isFinal, expected) => {
    expect(endAttempt(state, { nowMs: NOW, isFinal })).toMatchObject({ ...expected, finishedAt: FINISHED });
  });
});

describe('an operation that waits for its next attempt', () => {
  it.each([
    { retryCount: 1, seconds: 5 },
    { retryCount: 2, seconds: 10 },
    { retryCount: 3, seconds: 20 },
    { retryCount: 9, seconds: 180 },
  ])('after $retryCount is due $seconds s after its end, by its recorded state alone', ({ retryCount, seconds }) => {
    const state = failed({ phase: 'Running', retryCount, finishedAt: FINISHED }, { limit: 10 });
    const pending = pendingOperation({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'a', namespace: 'argocd' },
      spec: { project: 'default', destination: {} },
      status: { operationState: state },
    });
    expect(pending).toMatchObject({ kind: 'retry', dueMs: NOW + seconds * 1000 });
  });
});
