// The states of one difference that may be shown: compared forms, Secrets masked.

import type { Difference } from '../application/difference.ts';
import type { KubeObject } from '../kube/object.ts';
import { maskLocalManifests } from './mask-manifests.ts';
import { isSecret, maskSecrets } from './mask-secret.ts';
import { comparable } from './normalize.ts';

export interface ShownStates {
  readonly target: KubeObject | undefined;
  /** The whole live object. */
  readonly live: KubeObject | undefined;
  /** What of live was compared, and with what. */
  readonly normalizedLive: KubeObject | undefined;
  readonly predicted: KubeObject | undefined;
}

/**
 * Without a prediction an object that is missing is predicted to be its target, and one to be pruned to be gone. What is ignored is
 * in neither of the compared states. Of Secrets,
 * `hiddenAnnotations` (`resource.sensitive.mask.annotations`) are masked, too.
 */
export function shownStates(difference: Difference, hiddenAnnotations: readonly string[] = []): ShownStates {
  const { target, live, predicted, compared, dryRun } = difference;
  const foreseen = predicted ?? (live && dryRun.outcome !== 'recreates' && target ? live : target);
  const normalized = [live && comparable(live), foreseen && comparable(foreseen)];
  const states = [target, live, ...(compared ? [compared.live, compared.predicted] : normalized)];
  const sample = target ?? live;
  const shown =
    sample && isSecret(sample)
      ? maskSecrets(states, new Set(hiddenAnnotations))
      : states.map((state) => state && maskLocalManifests(state));
  const [shownTarget, shownLive, normalizedLive, shownPredicted] = shown;
  return { target: shownTarget, live: shownLive, normalizedLive, predicted: shownPredicted };
}
