// What an API server answers becomes a typed value, once.

import { HawserError } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import type { KubeObject } from './object.ts';

export function isKubeObject(value: unknown): value is KubeObject {
  return (
    isObject(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isObject(value.metadata)
  );
}

/** The one object of an answer; throws `Unavailable` for anything else, which no API server sends. */
export function parseObject(value: unknown, where: string): KubeObject {
  if (isKubeObject(value)) return value;
  throw new HawserError('Unavailable', `${where}: the answer is no Kubernetes object`);
}

/** The objects of a list; items of typed lists carry neither apiVersion nor kind, so they get the list's. */
export function parseItems(value: unknown, where: string): KubeObject[] {
  if (!isObject(value) || !isObject(value.metadata)) {
    throw new HawserError('Unavailable', `${where}: the answer is no Kubernetes list`);
  }
  const apiVersion = stringAt(value, 'apiVersion') ?? '';
  const kind = (stringAt(value, 'kind') ?? '').replace(/List$/, '');
  const items = Array.isArray(value.items) ? value.items : [];
  return items.map((item) => parseObject(isObject(item) ? { apiVersion, kind, ...item } : item, where));
}
