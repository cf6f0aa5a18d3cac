// Every reason for which automated sync acts or does not (Argo CD: controller/appcontroller.go, autoSync).

import { describe, expect, it } from 'vitest';
import type { Comparison, Difference } from '../../src/application/difference.ts';
import type { Application, Operation, OperationState, SyncCode, SyncPolicy } from '../../src/application/types.ts';
import { type AutoSyncDecision, decideAutoSync } from '../../src/operation/auto-sync.ts';

const SOURCE = { repoURL: 'https://git.example.com/app', path: 'm' };
const NOW = Date.parse('2026-03-10T12:00:00Z');
const OPEN = { allowed: true, reason: 'no sync window concerns the Application' };

type Change = Partial<Pick<Difference, 'hook' | 'requiresPruning'>> & { status?: SyncCode };

function difference(
  name: string,
  { status = 'Synced', hook = false, requiresPruning = false }: Change = {},
): Difference {
  return {
    key: { group: 'apps', kind: 'Deployment', namespace: 'shop', name },
    version: 'v1',
    hook,
    ...(!hook && { status }),
    modified: status !== 'Synced',
    ownershipChanges: false,
    requiresPruning,
    syncWave: 0,
    dryRun: { outcome: 'passed' },
    adopts: [],
  };
}

function comparison(differences: readonly Difference[], status: SyncCode = 'OutOfSync'): Comparison {
  return { status, differences, conditions: [] };
}

function application(automated: SyncPolicy['automated'], more: Partial<Application> = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      source: SOURCE,
      syncPolicy: { ...(automated && { automated }) },
    },
    status: {},
    ...more,
  };
}

/** The last operation: of revision `a` at `SOURCE`, automated, ended ten minutes ago. */
function lastly(state: Partial<OperationState>, sync: Operation['sync'] = {}): Pick<Application, 'status'> {
  return {
    status: {
      operationState: {
        operation: { sync, initiatedBy: { automated: true } },
        phase: 'Succeeded',
        startedAt: '2026-03-10T11:49:00Z',
        finishedAt: '2026-03-10T11:50:00Z',
        syncResult: { revision: 'a', source: SOURCE },
        ...state,
      },
    },
  };
}

const CHANGED = comparison([difference('web', { status: 'OutOfSync' }), difference('db')]);
const PRUNE = comparison([difference('old', { status: 'OutOfSync', requiresPruning: true }), difference('db')]);
const WIPE = comparison([difference('old', { status: 'OutOfSync', requiresPruning: true })]);

function decide(app: Application, found: Comparison, context = {}): AutoSyncDecision {
  return decideAutoSync(app, found, { revisions: ['a'], nowMs: NOW, window: OPEN, ...context });
}

describe('automated sync does nothing', () => {
  it.each<[string, Application, Comparison, string]>([
    ['when it is off', application(undefined), CHANGED, 'automated sync is off'],
    ['when enabled is false', application({ enabled: false }), CHANGED, 'automated sync is off'],
    [
      'while the Application is being deleted',
      application({}, { metadata: { name: 'shop', namespace: 'argocd', deletionTimestamp: '2026-03-10T11:00:00Z' } }),
      CHANGED,
      'the Application is being deleted',
    ],
    ['while an operation is requested', application({}, { operation: { sync: {} } }), CHANGED, 'another operation'],
    ['when everything is Synced', application({}), comparison([difference('db')], 'Synced'), 'is Synced'],
    ['when it cannot be told', application({}), comparison([difference('db')], 'Unknown'), 'is Unknown'],
    ['when only deletions are left and prune is off', application({}), PRUNE, 'only deletions are left'],
    ['after a success at the same commit, without selfHeal', application({}, lastly({})), CHANGED, 'synced already'],
  ])('%s', (_, app, found, reason) => {
    const decision = decide(app, found);
    expect(decision).toMatchObject({ skip: expect.stringContaining(reason) });
    expect(decision).not.toHaveProperty('condition');
  });
});

describe('automated sync refuses aloud', () => {
  it.each<[string, Application, Comparison, string]>([
    [
      'to wipe out everything',
      application({ prune: true }),
      WIPE,
      'Skipping sync attempt to a: auto-sync will wipe out all resources',
    ],
    [
      'to repeat what has failed at the same commit',
      application({}, lastly({ phase: 'Failed', message: 'no' })),
      CHANGED,
      'Failed last sync attempt to a: no',
    ],
    [
      'to repeat an error, even with selfHeal',
      application({ selfHeal: true }, lastly({ phase: 'Error', message: 'no' })),
      CHANGED,
      'Failed last sync attempt to a: no',
    ],
  ])('%s', (_, app, found, message) => {
    expect(decide(app, found)).toMatchObject({ condition: { type: 'SyncError', message } });
  });
});

describe('automated sync acts', () => {
  it.each<[string, Application, Comparison, object]>([
    ['on a change', application({}), CHANGED, { revision: 'a', prune: false }],
    ['with prune on deletions', application({ prune: true }), PRUNE, { prune: true }],
    [
      'with allowEmpty on the deletion of everything',
      application({ prune: true, allowEmpty: true }),
      WIPE,
      { prune: true },
    ],
    [
      'on another commit than the one that failed',
      application({}, lastly({ phase: 'Failed', syncResult: { revision: 'b', source: SOURCE } })),
      CHANGED,
      {},
    ],
    [
      'on another source at the same commit',
      application({}, lastly({ syncResult: { revision: 'a', source: { ...SOURCE, path: 'other' } } })),
      CHANGED,
      {},
    ],
    ['after a dry run of the same commit', application({}, lastly({}, { dryRun: true })), CHANGED, {}],
    [
      'after a person synced chosen objects of the same commit',
      application({}, lastly({ operation: { sync: { resources: [{ kind: 'Deployment', name: 'web' }] } } })),
      CHANGED,
      {},
    ],
    [
      'after the same commit was superseded',
      application({}, lastly({ phase: 'Failed', message: 'superseded by a newer revision' })),
      CHANGED,
      {},
    ],
  ])('%s', (_, app, found, sync) => {
    const decision = decide(app, found);
    expect(decision).toMatchObject({ operation: { sync, initiatedBy: { automated: true }, retry: { limit: 5 } } });
    expect(decision).not.toHaveProperty('operation.sync.resources');
  });

  it('with the syncOptions and the retry of the spec', () => {
    const app = application({});
    const syncPolicy = { automated: {}, syncOptions: ['PruneLast=true'], retry: { limit: 1 } };
    expect(decide({ ...app, spec: { ...app.spec, syncPolicy } }, CHANGED)).toMatchObject({
      operation: { sync: { syncOptions: ['PruneLast=true'] }, retry: { limit: 1 } },
    });
  });

  it('at the commits of all sources', () => {
    const app = application({});
    const { source: _, ...spec } = app.spec;
    const several = { ...app, spec: { ...spec, sources: [SOURCE, { ...SOURCE, path: 'n' }] } };
    expect(decide(several, CHANGED, { revisions: ['a', 'b'] })).toMatchObject({
      operation: { sync: { revisions: ['a', 'b'] } },
    });
  });
});

describe('selfHeal', () => {
  const resources = [{ group: 'apps', kind: 'Deployment', name: 'web', namespace: 'shop' }];
  const healed = (count: number, finishedAt: string) =>
    application({ selfHeal: true }, lastly({ finishedAt }, { resources, autoHealAttemptsCount: count }));

  it('syncs what is not Synced, alone', () => {
    expect(decide(application({ selfHeal: true }, lastly({})), CHANGED)).toMatchObject({
      operation: { sync: { resources, autoHealAttemptsCount: 1 } },
    });
  });

  it('runs no hooks for what is no object', () => {
    const found = comparison([difference('db')]);
    const decision = decide(application({ selfHeal: true }, lastly({})), found);
    expect(decision).toMatchObject({ operation: { sync: { syncStrategy: { apply: {} } } } });
    expect(decision).not.toHaveProperty('operation.sync.resources');
  });

  it.each([
    { count: 1, pauseMs: 2_000 },
    { count: 2, pauseMs: 6_000 },
    { count: 3, pauseMs: 18_000 },
    { count: 4, pauseMs: 54_000 },
    { count: 5, pauseMs: 162_000 },
    { count: 6, pauseMs: 300_000 },
    { count: 40, pauseMs: 300_000 },
  ])('after $count times in a row pauses $pauseMs ms', ({ count, pauseMs }) => {
    const finishedMs = Date.parse('2026-03-10T11:59:59Z');
    const app = healed(count, '2026-03-10T11:59:59Z');
    expect(decide(app, CHANGED, { nowMs: finishedMs + pauseMs - 1 })).toMatchObject({
      again: { alarm: 'heal', atMs: finishedMs + pauseMs },
    });
    expect(decide(app, CHANGED, { nowMs: finishedMs + pauseMs })).toMatchObject({
      operation: { sync: { autoHealAttemptsCount: count + 1 } },
    });
  });

  it('counts anew when there was nothing to heal for a while', () => {
    expect(decide(healed(6, '2026-03-10T11:54:29Z'), CHANGED)).toMatchObject({
      operation: { sync: { autoHealAttemptsCount: 1 } },
    });
  });
});

describe('in a closed sync window', () => {
  const nextChangeMs = Date.parse('2026-03-10T21:00:00Z');
  const window = { allowed: false, reason: 'a deny window is active', nextChangeMs };

  it('what would be synced is held, with an alarm for its opening', () => {
    const message = 'sync to a is held until 2026-03-10T21:00:00Z: a deny window is active';
    expect(decide(application({}), CHANGED, { window })).toEqual({
      skip: message,
      condition: { type: 'SyncHeld', message },
      again: { alarm: 'window', atMs: nextChangeMs },
    });
  });

  it('what would not be synced anyway is not held', () => {
    expect(decide(application({}, lastly({})), CHANGED, { window })).not.toHaveProperty('condition');
  });

  it('a window without an end is told without a time', () => {
    const decision = decide(application({}), CHANGED, {
      window: { allowed: false, reason: 'invalid sync windows: x' },
    });
    expect(decision).toMatchObject({ condition: { message: 'sync to a is held: invalid sync windows: x' } });
    expect(decision).not.toHaveProperty('again');
  });
});

describe('after an operation that is no attempt', () => {
  const HISTORY = [{ id: 0, revision: 'a', source: SOURCE, deployedAt: '2026-03-10T11:40:00Z' }];
  const CHOSEN = { operation: { sync: { resources: [{ kind: 'Deployment', name: 'db' }] } } };
  const DRY = { operation: { sync: { dryRun: true } } };

  it.each([
    ['a dry run', DRY],
    ['a sync of chosen resources', CHOSEN],
  ])('%s: what was deployed before counts', (_, state) => {
    const { status } = lastly(state);
    const of = (automated: SyncPolicy['automated']) =>
      application(automated, { status: { ...status, history: HISTORY } });
    expect(decide(of({}), CHANGED)).toEqual({ skip: 'this revision was synced already, and selfHeal is off' });
    expect(decide(of({ selfHeal: true }), CHANGED)).toMatchObject({ operation: { sync: { revision: 'a' } } });
    expect(decide(of({}), CHANGED, { revisions: ['b'] })).toMatchObject({ operation: { sync: { revision: 'b' } } });
  });
});
