// Paths into a node: `metadata.name`, `spec.containers.[name=nginx].image`, `spec.ports.0.port`, `*` (kyaml: utils/pathsplitter.go and
// the PathGetter of yaml/fns.go).

import { failure } from './fail.ts';
import { clearField, demandKind, elements, getField, setField } from './fields.ts';
import { makeNode, type Node, type NodeKind, scalarNode } from './node.ts';

/** Splits at `delimiter`; a backslash before it escapes it, and a leading one does not count. */
export function splitPath(path: string, delimiter: string): string[] {
  let parts = path.split(delimiter);
  if (parts.length > 1 && parts[0] === '') parts = parts.slice(1);
  const result: string[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.endsWith('\\')) result[result.length - 1] = `${last.slice(0, -1)}${delimiter}${part}`;
    else result.push(part);
  }
  return result;
}

/** Like splitPath, but leaves what stands in brackets together: `a.[b.c/d].e` has three parts, `a.[name=x.y]` two. */
export function splitBracketPath(path: string, delimiter: string): string[] {
  const result: string[] = [];
  const parts = splitPath(path, delimiter);
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    if (!part.startsWith('[') || part.endsWith(']')) {
      result.push(part);
      continue;
    }
    const bracketed = [part];
    while (i < parts.length - 1) {
      i++;
      bracketed.push(parts[i] ?? '');
      if (parts[i]?.endsWith(']')) break;
    }
    const joined = bracketed.join(delimiter);
    result.push(joined.includes('=') ? joined : joined.replace(/^[[\]]+|[[\]]+$/g, ''));
  }
  return result;
}

export function isListIndex(part: string): boolean {
  return part.startsWith('[') && part.endsWith(']');
}

/** A number that can be an index (Go: strconv.Atoi, not negative). */
export function isIndexNumber(part: string): boolean {
  return /^[+-]?\d+$/.test(part) && Number(part) >= 0;
}

/** `[name=value]` in its two parts. */
export function splitElementPart(part: string): { readonly name: string; readonly value: string } {
  const inner = part.replace(/\]$/, '').replace(/^\[/, '');
  const equals = inner.indexOf('=');
  if (equals < 0) throw failure(`the path part '${part}' must be of the form [field=value]`);
  return { name: inner.slice(0, equals), value: inner.slice(equals + 1) };
}

/** What must be made for a part when the next one is to be found in it. */
export function kindForNext(next: string, last: NodeKind): NodeKind {
  if (isListIndex(next) || isIndexNumber(next)) return 'sequence';
  return next === '' ? last : 'mapping';
}

/**
 * The node at a path, or undefined. With `create` the fields on the way are made, the last one of that kind
 * (kyaml: Lookup and LookupCreate).
 */
export function lookup(root: Node | undefined, path: readonly string[], create?: NodeKind): Node | undefined {
  const parts = path.map((part) => part.trim()).filter((part) => part !== '');
  let here = root;
  for (let i = 0; i < parts.length; i++) {
    if (here === undefined) return undefined;
    here = step(here, parts[i] ?? '', parts[i + 1] ?? '', create);
  }
  return here;
}

function step(here: Node, part: string, next: string, create: NodeKind | undefined): Node | undefined {
  if (/^[+-]?\d+$/.test(part)) {
    const index = Number(part);
    if (index < 0) throw failure(`the index ${part} cannot be negative`);
    return elements(here)[index];
  }
  if (part === '-') {
    const found = elements(here);
    if (found.length === 0) throw failure('the path asks for the last element of an empty list');
    return found.at(-1);
  }
  if (part === '*') throw failure("'*' is not supported in this path");
  if (isListIndex(part)) return findElement(here, part, create);
  const found = getField(here, part);
  if (found !== undefined || create === undefined || here.tag === '!!null') return found;
  return setField(here, part, makeNode(kindForNext(next, create)));
}

function findElement(here: Node, part: string, create: NodeKind | undefined): Node | undefined {
  const { name, value } = splitElementPart(part);
  const found = matchElement(here, [name], [value]);
  if (found !== undefined || create === undefined) return found;
  const element = name === '' ? scalarNode(value) : makeNode('mapping');
  if (name !== '') element.content.push(scalarNode(name), scalarNode(value));
  demandKind(here, 'sequence');
  here.content.push(element);
  return element;
}

/** The first element whose fields have these texts; with an empty key the first element with that text (kyaml: ElementMatcher). */
export function matchElement(
  list: Node | undefined,
  keys: readonly string[],
  values: readonly string[],
): Node | undefined {
  demandKind(list, 'sequence');
  if (list === undefined) return undefined;
  const [firstKey = ''] = keys;
  if (firstKey === '') return list.content.find((element) => element.value === (values[0] ?? ''));
  const wanted = values.length === 0 ? [''] : values;
  for (const element of list.content) {
    if (element.tag !== '!!null' && element.kind !== 'mapping') continue;
    if (keys.length !== wanted.length) throw failure('a list element is sought by keys without values');
    if (keys.every((key, i) => fieldHasText(element, key, wanted[i] ?? ''))) return element;
  }
  return undefined;
}

/** True where the field is there and has that text (kyaml: FieldMatcher with a value). */
export function fieldHasText(node: Node, name: string, text: string): boolean {
  const found = getField(node, name);
  return found !== undefined && found.value === text;
}

/** Removes a field at a path (its last part being the field). */
export function clearPath(root: Node, path: readonly string[], onlyIfEmpty = false): void {
  const parent = lookup(root, path.slice(0, -1));
  if (parent !== undefined) clearField(parent, path.at(-1) ?? '', onlyIfEmpty);
}
