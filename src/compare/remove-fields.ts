// Taking out of one value what another does not have (Argo CD: gitops-engine pkg/utils/json).

import { isObject } from '../base/json.ts';

type Obj = Record<string, unknown>;

/** `live` with the fields that `config` has. Lists are compared by index; what `live` has more at their end stays, so that it shows. */
export function withFieldsOf(config: Obj, live: Obj): Obj {
  const result: Obj = {};
  for (const [key, wanted] of Object.entries(config)) {
    if (Object.hasOwn(live, key)) result[key] = within(wanted, live[key]);
  }
  return result;
}

export function withItemFieldsOf(config: readonly unknown[], live: readonly unknown[]): unknown[] {
  return live.map((item, index) => (index < config.length ? within(config[index], item) : item));
}

function within(wanted: unknown, own: unknown): unknown {
  if (isObject(wanted) && isObject(own)) return withFieldsOf(wanted, own);
  return Array.isArray(wanted) && Array.isArray(own) ? withItemFieldsOf(wanted, own) : own;
}
