// Merging dicts as Sprig's merge functions do (dario.cat/mergo v1.0.1: merge.go, deepMerge, for maps of interface values).

import { kindName } from '../go/type-name.ts';
import { GoMap, type GoValue } from '../go/value.ts';
import { isEmpty } from './empty.ts';
import { fail, failTooLarge } from './function.ts';

/** How deep dicts may lie in each other; one that holds itself would never end. */
const MAX_DEPTH = 500;

/**
 * Fills `target` from `source`: what is missing or empty there is taken over, and with `overwrite` everything but empty dicts is.
 * Dicts on both sides are merged; those on one side are shared afterwards, not copied.
 */
export function mergeInto(
  target: Map<string, GoValue>,
  source: ReadonlyMap<string, GoValue>,
  overwrite: boolean,
  depth = 0,
): void {
  if (depth > MAX_DEPTH) failTooLarge('the depth of merged dicts', MAX_DEPTH);
  for (const [key, value] of source) {
    if (value === null) {
      if (overwrite) target.set(key, null);
      continue;
    }
    const present = target.get(key);
    const kind = kindName(value);
    if (kind === 'map' && present !== undefined) mergeMaps(present, value, overwrite, depth + 1);
    else if (kind === 'slice' && overwrite) target.set(key, value);
    const isSet = present !== undefined && !isEmpty(present);
    if (isSet && kind === 'slice') continue;
    if (isSet && kind === 'map' && kindName(present) === 'map') continue;
    if (overwrite || !isSet) target.set(key, value);
  }
}

function mergeMaps(target: GoValue, source: GoValue, overwrite: boolean, depth: number): void {
  const into = entriesOf(target);
  const from = entriesOf(source);
  if (!into || !from) return;
  if (target instanceof GoMap && target.type === 'map[string]string' && !(source instanceof GoMap)) {
    refuseInterfaces(into, from, overwrite);
  } else mergeInto(into, from, overwrite, depth);
}

/** reflect does not take a value of an interface type for a string, even if it holds one. */
function refuseInterfaces(
  target: Map<string, GoValue>,
  source: ReadonlyMap<string, GoValue>,
  overwrite: boolean,
): void {
  for (const [key, value] of source) {
    const isSet = !isEmpty(target.get(key) ?? null);
    if (overwrite || (!isSet && value !== null)) {
      fail('reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string');
    }
  }
}

function entriesOf(value: GoValue): Map<string, GoValue> | undefined {
  if (value instanceof Map) return value;
  return value instanceof GoMap ? value.entries : undefined;
}
