// The entries that a mapping has in the end: merged ones included, and of several with one key the last.
// Only error paths walk a tree this way.

import { NODE, type YamlNode } from './node.ts';
import { scalarOf } from './scalar.ts';

export interface Entry {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

/** By a text that is the same for keys that Go holds equal: of one type and value. */
export function entriesOf(mapping: YamlNode, entries = new Map<string, Entry>()): Map<string, Entry> {
  const { children } = mapping;
  for (let i = 0; i + 1 < children.length; i += 2) {
    const key = children[i];
    const value = children[i + 1];
    if (key === undefined || value === undefined) break;
    if (isMerge(key)) for (const source of mergeSources(value)) entriesOf(source, entries);
    else entries.set(identityOf(key), { key, value });
  }
  return entries;
}

const MERGE_TAG = 'tag:yaml.org,2002:merge';

export function isMerge(key: YamlNode): boolean {
  return key.value === '<<' && key.kind === NODE.scalar && (key.implicit || key.tag === MERGE_TAG);
}

/** The mappings that `<<` brings in, in the order in which go-yaml does: backwards, as earlier ones take precedence. */
function mergeSources(value: YamlNode): YamlNode[] {
  const nodes = value.kind === NODE.sequence ? value.children.toReversed() : [value];
  return nodes.flatMap((node) => (node.kind === NODE.alias ? (node.target ?? []) : node));
}

/** A text that tells keys apart as Go's `map[interface{}]interface{}` does: 1 and "1" are two keys. */
export function identityOf(key: YamlNode): string {
  if (key.kind === NODE.alias && key.target !== undefined) return identityOf(key.target);
  const value = scalarOf(key);
  return `${typeof value}:${value}`;
}
