// What lists of deliveries show: filters, order, days, and what waits.

import { describe, expect, it } from 'vitest';
import type { Application } from '../../../src/application/types.ts';
import {
  byDay,
  changeOf,
  type Delivery,
  heldPushes,
  isShown,
  shortRef,
  shortRepository,
  type VerdictKind,
  verdictsOf,
  withDelivery,
} from '../../../src/ui/web/deliveries/delivery-list.ts';
import { outcomeOf } from '../../../src/ui/web/deliveries/delivery-outcome.ts';
import { type Drift, driftState, shownUser } from '../../../src/ui/web/deliveries/drift-list.ts';

const ZERO = '0'.repeat(40);

function delivery(more: Partial<Delivery> = {}, verdicts: Readonly<Record<string, VerdictKind>> = {}): Delivery {
  const applications = Object.entries(verdicts).map(([name, verdict]) => ({
    ...{ name, verdict, reason: '', paths: [], operationUrl: '' },
  }));
  const counts: Partial<Record<VerdictKind, number>> = {};
  for (const { verdict } of applications) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return {
    ...{ key: 'k', deliveryId: 'd', provider: 'gogs', repository: 'https://git.test/devops/app', holder: 'h' },
    ...{ ref: 'refs/heads/main', receivedAt: '2026-11-23T12:00:00Z', state: 'done', notes: [], counts, applications },
    ...more,
  };
}

describe('a filter', () => {
  const one = delivery({ state: 'open', left: ['argocd/late'] }, { web: 'sync', till: 'manual' });
  it.each([
    [{}, true],
    [{ state: 'open' }, true],
    [{ state: 'done' }, false],
    [{ ref: 'main' }, true],
    [{ ref: 'refs/heads/main' }, true],
    [{ ref: 'mai' }, false],
    [{ verdict: 'manual' }, true],
    [{ verdict: 'error' }, false],
    [{ application: 'web' }, true],
    [{ application: 'late' }, true],
    [{ application: 'other' }, false],
    [{ repository: 'https://git.test/devops/app.git' }, true],
    [{ repository: 'devops/app' }, true],
    [{ repository: 'https://git.test/devops/application' }, false],
    [{ application: 'web', state: 'done' }, false],
  ])('%j fits: %s', (filter, expected) => {
    expect(isShown(one, filter)).toBe(expected);
  });
});

describe('a change that comes', () => {
  const older = delivery({ key: 'older', receivedAt: '2026-11-23T11:00:00Z' });
  const newer = delivery({ key: 'newer', receivedAt: '2026-11-23T13:00:00Z' });
  const keys = (list: readonly Delivery[]) => list.map(({ key }) => key);

  it('is put in its place by when it was received', () => {
    expect(keys(withDelivery([newer], older, {}, 10))).toEqual(['newer', 'older']);
    expect(keys(withDelivery([older], newer, {}, 10))).toEqual(['newer', 'older']);
  });

  it('takes the place of what was known', () => {
    const changed = withDelivery([newer, older], { ...older, state: 'open' }, {}, 10);
    expect(changed.map(({ key, state }) => [key, state])).toEqual([
      ['newer', 'done'],
      ['older', 'open'],
    ]);
  });

  it('goes when it no longer fits', () => {
    expect(keys(withDelivery([newer, older], { ...older, state: 'done' }, { state: 'open' }, 10))).toEqual(['newer']);
  });

  it('pushes out the oldest', () => {
    expect(keys(withDelivery([older], newer, {}, 1))).toEqual(['newer']);
  });
});

describe('names', () => {
  it.each([
    ['https://github.com/devops/app.git', 'devops/app'],
    ['http://127.0.0.1:3000/a/b/c', 'a/b/c'],
    ['git@github.com:devops/app.git', 'devops/app'],
    ['ssh://git@git.test:22/devops/app', 'devops/app'],
    ['oci://ghcr.io/owner/chart', 'owner/chart'],
    ['', ''],
  ])('of %s are shown as %s', (address, expected) => {
    expect(shortRepository(address)).toBe(expected);
  });

  it.each([
    ['refs/heads/main', 'main'],
    ['refs/heads/feature/x', 'feature/x'],
    ['refs/tags/v1', 'v1'],
    ['1.2.3', '1.2.3'],
  ])('of %s are %s', (ref, expected) => {
    expect(shortRef(ref)).toBe(expected);
  });

  it.each([
    ['system:serviceaccount:shop:ci', 'shop/ci'],
    ['kim@example.com', 'kim@example.com'],
  ])('of the user %s are %s', (user, expected) => {
    expect(shownUser(user)).toBe(expected);
  });
});

describe('a list', () => {
  it('is by days of the reader', () => {
    const late = delivery({ key: 'late', receivedAt: '2026-11-23T16:00:00Z' });
    const early = delivery({ key: 'early', receivedAt: '2026-11-23T14:00:00Z' });
    const days = (zone: string) => byDay([late, early], zone).map(([day, of]) => [day, of.length]);
    expect(days('UTC')).toEqual([['2026-11-23', 2]]);
    expect(days('Asia/Seoul')).toEqual([
      ['2026-11-24', 1],
      ['2026-11-23', 1],
    ]);
  });

  it('names first what somebody has to look at', () => {
    const one = delivery({}, { a: 'unaffected', b: 'sync', c: 'error', d: 'unaffected' });
    expect(verdictsOf(one)).toEqual([
      ['error', 1],
      ['sync', 1],
      ['unaffected', 2],
    ]);
  });

  it.each([
    [{ before: ZERO, after: 'a'.repeat(40) }, 'created'],
    [{ before: 'a'.repeat(40), after: ZERO }, 'deleted'],
    [{ before: 'a'.repeat(40), after: 'b'.repeat(40) }, 'changed'],
    [{}, 'changed'],
  ])('tells of %j that its ref was %s', (more, expected) => {
    expect(changeOf(delivery(more))).toBe(expected);
  });
});

describe('what waits for a window', () => {
  const commits = (...ids: string[]) => ids.map((id) => ({ id, message: id }));
  it('is what was held since something was not', () => {
    const list = [
      delivery({ commits: commits('5', '6'), moreCommits: 1 }, { app: 'window-closed' }),
      delivery({ commits: commits('4') }, { app: 'unaffected' }),
      delivery({ commits: commits('3') }, { other: 'sync' }),
      delivery({ commits: commits('2') }, { app: 'window-closed' }),
      delivery({ commits: commits('1') }, { app: 'sync' }),
      delivery({ commits: commits('0') }, { app: 'window-closed' }),
    ];
    expect(heldPushes(list, 'app')).toEqual({ pushes: 2, commits: 4 });
    expect(heldPushes(list, 'other')).toEqual({ pushes: 0, commits: 0 });
  });
});

const app = (status: object, operation?: object) =>
  ({
    metadata: { name: 'app', namespace: 'argocd' },
    spec: {},
    status,
    ...(operation && { operation }),
  }) as Application;

describe('what became of a push', () => {
  const push = delivery({ after: 'abc', receivedAt: '2026-11-23T12:00:00.700Z' });
  const state = (more: object) => ({
    operationState: { operation: {}, phase: 'Succeeded', startedAt: '2026-11-23T12:00:00Z', ...more },
  });
  it.each([
    ['its sync', app(state({ syncResult: { revision: 'abc' }, finishedAt: 'then' })), 'Succeeded'],
    ['its sync among several sources', app(state({ syncResult: { revisions: ['x', 'abc'] } })), 'Succeeded'],
    ['its sync, which failed', app(state({ phase: 'Failed', syncResult: { revision: 'abc' } })), 'Failed'],
    ['its sync, which runs', app(state({ phase: 'Running', syncResult: { revision: 'abc' } })), 'running'],
    ['one that has not told of what', app(state({ phase: 'Running' })), 'running'],
    ['a newer one', app(state({ syncResult: { revision: 'def' } })), 'superseded'],
    ['one before', app(state({ startedAt: '2026-11-23T11:00:00Z', syncResult: { revision: 'abc' } })), 'unknown'],
    ['none that has begun', app({}, { sync: {} }), 'running'],
  ])('is told by the last operation: %s', (_, now, kind) => {
    expect(outcomeOf(now, push)?.kind).toBe(kind);
  });

  it('is not known where there was no operation', () => {
    expect(outcomeOf(app({}), push)).toBeUndefined();
  });
});

describe('what somebody changed', () => {
  const drift: Drift = {
    ...{ at: '2026-11-23T12:00:00.500Z', by: 'kim', operation: 'UPDATE', group: 'apps', kind: 'Deployment' },
    ...{ namespace: 'app', name: 'web', fields: [] },
    application: { name: 'app', namespace: 'argocd', project: 'default' },
  };
  const resources = (status: string) => [{ version: 'v1', kind: 'Deployment', name: 'web', status }];
  it.each([
    ['still differs', { resources: resources('OutOfSync'), reconciledAt: '2026-11-23T12:00:01Z' }, 'differs'],
    ['is repaired', { resources: resources('Synced'), reconciledAt: '2026-11-23T12:00:01Z' }, 'repaired'],
    ['was not compared since', { resources: resources('Synced'), reconciledAt: '2026-11-23T11:59:59Z' }, 'unknown'],
    ['is there no more', { resources: [] }, 'unknown'],
  ])('%s', (_, status, expected) => {
    expect(driftState(drift, app(status))).toBe(expected);
  });

  it('is not judged where the Application is not known', () => {
    expect(driftState(drift, undefined)).toBe('unknown');
  });
});
