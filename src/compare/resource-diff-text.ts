// A difference as the API tells it, as people read it: live against what a sync would make of it.

import { stringify } from 'yaml';
import { unifiedDiff } from '../base/text-diff.ts';
import type { ResourceDiff } from './resource-diff.ts';

/** A unified diff of YAML, headed by the object's name; empty where a sync would change nothing. */
export function formatResourceDiff(diff: ResourceDiff): string {
  const { group, kind, namespace, name, normalizedLiveState, predictedLiveState } = diff;
  const [before, after] = [normalizedLiveState, predictedLiveState].map((state) => formatYaml(parse(state)));
  const text = unifiedDiff(before ?? '', after ?? '', 'live', 'git');
  return text === '' ? '' : `\n===== ${group}/${kind} ${namespace}/${name} ======\n${text}`;
}

function parse(state: string): unknown {
  return state === '' ? undefined : (JSON.parse(state) ?? undefined);
}

function formatYaml(value: unknown): string {
  // `compat` quotes what other YAML readers take for booleans.
  return value === undefined ? '' : stringify(value, { compat: 'yaml-1.1', sortMapEntries: true, lineWidth: 0 });
}
