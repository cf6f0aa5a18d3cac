// Finds all fields at a path with wildcards and patterns: `spec.containers.[name=web.*].image`, `rules.*.host` (kyaml: PathMatcher).

import { compilePattern } from '../config/pattern.ts';
import { failure } from '../node/fail.ts';
import { demandKind, elements, field as fieldOf, getField, setField } from '../node/fields.ts';
import { isMissing, makeNode, type Node, type NodeKind, scalarNode } from '../node/node.ts';
import { parseNode } from '../node/parse.ts';
import { isIndexNumber, isListIndex, kindForNext, splitElementPart } from '../node/paths.ts';
import { writeNode } from '../node/write.ts';

/** The nodes at a path. With `create`, fields and list elements that are missing are made, the last one of that kind. */
export function findFields(node: Node | undefined, path: readonly string[], create: NodeKind | undefined): Node[] {
  const [part, ...rest] = path;
  if (part === undefined) return node === undefined ? [] : [node];
  if (isIndexNumber(part)) return findIndex(node, Number(part), rest, create);
  if (isListIndex(part)) return findElements(node, part, rest, create);
  if (part === '*') return elements(node).flatMap((element) => findFields(element, rest, create));
  return findField(node, part, rest, create);
}

function findField(
  node: Node | undefined,
  name: string,
  rest: readonly string[],
  create: NodeKind | undefined,
): Node[] {
  if (node === undefined) return [];
  let found = getField(node, name);
  if (found === undefined) {
    if (create === undefined) return [];
    found = makeNode(kindForNext(rest[0] ?? '', create));
    setField(node, name, found);
  }
  // A text may hold a document of its own; what is found in it is a copy that nobody sees.
  if (found.kind === 'scalar' && rest.length > 0) return findFields(parseNode(found.value), rest, create);
  return findFields(found, rest, create);
}

function findIndex(
  node: Node | undefined,
  index: number,
  rest: readonly string[],
  create: NodeKind | undefined,
): Node[] {
  const items = elements(node);
  if (node !== undefined && items.length === index && create !== undefined) {
    const element = makeNode(kindForNext(rest[0] ?? '', create));
    node.content.push(element);
    items.push(element);
  }
  const item = items[index];
  if (item === undefined) throw failure(`the list has no element ${index}, only ${items.length}`);
  return findFields(item, rest, create);
}

function findElements(
  node: Node | undefined,
  part: string,
  rest: readonly string[],
  create: NodeKind | undefined,
): Node[] {
  const { name, value } = splitElementPart(part);
  const matches = compilePattern(value);
  const find = (): Node[] =>
    elements(node).flatMap((element) => {
      const compared = name === '' ? element : fieldOf(element, name);
      if (compared === undefined || !matches(writeNode(compared).trim())) return [];
      return name === '' ? [element] : findFields(element, rest, create);
    });
  const found = find();
  if (found.length > 0 || create === undefined || node === undefined) return found;
  demandKind(node, 'sequence');
  const element = name === '' ? scalarNode(value) : makeNode('mapping');
  if (name !== '') element.content.push(scalarNode(name), scalarNode(value));
  if (!isMissing(node)) node.content.push(element);
  return find();
}
