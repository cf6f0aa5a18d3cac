// What a comparison has to say about single objects, as conditions of the Application.

import type { Difference } from '../application/difference.ts';
import type { Condition } from '../application/types.ts';

export function differenceConditions(difference: Difference, instance: string): readonly Condition[] {
  return [...missingNamespaceCondition(difference), ...sharedCondition(difference, instance)];
}

function sharedCondition(difference: Difference, instance: string): readonly Condition[] {
  const { sharedWith, key } = difference;
  if (!sharedWith) return [];
  const message = `${key.kind}/${key.name} is part of applications ${instance.replace('_', '/')} and ${sharedWith.replaceAll('_', '/')}`;
  return [{ type: 'SharedResourceWarning', message }];
}

/** Argo CD: an object of a namespaced kind for which neither Git nor the Application names a namespace. */
function missingNamespaceCondition({ target, key, version, dryRun }: Difference): readonly Condition[] {
  if (target?.metadata.namespace !== '' || dryRun.outcome === 'unknownKind') return [];
  const message = `Namespace for ${key.name} ${key.group ? `${key.group}/` : '/'}${version}, Kind=${key.kind} is missing.`;
  return [{ type: 'InvalidSpecError', message }];
}
