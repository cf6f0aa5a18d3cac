// The built-in resources, from the table of discovery.

import type { KubeObject } from '../../kube/object.ts';
import { decodeStruct, settleEmpties, zeroStruct } from '../../typed/decode.ts';
import { settleAsServer } from '../../typed/defaults.ts';
import { atomOfType } from '../../typed/fields/atom.ts';
import { EMPTY, fieldSetOf } from '../../typed/fields/set.ts';
import { type TypeNode, typeOfKind } from '../../typed/types.ts';
import table from '../data/resources.json' with { type: 'json' };
import { asksForReset } from '../fields/manager.ts';
import { rulesFor } from '../kinds/rules.ts';
import type { KindRules, ObjectSchema, Resource, Subresource } from './resource.ts';

interface ResourceRow {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs: string;
  readonly subresources?: Readonly<Record<string, string | undefined>>;
}
interface GroupRow {
  readonly group: string;
  readonly versions: readonly { readonly version: string; readonly resources: readonly ResourceRow[] }[];
}

const STATUS = fieldSetOf(['f:status']);

/** Groups in the order in which discovery lists them, with their versions, the preferred one first. */
export function builtinGroups(): readonly { group: string; versions: readonly string[] }[] {
  const groups: readonly GroupRow[] = table;
  return groups.map(({ group, versions }) => ({ group, versions: versions.map(({ version }) => version) }));
}

/** Every resource of the table. */
export function builtinResources(): Resource[] {
  const groups: readonly GroupRow[] = table;
  return groups.flatMap(({ group, versions }) =>
    versions.flatMap(({ version, resources }) => resources.map((row) => toResource(group, version, row))),
  );
}

function toResource(group: string, version: string, row: ResourceRow): Resource {
  const subresources = new Map<string, Subresource>();
  for (const [name, text] of Object.entries(row.subresources ?? {})) {
    const [gvk = '', verbs = ''] = (text ?? '').split(':');
    const [subGroup = '', subVersion = '', kind = ''] = gvk.split('/');
    subresources.set(name, { group: subGroup, version: subVersion, kind, verbs: new Set(verbs.split(' ')) });
  }
  const rules = rulesFor(group, row.kind);
  const apiVersion = group === '' ? version : `${group}/${version}`;
  let schema: ObjectSchema | undefined;
  return {
    group,
    version,
    apiVersion,
    kind: row.kind,
    listKind: `${row.kind}List`,
    plural: row.plural,
    singular: row.singular,
    shortNames: row.shortNames ?? [],
    categories: row.categories ?? [],
    namespaced: row.namespaced,
    verbs: new Set(row.verbs.split(' ')),
    subresources,
    // events.k8s.io serves the same objects as the core group.
    storage: row.plural === 'events' ? '/events' : `${group}/${row.plural}`,
    get schema() {
      schema ??= builtinSchema(group, version, row.kind, apiVersion, rules);
      return schema;
    },
    rules,
    reset: subresources.has('status') ? STATUS : EMPTY,
  };
}

function builtinSchema(
  group: string,
  version: string,
  kind: string,
  apiVersion: string,
  rules: KindRules,
): ObjectSchema {
  const type: TypeNode = typeOfKind(group, version, kind) ?? { kind: 'any', goName: kind };
  const toObject = (value: Record<string, unknown>): KubeObject => ({
    ...value,
    apiVersion,
    kind,
    metadata: value.metadata ?? {},
  });
  let empty: KubeObject | undefined;
  return {
    decode(value, keys, source) {
      const decoded = decodeStruct(type, value, keys, source);
      const object = toObject({ kind, apiVersion, ...decoded.value });
      if (asksForReset(value)) object.metadata.managedFields = [];
      rules.canonicalize?.(object);
      return { object, strict: decoded.strict };
    },
    setDefaults(object) {
      settleAsServer(type, object);
      return object;
    },
    get empty() {
      empty ??= toObject({ kind, apiVersion, ...zeroStruct(type) });
      return empty;
    },
    atom: atomOfType(type),
    patchType: type,
    settle(object) {
      settleEmpties(type, object);
      return object;
    },
    validate: () => [],
  };
}
