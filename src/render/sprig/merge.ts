// Merging dicts as Sprig's merge functions do (dario.cat/mergo v1.0.1: merge.go, deepMerge, for maps of interface values).

import { kindName, typeName } from '../go/type-name.ts';
import { GoMap, type GoValue } from '../go/value.ts';
import type { Work } from '../go/work.ts';
import { isEmpty } from './empty.ts';
import { fail, failTooLarge } from './function.ts';

/** How deep dicts may lie in each other; one that holds itself would never end. */
const MAX_DEPTH = 500;

/**
 * Fills `target` from `source`: what is missing or empty there is taken over, and with `overwrite` everything but empty dicts is.
 * Dicts on both sides are merged; those on one side are shared afterwards, not copied. Gives the text of the library's error,
 * at which the merge stops; undefined where there is none.
 */
export function mergeInto(
  work: Work,
  target: Map<string, GoValue>,
  source: ReadonlyMap<string, GoValue>,
  overwrite: boolean,
  depth = 0,
): string | undefined {
  if (depth > MAX_DEPTH) failTooLarge('the depth of merged dicts', MAX_DEPTH);
  work.spend(source.size);
  // A dict may be part of itself, and grow meanwhile.
  for (const key of [...source.keys()]) {
    const value = source.get(key);
    if (value === undefined) continue;
    if (value === null) {
      if (overwrite) target.set(key, null);
      continue;
    }
    const present = target.get(key);
    const kind = kindName(value);
    if (kind === 'map' && present !== undefined) {
      const problem = mergeMaps(work, present, value, overwrite, depth + 1);
      if (problem !== undefined) return problem;
    } else if (kind === 'slice' && overwrite) target.set(key, value);
    const isSet = present !== undefined && !isEmpty(present);
    if (isSet && kind === 'slice') continue;
    if (isSet && kind === 'map' && kindName(present) === 'map') continue;
    if (overwrite || !isSet) target.set(key, value);
  }
  return undefined;
}

function mergeMaps(
  work: Work,
  target: GoValue,
  source: GoValue,
  overwrite: boolean,
  depth: number,
): string | undefined {
  if (kindName(target) === 'ptr') return overwrite ? undefined : 'src and dst must be of same type';
  const into = entriesOf(target);
  const from = entriesOf(source);
  if (!into || !from) return undefined;
  if (target instanceof GoMap && target.type === 'map[string]string' && !(source instanceof GoMap)) {
    return refuseOtherTypes(into, from, overwrite);
  }
  return mergeInto(work, into, from, overwrite, depth);
}

/** reflect does not take a value of an interface type for a string, even if it holds one. */
function refuseOtherTypes(
  target: ReadonlyMap<string, GoValue>,
  source: ReadonlyMap<string, GoValue>,
  overwrite: boolean,
): undefined {
  for (const [key, value] of source) {
    const isSlice = kindName(value) === 'slice';
    const isSet = !isEmpty(target.get(key) ?? null);
    if (!overwrite && !isSlice && (isSet || value === null)) continue;
    const type = isSlice ? typeName(value) : 'interface {}';
    fail(`reflect.Value.SetMapIndex: value of type ${type} is not assignable to type string`);
  }
  return undefined;
}

function entriesOf(value: GoValue): Map<string, GoValue> | undefined {
  if (value instanceof Map) return value;
  return value instanceof GoMap ? value.entries : undefined;
}
