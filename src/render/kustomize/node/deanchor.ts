// Expands anchors, aliases and merge keys in place, as kustomize does with every resource that it reads (kyaml: RNode.DeAnchor).

import { HawserError } from '../../../base/errors.ts';
import { failure } from './fail.ts';
import { clearField, visitFields } from './fields.ts';
import { copyNode, countNodes, type Node, TAG, textOf } from './node.ts';

/** No document may grow beyond this by its aliases (ours; Go's own limit comes too late to save the memory). */
const MAX_NODES = 2_000_000;

/** Expands `node`; returns the node that stands in its place. */
export function deAnchor(node: Node): Node {
  return hasAnchors(node) ? expand(node, { nodes: 0 }) : node;
}

/** Most documents have neither aliases nor merge keys; a quoted `<<` counts, since kustomize drops it too. */
function hasAnchors(node: Node): boolean {
  if (node.kind === 'alias' || node.anchor !== '') return true;
  if (node.kind === 'mapping') {
    for (let i = 0; i < node.content.length; i += 2) if (node.content[i]?.value === '<<') return true;
  }
  return node.content.some(hasAnchors);
}

interface Budget {
  nodes: number;
}

function expand(node: Node, budget: Budget): Node {
  budget.nodes++;
  if (budget.nodes > MAX_NODES)
    throw new HawserError('LimitExceeded', 'the aliases of a document expand to too many nodes');
  node.anchor = '';
  switch (node.kind) {
    case 'scalar':
      return node;
    case 'alias':
      if (node.alias === undefined) throw failure(`unknown anchor '${node.value}'`);
      return copyCounted(expand(node.alias, budget), budget);
    case 'mapping':
      mergeInto(node, takeMerges(node), budget);
      break;
    case 'sequence':
      break;
    case 'none':
      throw failure('cannot expand the anchors of a node without a kind');
  }
  for (let i = 0; i < node.content.length; i++) {
    const child = node.content[i];
    if (child !== undefined) node.content[i] = expand(child, budget);
  }
  return node;
}

function copyCounted(node: Node, budget: Budget): Node {
  budget.nodes += countNodes(node);
  if (budget.nodes > MAX_NODES)
    throw new HawserError('LimitExceeded', 'the aliases of a document expand to too many nodes');
  return copyNode(node);
}

/** Removes a mapping's merge key; returns the mappings that it named, in the order in which they overwrite each other. */
function takeMerges(node: Node): Node[] {
  let merge: Node | undefined;
  for (let i = 0; i < node.content.length; i += 2) {
    if (node.content[i]?.tag !== TAG.merge) continue;
    if (merge !== undefined) throw failure('a mapping has two merge keys');
    merge = node.content[i + 1];
  }
  const found = merge === undefined ? [] : mergeSources(merge);
  clearField(node, '<<');
  return found;
}

function mergeSources(value: Node): Node[] {
  switch (value.kind) {
    case 'mapping':
      return [value];
    case 'alias':
      if (value.alias?.kind !== 'mapping') throw failure('a merge key may only name mappings');
      return [value.alias];
    case 'sequence':
      if (value.content.some((element) => element.kind === 'sequence')) {
        throw failure('a merge key may not hold lists in a list');
      }
      return value.content.toReversed().flatMap(mergeSources);
    default:
      throw failure('a merge key wants a mapping or a list of mappings');
  }
}

function mergeInto(node: Node, sources: readonly Node[], budget: Budget): void {
  if (sources.length === 0 && !hasRepeatedKeys(node)) return;
  const merged = copyNode(node);
  for (const source of [...sources, node]) {
    visitFields(copyCounted(source, budget), (key, value) => setEntry(merged, key, value));
  }
  node.content = merged.content;
}

function hasRepeatedKeys(node: Node): boolean {
  const seen = new Set<string>();
  for (let i = 0; i < node.content.length; i += 2) seen.add(node.content[i]?.value ?? '');
  return seen.size < node.content.length / 2;
}

/** kyaml: MapEntrySetter. */
function setEntry(node: Node, key: Node, value: Node): void {
  const name = textOf(key);
  for (let i = 0; i < node.content.length; i += 2) {
    if (node.content[i]?.value !== name) continue;
    node.content[i] = key;
    node.content[i + 1] = value;
    return;
  }
  node.content.push(key, value);
}
