// A sync of several Applications: what is chosen for all, and which of them it is for.

import { describe, expect, it } from 'vitest';
import type { Application, SyncPolicy } from '../../../src/application/types.ts';
import {
  type BulkChoices,
  bulkBody,
  readBulkChoices,
  verdictOf,
  writeBulkChoices,
} from '../../../src/ui/web/sync/bulk-choices.ts';
import type { Plan } from '../../../src/ui/web/sync/plan-types.ts';

const FIRST: BulkChoices = { prune: 'own', dryRun: false, applyOnly: false, force: false, outOfSyncOnly: true };
const app = (syncPolicy: SyncPolicy): Application => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: { project: 'default', destination: {}, source: { repoURL: 'r' }, syncPolicy },
  status: {},
});
const plan = (counts: Partial<Plan['counts']>, problems: Plan['problems'] = []): Plan => ({
  sentence: '',
  counts: { create: 0, update: 0, delete: 0, recreate: 0, hooks: 0, unchanged: 3, left: 0, ...counts },
  steps: [],
  problems,
});

describe('a sync of several', () => {
  it.each<[Partial<BulkChoices>]>([
    [{}],
    [{ prune: 'yes', dryRun: true }],
    [{ prune: 'no', force: true }],
    [{ applyOnly: true, outOfSyncOnly: false }],
  ])('%j survives in the address', (changes) => {
    const choices = { ...FIRST, ...changes };
    const written = writeBulkChoices(choices);
    expect(readBulkChoices((key) => (typeof written[key] === 'string' ? written[key] : undefined))).toEqual(choices);
  });

  it.each<[SyncPolicy, Partial<BulkChoices>, object]>([
    [{ automated: { prune: true } }, {}, { prune: true, syncOptions: ['ApplyOutOfSyncOnly=true'] }],
    [{ automated: { prune: true } }, { prune: 'no' }, { prune: false }],
    [
      { syncOptions: ['Replace=true'] },
      { prune: 'yes' },
      { prune: true, syncOptions: ['Replace=true', 'ApplyOutOfSyncOnly=true'] },
    ],
    [{ syncOptions: ['Replace=true'] }, { outOfSyncOnly: false }, { syncOptions: ['Replace=true'] }],
  ])('%#: keeps what each has of its own', (policy, changes, expected) => {
    expect(bulkBody(app(policy), { ...FIRST, ...changes })).toMatchObject(expected);
  });

  const closed: Plan['problems'] = [{ code: 'windowClosed', message: '', blocks: true }];
  it.each<[Plan, Partial<BulkChoices>, string]>([
    [plan({ update: 1 }), {}, 'sync'],
    [plan({ delete: 1 }), {}, 'sync'],
    [plan({}), {}, 'idle'],
    [plan({ hooks: 1 }), {}, 'idle'],
    [plan({ hooks: 1 }), { outOfSyncOnly: false }, 'sync'],
    [plan({ update: 1 }, closed), {}, 'refused'],
    [plan({ update: 1 }, closed), { dryRun: true }, 'sync'],
  ])('%#: is for those that have something to do, and may', (one, changes, expected) => {
    expect(verdictOf(one, { ...FIRST, ...changes })).toBe(expected);
  });
});
