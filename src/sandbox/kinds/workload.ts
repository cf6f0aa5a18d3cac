// Deployment, ReplicaSet, StatefulSet, DaemonSet: selectors, templates, strategies, and what cannot change.
//
// Source: k8s.io/kubernetes, pkg/apis/apps/validation/validation.go.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import type { KindRules } from '../resource/resource.ts';
import { labelSelectorOf } from '../storage/selector.ts';
import { validateClaimSpec } from '../validation/claim.ts';
import { labelProblems } from '../validation/names.ts';
import { validatePodTemplate } from '../validation/pod-spec.ts';
import { isEmptySelector, isUsableSelector, validateSelector } from '../validation/selector.ts';
import {
  atMostHundredPercent,
  countOrPercent,
  nonNegative,
  type Obj,
  objectOf,
  objectsOf,
  problems,
  sortKeys,
} from '../validation/value.ts';
import { namedWorkloadWarnings, workloadWarnings } from './pod-warnings.ts';

export const DEPLOYMENT: KindRules = {
  generation: true,
  warnings: namedWorkloadWarnings,
  validate(object) {
    const spec = objectOf(object.spec);
    const errors = [
      ...nonNegative('spec.replicas', spec.replicas),
      ...selectorAndTemplate(spec, 'deployment'),
      ...deploymentStrategy('spec.strategy', objectOf(spec.strategy)),
      ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
      ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
      ...nonNegative('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds),
    ];
    const deadline = Number(spec.progressDeadlineSeconds);
    if (deadline <= Number(spec.minReadySeconds ?? 0))
      errors.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
    return errors;
  },
  validateUpdate: selectorIsFixed,
};

export const REPLICA_SET: KindRules = {
  generation: true,
  warnings: namedWorkloadWarnings,
  validate(object) {
    const spec = objectOf(object.spec);
    return [
      ...nonNegative('spec.replicas', spec.replicas),
      ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
      ...selectorAndTemplate(spec, 'deployment'),
    ];
  },
  validateUpdate: selectorIsFixed,
};

function selectorIsFixed(next: KubeObject, live: KubeObject): FieldError[] {
  const after = objectOf(next.spec).selector;
  return equalJson(after, objectOf(live.spec).selector)
    ? []
    : [invalidValue('spec.selector', after, 'field is immutable')];
}

function selectorAndTemplate(spec: Obj, kind: string): FieldError[] {
  const { selector } = spec;
  const errors: FieldError[] = [];
  if (!isObject(selector)) errors.push(required('spec.selector'));
  else {
    errors.push(...validateSelector('spec.selector', selector));
    if (isEmptySelector(selector))
      errors.push(invalidValue('spec.selector', selector, `empty selector is invalid for ${kind}`));
  }
  if (isObject(selector) && !isUsableSelector(selector)) {
    const detail = kind === 'statefulset' ? '' : 'invalid label selector';
    return [...errors, invalidValue('spec.selector', selector, detail)];
  }
  return [...errors, ...validateTemplate(spec, kind === 'statefulset' ? 'StatefulSet' : 'ReplicaSet')];
}

function templateLabels(spec: Obj): FieldError[] {
  const { labels } = objectOf(objectOf(spec.template).metadata);
  const own = Object.fromEntries(Object.entries(objectOf(labels)).map(([key, value]) => [key, String(value)]));
  // No selector selects nothing, an empty one is not asked.
  if (isObject(spec.selector) && (isEmptySelector(spec.selector) || labelSelectorOf(spec.selector)(own))) return [];
  const detail = '`selector` does not match template `labels`';
  return [invalidValue('spec.template.metadata.labels', isObject(labels) ? sortKeys(labels) : null, detail)];
}

function validateTemplate(spec: Obj, kind = 'ReplicaSet'): FieldError[] {
  const pod = objectOf(objectOf(spec.template).spec);
  return [
    ...templateLabels(spec),
    ...validatePodTemplate('spec.template', kind === 'StatefulSet' ? withClaims(spec) : objectOf(spec.template)),
    ...runsForever(pod, kind),
  ];
}

function runsForever(pod: Obj, kind: string): FieldError[] {
  const errors: FieldError[] = [];
  if (pod.restartPolicy !== 'Always')
    errors.push(notSupported('spec.template.spec.restartPolicy', pod.restartPolicy, ['Always']));
  if (pod.activeDeadlineSeconds !== undefined)
    errors.push(
      forbiddenField('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${kind} is not Supported`),
    );
  return errors;
}

/** The claims of a StatefulSet are volumes of its Pods. */
function withClaims(spec: Obj): Obj {
  const template = objectOf(spec.template);
  const claims = objectsOf(spec.volumeClaimTemplates).map((claim) => String(objectOf(claim.metadata).name ?? ''));
  // Every Pod gets a host name and a domain of its own.
  const { subdomain: _, hostname: __, ...pod } = objectOf(template.spec);
  const volumes = [
    ...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    ...objectsOf(pod.volumes).filter(({ name }) => !claims.includes(String(name))),
  ];
  return { ...template, spec: { ...pod, volumes } };
}

/** Strategies in messages are Go's internal types. */
function internalStrategy(strategy: Obj): Obj {
  return { Type: strategy.type ?? '', RollingUpdate: strategy.rollingUpdate ?? null };
}

function deploymentStrategy(field: string, strategy: Obj): FieldError[] {
  const rolling = strategy.rollingUpdate;
  if (strategy.type === 'Recreate')
    return isObject(rolling)
      ? [forbiddenField(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  if (strategy.type !== 'RollingUpdate')
    return [notSupported(field, internalStrategy(strategy), ['Recreate', 'RollingUpdate'])];
  const { maxSurge, maxUnavailable } = objectOf(rolling);
  const here = `${field}.rollingUpdate`;
  const isZero = (value: unknown) => Number.parseInt(String(value), 10) === 0;
  return [
    ...countOrPercent(`${here}.maxUnavailable`, maxUnavailable),
    ...countOrPercent(`${here}.maxSurge`, maxSurge),
    ...(isZero(maxSurge) && isZero(maxUnavailable)
      ? [invalidValue(`${here}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
      : []),
    ...atMostHundredPercent(`${here}.maxUnavailable`, maxUnavailable),
  ];
}

const RETENTIONS = ['Retain', 'Delete'];

function validateRetention(policy: Obj): FieldError[] {
  return ['whenDeleted', 'whenScaled'].flatMap((name) => {
    const field = `spec.persistentVolumeClaimRetentionPolicy.${name}`;
    return policy[name] === undefined || RETENTIONS.includes(String(policy[name]))
      ? []
      : [notSupported(field, policy[name], RETENTIONS, false)];
  });
}

function validateClaims(claims: readonly Obj[]): FieldError[] {
  return claims.flatMap((claim, index) =>
    validateClaimSpec(`spec.volumeClaimTemplates[${index}].spec`, objectOf(claim.spec)),
  );
}

export const STATEFUL_SET: KindRules = {
  generation: true,
  warnings: workloadWarnings,
  validate(object, _cluster, live) {
    const spec = objectOf(object.spec);
    const policy = spec.podManagementPolicy;
    const strategy = objectOf(spec.updateStrategy);
    const errors: FieldError[] = [];
    if (policy !== 'OrderedReady' && policy !== 'Parallel')
      errors.push(invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"));
    if (strategy.type !== 'RollingUpdate' && strategy.type !== 'OnDelete')
      errors.push(
        invalidValue('spec.updateStrategy', internalStrategy(strategy), "must be 'RollingUpdate' or 'OnDelete'"),
      );
    return [
      ...errors,
      ...nonNegative('spec.updateStrategy.rollingUpdate.partition', objectOf(strategy.rollingUpdate).partition),
      ...validateRetention(objectOf(spec.persistentVolumeClaimRetentionPolicy)),
      ...(live ? [] : validateClaims(objectsOf(spec.volumeClaimTemplates))),
      ...nonNegative('spec.replicas', spec.replicas),
      ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
      ...nonNegative('spec.ordinals.start', objectOf(spec.ordinals).start),
      ...(spec.serviceName && !live
        ? problems('spec.serviceName', spec.serviceName, labelProblems(String(spec.serviceName)))
        : []),
      ...selectorAndTemplate(spec, 'statefulset'),
    ];
  },
  validateUpdate(next, live) {
    const free = [
      'replicas',
      'ordinals',
      'template',
      'updateStrategy',
      'revisionHistoryLimit',
      'persistentVolumeClaimRetentionPolicy',
      'minReadySeconds',
    ];
    const rest = (object: KubeObject) =>
      Object.fromEntries(Object.entries(objectOf(object.spec)).filter(([key]) => !free.includes(key)));
    if (equalJson(rest(next), rest(live))) return [];
    const names = free.map((name) => `'${name}'`);
    const detail = `updates to statefulset spec for fields other than ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are forbidden`;
    return [forbiddenField('spec', detail)];
  },
};

const GENERATION = 'deprecated.daemonset.template.generation';

function validateDaemonRollout(field: string, { maxUnavailable, maxSurge }: Obj): FieldError[] {
  const isSet = (value: unknown) => Number.parseInt(String(value ?? 0), 10) !== 0;
  const errors = [
    ...atMostHundredPercent(`${field}.maxUnavailable`, maxUnavailable),
    ...atMostHundredPercent(`${field}.maxSurge`, maxSurge),
  ];
  if (isSet(maxUnavailable) && isSet(maxSurge))
    errors.push(invalidValue(`${field}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (!isSet(maxUnavailable) && !isSet(maxSurge))
    errors.push(required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  return errors;
}

export const DAEMON_SET: KindRules = {
  generation: true,
  warnings: workloadWarnings,
  canonicalize(object) {
    const annotations = object.metadata.annotations ?? {};
    object.metadata.annotations = { ...annotations, [GENERATION]: annotations[GENERATION] ?? '0' };
  },
  prepareCreate(object) {
    object.metadata.annotations = { ...object.metadata.annotations, [GENERATION]: '1' };
  },
  prepareUpdate(next, live) {
    const before = Number(live.metadata.annotations?.[GENERATION] ?? 1);
    const isSame = equalJson(objectOf(next.spec).template, objectOf(live.spec).template);
    next.metadata.annotations = { ...next.metadata.annotations, [GENERATION]: String(isSame ? before : before + 1) };
  },
  validate(object) {
    const spec = objectOf(object.spec);
    const { selector } = spec;
    const strategy = objectOf(spec.updateStrategy);
    const rolling = objectOf(strategy.rollingUpdate);
    const here = 'spec.updateStrategy.rollingUpdate';
    const isEmpty = isObject(selector) && isEmptySelector(selector);
    return [
      ...validateSelector('spec.selector', selector),
      ...templateLabels(spec),
      ...(isEmpty ? [invalidValue('spec.selector', selector, 'empty selector is invalid for daemonset')] : []),
      ...validatePodTemplate('spec.template', objectOf(spec.template)),
      ...runsForever(objectOf(objectOf(spec.template).spec), 'DaemonSet'),
      ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
      ...(strategy.type === 'RollingUpdate' || strategy.type === 'OnDelete'
        ? [
            ...countOrPercent(`${here}.maxUnavailable`, rolling.maxUnavailable),
            ...countOrPercent(`${here}.maxSurge`, rolling.maxSurge),
            ...(strategy.type === 'RollingUpdate' ? validateDaemonRollout(here, rolling) : []),
          ]
        : [notSupported('spec.updateStrategy', internalStrategy(strategy), ['RollingUpdate', 'OnDelete'], false)]),
      ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ];
  },
  validateUpdate: selectorIsFixed,
};
