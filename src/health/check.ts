// What a health check is, and how it reads an object: missing fields are Go's zero values, as in the typed structs of Argo CD.

import type { HealthCode, HealthStatus } from '../application/types.ts';
import { at } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';

export type HealthCheck = (object: KubeObject) => HealthStatus;

/** The versions that a check knows, and the check. Another version of the same kind is Unknown. */
export interface KindCheck {
  readonly versions?: readonly string[];
  readonly check: HealthCheck;
}

export interface StatusCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export function health(status: HealthCode, message = ''): HealthStatus {
  return message === '' ? { status } : { status, message };
}

export function numberAt(value: unknown, ...path: readonly (string | number)[]): number {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : 0;
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function conditionsOf(object: KubeObject): readonly StatusCondition[] {
  return listAt(object, 'status', 'conditions').map((condition) => ({
    type: textAt(condition, 'type'),
    status: textAt(condition, 'status'),
    reason: textAt(condition, 'reason'),
    message: textAt(condition, 'message'),
  }));
}

/** Go's `%q` of a name. */
export function quoted(text: string | undefined): string {
  return JSON.stringify(text ?? '');
}
