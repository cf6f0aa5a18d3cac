// How server-side apply merges custom resources.
//
// Source: kube-openapi, pkg/schemaconv/openapi.go, over what apiextensions' OpenAPI builder makes of a definition.

import type { CustomSchema } from '../../typed/custom/schema.ts';
import { ANY, type Atom, type AtomField, atomNamed, DEDUCED, type Scalar, UNTYPED } from '../../typed/fields/atom.ts';

/** The atom of a whole object: its schema, with apiVersion, kind and metadata as every object has them. */
export function atomOfCustom(schema: CustomSchema): Atom {
  const body = atomOf(schema, false);
  const fields = new Map<string, AtomField>(body.map?.fields ?? []);
  addObjectFields(fields);
  const element = body.map?.element;
  return { map: { atomic: false, fields, ...(element ? { element } : {}) } };
}

function addObjectFields(fields: Map<string, AtomField>): void {
  fields.set('apiVersion', { type: () => ({ scalar: 'string' }) });
  fields.set('kind', { type: () => ({ scalar: 'string' }) });
  fields.set('metadata', { type: () => atomNamed('meta/v1.ObjectMeta') });
}

const SCALARS: Readonly<Record<string, Scalar>> = { integer: 'numeric', number: 'numeric', boolean: 'boolean' };

function atomOf(schema: CustomSchema, inheritsUnknown: boolean): Atom {
  // Once a schema keeps unknown fields, all below it do.
  const keepsUnknown = inheritsUnknown || schema.preserveUnknown;
  switch (schema.intOrString ? '' : schema.type) {
    case 'object':
      return objectAtom(schema, keepsUnknown);
    case 'array':
      return listAtom(schema, keepsUnknown);
    case 'string':
      return { scalar: schema.format === '' || schema.format === 'byte' ? 'string' : 'untyped' };
    case '':
      if (schema.intOrString) return ANY;
      return { scalar: 'untyped', ...listAtom(schema, keepsUnknown), ...objectAtom(schema, keepsUnknown) };
    default:
      return { scalar: SCALARS[schema.type] ?? 'untyped' };
  }
}

function objectAtom(schema: CustomSchema, keepsUnknown: boolean): Atom {
  const fields = new Map<string, AtomField>();
  for (const [name, property] of schema.properties) {
    let atom: Atom | undefined;
    fields.set(name, {
      type: () => {
        atom ??= atomOf(property, keepsUnknown);
        return atom;
      },
      ...(property.hasDefault ? { default: property.default } : {}),
    });
  }
  if (schema.embedded) addObjectFields(fields);
  const { additional } = schema;
  let element: (() => Atom) | undefined;
  if (additional === true) element = () => DEDUCED;
  else if (additional) element = () => atomOf(additional, keepsUnknown);
  else if (keepsUnknown || schema.properties.size === 0) element = () => DEDUCED;
  return { map: { atomic: schema.mapType === 'atomic', fields, ...(element ? { element } : {}) } };
}

function listAtom(schema: CustomSchema, keepsUnknown: boolean): Atom {
  const { items } = schema;
  let element: Atom | undefined;
  return {
    list: {
      associative: schema.listType === 'set' || schema.listType === 'map',
      keys: schema.listType === 'map' ? schema.listKeys : [],
      element: () => {
        element ??= items ? atomOf(items, keepsUnknown) : UNTYPED;
        return element;
      },
    },
  };
}
