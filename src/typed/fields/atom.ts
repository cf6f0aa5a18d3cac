// The schema that server-side apply merges by: what a value may be, and whether one manager owns it whole.
//
// Source: structured-merge-diff, schema/elements.go; how a type becomes one: kube-openapi, pkg/schemaconv.

import { isObject } from '../../base/json.ts';
import { type Field, type TypeNode, typeOf } from '../types.ts';
import { fieldStep, keyStep, type Step, valueStep } from './path.ts';

export type Scalar = 'numeric' | 'string' | 'boolean' | 'untyped';

export interface AtomList {
  readonly associative: boolean;
  /** Of a list of objects; an associative list without keys is a set of scalars. */
  readonly keys: readonly string[];
  readonly element: () => Atom;
}

export interface AtomField {
  readonly type: () => Atom;
  readonly default?: unknown;
}

export interface AtomMap {
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, AtomField>;
  /** Of keys that are no field; without it they are not allowed. */
  readonly element?: () => Atom;
}

export interface Atom {
  readonly scalar?: Scalar;
  readonly list?: AtomList;
  readonly map?: AtomMap;
}

const NO_FIELDS: ReadonlyMap<string, AtomField> = new Map();

/** `__untyped_atomic_`: anything, owned whole. */
export const UNTYPED: Atom = {
  scalar: 'untyped',
  list: { associative: false, keys: [], element: () => UNTYPED },
  map: { atomic: true, fields: NO_FIELDS, element: () => UNTYPED },
};

/** `__untyped_deduced_`: anything; objects by key, lists whole. */
export const DEDUCED: Atom = {
  scalar: 'untyped',
  list: { associative: false, keys: [], element: () => UNTYPED },
  map: { atomic: false, fields: NO_FIELDS, element: () => DEDUCED },
};

/** A value of which the OpenAPI document says no type at all (IntOrString, JSON). */
export const ANY: Atom = {
  scalar: 'untyped',
  list: { associative: false, keys: [], element: () => UNTYPED },
  map: { atomic: false, fields: NO_FIELDS, element: () => DEDUCED },
};

const SCALARS: Readonly<Partial<Record<TypeNode['kind'], Atom>>> = {
  string: { scalar: 'string' },
  bytes: { scalar: 'string' },
  integer: { scalar: 'numeric' },
  number: { scalar: 'numeric' },
  boolean: { scalar: 'boolean' },
  quantity: { scalar: 'untyped' },
  time: { scalar: 'untyped' },
  microTime: { scalar: 'untyped' },
  duration: { scalar: 'string' },
  intOrString: ANY,
};

const atoms = new Map<TypeNode, Atom>();

/** The atom of a built-in type. */
export function atomOfType(type: TypeNode): Atom {
  const known = atoms.get(type);
  if (known) return known;
  const made = makeAtom(type);
  atoms.set(type, made);
  return made;
}

function makeAtom(type: TypeNode): Atom {
  const scalar = SCALARS[type.kind];
  if (scalar) return scalar;
  const element = type.element;
  switch (type.kind) {
    case 'list':
      return {
        list: { associative: false, keys: [], element: () => (element ? atomOfType(element()) : UNTYPED) },
      };
    case 'map':
      return { map: { atomic: false, fields: NO_FIELDS, element: () => (element ? atomOfType(element()) : DEDUCED) } };
    case 'struct': {
      const fields = new Map<string, AtomField>();
      for (const field of type.fields?.().values() ?? []) fields.set(field.name, atomField(field));
      return { map: { atomic: type.atomic === true, fields } };
    }
    default:
      if (type.name === 'pkg/runtime.RawExtension') return UNTYPED;
      if (type.name === 'meta/v1.FieldsV1')
        return { map: { atomic: false, fields: NO_FIELDS, element: () => DEDUCED } };
      return ANY;
  }
}

function atomField(field: Field): AtomField {
  let atom: Atom | undefined;
  return {
    type: () => {
      atom ??= overrideRelationship(atomOfType(field.type), field);
      return atom;
    },
    ...(field.default === undefined ? {} : { default: field.default }),
  };
}

/** List and map types are said on the field, not on the type. */
function overrideRelationship(atom: Atom, field: Field): Atom {
  if (atom.list && field.type.kind === 'list') {
    const merges = field.patchStrategy?.includes('merge') === true;
    if (field.listType === 'map') return { list: { ...atom.list, associative: true, keys: field.listKeys ?? [] } };
    if (field.listType === 'set') return { list: { ...atom.list, associative: true } };
    if (field.listType === undefined && merges)
      return { list: { ...atom.list, associative: true, keys: field.mergeKey ? [field.mergeKey] : [] } };
    return atom;
  }
  if (atom.map && field.mapType) return { ...atom, map: { ...atom.map, atomic: field.mapType === 'atomic' } };
  return atom;
}

/** The atom of a built-in struct by its name in the table (`meta/v1.ObjectMeta`). */
export function atomNamed(name: string): Atom {
  return atomOfType(typeOf(name));
}

/** Narrows an atom to what the value is; unchanged where the value fits nothing, so that validation can say so. */
export function deduceAtom(atom: Atom, value: unknown): Atom {
  if (value === undefined || value === null) return atom;
  if (Array.isArray(value)) return atom.list ? { list: atom.list } : atom;
  if (isObject(value)) return atom.map ? { map: atom.map } : atom;
  return atom.scalar ? { scalar: atom.scalar } : atom;
}

/** Where an element of an associative list sits. Throws an Error with structured-merge-diff's message. */
export function stepOfElement(list: AtomList, element: unknown): Step {
  if (!list.associative) throw new Error('invalid indexing of non-associative list');
  if (list.keys.length > 0) return stepOfKeyed(list, element);
  if (isObject(element)) throw new Error("associative list without keys has an element that's a map type");
  if (Array.isArray(element)) throw new Error('not supported: associative list with lists as elements');
  if (element === null || element === undefined)
    throw new Error("associative list without keys has an element that's an explicit null");
  return valueStep(element);
}

function stepOfKeyed(list: AtomList, element: unknown): Step {
  if (element === null || element === undefined)
    throw new Error('associative list with keys may not have a null element');
  if (!isObject(element)) throw new Error('associative list with keys may not have non-map elements');
  const key: Record<string, unknown> = {};
  for (const name of list.keys) {
    const value = Object.hasOwn(element, name) ? element[name] : list.element().map?.fields.get(name)?.default;
    if (value !== undefined) key[name] = value;
  }
  if (Object.keys(key).length === 0) {
    const names = list.keys.map((name) => JSON.stringify(name)).join(' ');
    throw new Error(
      `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    );
  }
  return keyStep(key);
}

/** The atom of the value under a key of a map. */
export function memberAtom(map: AtomMap, key: string): Atom | undefined {
  return map.fields.get(key)?.type() ?? map.element?.();
}

export { fieldStep };
