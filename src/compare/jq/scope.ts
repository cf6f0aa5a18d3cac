// The names that a jq program knows at one of its places.

import type { Json } from '../../base/json.ts';
import type { Definition, Query } from './syntax.ts';
import { objectFrom } from './value.ts';

/** Newest first. */
export type Scope =
  | { readonly kind: 'variable'; readonly name: string; readonly value: Json; readonly outer: Scope | undefined }
  | {
      readonly kind: 'function';
      readonly key: string;
      readonly definition: Definition;
      readonly outer: Scope | undefined;
    }
  /** A query given as an argument, with the names of the place where it was given. */
  | {
      readonly kind: 'closure';
      readonly key: string;
      readonly query: Query;
      readonly place: Scope | undefined;
      readonly outer: Scope | undefined;
    }
  | { readonly kind: 'label'; readonly name: string; readonly label: object; readonly outer: Scope | undefined };

export function define(definition: Definition, outer: Scope | undefined): Scope {
  return { kind: 'function', key: `${definition.name}/${definition.parameters.length}`, definition, outer };
}

export function variableNamed(name: string, scope: Scope | undefined): Json {
  for (let place = scope; place; place = place.outer) {
    if (place.kind === 'variable' && place.name === name) return place.value;
  }
  return objectFrom([]); // $ENV: nothing of the process is seen, as in Argo CD.
}

export function labelNamed(name: string, scope: Scope | undefined): object {
  for (let place = scope; place; place = place.outer) {
    if (place.kind === 'label' && place.name === name) return place.label;
  }
  return {};
}
