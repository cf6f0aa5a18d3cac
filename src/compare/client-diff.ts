// Git against live as Argo CD compares by default: by the last-applied annotation, without a dry run (gitops-engine
// pkg/diff/diff.go, Diff).

import { hasSyncOption } from '../application/annotations.ts';
import { HawserError } from '../base/errors.ts';
import { lastApplied } from '../kube/last-applied.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { PatchError } from '../typed/strategic-merge.ts';
import { normalizeKind } from './normalize.ts';
import { remarshal } from './remarshal.ts';
import { predictStructuredMerge } from './structured-merge.ts';
import { predictThreeWay, type StatePair } from './three-way.ts';

export interface ClientDiffOptions {
  /** The field manager by whose fields a structured merge goes. */
  readonly manager: string;
  /** For all objects, not only those that ask for server-side apply. */
  readonly structuredMerge?: boolean;
  /** `resource.compareoptions`: the rules of a ClusterRole that is filled by aggregation do not count. */
  readonly ignoreAggregatedRoles?: boolean;
  /** Takes ignored fields out, and gives fields of known types their form. */
  readonly normalize?: (object: KubeObject) => KubeObject;
}

/** Both states in the form in which they are compared. Throws HawserError when no prediction can be made. */
export function predictClientSide(config: KubeObject, live: KubeObject, options: ClientDiffOptions): StatePair {
  const wanted = normalizeState(remarshal(config), options);
  const current = normalizeState(remarshal(live), options);
  if (options.structuredMerge || hasSyncOption(wanted, 'ServerSideApply=true')) {
    return predictStructuredMerge(wanted, current, options.manager);
  }
  const original = lastApplied(current);
  if (original) {
    try {
      return predictThreeWay(normalizeState(original, options), wanted, current);
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      // As without the annotation.
    }
  }
  try {
    return predictThreeWay(wanted, wanted, current);
  } catch (error) {
    if (error instanceof PatchError) throw new HawserError('InvalidInput', error.message, { cause: error });
    throw error;
  }
}

/** One form for what means the same, without what is not compared. */
export function normalizeState(object: KubeObject, options: Omit<ClientDiffOptions, 'manager'> = {}): KubeObject {
  const { creationTimestamp: _, ...metadata } = object.metadata;
  const plain = normalizeKind({ ...object, metadata });
  const isAggregated = options.ignoreAggregatedRoles && isRole(plain) && plain.aggregationRule instanceof Object;
  const normal = isAggregated ? { ...plain, rules: null } : plain;
  return options.normalize?.(normal) ?? normal;
}

function isRole({ apiVersion, kind }: KubeObject): boolean {
  return groupOf(apiVersion) === 'rbac.authorization.k8s.io' && (kind === 'Role' || kind === 'ClusterRole');
}
