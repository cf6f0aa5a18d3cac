// What a plan would do, as a person would write it down before the sync.

import { describe, expect, it } from 'vitest';
import type { Difference } from '../../src/application/difference.ts';
import { isHook } from '../../src/application/hook.ts';
import { syncWave } from '../../src/application/wave.ts';
import { type KubeObject, keyOf } from '../../src/kube/object.ts';
import { planSync, type SyncSettings } from '../../src/sync/plan.ts';
import { countSteps, plannedSteps, planSentence } from '../../src/sync/planned-steps.ts';
import { objectOf } from '../../src/sync/task.ts';

type Annotations = Readonly<Record<string, string>>;
const WAVE = 'argocd.argoproj.io/sync-wave';
const HOOK = 'argocd.argoproj.io/hook';
const OPTIONS = 'argocd.argoproj.io/sync-options';

const map = (name: string, annotations: Annotations = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'n', annotations },
});

function difference(target: KubeObject | undefined, live?: KubeObject, more: Partial<Difference> = {}): Difference {
  const subject = target ?? live ?? map('');
  return {
    key: keyOf(subject),
    version: 'v1',
    ...(target && { target }),
    ...(live && { live }),
    hook: isHook(subject),
    modified: true,
    ownershipChanges: false,
    requiresPruning: target === undefined,
    syncWave: syncWave(subject),
    dryRun: { outcome: 'passed' },
    adopts: [],
    ...more,
  };
}

const created = (name: string, annotations?: Annotations) => difference(map(name, annotations));
const changed = (name: string, more: Partial<Difference> = {}, annotations?: Annotations) =>
  difference(map(name, annotations), map(name), more);
const same = (name: string) => changed(name, { modified: false });
const gone = (name: string, annotations?: Annotations) => difference(undefined, map(name, annotations));

const SETTINGS: SyncSettings = {
  namespace: 'n',
  revision: '0a1b2c3d4e5f',
  startedAt: '2023-11-14T22:13:20Z',
  prune: true,
  dryRun: false,
  force: false,
  skipHooks: false,
  syncOptions: [],
  pruneConfirmed: false,
};

function steps(differences: readonly Difference[], settings: Partial<SyncSettings> = {}) {
  return plannedSteps(planSync({ differences, settings: { ...SETTINGS, ...settings } }));
}

function golden(differences: readonly Difference[], settings?: Partial<SyncSettings>): readonly string[] {
  return steps(differences, settings).map(({ task, action, needsConfirmation, message }) => {
    const notes = [needsConfirmation ? 'once confirmed' : '', message ?? ''].filter(Boolean).join(': ');
    return `${task.phase} ${task.wave} ${action} ${objectOf(task).metadata.name}${notes ? ` (${notes})` : ''}`;
  });
}

describe('the steps of a plan', () => {
  it.each<[string, readonly Difference[], Partial<SyncSettings>, readonly string[]]>([
    [
      'say what comes, changes and stays',
      [created('new'), changed('old'), same('still')],
      {},
      ['Sync 0 create new', 'Sync 0 update old', 'Sync 0 unchanged still'],
    ],
    [
      'go wave by wave, deletions first',
      [created('late', { [WAVE]: '2' }), created('early', { [WAVE]: '-1' }), created('a'), gone('z')],
      {},
      ['Sync -1 create early', 'Sync 0 delete z', 'Sync 0 create a', 'Sync 2 create late'],
    ],
    [
      'leave what is not pruned',
      [gone('a'), gone('kept', { [OPTIONS]: 'Prune=false' })],
      { prune: false },
      ['Sync 0 left a (ignored (requires pruning))', 'Sync 0 left kept (ignored (requires pruning))'],
    ],
    [
      'leave what is never pruned',
      [gone('kept', { [OPTIONS]: 'Prune=false' })],
      {},
      ['Sync 0 left kept (ignored (no prune))'],
    ],
    ['wait for a person', [gone('a', { [OPTIONS]: 'Prune=confirm' })], {}, ['Sync 0 delete a (once confirmed)']],
    [
      'run hooks in their phases, those for a failure last',
      [
        created('fail', { [HOOK]: 'SyncFail' }),
        created('after', { [HOOK]: 'PostSync' }),
        created('a'),
        created('before', { [HOOK]: 'PreSync' }),
      ],
      {},
      ['PreSync 0 hook before', 'Sync 0 create a', 'PostSync 0 hook after', 'SyncFail 0 hook fail'],
    ],
    [
      'have no hooks where only applying was asked for',
      [created('a'), created('before', { [HOOK]: 'PreSync' })],
      { skipHooks: true },
      ['Sync 0 create a'],
    ],
    [
      'leave out what is as Git says with ApplyOutOfSyncOnly',
      [same('still'), changed('old')],
      { syncOptions: ['ApplyOutOfSyncOnly=true'] },
      ['Sync 0 update old'],
    ],
    [
      'say what the API server refuses',
      [changed('bad', { dryRun: { outcome: 'failed', message: 'field is immutable', invalid: true } })],
      {},
      ['Sync 0 update bad (field is immutable)'],
    ],
    [
      'delete and create by force what cannot be changed',
      [changed('bad', { dryRun: { outcome: 'failed', message: 'field is immutable', invalid: true } })],
      { force: true },
      ['Sync 0 recreate bad'],
    ],
    [
      'delete and create what its options let be recreated',
      [changed('bad', { dryRun: { outcome: 'recreates', message: 'field is immutable' } })],
      {},
      ['Sync 0 recreate bad'],
    ],
    [
      'do only what was chosen',
      [created('a'), created('b')],
      { resources: [{ kind: 'ConfigMap', name: 'b' }] },
      ['Sync 0 create b'],
    ],
    [
      'say which kind is not served',
      [difference(map('x'), undefined, { dryRun: { outcome: 'unknownKind', message: 'no such kind' } })],
      {},
      ['Sync 0 create x (no such kind)'],
    ],
  ])('%s', (_, differences, settings, expected) => {
    expect(golden(differences, settings)).toEqual(expected);
  });
});

describe('the sentence of a plan', () => {
  it.each<[readonly Difference[], string]>([
    [[same('a'), same('b')], 'The sync to 3f9c1a2 changes nothing.'],
    [[created('a')], 'The sync to 3f9c1a2 creates 1.'],
    [
      [created('a'), changed('b'), gone('c'), same('d')],
      'The sync to 3f9c1a2 creates 1, changes 1 and deletes 1; 1 stays as it is.',
    ],
    [
      [created('a', { [WAVE]: '-1' }), changed('b'), created('h', { [HOOK]: 'PostSync' }), same('d'), same('e')],
      'The sync to 3f9c1a2 creates 1, changes 1 and runs 1 hook, in 3 waves; 2 stay as they are.',
    ],
    [[created('f', { [HOOK]: 'SyncFail' })], 'The sync to 3f9c1a2 changes nothing.'],
  ])('%#: %s', (differences, expected) => {
    expect(planSentence(steps(differences), '3f9c1a2')).toBe(expected);
  });

  it('goes with counts in which hooks for a failure have no part', () => {
    const counts = countSteps(
      steps([created('a'), created('f', { [HOOK]: 'SyncFail' }), created('h', { [HOOK]: 'PreSync' })]),
    );
    expect(counts).toEqual({ create: 1, update: 0, delete: 0, recreate: 0, hooks: 1, unchanged: 0, left: 0 });
  });
});
