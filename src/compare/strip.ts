// What of a state counts in a comparison: without ignored fields, and in the form that `knownTypeFields` asks for.

import type { KnownTypeFields } from '../application/argo-settings.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ObjectRules } from './ignore.ts';
import { normalizeKnownTypes } from './known-types.ts';

/** Works on every state of the object that is live as `live`, whose managedFields say what managers own. */
export function stripper(
  live: KubeObject,
  rules: ObjectRules | undefined,
  { knownTypeFields }: { readonly knownTypeFields: readonly KnownTypeFields[] },
): (state: KubeObject) => KubeObject {
  return (state) => {
    const counting = rules ? rules.strip(state, live) : state;
    try {
      return normalizeKnownTypes(counting, knownTypeFields);
    } catch {
      return counting; // What its type cannot hold is compared as it is written.
    }
  };
}
