// `knownTypeFields`: fields of custom resources that hold a built-in type get the form that the type gives them (Argo CD:
// util/argo/normalizers/knowntypes_normalizer.go).

import type { KnownTypeFields } from '../application/argo-settings.ts';
import { HawserError } from '../base/errors.ts';
import { at, isObject } from '../base/json.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import { parseGoDuration } from '../render/go/duration.ts';
import { formatDuration } from '../render/go/stringer.ts';
import { decodeStruct } from '../typed/decode.ts';
import { canonicalQuantity } from '../typed/quantity.ts';
import { typeOf, typeSpecOf } from '../typed/types.ts';

/** Known without any setting. */
const ROLLOUT: KnownTypeFields = {
  group: 'argoproj.io',
  kind: 'Rollout',
  fields: [{ field: 'spec.template.spec', type: 'core/v1/PodSpec' }],
};

/**
 * A copy in which they have it. Fields are named with dots, and the items of a list are entered; a type that nobody knows is passed
 * over. Throws `InvalidInput`, or what a struct's decoder throws, for a value that its type cannot hold.
 */
export function normalizeKnownTypes(object: KubeObject, known: readonly KnownTypeFields[]): KubeObject {
  const isOf = ({ group, kind }: KnownTypeFields) => group === groupOf(object.apiVersion) && kind === object.kind;
  const own = known.filter(isOf);
  let result: unknown = object;
  for (const { field, type } of (own.length > 0 ? own : [ROLLOUT].filter(isOf)).flatMap(({ fields }) => fields)) {
    const marshal = marshallerOf(type);
    if (marshal) result = rewrite(result, field.split('.'), marshal);
  }
  return isKubeObject(result) ? result : object;
}

type Marshal = (value: unknown) => unknown;

function marshallerOf(name: string): Marshal | undefined {
  if (name === 'core/Quantity') return (value) => canonicalQuantity(value) ?? unfit(name, value);
  if (name === 'meta/v1/Duration')
    return (value) => (typeof value === 'string' ? formatDuration(parseGoDuration(value)) : unfit(name, value));
  const type = /^core\/v1\/(\w+)$/.exec(name)?.[1];
  if (type === undefined || !typeSpecOf(`core/v1.${type}`)) return undefined;
  return (value) => decodeStruct(typeOf(`core/v1.${type}`), value).value;
}

function rewrite(value: unknown, path: readonly string[], marshal: Marshal): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return marshal(value);
  if (!isObject(value) || at(value, step) === undefined) return value;
  const inner = value[step];
  const entered = Array.isArray(inner)
    ? inner.map((item: unknown) => (isObject(item) ? rewrite(item, rest, marshal) : item))
    : rewrite(inner, rest, marshal);
  return { ...value, [step]: entered };
}

function unfit(type: string, value: unknown): never {
  throw new HawserError('InvalidInput', `${JSON.stringify(value)} is no ${type}`);
}
