// Merging dicts as Sprig's merge functions do (dario.cat/mergo v1.0.1: merge.go, deepMerge, for maps of interface values).

import { kindName } from '../go/type-name.ts';
import { GoMap, type GoValue } from '../go/value.ts';
import { isEmpty } from './empty.ts';
import { failTooLarge } from './function.ts';

/** How deep dicts may lie in each other; one that holds itself would never end. */
const MAX_DEPTH = 2000;

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
  const sourceIsEmpty = source.size === 0;
  for (const [key, value] of source) {
    if (value === null) {
      if (overwrite) target.set(key, null);
      continue;
    }
    const present = target.get(key);
    const kind = kindName(value);
    if (kind === 'map') {
      const below = present === undefined ? undefined : mapOf(present);
      const from = mapOf(value);
      if (below && from) mergeInto(below, from, overwrite, depth + 1);
    } else if (kind === 'slice' && overwrite && !sourceIsEmpty) target.set(key, value);
    const isSet = present !== undefined && !isEmpty(present);
    if (isSet && kind === 'slice') continue;
    if (isSet && kind === 'map' && kindName(present) === 'map') continue;
    if ((kind !== 'ptr' && overwrite) || !isSet) target.set(key, value);
  }
}

function mapOf(value: GoValue): Map<string, GoValue> | undefined {
  if (value instanceof Map) return value;
  return value instanceof GoMap ? value.entries : undefined;
}
