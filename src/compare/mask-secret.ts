// Secrets for human eyes: plus signs instead of values, as many for equal values (Argo CD: pkg/diff/diff.go, HideSecretData).

import { ANNOTATION } from '../application/annotations.ts';
import { formatGoJson } from '../base/go-json.ts';
import { at, isObject } from '../base/json.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import { withPath } from './json-pointer.ts';
import { normalizeSecret } from './normalize.ts';

const MASK = '++++++++';
const LONGER = '++++';

export function isSecret(object: KubeObject): boolean {
  return groupOf(object.apiVersion) === '' && object.kind === 'Secret';
}

/**
 * The states of one Secret (target, live, predicted …; undefined where there is none), masked together: the first value met
 * of a key gets eight signs, each other one four more. Masks `data`, the given annotations, and both inside
 * last-applied-configuration; what of it cannot be read is masked whole.
 */
export function maskSecrets(
  states: readonly (KubeObject | undefined)[],
  hiddenAnnotations: ReadonlySet<string> = new Set(),
): (KubeObject | undefined)[] {
  const objects = states.map((state) => state && normalizeSecret(state));
  const applied = objects.map((object) => object && readLastApplied(object));
  const appliedObjects = applied.map((found) => (found?.object ? normalizeSecret(found.object) : undefined));

  let all: (KubeObject | undefined)[] = [...objects, ...appliedObjects];
  const keys = new Set(all.flatMap((object) => Object.keys(mapAt(object, ['data']) ?? {})));
  for (const key of keys) all = maskKey(all, ['data'], key);
  for (const key of hiddenAnnotations) all = maskKey(all, ['metadata', 'annotations'], key);
  all = all.map((object) => object && maskBroken(object));

  return objects.map((_, index) => {
    const object = all[index];
    const found = applied[index];
    if (!object || !found) return object;
    const isHidden = found.object === undefined || hiddenAnnotations.has(ANNOTATION.lastApplied);
    const text = isHidden ? MASK : formatGoJson(withFieldsOf(found.fields, all[objects.length + index]));
    return { ...object, metadata: { ...object.metadata, annotations: withLastApplied(object, text) } };
  });
}

function maskKey(
  objects: readonly (KubeObject | undefined)[],
  path: readonly string[],
  key: string,
): (KubeObject | undefined)[] {
  const masks = new Map<string, string>();
  return objects.map((object) => {
    const map = mapAt(object, path);
    if (!object || !map || !Object.hasOwn(map, key)) return object;
    const value = map[key] ?? '';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const mask = masks.get(text) ?? MASK + LONGER.repeat(masks.size);
    masks.set(text, mask);
    const masked = withPath(object, [...path, key], mask);
    return isKubeObject(masked) ? masked : object;
  });
}

/** `data` that is no map holds who knows what. */
function maskBroken(object: KubeObject): KubeObject {
  const broken = ['data', 'stringData'].filter((field) => (object[field] ?? null) !== null && !isObject(object[field]));
  return broken.length === 0 ? object : { ...object, ...Object.fromEntries(broken.map((field) => [field, MASK])) };
}

interface LastApplied {
  readonly object?: KubeObject;
  /** Those that the annotation has, and `data`. */
  readonly fields: readonly string[];
}

function withFieldsOf(fields: readonly string[], object: KubeObject | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object ?? {}).filter(([field]) => fields.includes(field)));
}

/** undefined without the annotation; without `object` when it cannot be read. */
function readLastApplied(object: KubeObject): LastApplied | undefined {
  const text: unknown = object.metadata.annotations?.[ANNOTATION.lastApplied];
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || typeof value.kind !== 'string') return { fields: [] };
    const metadata = isObject(value.metadata) ? value.metadata : {};
    const fields = [...Object.keys(value).filter((field) => field !== 'stringData'), 'data'];
    return { fields, object: { ...value, apiVersion: String(value.apiVersion ?? ''), kind: value.kind, metadata } };
  } catch {
    return { fields: [] }; // No JSON: masked whole.
  }
}

function withLastApplied(object: KubeObject, text: string): Record<string, string> {
  return { ...object.metadata.annotations, [ANNOTATION.lastApplied]: text };
}

function mapAt(object: KubeObject | undefined, path: readonly string[]): Record<string, unknown> | undefined {
  const value = at(object, ...path);
  return isObject(value) ? value : undefined;
}
