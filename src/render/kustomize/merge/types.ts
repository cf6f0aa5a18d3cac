// What a build knows of types: how lists are merged, and which kinds are cluster-scoped (kyaml: openapi/openapi.go). Built-in knowledge is
// that of Kubernetes 1.21.2; a kustomization's `openapi.path` replaces it, `crds` do not touch it.

import { at, isObject, type Json } from '../../../base/json.ts';
import { parseConfig } from '../node/config-json.ts';
import { failure } from '../node/fail.ts';
import { BUILTIN_DEFINITIONS, BUILTIN_KINDS, type BuiltinProperty, CLUSTER_SCOPED_KINDS } from './builtin-types.ts';

/** What is known of a value. */
export interface TypeSchema {
  /** The patch strategies of a list: `merge`, `merge,retainKeys`; empty where none is known. */
  readonly strategy: string;
  /** The keys by which elements are merged; empty for lists of plain values. */
  readonly keys: readonly string[];
  field(name: string): TypeSchema | undefined;
  elements(): TypeSchema | undefined;
}

/** The only OpenAPI version that kustomize 5.8 has built in. */
const BUILTIN_VERSION = 'v1.21.2';

/** Knowledge of types during one build. It changes where a kustomization on the way brings its own schema. */
export interface TypeKnowledge {
  /** A kustomization's `openapi` field; only the first one of a build counts (kyaml: SetSchema). */
  useSchema(version: string | undefined, text: string | undefined, isRoot: boolean): void;
  schemaOf(apiVersion: string, kind: string): TypeSchema | undefined;
  /** False where it is namespaced, and also where nothing is known. */
  isClusterScoped(apiVersion: string, kind: string): boolean;
}

export function createTypeKnowledge(): TypeKnowledge {
  let chosen: { readonly custom: string | undefined } | undefined;
  let custom: CustomSchema | undefined;
  /** Kustomize parses the built-in schema late; beside a custom one it is there only if an unknown kind was asked for before. */
  let askedForUnknown = false;
  let builtin = false;
  let initialised = false;

  const initialise = (): void => {
    if (initialised) return;
    initialised = true;
    if (chosen?.custom === undefined) builtin = true;
    else custom = parseCustomSchema(chosen.custom);
    if (askedForUnknown) builtin = true;
  };

  return {
    useSchema(version, text, isRoot) {
      if (chosen !== undefined && !isRoot) return;
      if (text !== undefined) {
        if (version !== undefined) throw failure("openapi: 'version' and 'path' exclude each other");
        chosen = { custom: text };
        initialised = false;
        return;
      }
      if (version === undefined || version === '') return;
      if (version !== BUILTIN_VERSION) {
        throw failure(`openapi: version '${version}' is not built in`, `${BUILTIN_VERSION} is`);
      }
      chosen = { custom: undefined };
      initialised = false;
    },
    schemaOf(apiVersion, kind) {
      initialise();
      const type = `${apiVersion} ${kind}`;
      const found = custom?.schemaOf(type, builtin);
      if (found !== undefined) return found;
      const definition = builtin || apiVersion.startsWith('kustomize.config.k8s.io/') ? BUILTIN_KINDS[type] : undefined;
      return definition === undefined ? undefined : builtinSchema(definition);
    },
    isClusterScoped(apiVersion, kind) {
      const type = `${apiVersion} ${kind}`;
      if (CLUSTER_SCOPED_KINDS.has(type)) return true;
      if (BUILTIN_KINDS[type] !== undefined) return false;
      if (chosen?.custom !== undefined) initialise();
      else askedForUnknown = true;
      return custom?.scopes.get(type) === false;
    },
  };
}

/** A value of a known type of which nothing matters. */
const OPAQUE: TypeSchema = { strategy: '', keys: [], field: () => OPAQUE, elements: () => OPAQUE };

const builtinCache = new Map<string, TypeSchema>();

function builtinSchema(definition: string): TypeSchema {
  const cached = builtinCache.get(definition);
  if (cached !== undefined) return cached;
  const properties = BUILTIN_DEFINITIONS[definition] ?? {};
  const fields = new Map<string, TypeSchema>();
  const schema: TypeSchema = {
    strategy: '',
    keys: [],
    elements: () => undefined,
    field(name) {
      let found = fields.get(name);
      if (found === undefined) {
        const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
        found = property === undefined ? OPAQUE : builtinProperty(property);
        fields.set(name, found);
      }
      return found;
    },
  };
  builtinCache.set(definition, schema);
  return schema;
}

function builtinProperty(property: BuiltinProperty): TypeSchema {
  const of = property.of === undefined ? OPAQUE : builtinSchema(property.of);
  if (property.list !== true) return of;
  return { strategy: property.strategy ?? '', keys: property.keys ?? [], field: () => undefined, elements: () => of };
}

interface CustomSchema {
  /** `apiVersion Kind` to whether it is namespaced. */
  readonly scopes: ReadonlyMap<string, boolean>;
  schemaOf(type: string, withBuiltin: boolean): TypeSchema | undefined;
}

function parseCustomSchema(text: string): CustomSchema {
  const document = parseConfig(text);
  const definitions = at(document, 'definitions');
  const kinds = new Map<string, unknown>();
  for (const definition of Object.values(isObject(definitions) ? definitions : {})) {
    const types = at(definition, 'x-kubernetes-group-version-kind');
    for (const type of Array.isArray(types) ? types : []) kinds.set(typeKey(type), definition);
  }
  return {
    scopes: scopesOf(document),
    schemaOf: (type, withBuiltin) => {
      const found = kinds.get(type);
      return found === undefined ? undefined : customSchema(found, document, withBuiltin);
    },
  };
}

function scopesOf(document: Json): Map<string, boolean> {
  const scopes = new Map<string, boolean>();
  const paths = at(document, 'paths');
  for (const [path, methods] of Object.entries(isObject(paths) ? paths : {})) {
    const type = at(methods, 'get', 'x-kubernetes-group-version-kind');
    if (!isObject(type)) continue;
    const key = typeKey(type);
    if (path.includes('namespaces/{namespace}')) scopes.set(key, true);
    else if (!scopes.has(key)) scopes.set(key, false);
  }
  return scopes;
}

function typeKey(type: unknown): string {
  const [group, version, kind] = [at(type, 'group'), at(type, 'version'), at(type, 'kind')];
  return `${typeof group === 'string' && group !== '' ? `${group}/` : ''}${String(version)} ${String(kind)}`;
}

function customSchema(source: unknown, document: Json, withBuiltin: boolean): TypeSchema | undefined {
  const resolved = resolveReference(source, document, withBuiltin);
  if (resolved === undefined || 'builtin' in resolved) return resolved?.builtin;
  const schema = resolved.schema;
  const below = (next: unknown) => customSchema(next, document, withBuiltin);
  const strategy = at(schema, 'x-kubernetes-patch-strategy');
  return {
    strategy: typeof strategy === 'string' ? strategy : '',
    keys: typeof strategy === 'string' ? mergeKeys(schema) : [],
    field(name) {
      const property = at(schema, 'properties', name);
      if (property !== undefined) return below(property);
      const additional = at(schema, 'additionalProperties');
      return isObject(additional) ? below(additional) : undefined;
    },
    elements() {
      const type = at(schema, 'type');
      if (type !== 'array' && !(Array.isArray(type) && type.length === 1 && type[0] === 'array')) return undefined;
      const items = at(schema, 'items');
      return items === undefined ? undefined : below(items);
    },
  };
}

function mergeKeys(schema: unknown): readonly string[] {
  const list = at(schema, 'x-kubernetes-list-map-keys');
  if (Array.isArray(list)) return list.filter((key) => typeof key === 'string');
  const key = at(schema, 'x-kubernetes-patch-merge-key');
  return typeof key === 'string' ? [key] : [];
}

type Resolution = { readonly schema: unknown } | { readonly builtin: TypeSchema } | undefined;

function resolveReference(source: unknown, document: Json, withBuiltin: boolean): Resolution {
  let here = source;
  for (let depth = 0; depth < 100; depth++) {
    const reference = at(here, '$ref');
    if (typeof reference !== 'string' || reference === '') return { schema: here };
    if (!reference.startsWith('#/')) return undefined;
    const path = reference.slice(2).split('/');
    const next = at(document, ...path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')));
    if (next !== undefined) {
      here = next;
      continue;
    }
    const short = (path.at(-1) ?? '').split('.').slice(-3).join('.');
    return withBuiltin && BUILTIN_DEFINITIONS[short] !== undefined ? { builtin: builtinSchema(short) } : undefined;
  }
  return undefined;
}
