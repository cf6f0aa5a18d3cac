// The sentence that says what an Application's state is, and what comes next.

import { describe, expect, it } from 'vitest';
import { stateSentence } from '../../src/application/state-sentence.ts';
import type { Application, ApplicationStatus, OperationState, SyncPolicy } from '../../src/application/types.ts';

const REVISION = '3f9c1a2b4d5e6f708192a3b4c5d6e7f801234567';
const OBJECTS = [
  { version: 'v1', kind: 'ConfigMap', name: 'a', status: 'OutOfSync' },
  { version: 'v1', kind: 'ConfigMap', name: 'b', status: 'Synced' },
] as const;
const OUT_OF_SYNC: ApplicationStatus = { sync: { status: 'OutOfSync', revision: REVISION }, resources: OBJECTS };

function sentence(status: ApplicationStatus, syncPolicy: SyncPolicy = {}): string {
  const app: Application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: { project: 'default', destination: {}, syncPolicy },
    status,
  };
  return stateSentence(app);
}

function running(state: Partial<OperationState>): ApplicationStatus {
  const operationState: OperationState = {
    operation: {},
    phase: 'Running',
    startedAt: '2026-03-10T12:00:00Z',
    ...state,
  };
  return { ...OUT_OF_SYNC, operationState };
}

const DIFFERS = 'OutOfSync: 1 of 2 objects differs from 3f9c1a2. Next: ';

describe('the sentence of an Application', () => {
  it.each<[string, ApplicationStatus, SyncPolicy, string]>([
    [
      'whose pruning waits for a person',
      running({ message: 'waiting for pruning confirmation of /ConfigMap/b' }),
      {},
      'Syncing to 3f9c1a2 since 2026-03-10T12:00:00Z: waiting for pruning confirmation of /ConfigMap/b; hawser app confirm-deletion shop confirms it.',
    ],
    [
      'whose sync a window blocks',
      running({ message: 'Sync operation blocked by sync window' }),
      {},
      'Syncing to 3f9c1a2 since 2026-03-10T12:00:00Z: Sync operation blocked by sync window; hawser app approve shop does not wait.',
    ],
    ['that nobody has compared', {}, {}, 'Not compared yet. Next: refresh it, or push.'],
    ['that is synced by hand', OUT_OF_SYNC, {}, `${DIFFERS}SYNC, since automated sync is off.`],
    ['that is synced by pushes', OUT_OF_SYNC, { automated: {} }, `${DIFFERS}automated sync at the next push.`],
    [
      'whose automated sync failed',
      { ...OUT_OF_SYNC, conditions: [{ type: 'SyncError', message: 'no' }] },
      { automated: {} },
      `${DIFFERS}a new commit, since the last automated sync failed.`,
    ],
    [
      'that a window holds',
      { ...OUT_OF_SYNC, conditions: [{ type: 'SyncHeld', message: 'sync to 3f9c1a2 is held until noon' }] },
      { automated: {} },
      `${DIFFERS}the sync to 3f9c1a2 is held until noon; hawser app approve shop does not wait.`,
    ],
    ['that is synced now', running({ message: 'syncing' }), {}, 'Syncing to 3f9c1a2 since 2026-03-10T12:00:00Z.'],
    [
      'that waits for an object',
      running({ message: 'waiting for healthy state of /Service/lb' }),
      {},
      'Syncing to 3f9c1a2 since 2026-03-10T12:00:00Z: waiting for healthy state of /Service/lb.',
    ],
    [
      'that waits for another attempt',
      running({ finishedAt: '2026-03-10T12:00:09Z', message: 'no. Retrying attempt #1 at 12:00PM.' }),
      {},
      'Syncing to 3f9c1a2 failed: no. Retrying attempt #1 at 12:00PM.',
    ],
    ['whose operation is to end', running({ phase: 'Terminating' }), {}, 'Syncing is being ended.'],
    [
      'that is as Git says',
      { sync: { status: 'Synced', revision: REVISION }, resources: OBJECTS },
      {},
      'Synced: all 2 objects are as 3f9c1a2 says.',
    ],
    [
      'of one object',
      { sync: { status: 'Synced', revision: REVISION }, resources: OBJECTS.slice(0, 1) },
      {},
      'Synced: its one object is as 3f9c1a2 says.',
    ],
  ])('%s', (_, status, syncPolicy, expected) => {
    expect(sentence(status, syncPolicy)).toBe(expected);
  });
});
