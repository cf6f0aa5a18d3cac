// From the text of a file to resources (kustomize: api/resource/factory.go).

import type { GoValue } from '../../go/value.ts';
import type { TypeKnowledge } from '../merge/types.ts';
import { decodeNode } from '../node/decode.ts';
import { parseObjects } from '../node/documents.ts';
import { failure } from '../node/fail.ts';
import { field, metaString, rootString } from '../node/fields.ts';
import { nodeOfJsonText } from '../node/json.ts';
import { isEmpty, type Node, textOf } from '../node/node.ts';
import { makeResource, type Resource } from './resource.ts';

/** The objects of a text; lists of objects give their items. Every object must have a kind and a name. */
export function readResources(text: string, types: TypeKnowledge): Resource[] {
  return expandLists(dropEmpty(parseObjects(text))).map((root) => makeResource(root, types));
}

function dropEmpty(nodes: readonly Node[]): Node[] {
  const kept = nodes.filter((node) => !isEmpty(node));
  for (const node of kept) checkMetadata(node);
  return kept;
}

/** kyaml: GetValidatedMetadata. */
export function checkMetadata(node: Node): void {
  const metadata = field(node, 'metadata');
  if (isEmpty(field(node, 'apiVersion')) && isEmpty(field(node, 'kind')) && isEmpty(metadata)) {
    throw failure('this is no Kubernetes object: it has neither apiVersion, kind nor metadata', undefined, node.line);
  }
  const kind = textOf(field(node, 'kind'));
  if (kind === '') throw failure(`the object '${metaString(node, 'name')}' has no kind`, undefined, node.line);
  if (!kind.endsWith('List') && metaString(node, 'name') === '')
    throw failure(`the ${kind} has no metadata.name`, undefined, node.line);
}

/** The items of a list come after everything that stands beside it. */
function expandLists(nodes: readonly Node[]): Node[] {
  const queue = [...nodes];
  const result: Node[] = [];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    const kind = rootString(node, 'kind');
    const items = kind.endsWith('List') ? itemsOf(node, kind) : undefined;
    if (items === undefined) result.push(node);
    else queue.push(...items);
  }
  return result;
}

function itemsOf(node: Node, kind: string): Node[] | undefined {
  const items = field(node, 'items');
  if (items === undefined) return undefined;
  const value = decodeNode(items, 'unwritten');
  if (value === null) return [];
  if (!Array.isArray(value)) throw failure(`'items' of a ${kind} must be a list`);
  return dropEmpty(value.flatMap(objectsOf));
}

/** An item is read as a file of its own, so that a List in a list is expanded too. */
function objectsOf(value: GoValue): Node[] {
  if (value === null) return [];
  const node = nodeOfJsonText(value);
  const kind = textOf(field(node, 'kind'));
  const inner = kind === 'List' || kind === 'ResourceList' ? field(node, 'items') : undefined;
  return inner === undefined ? [node] : inner.content;
}
