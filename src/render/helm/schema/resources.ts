// A schema document: its embedded resources (`$id`), their drafts and anchors (santhosh-tekuri/jsonschema v6: root.go, roots.go).

import { HawserError } from '../../../base/errors.ts';
import { quote } from '../../go/quote.ts';
import type { GoValue } from '../../go/value.ts';
import type { Draft } from './draft.ts';
import { escapeToken } from './failure.ts';

/** A part of a document that has an id of its own; the whole document is one. */
export interface Resource {
  readonly pointer: string;
  readonly id: string;
  readonly draft: Draft;
  readonly anchors: Map<string, string>;
  readonly dynamicAnchors: Set<string>;
}

export interface SchemaDocument {
  readonly url: string;
  readonly content: GoValue;
  /** By pointer. */
  readonly resources: Map<string, Resource>;
  /** Pointers of the schemas that were looked through. */
  readonly known: Set<string>;
  readonly draftOf: DraftOf;
}

/** The draft that a `$schema` names; throws where it cannot be told. */
export type DraftOf = (schemaUrl: string) => Draft;

export function openDocument(url: string, content: GoValue, fallback: Draft, draftOf: DraftOf): SchemaDocument {
  const document: SchemaDocument = { url, content, resources: new Map(), known: new Set(), draftOf };
  collect(document, content, url, '', fallback);
  return document;
}

/** Looks through a schema that stands where the draft expects none, since a `$ref` leads there. True where it was new. */
export function openSubschema(document: SchemaDocument, pointer: string): boolean {
  if (document.known.has(pointer)) return false;
  const resource = resourceAt(document, pointer);
  const schema = valueAt(document, pointer);
  collect(document, schema, resource.id, pointer, resource.draft);
  if (!document.resources.has(pointer)) collectAnchors(document, schema, pointer, resource);
  return true;
}

/** The resource that a pointer lies in. */
export function resourceAt(document: SchemaDocument, pointer: string): Resource {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = document.resources.get(at);
    if (found !== undefined) return found;
    if (!at.includes('/')) throw new HawserError('Internal', `schema document ${document.url} has no root resource`);
  }
}

/** The value at a JSON pointer. Throws `RenderFailed` where there is none. */
export function valueAt(document: SchemaDocument, pointer: string): GoValue {
  let value = document.content;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const next: GoValue | undefined =
      value instanceof Map
        ? value.get(key)
        : Array.isArray(value) && /^\d+$/.test(key)
          ? value[Number(key)]
          : undefined;
    if (next === undefined) throw schemaError(`json-pointer in ${quote(locationOf(document.url, pointer))} not found`);
    value = next;
  }
  return value;
}

/** `url#pointer`, as messages name a schema. */
export function locationOf(url: string, pointer: string): string {
  const fragment = pointer
    .split('/')
    .map((token) =>
      encodeURIComponent(token).replace(/%(24|26|2B|3A|3D|40)/g, (escaped) => decodeURIComponent(escaped)),
    )
    .join('/');
  return `${url}#${fragment}`;
}

/** A reference against a base: the document or resource meant, and the decoded fragment. */
export function resolveReference(base: string, reference: string): { url: string; fragment: string } {
  const hash = reference.indexOf('#');
  const target = hash < 0 ? reference : reference.slice(0, hash);
  const fragment = hash < 0 ? '' : reference.slice(hash + 1);
  try {
    return {
      url: target === '' ? base : new URL(target, base).href,
      fragment: decodeURIComponent(fragment),
    };
  } catch (error) {
    throw schemaError(`error in parsing ${quote(reference)}`, error);
  }
}

/** The pointer that a fragment means inside a resource: a JSON pointer from its root, or an anchor. */
export function resolveFragment(document: SchemaDocument, resource: Resource, fragment: string): string {
  if (fragment === '' || fragment.startsWith('/')) return resource.pointer + fragment;
  const pointer = resource.anchors.get(fragment);
  if (pointer !== undefined) return pointer;
  const reference = `${resource.id}#${fragment}`;
  throw schemaError(`anchor in ${quote(reference)} not found in schema ${quote(document.url)}`);
}

export function schemaError(message: string, cause?: unknown): HawserError {
  return new HawserError('RenderFailed', message, cause === undefined ? {} : { cause });
}

function collect(document: SchemaDocument, schema: GoValue, base: string, pointer: string, fallback: Draft): void {
  if (document.known.has(pointer)) return;
  document.known.add(pointer);
  if (!(schema instanceof Map)) {
    if (pointer === '') addResource(document, pointer, base, fallback);
    return;
  }
  const named = schema.get('$schema');
  let draft = typeof named === 'string' ? document.draftOf(named) : fallback;
  let id = idOf(schema, draft);
  if (id === undefined && pointer !== '') {
    // `$schema` counts only beside an id.
    draft = fallback;
    id = idOf(schema, draft);
  }
  let innerBase = base;
  if (id !== undefined) innerBase = resolveReference(base, id).url;
  if (id !== undefined || pointer === '') addResource(document, pointer, innerBase, draft);
  const resource = [...document.resources.values()].find((candidate) => candidate.id === innerBase);
  if (resource === undefined) throw new HawserError('Internal', `no schema resource has the id ${innerBase}`);
  collectAnchors(document, schema, pointer, resource);
  for (const { keyword, holds } of draft.subschemas) {
    const held = schema.get(keyword);
    if (held === undefined) continue;
    const at = `${pointer}/${escapeToken(keyword)}`;
    if (holds === 'schema') collect(document, held, innerBase, at, resource.draft);
    else if (holds === 'list' && Array.isArray(held)) {
      for (const [index, item] of held.entries()) collect(document, item, innerBase, `${at}/${index}`, resource.draft);
    } else if (holds === 'map' && held instanceof Map) {
      for (const [key, item] of held) collect(document, item, innerBase, `${at}/${escapeToken(key)}`, resource.draft);
    }
  }
}

function addResource(document: SchemaDocument, pointer: string, id: string, draft: Draft): void {
  const same = [...document.resources.values()].find((resource) => resource.id === id);
  if (same === undefined) {
    document.resources.set(pointer, { pointer, id, draft, anchors: new Map(), dynamicAnchors: new Set() });
  } else if (same.pointer !== pointer) {
    throw schemaError(
      `duplicate id ${quote(id)} in ${quote(document.url)} at ${quote(pointer)} and ${quote(same.pointer)}`,
    );
  }
}

function idOf(schema: ReadonlyMap<string, GoValue>, draft: Draft): string | undefined {
  // Before 2019 everything beside a `$ref` is ignored.
  if (draft.version < 2019 && schema.has('$ref')) return undefined;
  const id = schema.get(draft.id);
  if (typeof id !== 'string') return undefined;
  const withoutFragment = id.split('#', 1)[0] ?? '';
  return withoutFragment === '' ? undefined : withoutFragment;
}

function collectAnchors(document: SchemaDocument, schema: GoValue, pointer: string, resource: Resource): void {
  if (!(schema instanceof Map)) return;
  const add = (anchor: GoValue | undefined): anchor is string => {
    if (typeof anchor !== 'string' || anchor === '' || anchor.startsWith('/')) return false;
    const present = resource.anchors.get(anchor);
    if (present !== undefined && present !== pointer) {
      throw schemaError(
        `duplicate anchor ${quote(anchor)} in ${quote(document.url)} at ${quote(present)} and ${quote(pointer)}`,
      );
    }
    resource.anchors.set(anchor, pointer);
    return true;
  };
  if (resource.draft.version < 2019) {
    const id = schema.get(resource.draft.id);
    if (!schema.has('$ref') && typeof id === 'string' && id.includes('#')) add(id.slice(id.indexOf('#') + 1));
    return;
  }
  add(schema.get('$anchor'));
  const dynamic = schema.get('$dynamicAnchor');
  if (resource.draft.version >= 2020 && add(dynamic)) resource.dynamicAnchors.add(dynamic);
}
