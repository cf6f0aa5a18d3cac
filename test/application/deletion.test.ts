import { describe, expect, it } from 'vitest';
import {
  isDeletionApproved,
  nextDeletionStage,
  withCascade,
  withHookFinalizers,
  withoutDeletionFinalizers,
  withoutStage,
} from '../../src/application/deletion.ts';

const RESOURCES = 'resources-finalizer.argocd.argoproj.io';
const PRE = 'pre-delete-finalizer.argocd.argoproj.io';
const POST = 'post-delete-finalizer.argocd.argoproj.io';
const FOREIGN = 'example.com/hold';

describe('the finalizers of an Application', () => {
  it('are worked off in the order hooks, objects, hooks, clean-up', () => {
    let finalizers: readonly string[] = [`${POST}/cleanup`, POST, FOREIGN, RESOURCES, `${PRE}/cleanup`, PRE];
    const stages: string[] = [];
    for (let stage = nextDeletionStage(finalizers); stage; stage = nextDeletionStage(finalizers)) {
      stages.push('phase' in stage ? `${stage.stage} ${stage.phase}` : `${stage.stage} ${stage.policy}`);
      finalizers = withoutStage(finalizers, stage);
    }
    expect(stages).toEqual([
      'hooks PreDelete',
      'objects foreground',
      'hooks PostDelete',
      'cleanup PreDelete',
      'cleanup PostDelete',
    ]);
    expect(finalizers).toEqual([FOREIGN]);
  });

  it.each([
    [RESOURCES, 'foreground'],
    [`${RESOURCES}/foreground`, 'foreground'],
    [`${RESOURCES}/background`, 'background'],
  ])('%s deletes the objects in the %s', (finalizer, policy) => {
    expect(nextDeletionStage([FOREIGN, finalizer])).toEqual({ stage: 'objects', policy });
  });

  it('leave all but others behind when nothing can be deleted', () => {
    expect(withoutDeletionFinalizers([PRE, `${POST}/cleanup`, FOREIGN, `${RESOURCES}/background`])).toEqual([FOREIGN]);
  });

  it.each([
    ['are given for a cascade', [FOREIGN], 'foreground', [FOREIGN, RESOURCES]],
    ['stay when they say it already', [`${RESOURCES}/foreground`], 'foreground', [`${RESOURCES}/foreground`]],
    ['change with the policy', [RESOURCES], 'background', [`${RESOURCES}/background`]],
    ['are taken away without a cascade', [RESOURCES, FOREIGN], undefined, [FOREIGN]],
  ] as const)('%s', (_, before, policy, after) => {
    expect(withCascade(before, policy)).toEqual(after);
  });

  it('follow the hooks that Git has', () => {
    const both = withHookFinalizers([FOREIGN], { PreDelete: true, PostDelete: false });
    expect(both).toEqual([FOREIGN, PRE, `${PRE}/cleanup`]);
    expect(withHookFinalizers(both, { PreDelete: false, PostDelete: false })).toEqual([FOREIGN]);
  });
});

it.each([
  ['2026-01-01T00:00:00Z', true],
  ['2026-01-01T09:00:00+09:00', true],
  ['2025-12-31T23:59:59Z', false],
  ['yes', false],
])('an approval of %s counts for a deletion of 2026-01-01: %s', (approved, counts) => {
  const annotations = { 'argocd.argoproj.io/deletion-approved': approved };
  const app = { metadata: { name: 'a', namespace: 'argocd', annotations } };
  expect(isDeletionApproved(app, '2026-01-01T00:00:00Z')).toBe(counts);
});
