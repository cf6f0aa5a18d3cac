import { describe, expect, it } from 'vitest';
import type { KubeObject, ObjectMeta } from '../../src/kube/object.ts';
import { sayBlockers } from '../../src/sync/deletion-blockers.ts';
import { type DeletionInput, planDeletion } from '../../src/sync/plan-deletion.ts';

const OPTIONS = 'argocd.argoproj.io/sync-options';

function object(name: string, annotations: Record<string, string> = {}, more: Partial<ObjectMeta> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop', annotations, ...more } };
}
const inWave = (name: string, wave: number) => object(name, { 'argocd.argoproj.io/sync-wave': String(wave) });
const leaving = (name: string, wave: number) => {
  const { metadata, ...rest } = inWave(name, wave);
  return { ...rest, metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
};
const child = (name: string): KubeObject => ({
  ...object(name),
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
});
const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'crd' },
};

function plan(lives: readonly KubeObject[], more: Partial<DeletionInput> = {}) {
  const input = {
    lives,
    application: { namespace: 'shop', name: 'self' },
    syncOptions: [],
    isApproved: false,
    ...more,
  };
  const { remove, leaving, unconfirmed } = planDeletion(input);
  const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);
  return { remove: names(remove), leaving: names(leaving), unconfirmed: names(unconfirmed) };
}
const nothing = { remove: [], leaving: [], unconfirmed: [] };

describe('the deletion of an Application', () => {
  it.each<[string, readonly KubeObject[], Partial<DeletionInput>, Partial<ReturnType<typeof plan>>]>([
    ['is done when nothing is there', [], {}, {}],
    [
      'begins with the highest wave',
      [inWave('a', -1), inWave('b', 5), object('c'), inWave('d', 5)],
      {},
      { remove: ['b', 'd'] },
    ],
    ['goes on to a negative wave', [inWave('a', -1)], {}, { remove: ['a'] }],
    ['waits for what is on its way out before a lower wave', [leaving('a', 5), inWave('b', 0)], {}, { leaving: ['a'] }],
    [
      'deletes the rest of a wave of which something is on its way out',
      [leaving('a', 5), inWave('b', 5), inWave('c', 0)],
      {},
      { leaving: ['a'], remove: ['b'] },
    ],
    [
      'goes on with a higher wave than what somebody else is deleting',
      [leaving('a', 0), inWave('b', 5)],
      {},
      { remove: ['b'] },
    ],
    [
      'asks for no confirmation of what is on its way out',
      [object('a', { [OPTIONS]: 'Delete=confirm' }, { deletionTimestamp: 'now' }), object('b')],
      {},
      { leaving: ['a'], remove: ['b'] },
    ],
    ['leaves CRDs', [definition], {}, {}],
    ['leaves what says Delete=false', [object('a', { [OPTIONS]: 'Prune=true, Delete=false' })], {}, {}],
    [
      'leaves everything of an Application that says Delete=false',
      [object('a')],
      { syncOptions: ['Delete=false'] },
      {},
    ],
    [
      'lets an object speak for itself',
      [object('a', { [OPTIONS]: 'Delete=true' }), object('b')],
      { syncOptions: ['Delete=false'] },
      { remove: ['a'] },
    ],
    ['leaves what Helm keeps', [object('a', { 'helm.sh/resource-policy': 'keep' })], {}, {}],
    ['leaves the Application itself, and not its children', [child('self'), child('other')], {}, { remove: ['other'] }],
    [
      'does not wait for what it leaves',
      [object('a', { [OPTIONS]: 'Delete=false' }, { deletionTimestamp: 'now' })],
      {},
      {},
    ],
    [
      'leaves what the project forbids',
      [object('a'), object('b')],
      { isPermitted: ({ metadata }) => metadata.name === 'b' },
      { remove: ['b'] },
    ],
    [
      'deletes nothing as long as a confirmation is missing',
      [inWave('a', 5), object('b', { [OPTIONS]: 'Delete=confirm' }), object('c', { [OPTIONS]: 'Prune=confirm' })],
      {},
      { unconfirmed: ['b', 'c'] },
    ],
    [
      'asks for a confirmation where the Application says so',
      [object('a')],
      { syncOptions: ['Delete=confirm'] },
      { unconfirmed: ['a'] },
    ],
    [
      'goes on with a confirmation',
      [object('a', { [OPTIONS]: 'Delete=confirm' })],
      { isApproved: true },
      { remove: ['a'] },
    ],
  ])('%s', (_, lives, more, expected) => {
    expect(plan(lives, more)).toEqual({ ...nothing, ...expected });
  });
});

it('what holds a deletion up is named with its holders', () => {
  const held = object('a', {}, { finalizers: ['example.com/hold', 'foregroundDeletion'] });
  const namespace: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop' },
    status: {
      conditions: [
        {
          type: 'NamespaceContentRemaining',
          status: 'True',
          message: 'Some resources are remaining: pods. has 1 resource instances',
        },
      ],
    },
  };
  expect(sayBlockers([held, namespace, object('b')])).toBe(
    'ConfigMap shop/a is held by the finalizer example.com/hold, waits until its dependents are gone; Namespace shop Some resources are remaining: pods. has 1 resource instances; ConfigMap shop/b is terminating',
  );
});
