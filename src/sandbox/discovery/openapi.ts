// OpenAPI v3 documents, one a group version, from the table of types.

import type { JsonObject } from '../../base/json.ts';
import type { Registry } from '../resource/registry.ts';

/** `/openapi/v3` */
export function openapiIndex(registry: Registry): JsonObject {
  const paths: JsonObject = {};
  for (const { group, versions } of registry.groups())
    for (const version of versions) {
      const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}` };
    }
  return { paths };
}

/** `/openapi/v3/apis/apps/v1`; undefined when it is not served. */
export function openapiDocument(_registry: Registry, _path: string): JsonObject | undefined {
  return undefined;
}
