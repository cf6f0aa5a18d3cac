// ApplicationSets are not generated yet: each gets a condition that says so, instead of silence.

import { isHawserError } from '../base/errors.ts';
import { at, isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { formatTime, type Road } from './road.ts';

const TYPE = { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet' };
const REASON = 'NotYetGenerated';

/** Writes the condition where it is missing; a cluster without the CRD has no ApplicationSet to tell. */
export async function markApplicationSets({ home, platform }: Road): Promise<void> {
  const { namespace } = platform.settings;
  let items: readonly KubeObject[];
  try {
    ({ items } = await home.list(TYPE, { namespace }));
  } catch (error) {
    if (isHawserError(error, 'ClusterRefused') && error.data.reason === 'UnknownKind') return;
    throw error;
  }
  const now = formatTime(platform.clock.now());
  const condition = {
    type: 'ErrorOccurred',
    status: 'True',
    reason: REASON,
    message:
      'not yet generated: hawser does not make Applications of ApplicationSets yet; create the Applications themselves',
    lastTransitionTime: now,
  };
  for (const { metadata, status } of items) {
    const kept = at(status, 'conditions');
    const others = (Array.isArray(kept) ? kept : []).filter((one) => !isObject(one) || one.type !== condition.type);
    if (Array.isArray(kept) && kept.some((one) => at(one, 'reason') === REASON)) continue;
    const ref = { ...TYPE, namespace, name: metadata.name ?? '' };
    await home.patch(ref, { status: { conditions: [...others, condition] } }, { type: 'merge', subresource: 'status' });
  }
}
