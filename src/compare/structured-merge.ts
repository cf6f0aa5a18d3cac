// What an object would become by server-side apply, worked out from its managedFields without asking the cluster (Argo CD:
// gitops-engine pkg/diff/diff.go, StructuredMergeDiff).

import { ANNOTATION } from '../application/annotations.ts';
import { isEqualJson } from '../base/equal.ts';
import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { type Atom, atomOfType, DEDUCED } from '../typed/fields/atom.ts';
import { readManagedFields } from '../typed/fields/managed.ts';
import { EMPTY } from '../typed/fields/set.ts';
import { formatTypeErrors, validateTyped } from '../typed/fields/typed.ts';
import { applyOwners, type Convert } from '../typed/fields/updater.ts';
import { structOf, toObject, withSchemeDefaults } from './remarshal.ts';
import type { StatePair } from './three-way.ts';

/**
 * Forced, by `manager`. Both states have the scheme's defaults, and lack the last-applied annotation where an apply would change
 * anything. Throws `InvalidInput` for what does not fit the kind's schema.
 */
export function predictStructuredMerge(config: KubeObject, live: KubeObject, manager: string): StatePair {
  const atom = atomOf(config);
  for (const [name, object] of Object.entries({ live, config })) {
    const problems = validateTyped(atom, object, name === 'live');
    if (problems.length > 0)
      throw new HawserError(
        'InvalidInput',
        `error building typed value from ${name} resource: ${formatTypeErrors(problems)}`,
      );
  }
  const { apiVersion } = config;
  // Fields that another version calls by another name are nobody's here.
  const convert: Convert = (value, _, to) => (groupOf(to) === groupOf(apiVersion) ? { atom, value } : undefined);
  const context = { convert, version: apiVersion, reset: EMPTY };
  const managed = readManagedFields(live.metadata.managedFields);
  const self = { manager, operation: 'Apply', apiVersion, subresource: '' } as const;
  const { value } = applyOwners(context, live, config, managed, self, true);
  if (!isObject(value) || isEqualJson(value, live)) return { live, predicted: live };
  return { live: normalize(live, live), predicted: normalize(value, live) };
}

/** Of a custom resource nothing is known: objects are merged by key, and its lists are whole. */
export function atomOf(object: KubeObject): Atom {
  const type = structOf(object);
  return type ? atomOfType(type) : DEDUCED;
}

function normalize(value: Record<string, unknown>, live: KubeObject): KubeObject {
  const shown = withoutLastApplied(toObject(value, live));
  const type = structOf(shown);
  return type ? toObject(withSchemeDefaults(type, shown), shown) : shown;
}

/** A map of annotations that is left empty stays. */
export function withoutLastApplied(object: KubeObject): KubeObject {
  const { annotations } = object.metadata;
  if (annotations?.[ANNOTATION.lastApplied] === undefined) return object;
  const { [ANNOTATION.lastApplied]: _, ...kept } = annotations;
  return { ...object, metadata: { ...object.metadata, annotations: kept } };
}
