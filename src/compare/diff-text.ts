// A difference as people read it: a unified diff of YAML, live against what a sync would make of it.

import { stringify } from 'yaml';
import type { Difference } from '../application/difference.ts';
import { unifiedDiff } from '../base/text-diff.ts';
import { formatKey, type KubeObject } from '../kube/object.ts';
import { shownStates } from './states.ts';

/** Empty when nothing would change. Secrets are masked. */
export function diffText(difference: Difference): string {
  const { normalizedLive, predicted } = shownStates(difference);
  const name = formatKey(difference.key);
  return unifiedDiff(formatYaml(normalizedLive), formatYaml(predicted), `live ${name}`, `git ${name}`);
}

function formatYaml(object: KubeObject | undefined): string {
  // `compat` quotes what other YAML readers take for booleans.
  return object ? stringify(object, { compat: 'yaml-1.1', sortMapEntries: true, lineWidth: 0 }) : '';
}
