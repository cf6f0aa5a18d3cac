// RespectIgnoreDifferences: a target whose ignored fields are what they are in the cluster.

import { at } from '../base/json.ts';
import { ownedFields, withoutFields } from '../kube/managed-fields.ts';
import type { KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import type { ObjectRules } from './ignore.ts';
import { withoutPath, withPath } from './json-pointer.ts';

/**
 * Live's values in place of Git's, wherever the rules point (Argo CD: controller/sync.go, normalizeTargetResources). Fields of
 * ignored managers are left out instead: who does not apply them does not take them away. Never status.
 */
export function respectIgnored(target: KubeObject, live: KubeObject, rules: ObjectRules): KubeObject {
  let result: unknown = target;
  for (const path of [...rules.pathsIn(live), ...rules.pathsIn(target)]) {
    if (path[0] === 'status') continue;
    const value = at(live, ...path);
    result = value === undefined ? withoutPath(result, path) : withPath(result, path, value);
  }
  if (rules.managers.length > 0) {
    result = withoutFields(
      result,
      ownedFields(live, ({ manager }) => rules.managers.includes(manager)),
    );
  }
  return isKubeObject(result) ? result : target;
}
