// What a Namespace that is being deleted says of what is left in it.
//
// Source: k8s.io/kubernetes, pkg/controller/namespace/deletion/status_condition_utils.go.

import type { KubeObject } from '../../kube/object.ts';
import type { Obj } from './act.ts';

/** What is left of one resource (`pods.` or `deployments.apps`). */
export interface Remainder {
  readonly resource: string;
  readonly objects: readonly KubeObject[];
}

/** The conditions, with the times of `known` where nothing changed. */
export function terminationConditions(remainders: readonly Remainder[], known: readonly Obj[], now: string): Obj[] {
  const left = remainders.map(({ resource, objects }) => `${resource} has ${objects.length} resource instances`);
  const held = countFinalizers(remainders).map(([name, count]) => `${name} in ${count} resource instances`);
  const wanted = [
    ['NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      'False',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ],
    [
      'NamespaceDeletionContentFailure',
      'False',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ],
    left.length > 0
      ? ['NamespaceContentRemaining', 'True', 'SomeResourcesRemain', `Some resources are remaining: ${left.join(', ')}`]
      : ['NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed'],
    held.length > 0
      ? [
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        ]
      : [
          'NamespaceFinalizersRemaining',
          'False',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ],
  ];
  return wanted.map(([type, status, reason, message]) => {
    const own = known.find((condition) => condition.type === type);
    const isSame = own?.status === status && own?.message === message && own?.reason === reason;
    const lastTransitionTime = isSame ? own?.lastTransitionTime : now;
    return { type, status, lastTransitionTime, reason, message };
  });
}

function countFinalizers(remainders: readonly Remainder[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { objects } of remainders)
    for (const { metadata } of objects)
      for (const name of metadata.finalizers ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
