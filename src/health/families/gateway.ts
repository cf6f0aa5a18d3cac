// Gateways and routes: the conditions of a route's parents, a policy's ancestors, a gateway's listeners
// (Argo CD: resource_customizations/{gateway.networking.k8s.io,microgateway.airlock.com,gateway.solo.io,gloo.solo.io,projectcontour.io}).

import type { HealthStatus } from '../../application/types.ts';
import { at } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import {
  type Assess,
  type Condition,
  each,
  type Family,
  first,
  get,
  judgeConditions,
  messageOr,
  present,
  readConditions,
  show,
  waiting,
} from '../rules.ts';

/** What is refused or not programmed yet; `what` begins the messages. */
function judgeRouted(what: string, unprogrammed: string) {
  const ofType = (type: string) =>
    judgeConditions([`${type}=False`, 'Degraded', ({ message }) => `${what}${message ?? `Failed condition: ${type}`}`]);
  const steps = [
    ofType('ResolvedRefs'),
    ofType('Accepted'),
    judgeConditions([
      'Programmed=!True',
      'Progressing',
      ({ message }) => `${what}${message ?? `${unprogrammed} is still being programmed`}`,
    ]),
  ];
  return (found: readonly Condition[], object: KubeObject): HealthStatus | undefined => {
    for (const step of steps) {
      const verdict = step(found, object);
      if (verdict) return verdict;
    }
    return undefined;
  };
}

const nameOf = (value: unknown, reference: string) => show(value, `${reference}.name`) ?? '';

const isOf = (generation: unknown) => (condition: Condition) =>
  condition.observedGeneration === undefined || condition.observedGeneration === generation;

/** A route is healthy once a parent has said something, and no parent refuses it. */
function route(kind: string, isObserved: (object: KubeObject, conditions: readonly Condition[]) => boolean): Assess {
  return first(
    (object) => {
      const parents = each(object, 'status.parents')
        .filter((parent) => get(parent, 'conditions') !== undefined)
        .map((parent) => ({ parent, found: readConditions(parent, 'conditions') }))
        .filter(({ found }) => isObserved(object, found));
      for (const { parent, found } of parents) {
        const verdict = judgeRouted(`Parent ${nameOf(parent, 'parentRef')}: `, 'Route')(found, object);
        if (verdict) return verdict;
      }
      return parents.some(({ found }) => found.length > 0) ? health('Healthy', `${kind} is healthy`) : undefined;
    },
    waiting(`Waiting for ${kind} status`),
  );
}

const httpRoute = route('HTTPRoute', ({ metadata: { generation } }, found) =>
  generation === undefined ? true : found.length > 0 && found.every(isOf(generation)),
);

interface AncestorRules {
  readonly name: (object: KubeObject) => string;
  /** Whether a condition without an observed generation counts as of an older one. */
  readonly needsGeneration: boolean;
  /** What an ancestor without an Accepted condition means. */
  readonly unaccepted?: (object: KubeObject) => string;
}

/** A policy is healthy once its ancestors have accepted it. */
function attachedPolicy({ name, needsGeneration, unaccepted }: AncestorRules): Assess {
  return (object) => {
    const { generation } = object.metadata;
    const ancestors = each(object, 'status.ancestors').map((ancestor) => ({
      who: `Ancestor ${nameOf(ancestor, 'ancestorRef')}`,
      found: readConditions(ancestor, 'conditions'),
    }));
    if (generation !== undefined) {
      const isCurrent = (condition: Condition) =>
        needsGeneration ? condition.observedGeneration === generation : isOf(generation)(condition);
      const behind = ancestors.find(({ found }) => !found.every(isCurrent));
      if (behind) return health('Progressing', `Waiting for ${behind.who} to update ${name(object)} status`);
    }
    let verdict = health('Progressing', `Waiting for ${name(object)} status`);
    for (const { who, found } of ancestors) {
      const refusal = judgeConditions([
        'Accepted|ResolvedRefs=!True',
        'Degraded',
        ({ message }) => `${who}: ${message ?? ''}`,
      ])(found, object);
      if (refusal) return refusal;
      if (found.some(({ type }) => type === 'Accepted')) verdict = health('Healthy', `${name(object)} is healthy`);
      else if (unaccepted) verdict = health('Degraded', `${who}: ${unaccepted(object)}`);
    }
    return verdict;
  };
}

/** Gloo's kinds tell one state, or one for each namespace that watches them; as names or as numbers. */
function gloo(object: KubeObject): HealthStatus {
  const pending = health('Progressing', 'Update in progress');
  for (const status of each(object, 'status.statuses')) {
    const verdict = glooState(status);
    if (verdict) return verdict;
  }
  return glooState(get(object, 'status')) ?? pending;
}

function glooState(status: unknown): HealthStatus | undefined {
  switch (at(status, 'state')) {
    case 'Accepted':
    case 1:
      return health('Healthy', 'The resource has been validated');
    case 'Warning':
    case 3:
    case 'Rejected':
    case 2:
      return health('Degraded', show(status, 'reason'));
    case 'Pending':
    case 0:
      return health('Suspended', 'The resource has not yet been validated');
    default:
      return undefined;
  }
}

export const GATEWAY: Family = {
  'gateway.networking.k8s.io/BackendTLSPolicy': attachedPolicy({
    name: () => 'BackendTLSPolicy',
    needsGeneration: false,
  }),
  'gateway.networking.k8s.io/GRPCRoute': route('GRPCRoute', () => true),
  'gateway.networking.k8s.io/HTTPRoute': httpRoute,
  'gateway.networking.k8s.io/Gateway': first(
    (object) => judgeRouted('', 'Gateway')(readConditions(object), object),
    (object) => {
      for (const listener of each(object, 'status.listeners')) {
        const verdict = judgeRouted('Listener: ', 'Listener')(readConditions(listener, 'conditions'), object);
        if (verdict) return verdict;
      }
      return each(object, 'status.listeners').length > 0 ? health('Healthy', 'Gateway is healthy') : undefined;
    },
    present('status.conditions', 'Healthy', 'Gateway is healthy'),
    waiting('Waiting for Gateway status'),
  ),
  'gateway.networking.k8s.io/GatewayClass': first(
    (object) =>
      judgeConditions(
        ['Accepted=True', 'Healthy', messageOr('GatewayClass is accepted')],
        ['Accepted=False', 'Degraded', messageOr('GatewayClass is not accepted')],
        ['Accepted', 'Progressing', messageOr('Waiting for GatewayClass status')],
      )(
        readConditions(object).filter(
          object.metadata.generation === undefined ? () => true : isOf(object.metadata.generation),
        ),
        object,
      ),
    waiting('Waiting for GatewayClass status'),
  ),
  'microgateway.airlock.com/_': (object) =>
    object.kind.endsWith('Policy')
      ? attachedPolicy({
          name: ({ kind }) => kind,
          needsGeneration: true,
          unaccepted: ({ kind }) => `${kind} is not accepted`,
        })(object)
      : health('Healthy', `${object.kind} is healthy`),
  'projectcontour.io/HTTPProxy': (object) => {
    const description = show(object, 'status.description');
    const isParent = get(object, 'spec.includes') !== undefined;
    let verdict = health('Progressing', 'Waiting for status');
    const conditions = get(object, 'status.conditions');
    if (conditions === undefined)
      return get(object, 'status.currentStatus') ? health('Progressing', description) : verdict;
    for (const { type, status, observedGeneration } of readConditions(object)) {
      if (observedGeneration !== object.metadata.generation) continue;
      if (type === 'Valid' && status === 'True') return health('Healthy', description);
      // A parent and its children are valid only together: waiting for one would block the other.
      if (isParent && status === 'False') verdict = health('Healthy', 'HTTPProxy inclusions cannot be health checked');
      else if (type === 'Valid' && status === 'False') return health('Degraded', description);
    }
    return verdict;
  },
  'gateway.solo.io/Gateway': gloo,
  'gateway.solo.io/MatchableHttpGateway': gloo,
  'gateway.solo.io/RouteOption': gloo,
  'gateway.solo.io/RouteTable': gloo,
  'gateway.solo.io/VirtualHostOption': gloo,
  'gateway.solo.io/VirtualService': gloo,
  'gloo.solo.io/Proxy': gloo,
  'gloo.solo.io/Settings': gloo,
  'gloo.solo.io/Upstream': gloo,
  'gloo.solo.io/UpstreamGroup': gloo,
};
