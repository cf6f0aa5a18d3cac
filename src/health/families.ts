// The checks of custom kinds that Argo CD ships, by family (Argo CD: resource_customizations, util/lua/lua.go getWildcardBuiltInHealthOverrideLua).

import { matchesGlob } from '../base/glob.ts';
import { ARGO } from './families/argo.ts';
import { BY_CONDITION } from './families/by-condition.ts';
import { BY_STATE } from './families/by-state.ts';
import { CLUSTER_API } from './families/cluster-api.ts';
import { CROSSPLANE } from './families/crossplane.ts';
import { DATA_SERVICES } from './families/data-services.ts';
import { FLUX } from './families/flux.ts';
import { GATEWAY } from './families/gateway.ts';
import { KNATIVE } from './families/knative.ts';
import { KRUISE } from './families/kruise.ts';
import { KUBERNETES } from './families/kubernetes.ts';
import { MULTI_CLUSTER } from './families/multi-cluster.ts';
import { NUMAPROJ } from './families/numaproj.ts';
import { OPENSHIFT } from './families/openshift.ts';
import { PROMOTER } from './families/promoter.ts';
import { SEVERAL_CONDITIONS } from './families/several-conditions.ts';
import { THREE_SCALE } from './families/three-scale.ts';
import type { Assess, Family } from './rules.ts';

export const FAMILIES: readonly Family[] = [
  ARGO,
  BY_CONDITION,
  BY_STATE,
  CLUSTER_API,
  CROSSPLANE,
  DATA_SERVICES,
  FLUX,
  GATEWAY,
  KNATIVE,
  KRUISE,
  KUBERNETES,
  MULTI_CLUSTER,
  NUMAPROJ,
  OPENSHIFT,
  PROMOTER,
  SEVERAL_CONDITIONS,
  THREE_SCALE,
];

const BY_NAME: ReadonlyMap<string, Assess> = new Map(FAMILIES.flatMap((family) => Object.entries(family)));

const WILDCARDS: readonly (readonly [pattern: string, check: Assess])[] = [...BY_NAME]
  .filter(([name]) => name.includes('_'))
  .map(([name, check]) => [name.replaceAll('_', '*'), check]);

/** The check of a group and kind: the one of that name, else the first whose `_` (any text) fits. */
export function familyCheck(group: string, kind: string): Assess | undefined {
  const name = `${group}/${kind}`;
  return BY_NAME.get(name) ?? WILDCARDS.find(([pattern]) => matchesGlob(pattern, name, '/'))?.[1];
}
