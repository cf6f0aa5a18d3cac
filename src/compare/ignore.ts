// ignoreDifferences: the fields that do not count (Argo CD: util/argo/normalizers/diff_normalizer.go, util/argo/managedfields).

import type { CompareOptions } from '../application/argo-settings.ts';
import type { Condition, IgnoreDifference } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import { matchesGlob } from '../base/glob.ts';
import { isObject } from '../base/json.ts';
import { ownedFields, withoutFields } from '../kube/managed-fields.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import { compileDeletion } from './jq/deletion.ts';
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
  readonly managers: readonly string[];
}

/** A copy of a value without what one rule ignores. */
type Strip = (value: unknown) => unknown;

/**
 * Reads the rules, those of an Application and of argocd-cm alike. A jq expression that cannot be understood becomes a
 * ComparisonError.
 */
export function readIgnoreRules(
  rules: readonly IgnoreDifference[],
  { ignoreAggregatedRoles = false }: Partial<CompareOptions> = {},
): IgnoreRules {
  const conditions: Condition[] = [];
  const parsed = rules.map((rule) => ({
    rule,
    strips: [
      ...(rule.jsonPointers ?? []).flatMap((pointer): Strip[] => {
        const steps = parsePointer(pointer);
        return steps ? [(value) => withoutPath(value, steps)] : [];
      }),
      ...(rule.jqPathExpressions ?? []).flatMap((expression): Strip[] => {
        try {
          return [compileDeletion(expression)];
        } catch (error) {
          if (!isHawserError(error)) throw error;
          conditions.push(unreadable(expression, error.message));
          return [];
        }
      }),
    ],
    managers: rule.managedFieldsManagers ?? [],
  }));
  return {
    conditions,
    rulesFor: (object) => {
      const matching = parsed.filter(({ rule }) => matches(rule, object));
      const strips = matching.flatMap(({ strips }) => strips);
      if (ignoreAggregatedRoles && isClusterRole(object)) strips.push(withoutAggregatedRules);
      if (matching.length === 0 && strips.length === 0) return undefined;
      return objectRules(
        strips,
        matching.flatMap(({ managers }) => managers),
      );
    },
  };
}

function objectRules(strips: readonly Strip[], managers: readonly string[]): ObjectRules {
  return {
    managers,
    strip: (object, owned) => {
      let result = strips.reduce((value: unknown, strip) => strip(value), object);
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

function isClusterRole(object: KubeObject): boolean {
  return groupOf(object.apiVersion) === 'rbac.authorization.k8s.io' && object.kind === 'ClusterRole';
}

/** The rules of an aggregated role are the controller's (Argo CD: `ignoreAggregatedRoles`). */
function withoutAggregatedRules(value: unknown): unknown {
  return isObject(value) && isObject(value.aggregationRule) ? withoutPath(value, ['rules']) : value;
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

function unreadable(expression: string, reason: string): Condition {
  const message = `ignoreDifferences: the jq expression ${JSON.stringify(expression)} cannot be read: ${reason}`;
  return { type: 'ComparisonError', message };
}
