// Reading and writing the fields of a mapping (kyaml: yaml/fns.go and rnode.go).

import { failure } from './fail.ts';
import {
  assignNode,
  isEmpty,
  isMissing,
  isNull,
  isStringNode,
  makeNode,
  type Node,
  type NodeKind,
  STYLE,
  scalarNode,
  textOf,
} from './node.ts';
import { isNonStringYaml11 } from './resolve.ts';

/** Throws unless `node` is of that kind; a missing or null node passes (kyaml: ErrorIfInvalid). */
export function demandKind(node: Node | undefined, kind: NodeKind): void {
  if (isMissing(node) || node === undefined || node.kind === kind) return;
  throw wrongKind(node, kind);
}

/** What a wrong kind is reported as; `namespace` looks for it. */
export function wrongKind(node: Node, expected: NodeKind): Error {
  return failure(`expected a ${expected} but found a ${node.kind}`, undefined, node.line);
}

/** The value of a field, whatever it is; undefined where there is none or `node` is no mapping (kyaml: RNode.Field). */
export function field(node: Node | undefined, name: string): Node | undefined {
  if (node === undefined || node.kind !== 'mapping') return undefined;
  return fieldOf(node.content, name);
}

function fieldOf(content: readonly Node[], name: string): Node | undefined {
  for (let i = 0; i < content.length; i += 2) if (content[i]?.value === name) return content[i + 1];
  return undefined;
}

/** The key and the value of a field. */
export function entry(node: Node | undefined, name: string): { key: Node; value: Node } | undefined {
  if (node === undefined || node.kind !== 'mapping') return undefined;
  for (let i = 0; i < node.content.length; i += 2) {
    const key = node.content[i];
    const value = node.content[i + 1];
    if (key?.value === name && value !== undefined) return { key, value };
  }
  return undefined;
}

/** The value of a field of a mapping; throws where `node` is something else (kyaml: FieldMatcher without a value). */
export function getField(node: Node | undefined, name: string): Node | undefined {
  if (node === undefined || isMissing(node)) return undefined;
  demandKind(node, 'mapping');
  return fieldOf(node.content, name);
}

/** The names of a mapping's fields, in order; throws where `node` is no mapping (kyaml: RNode.Fields). */
export function fieldNames(node: Node): string[] {
  demandKind(node, 'mapping');
  const names: string[] = [];
  for (let i = 0; i < node.content.length; i += 2) names.push(node.content[i]?.value ?? '');
  return names;
}

/** Calls `visit` with every field; with fields of the same name each time with the first (kyaml: RNode.VisitFields). */
export function visitFields(node: Node | undefined, visit: (key: Node, value: Node) => void): void {
  if (node === undefined) return;
  for (const name of fieldNames(node)) {
    const found = entry(node, name);
    if (found) visit(found.key, found.value);
  }
}

/** The elements of a sequence; throws where `node` is something else (kyaml: RNode.Elements). */
export function elements(node: Node | undefined): Node[] {
  demandKind(node, 'sequence');
  return node === undefined ? [] : [...node.content];
}

/** Removes a field; returns what it held (kyaml: FieldClearer). */
export function clearField(node: Node | undefined, name: string, onlyIfEmpty = false): Node | undefined {
  if (node === undefined) return undefined;
  demandKind(node, 'mapping');
  for (let i = 0; i < node.content.length; i += 2) {
    if (node.content[i]?.value !== name) continue;
    if (onlyIfEmpty && (node.content[i + 1]?.content.length ?? 0) > 0) continue;
    return node.content.splice(i, 2)[1];
  }
  return undefined;
}

export interface SetFieldOptions {
  /** The style of the key where one is appended. */
  readonly keyStyle?: number;
  /** Comments of the key where one is appended. */
  readonly keyComments?: Pick<Node, 'headComment' | 'lineComment' | 'footComment'>;
  /** Null is written as null and does not remove the field. */
  readonly keepNull?: boolean;
}

/**
 * Sets a field of a mapping, keeping the style that the field's value had; undefined or null removes the field
 * (kyaml: FieldSetter with a name). Changes the style of `value`.
 */
export function setField(
  node: Node,
  name: string,
  value: Node | undefined,
  options: SetFieldOptions = {},
): Node | undefined {
  if (value !== undefined) quoteIfNeeded(value);
  if (value === undefined || (isNull(value) && !options.keepNull)) return clearField(node, name);
  const existing = getField(node, name);
  if (existing !== undefined) {
    value.style = existing.style;
    assignNode(existing, value);
    return existing;
  }
  const key = makeNode('scalar', '', name, options.keyStyle ?? 0);
  if (options.keyComments) Object.assign(key, options.keyComments);
  node.content.push(key, value);
  return value;
}

/** Replaces a scalar by `value`, keeping its style (kyaml: FieldSetter without a name). */
export function setScalar(node: Node, value: Node): void {
  quoteIfNeeded(value);
  demandKind(node, 'scalar');
  if (isMissing(value)) return;
  value.style = node.style;
  assignNode(node, value);
}

/** Replaces the text of a scalar; the type follows from the text unless the style says string (filtersutil: SetScalar). */
export function setScalarText(node: Node, text: string): void {
  setScalar(node, scalarNode(text));
}

/** kyaml: FieldSetter.Filter quotes what YAML 1.1 would not read as a string. */
function quoteIfNeeded(value: Node): void {
  if (isStringNode(value) && value.style === 0 && isNonStringYaml11(value.value)) value.style = STYLE.double;
}

/** The string at metadata.`name`, empty where there is none (kyaml: getMetaStringField). */
export function metaString(root: Node | undefined, name: string): string {
  const metadata = metadataOf(root);
  if (metadata === undefined) return '';
  const found = fieldOf(metadata.content, name);
  return isEmpty(found) || found === undefined ? '' : found.value;
}

export function metadataOf(root: Node | undefined): Node | undefined {
  if (root === undefined || isMissing(root)) return undefined;
  const found = fieldOf(root.content, 'metadata');
  return isEmpty(found) ? undefined : found;
}

/** The text of a field of the object itself (kyaml: GetKind, GetApiVersion). */
export function rootString(root: Node | undefined, name: string): string {
  return root === undefined ? '' : (fieldOf(root.content, name)?.value ?? '');
}

/** A mapping of strings in the metadata, as texts (kyaml: getMapFromMeta). */
export function metaMap(root: Node | undefined, name: string): Map<string, string> {
  const result = new Map<string, string>();
  const metadata = metadataOf(root);
  const found = metadata && fieldOf(metadata.content, name);
  if (found === undefined) return result;
  for (let i = 0; i < found.content.length; i += 2) {
    result.set(found.content[i]?.value ?? '', found.content[i + 1]?.value ?? '');
  }
  return result;
}

/** One entry of metadata.annotations as text, without building the whole map. */
export function annotationOf(root: Node | undefined, name: string): string | undefined {
  const metadata = metadataOf(root);
  const annotations = metadata && fieldOf(metadata.content, 'annotations');
  return annotations === undefined ? undefined : fieldOf(annotations.content, name)?.value;
}

/** A mapping's entries as texts; null gives the empty text (kyaml: GetDataMap). */
export function textMap(node: Node | undefined): Map<string, string> {
  const result = new Map<string, string>();
  if (node === undefined || node.kind !== 'mapping') return result;
  visitFields(node, (key, value) => result.set(textOf(key), textOf(value)));
  return result;
}
