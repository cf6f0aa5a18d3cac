// ignoreDifferences: the fields that do not count (Argo CD: util/argo/normalizers/diff_normalizer.go, util/argo/managedfields).

import type { Condition, IgnoreDifference } from '../application/types.ts';
import { matchesGlob } from '../base/glob.ts';
import { ownedFields, withoutFields } from '../kube/managed-fields.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import { type JqPath, parseJqPath } from './jq-path.ts';
import { parsePointer, withoutPath } from './json-pointer.ts';

export interface IgnoreRules {
  /** The rules about this object, undefined when there are none. */
  rulesFor(object: KubeObject): ObjectRules | undefined;
  /** What in them cannot be understood. */
  readonly conditions: readonly Condition[];
}

export interface ObjectRules {
  /** A copy without the ignored fields. `owned` holds the managedFields by which managers' fields are known. */
  strip(object: KubeObject, owned: KubeObject | undefined): KubeObject;
  /** The paths in `object` that are ignored by pointer or expression. */
  pathsIn(object: KubeObject): readonly (readonly (string | number)[])[];
  readonly managers: readonly string[];
}

/** Reads the rules. A jq expression beyond paths and select becomes a ComparisonError. */
export function readIgnoreRules(rules: readonly IgnoreDifference[]): IgnoreRules {
  const conditions: Condition[] = [];
  const parsed = rules.map((rule) => ({
    rule,
    pointers: (rule.jsonPointers ?? []).flatMap((pointer) => {
      const steps = parsePointer(pointer);
      return steps ? [steps] : [];
    }),
    expressions: (rule.jqPathExpressions ?? []).flatMap((expression) => {
      const path = parseJqPath(expression);
      if (!path) conditions.push(unsupported(expression));
      return path ? [path] : [];
    }),
    managers: rule.managedFieldsManagers ?? [],
  }));
  return {
    conditions,
    rulesFor: (object) => {
      const matching = parsed.filter(({ rule }) => matches(rule, object));
      if (matching.length === 0) return undefined;
      return objectRules(
        matching.flatMap(({ pointers }) => pointers),
        matching.flatMap(({ expressions }) => expressions),
        matching.flatMap(({ managers }) => managers),
      );
    },
  };
}

function objectRules(
  pointers: readonly (readonly string[])[],
  expressions: readonly JqPath[],
  managers: readonly string[],
): ObjectRules {
  return {
    managers,
    // Later items of a list first, so that removing one does not move another.
    pathsIn: (object) => [...pointers, ...expressions.flatMap((find) => find(object).reverse())],
    strip: (object, owned) => {
      let result: unknown = object;
      for (const pointer of pointers) result = withoutPath(result, pointer);
      for (const find of expressions) {
        for (const path of find(result).reverse()) result = withoutPath(result, path);
      }
      if (managers.length > 0 && owned) {
        result = withoutFields(
          result,
          ownedFields(owned, ({ manager }) => managers.includes(manager)),
        );
      }
      return isKubeObject(result) ? result : object;
    },
  };
}

/** Group and kind are globs, name and namespace are not. */
function matches(rule: IgnoreDifference, object: KubeObject): boolean {
  return (
    matchesGlob(rule.group ?? '', groupOf(object.apiVersion)) &&
    matchesGlob(rule.kind, object.kind) &&
    (!rule.name || rule.name === object.metadata.name) &&
    (!rule.namespace || rule.namespace === object.metadata.namespace)
  );
}

function unsupported(expression: string): Condition {
  return {
    type: 'ComparisonError',
    message: `ignoreDifferences: the jq expression ${JSON.stringify(expression)} is not supported: use a path such as .spec.template.spec.containers[].image, with select(.name == "…") where needed, or jsonPointers`,
  };
}
