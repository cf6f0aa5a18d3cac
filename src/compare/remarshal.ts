// Built-in kinds in the one form that Go's structs give them: quantities canonical, empty fields gone (Argo CD: gitops-engine
// pkg/diff/diff.go, remarshal and generateSchemeDefaultPatch).

import { groupOf, type KubeObject, versionOf } from '../kube/object.ts';
import { type Decoded, DecodeError, decodeStruct } from '../typed/decode.ts';
import { setTypeDefaults } from '../typed/defaults.ts';
import { schemeType } from '../typed/scheme.ts';
import { createTwoWayPatch } from '../typed/strategic-diff.ts';
import { applyStrategicMerge } from '../typed/strategic-merge.ts';
import type { TypeNode } from '../typed/types.ts';
import { withFieldsOf } from './remove-fields.ts';

type Obj = Record<string, unknown>;

/** The struct that a client decodes the object into; undefined for custom resources. */
export function structOf(object: KubeObject): TypeNode | undefined {
  return schemeType(groupOf(object.apiVersion), versionOf(object.apiVersion), object.kind);
}

/** Unchanged where one of its fields is unknown or has a value that the struct cannot hold. */
export function remarshal(object: KubeObject): KubeObject {
  const type = structOf(object);
  const decoded = type && tryDecode(type, object);
  if (!decoded || decoded.strict.length > 0) return object;
  return toObject(withFieldsOf(object, decoded.value), object);
}

/** With the scheme's defaults laid over it: fields that the struct does not know stay. Unchanged where it cannot be decoded. */
export function withSchemeDefaults(type: TypeNode, object: Obj): Obj {
  const decoded = tryDecode(type, object);
  if (!decoded) return object;
  const completed = structuredClone(decoded.value);
  setTypeDefaults(type, completed);
  const patch = createTwoWayPatch(type, decoded.value, decodeStruct(type, completed).value);
  return Object.keys(patch).length > 0 ? applyStrategicMerge(type, object, structuredClone(patch)) : object;
}

function tryDecode(type: TypeNode, object: Obj): Decoded | undefined {
  try {
    return decodeStruct(type, object);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** What of an object's identity a step may have lost. */
export function toObject(value: Obj, object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = object;
  return { ...value, apiVersion, kind, metadata: value.metadata ?? metadata };
}
