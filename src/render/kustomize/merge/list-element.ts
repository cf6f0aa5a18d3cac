// Sets, replaces or removes the elements of a list that have certain keys (kyaml: ElementSetter).

import { demandKind, getField } from '../node/fields.ts';
import { isMissing, type Node, textOf } from '../node/node.ts';

/**
 * Replaces the elements whose fields `keys` have the texts `values` by `element`, or appends it where there is none; undefined removes them.
 * The key '' stands for the element itself, a list of plain values. Null and empty elements go in any case, and so do all that
 * do not match where no values are given.
 */
export function setElement(
  list: Node,
  element: Node | undefined,
  keys: readonly string[],
  values: readonly string[],
): void {
  demandKind(list, 'sequence');
  const isMappingSetter = (keys[0] ?? '') !== '' && (values[0] ?? '') !== '';
  const content: Node[] = [];
  let replaced = false;
  for (const item of list.content) {
    if (isMissing(item) || (item.kind === 'mapping' && item.content.length === 0)) continue;
    if (item.kind !== 'mapping' && isMappingSetter) {
      content.push(item);
    } else if (!matches(item, keys, values)) {
      if (values.length > 0) content.push(item);
    } else {
      replaced = true;
      if (element !== undefined) content.push(element);
    }
  }
  if (!isMissing(element) && !replaced) content.push(element);
  list.content = content;
}

function matches(item: Node, keys: readonly string[], values: readonly string[]): boolean {
  let found = false;
  for (const [index, key] of keys.entries()) {
    const value = values[index];
    // A key without a value is as the key before it.
    if (value !== undefined) found = hasText(item, key, value);
    if (!found) return false;
  }
  return found;
}

/** kyaml: FieldMatcher with a StringValue; an empty one asks only for the field. */
function hasText(item: Node, key: string, text: string): boolean {
  if (key === '') {
    demandKind(item, 'scalar');
    return textOf(item) === text;
  }
  const found = getField(item, key);
  return found !== undefined && (text === '' || found.value === text);
}
