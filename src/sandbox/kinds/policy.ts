// Budgets, quotas, ranges, autoscalers, leases, classes, webhooks, claims: small kinds with small rules.
//
// Source: k8s.io/kubernetes, pkg/apis/{policy,core,autoscaling,coordination,storage,scheduling,admissionregistration}/validation.

import { messageOf } from '../../base/errors.ts';
import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import { compareQuantities } from '../../typed/quantity.ts';
import { parseCondition } from '../admission/condition.ts';
import type { KindRules } from '../resource/resource.ts';
import { dropStatusAnnotations, toAutoscalerV1, toAutoscalerV2 } from '../storage/autoscaler-versions.ts';
import { validateAutoscalerSpec } from '../validation/autoscaler.ts';
import { validateClaimSpec } from '../validation/claim.ts';
import { label1035Problems, qualifiedNameProblems, subdomainProblems } from '../validation/names.ts';
import { validateVolumeSpec, volumeSourceOf, volumeWarnings } from '../validation/persistent-volume.ts';
import { validateSelector } from '../validation/selector.ts';
import {
  atMostHundredPercent,
  countOrPercent,
  nonNegative,
  type Obj,
  objectOf,
  objectsOf,
  positiveQuantity,
  problems,
  quotaResourceName,
} from '../validation/value.ts';
import { protectClaim, protectVolume, setClaimPending, setVolumePending } from './storage.ts';

export const DISRUPTION_BUDGET: KindRules = {
  generation: true,
  needsRevision: true,
  name: 'path',
  validate(object) {
    const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = objectOf(object.spec);
    const internal = {
      MinAvailable: minAvailable ?? null,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable ?? null,
      UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
    };
    const isBoth = minAvailable !== undefined && maxUnavailable !== undefined;
    return [
      ...(isBoth ? [invalidValue('spec', internal, 'minAvailable and maxUnavailable cannot be both set')] : []),
      ...['minAvailable', 'maxUnavailable'].flatMap((name) => {
        const value = objectOf(object.spec)[name];
        return [...countOrPercent(`spec.${name}`, value), ...atMostHundredPercent(`spec.${name}`, value)];
      }),
      ...validateSelector('spec.selector', selector),
    ];
  },
};

export const RESOURCE_QUOTA: KindRules = {
  validate(object) {
    const hard = objectOf(objectOf(object.spec).hard);
    return Object.keys(hard)
      .sort()
      .flatMap((name) => [
        ...quotaResourceName(`spec.hard[${name}]`, name),
        ...positiveQuantity(`spec.hard[${name}]`, hard[name]),
      ]);
  },
};

export const LIMIT_RANGE: KindRules = {
  createOnUpdate: true,
  validate: (object) =>
    objectsOf(objectOf(object.spec).limits).flatMap((limit, index) => validateLimit(`spec.limits[${index}]`, limit)),
};

function validateLimit(field: string, limit: Obj): FieldError[] {
  const names = ['max', 'min', 'default', 'defaultRequest'].flatMap((part) => Object.keys(objectOf(limit[part])));
  return [...new Set(names)].sort().flatMap((name) => {
    const value = (part: string) => objectOf(limit[part])[name];
    const errors: FieldError[] = [];
    const exceeds = (lower: string, upper: string, at: string, text: string, shown = at) => {
      const [a, b] = [value(lower), value(upper)];
      if (a === undefined || b === undefined || compareQuantities(a, b) <= 0) return;
      errors.push(
        invalidValue(
          `${field}.${at}[${name}]`,
          String(value(shown)),
          text.replace('$A', String(a)).replace('$B', String(b)),
        ),
      );
    };
    exceeds('min', 'max', 'min', 'min value $A is greater than max value $B');
    exceeds('min', 'defaultRequest', 'defaultRequest', 'min value $A is greater than default request value $B');
    exceeds('defaultRequest', 'max', 'defaultRequest', 'default request value $A is greater than max value $B');
    exceeds(
      'defaultRequest',
      'default',
      'defaultRequest',
      'default request value $A is greater than default limit value $B',
    );
    exceeds('min', 'default', 'default', 'min value $A is greater than default value $B', 'min');
    exceeds('default', 'max', 'default', 'default value $A is greater than max value $B', 'max');
    return errors;
  });
}

export const AUTOSCALER: KindRules = {
  // A v1 object is seen as it comes back from the version in which it is stored.
  canonicalize(object) {
    if (object.apiVersion === 'autoscaling/v1') Object.assign(object, toAutoscalerV1(toAutoscalerV2(object)));
  },
  prepareCreate: dropStatusAnnotations,
  validate(object) {
    const asV2 = object.apiVersion === 'autoscaling/v1' ? toAutoscalerV2(object) : object;
    return validateAutoscalerSpec('spec', objectOf(asV2.spec));
  },
};

export const LEASE: KindRules = {
  needsRevision: true,
  createOnUpdate: true,
  validate(object) {
    const spec = objectOf(object.spec);
    const seconds = spec.leaseDurationSeconds;
    const errors: FieldError[] = [];
    if (typeof seconds === 'number' && seconds <= 0)
      errors.push(invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
    return [...errors, ...nonNegative('spec.leaseTransitions', spec.leaseTransitions)];
  },
};

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];

export const STORAGE_CLASS_RULES: KindRules = {
  validate(object) {
    const { provisioner, reclaimPolicy, volumeBindingMode } = object;
    return [
      ...(provisioner
        ? problems('provisioner', provisioner, qualifiedNameProblems(String(provisioner).toLowerCase()))
        : [required('provisioner')]),
      ...(reclaimPolicy && !RECLAIM_POLICIES.includes(String(reclaimPolicy))
        ? [notSupported('reclaimPolicy', reclaimPolicy, RECLAIM_POLICIES)]
        : []),
      ...(BINDING_MODES.includes(String(volumeBindingMode))
        ? []
        : [notSupported('volumeBindingMode', volumeBindingMode, BINDING_MODES)]),
    ];
  },
  validateUpdate: (next, live) =>
    ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'].flatMap((name) =>
      immutable(name, next[name], live[name], name === 'parameters' ? null : ''),
    ),
};

export const CSI_DRIVER: KindRules = {
  generation: 'updates',
  needsRevision: true,
  validateUpdate(next, live) {
    const [after, before] = [objectOf(next.spec), objectOf(live.spec)];
    return [
      ...immutable('spec.attachedRequired', after.attachRequired, before.attachRequired),
      ...immutable('spec.volumeLifecycleModes', after.volumeLifecycleModes, before.volumeLifecycleModes),
    ];
  },
};

/** `absent` is what a message shows where there is no value. */
function immutable(field: string, after: unknown, before: unknown, absent: unknown = null): FieldError[] {
  return equalJson(after ?? null, before ?? null) ? [] : [invalidValue(field, after ?? absent, 'field is immutable')];
}

const RESERVED = 'system-';
const HIGHEST = 1_000_000_000;

export const PRIORITY_CLASS: KindRules = {
  generation: true,
  validate(object) {
    const { name = '' } = object.metadata;
    if (name.startsWith(RESERVED))
      return [
        forbiddenField(
          'metadata.name',
          `priority class names with '${RESERVED}' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
        ),
      ];
    return Number(object.value ?? 0) > HIGHEST
      ? [forbiddenField('value', `maximum allowed value of a user defined priority is ${HIGHEST}`)]
      : [];
  },
};

export const WEBHOOK_CONFIGURATION: KindRules = {
  generation: true,
  needsRevision: true,
  validate: (object) =>
    objectsOf(object.webhooks).flatMap((webhook, index) => validateWebhook(`webhooks[${index}]`, webhook)),
};

function validateWebhook(field: string, webhook: Obj): FieldError[] {
  const name = String(webhook.name ?? '');
  const errors: FieldError[] = [];
  if (name === '') errors.push(required(`${field}.name`));
  else if (subdomainProblems(name).length > 0) errors.push(...problems(`${field}.name`, name, subdomainProblems(name)));
  else if (name.split('.').length < 3)
    errors.push(
      invalidValue(`${field}.name`, name, 'should be a domain with at least three segments separated by dots'),
    );
  for (const [index, rule] of objectsOf(webhook.rules).entries())
    for (const part of ['operations', 'apiGroups', 'apiVersions', 'resources'])
      if (!Array.isArray(rule[part]) || rule[part].length === 0)
        errors.push(required(`${field}.rules[${index}].${part}`));
  const { sideEffects } = webhook;
  if (!sideEffects) errors.push(required(`${field}.sideEffects`, 'must specify one of None, NoneOnDryRun'));
  else if (sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun')
    errors.push(notSupported(`${field}.sideEffects`, sideEffects, ['None', 'NoneOnDryRun']));
  const { url, service } = objectOf(webhook.clientConfig);
  if ((url === undefined) === !isObject(service))
    errors.push(required(`${field}.clientConfig`, 'exactly one of url or service is required'));
  if (!Array.isArray(webhook.admissionReviewVersions) || webhook.admissionReviewVersions.length === 0)
    errors.push(required(`${field}.admissionReviewVersions`, 'must specify one of v1, v1beta1'));
  for (const [index, condition] of objectsOf(webhook.matchConditions).entries())
    errors.push(...validateCondition(`${field}.matchConditions[${index}].expression`, condition.expression));
  return errors;
}

/** What the sandbox cannot evaluate is refused when it is registered, not skipped when it matters. */
function validateCondition(field: string, expression: unknown): FieldError[] {
  if (typeof expression !== 'string' || expression.trim() === '') return [required(field)];
  try {
    parseCondition(expression);
    return [];
  } catch (error) {
    return [invalidValue(field, expression, `the sandbox does not evaluate it: ${messageOf(error)}`)];
  }
}

export const CLAIM: KindRules = {
  admit: protectClaim,
  prepareCreate: setClaimPending,
  validate: (object) => validateClaimSpec('spec', objectOf(object.spec)),
  validateUpdate: claimIsFixed,
};

const FIXED_CLAIM =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

function claimIsFixed(next: KubeObject, live: KubeObject): FieldError[] {
  const [after, before] = [objectOf(next.spec), objectOf(live.spec)];
  const isBound = objectOf(next.status).phase === 'Bound';
  const fixed = (spec: Obj) => {
    const { volumeName, volumeAttributesClassName, resources, ...rest } = spec;
    const { storage: _, ...requests } = objectOf(objectOf(resources).requests);
    return {
      ...rest,
      ...(before.volumeName ? { volumeName } : {}),
      ...(isBound ? { requests, limits: objectOf(resources).limits } : { resources, volumeAttributesClassName }),
    };
  };
  const amount = (spec: Obj) => objectOf(objectOf(spec.resources).requests).storage ?? '0';
  const capacity = objectOf(objectOf(live.status).capacity).storage ?? '0';
  const isLess = compareQuantities(amount(after), amount(before)) < 0;
  return [
    ...(equalJson(fixed(after), fixed(before)) ? [] : [forbiddenField('spec', FIXED_CLAIM)]),
    ...(isLess && compareQuantities(amount(after), capacity) <= 0
      ? [forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity')]
      : []),
    ...immutable('volumeMode', after.volumeMode, before.volumeMode),
  ];
}

export const VOLUME: KindRules = {
  admit: protectVolume,
  prepareCreate: setVolumePending,
  validate: (object) => validateVolumeSpec('spec', objectOf(object.spec)),
  validateUpdate: volumeIsFixed,
  warnings: volumeWarnings,
};

function volumeIsFixed(next: KubeObject, live: KubeObject): FieldError[] {
  const [after, before] = [objectOf(next.spec), objectOf(live.spec)];
  return [
    ...validateVolumeSpec('spec', after),
    ...(equalJson(volumeSourceOf(after), volumeSourceOf(before))
      ? []
      : [forbiddenField('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation')]),
    ...immutable('volumeMode', after.volumeMode, before.volumeMode),
    ...(before.nodeAffinity !== undefined && !equalJson(after.nodeAffinity ?? null, before.nodeAffinity)
      ? [
          invalidValue(
            'nodeAffinity',
            after.nodeAffinity ?? null,
            'field is immutable, except for updating from beta label to GA',
          ),
        ]
      : []),
  ];
}

export const API_SERVICE: KindRules = {
  needsRevision: true,
  name: 'path',
  validate(object) {
    const spec = objectOf(object.spec);
    const group = String(spec.group ?? '');
    const version = String(spec.version ?? '');
    const wanted = `${version}.${group}`;
    const { name = '' } = object.metadata;
    const priority = (field: string, most: number) => {
      const value = Number(spec[field] ?? 0);
      return value > 0 && value <= most
        ? []
        : [invalidValue(`spec.${field}`, value, `must be positive and less than ${most}`)];
    };
    const why = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`;
    return [
      ...(name === wanted ? [] : [invalidValue('metadata.name', name, why)]),
      ...(group === '' && version !== 'v1'
        ? [required('spec.group', 'only v1 may have an empty group and it better be legacy kube')]
        : []),
      ...(group === '' ? [] : problems('spec.group', group, subdomainProblems(group))),
      ...problems('spec.version', version, label1035Problems(version)),
      ...priority('groupPriorityMinimum', 20000),
      ...priority('versionPriority', 1000),
      ...(isObject(spec.service) ? validateReference(spec.service) : []),
    ];
  },
};

function validateReference({ namespace, name }: Obj): FieldError[] {
  return [...(namespace ? [] : [required('spec.service.namespace')]), ...(name ? [] : [required('spec.service.name')])];
}
