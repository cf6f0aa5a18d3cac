// A comparison without a dry run: for objects that are applied on the client's side, and where `ServerSideDiff=false` asks for it.

import { adoptionOf, isAppliedClientSide } from '../application/apply-mode.ts';
import type { Difference } from '../application/difference.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import { predecessorsOf, sharersOf } from '../kube/adoption.ts';
import { isAppliedLast } from '../kube/last-applied.ts';
import { managedFieldsOf } from '../kube/managed-fields.ts';
import type { KubeObject } from '../kube/object.ts';
import { predictClientSide } from './client-diff.ts';
import { comparable } from './normalize.ts';

export interface LocalPrediction {
  readonly syncOptions: readonly string[];
  readonly manager: string;
  /** A copy without what does not count. */
  readonly strip: (state: KubeObject) => KubeObject;
  readonly withStatus: boolean;
}

type Predicted = Pick<
  Difference,
  'predicted' | 'compared' | 'modified' | 'ownershipChanges' | 'status' | 'message' | 'dryRun' | 'adopts'
>;

/** By the last-applied annotation, or by managedFields for what is applied server-side. */
export function predictLocally(target: KubeObject, live: KubeObject, options: LocalPrediction): Predicted {
  const { syncOptions, manager, strip, withStatus } = options;
  const byPatch = isAppliedClientSide(target, syncOptions);
  const adoption = adoptionOf(target, syncOptions);
  const adopts = byPatch ? [] : [...predecessorsOf(live, adoption), ...sharersOf(live, manager, adoption)];
  const isOurs = byPatch ? isAppliedLast(target, live) : adopts.length === 0 && isApplier(live, manager);
  const base = { ownershipChanges: !isOurs, adopts } as const;
  try {
    const states = predictClientSide(target, live, { manager, structuredMerge: !byPatch, normalize: strip });
    const before = comparable(states.live, withStatus);
    const after = comparable(states.predicted, withStatus);
    const modified = !isEqualJson(before, after);
    return {
      ...base,
      predicted: states.predicted,
      compared: { live: before, predicted: after },
      modified,
      status: modified ? 'OutOfSync' : 'Synced',
      dryRun: { outcome: 'none' },
    };
  } catch (error) {
    if (!isHawserError(error)) throw error;
    const message = messageOf(error);
    return { ...base, modified: true, status: 'Unknown', message, dryRun: { outcome: 'failed', message } };
  }
}

function isApplier(live: KubeObject, name: string): boolean {
  return managedFieldsOf(live).some(({ manager, operation }) => manager === name && operation === 'Apply');
}
