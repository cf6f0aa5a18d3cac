// CustomResourceDefinitions as served resources: one for each served version.

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { prune, setCustomDefaults } from '../../typed/custom/prune.ts';
import { type CustomSchema, readCustomSchema } from '../../typed/custom/schema.ts';
import { validateCustom } from '../../typed/custom/validate.ts';
import { decodeStruct } from '../../typed/decode.ts';
import { EMPTY, fieldSetOf } from '../../typed/fields/set.ts';
import { typeOf } from '../../typed/types.ts';
import { asksForReset } from '../fields/manager.ts';
import type { ServedGroup } from '../resource/registry.ts';
import type { ObjectSchema, Resource, Subresource } from '../resource/resource.ts';
import { atomOfCustom } from './atom.ts';

const VERBS = new Set(['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']);
const SUBRESOURCE_VERBS = new Set(['get', 'patch', 'update']);
const STATUS = fieldSetOf(['f:status']);

/** The resources of all definitions that are not being deleted, and their groups with the preferred version first. */
export function customResources(definitions: readonly KubeObject[]): {
  resources: Resource[];
  groups: ServedGroup[];
} {
  const resources: Resource[] = [];
  const versions = new Map<string, Set<string>>();
  for (const definition of definitions)
    for (const version of listAt(definition, 'versions')) {
      if (at(version, 'served') !== true) continue;
      const resource = toResource(definition, version);
      resources.push(resource);
      const known = versions.get(resource.group) ?? new Set();
      versions.set(resource.group, known.add(resource.version));
    }
  const groups = [...versions].map(([group, names]) => ({ group, versions: [...names].sort(comparePriority) }));
  return { resources, groups };
}

function listAt(definition: KubeObject, key: string): readonly unknown[] {
  const found = at(definition, 'spec', key);
  return Array.isArray(found) ? found : [];
}

function toResource(definition: KubeObject, version: unknown): Resource {
  const group = stringAt(definition, 'spec', 'group') ?? '';
  const names = at(definition, 'spec', 'names');
  const name = stringAt(version, 'name') ?? '';
  const kind = stringAt(names, 'kind') ?? '';
  const plural = stringAt(names, 'plural') ?? '';
  const apiVersion = `${group}/${name}`;
  const subresources = new Map<string, Subresource>();
  if (isObject(at(version, 'subresources', 'status')))
    subresources.set('status', { group, version: name, kind, verbs: SUBRESOURCE_VERBS });
  if (isObject(at(version, 'subresources', 'scale')))
    subresources.set('scale', { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: SUBRESOURCE_VERBS });
  let schema: ObjectSchema | undefined;
  return {
    group,
    version: name,
    apiVersion,
    kind,
    listKind: stringAt(names, 'listKind') ?? `${kind}List`,
    plural,
    singular: stringAt(names, 'singular') ?? kind.toLowerCase(),
    shortNames: strings(at(names, 'shortNames')),
    categories: strings(at(names, 'categories')),
    namespaced: stringAt(definition, 'spec', 'scope') === 'Namespaced',
    verbs: VERBS,
    subresources,
    storage: `${group}/${plural}`,
    get schema() {
      schema ??= customSchema(apiVersion, kind, readCustomSchema(at(version, 'schema', 'openAPIV3Schema')));
      return schema;
    },
    rules: {},
    reset: subresources.has('status') ? STATUS : EMPTY,
    definition,
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function customSchema(apiVersion: string, kind: string, schema: CustomSchema): ObjectSchema {
  const metadataType = typeOf('meta/v1.ObjectMeta');
  let atom: ObjectSchema['atom'] | undefined;
  return {
    decode(value, keys) {
      const unknown: string[] = [];
      const repeated: string[] = [];
      const pruned = prune(schema, value, unknown, repeated, keys);
      const { metadata, ...rest } = isObject(pruned) ? pruned : {};
      const decoded = decodeStruct(metadataType, metadata ?? {}, keys);
      const strict = [
        ...repeated.map((path) => `duplicate field "${path}"`),
        ...decoded.strict.map((finding) => finding.replace(/"/, '"metadata.')),
        ...unknown.sort().map((path) => `unknown field "${path}"`),
      ];
      const reset = asksForReset(value) ? { managedFields: [] } : {};
      return { object: { ...rest, apiVersion, kind, metadata: { ...decoded.value, ...reset } }, strict };
    },
    setDefaults(object) {
      setCustomDefaults(schema, object);
      return object;
    },
    empty: { apiVersion, kind, metadata: {} },
    get atom() {
      atom ??= atomOfCustom(schema);
      return atom;
    },
    patchType: undefined,
    settle: (object) => object,
    validate: (object) => validateCustom(schema, object),
  };
}

/** GA before beta before alpha, newer before older, other names last (version.CompareKubeAwareVersionStrings). */
function comparePriority(a: string, b: string): number {
  const rank = (version: string): number[] => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (!match) return [0, 0, 0];
    const stage = match[2] === undefined ? 3 : match[2] === 'beta' ? 2 : 1;
    return [stage, Number(match[1]), Number(match[3] ?? 0)];
  };
  const left = rank(a);
  const right = rank(b);
  for (const [index, value] of left.entries()) if (value !== right[index]) return (right[index] ?? 0) - value;
  return a < b ? -1 : 1;
}
