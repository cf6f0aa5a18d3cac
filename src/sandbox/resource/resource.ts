// A served resource: what the API server knows of one kind in one version.

import type { KubeObject } from '../../kube/object.ts';
import type { DecodeSource, WrittenKeys } from '../../typed/decode.ts';
import type { FieldError } from '../../typed/field-error.ts';
import type { Atom } from '../../typed/fields/atom.ts';
import type { FieldSet } from '../../typed/fields/set.ts';
import type { TypeNode } from '../../typed/types.ts';
import type { Cluster } from '../cluster.ts';

export interface Subresource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: ReadonlySet<string>;
}

export interface DecodedObject {
  readonly object: KubeObject;
  /** `unknown field "spec.x"`, `duplicate field "data.a"`. */
  readonly strict: readonly string[];
}

/** The form of a kind's objects. */
export interface ObjectSchema {
  /** A JSON object as an object of the kind, unknown fields dropped. Throws DecodeError. */
  decode(value: Record<string, unknown>, keys?: WrittenKeys, source?: DecodeSource): DecodedObject;
  /** The object with what is set when nothing is said. May change its input. */
  setDefaults(object: KubeObject): KubeObject;
  /** An object of the kind of which nothing was ever set. */
  readonly empty: KubeObject;
  readonly atom: Atom;
  /** Built-in kinds know strategic merge; custom ones do not. */
  readonly patchType: TypeNode | undefined;
  /** The object as the store gives it back. May change its input. */
  settle(object: KubeObject): KubeObject;
  /** What the schema itself forbids, for custom resources. */
  validate(object: KubeObject, live?: KubeObject): FieldError[];
}

/** What is particular to a kind, beyond its schema. Functions may change the objects that they are given. */
export interface KindRules {
  /** Brings a decoded object into the one form that is stored: what clients may say in two ways. */
  readonly canonicalize?: (object: KubeObject) => void;
  /** After ownership was recorded, before validation: initial status, allocated addresses. */
  readonly prepareCreate?: (object: KubeObject, cluster: Cluster, dryRun: boolean) => void;
  readonly prepareUpdate?: (next: KubeObject, live: KubeObject, cluster: Cluster, dryRun: boolean) => void;
  /** Admission: defaults that are nobody's field because they come from the cluster. */
  readonly admit?: (object: KubeObject, cluster: Cluster) => void;
  readonly admitUpdate?: (next: KubeObject, cluster: Cluster) => void;
  /** What the client is warned of when it writes the object. */
  readonly warnings?: (object: KubeObject, live?: KubeObject) => string[];
  readonly validate?: (object: KubeObject, cluster: Cluster, live?: KubeObject) => FieldError[];
  readonly validateUpdate?: (next: KubeObject, live: KubeObject) => FieldError[];
  /** What `metadata.name` must be; a DNS subdomain where nothing is said. */
  readonly name?: NameRule;
  /** `metadata.generation` counts changes of the spec; of some kinds only the changes, not the beginning. */
  readonly generation?: boolean | 'updates';
  /** An update without resourceVersion is refused. */
  readonly needsRevision?: boolean;
  /** A new object may come with its status. */
  readonly keepsStatus?: boolean;
  /** Told in a warning with every answer. */
  readonly deprecated?: string;
  /** A PUT creates what is not there. */
  readonly createOnUpdate?: boolean;
}

export type NameRule = 'subdomain' | 'label' | 'label1035' | 'path';

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: ReadonlySet<string>;
  readonly subresources: ReadonlyMap<string, Subresource>;
  /** Key of the store: versions of a kind share it. */
  readonly storage: string;
  readonly schema: ObjectSchema;
  readonly rules: KindRules;
  /** Fields that the main endpoint ignores. */
  readonly reset: FieldSet;
  /** The definition, for custom resources. */
  readonly definition?: KubeObject;
}
