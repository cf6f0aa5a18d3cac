// The spec of a HorizontalPodAutoscaler, as v2 says it.
//
// Source: k8s.io/kubernetes, pkg/apis/autoscaling/validation/validation.go.

import { isObject } from '../../base/json.ts';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import { parseQuantity } from '../../typed/quantity.ts';
import { type Obj, objectOf, objectsOf, positiveQuantity } from './value.ts';

const MAX_WINDOW = 3600;
const MAX_PERIOD = 1800;

export function validateAutoscalerSpec(field: string, spec: Obj): FieldError[] {
  const { minReplicas } = spec;
  const min = typeof minReplicas === 'number' ? minReplicas : undefined;
  const max = Number(spec.maxReplicas ?? 0);
  const errors: FieldError[] = [];
  if (min !== undefined && min < 1)
    errors.push(invalidValue(`${field}.minReplicas`, min, 'must be greater than or equal to 1'));
  if (max === 0) errors.push(required(`${field}.maxReplicas`, 'must be set and greater than 0'));
  else if (max < 0) errors.push(invalidValue(`${field}.maxReplicas`, max, 'must be greater than or equal to 1'));
  if (min !== undefined && max < min)
    errors.push(invalidValue(`${field}.maxReplicas`, max, 'must be greater than or equal to `minReplicas`'));
  const metrics = objectsOf(spec.metrics);
  const isExternal = metrics.some(({ type }) => type === 'Object' || type === 'External');
  return [
    ...errors,
    ...validateTarget(`${field}.scaleTargetRef`, objectOf(spec.scaleTargetRef)),
    ...metrics.flatMap((metric, index) => validateMetric(`${field}.metrics[${index}]`, metric)),
    ...(min === 0 && !isExternal ? [forbiddenField(`${field}.metrics`, NO_ZERO)] : []),
    ...['scaleUp', 'scaleDown'].flatMap((name) =>
      validateRules(`${field}.behavior.${name}`, objectOf(spec.behavior)[name]),
    ),
  ];
}

const NO_ZERO = 'must specify at least one Object or External metric to support scaling to zero replicas';

function validateTarget(field: string, { kind, name, apiVersion }: Obj, mayBeCore = false): FieldError[] {
  return [
    ...(kind ? [] : [required(`${field}.kind`)]),
    ...(name ? [] : [required(`${field}.name`)]),
    ...(mayBeCore || String(apiVersion ?? '').includes('/')
      ? []
      : [invalidValue(`${field}.apiVersion`, apiVersion ?? '', 'apiVersion must specify API group')]),
  ];
}

/** Sources by the type that asks for them. */
const SOURCES: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};
/** In the order in which they are looked for: only the first that is there is looked into. */
const ORDER = ['object', 'external', 'pods', 'resource', 'containerResource'];

function validateMetric(field: string, metric: Obj): FieldError[] {
  const type = String(metric.type ?? '');
  const expected = SOURCES[type];
  const unknown = expected === undefined ? [notSupported(`${field}.type`, type, Object.keys(SOURCES))] : [];
  const present = ORDER.filter((name) => isObject(metric[name]));
  const [first] = present;
  return [
    ...(type === '' ? [required(`${field}.type`, 'must specify a metric source type')] : []),
    ...unknown,
    ...(first === undefined ? [] : validateSource(`${field}.${first}`, first, objectOf(metric[first]))),
    ...(expected !== undefined && !present.includes(expected)
      ? [required(`${field}.${expected}`, 'must populate information for the given metric source')]
      : []),
    ...unknown,
    ...(present.length === 1
      ? []
      : present
          .filter((name) => name !== expected)
          .map((name) => forbiddenField(`${field}.${name}`, 'must populate the given metric source only'))),
  ];
}

function validateSource(field: string, name: string, source: Obj): FieldError[] {
  const target = objectOf(source.target);
  const { value, averageValue, averageUtilization } = target;
  const here = `${field}.target`;
  const amounts = validateAmounts(here, target);
  switch (name) {
    case 'object':
      return [
        ...validateTarget(`${field}.describedObject`, objectOf(source.describedObject), true),
        ...validateIdentifier(`${field}.metric`, objectOf(source.metric)),
        ...amounts,
        ...(value === undefined && averageValue === undefined
          ? [required(`${here}.averageValue`, 'must set either a target value or averageValue')]
          : []),
      ];
    case 'external':
      return [
        ...validateIdentifier(`${field}.metric`, objectOf(source.metric)),
        ...amounts,
        ...(value === undefined && averageValue === undefined
          ? [required(`${here}.averageValue`, 'must set either a target value for metric or a per-pod target')]
          : []),
        ...(value !== undefined && averageValue !== undefined
          ? [forbiddenField(`${here}.value`, 'may not set both a target value for metric and a per-pod target')]
          : []),
      ];
    case 'pods':
      return [
        ...validateIdentifier(`${field}.metric`, objectOf(source.metric)),
        ...amounts,
        ...(isPositive(averageValue)
          ? []
          : [required(`${here}.averageValue`, 'must specify a positive target averageValue')]),
      ];
    default:
      return [
        ...(source.name ? [] : [required(`${field}.name`, 'must specify a resource name')]),
        ...(name === 'containerResource' && !source.container
          ? [required(`${field}.container`, 'must specify a container')]
          : []),
        ...amounts,
        ...(averageUtilization === undefined && averageValue === undefined
          ? [required(`${here}.averageUtilization`, 'must set either a target raw value or a target utilization')]
          : []),
        ...(averageUtilization !== undefined && averageValue !== undefined
          ? [forbiddenField(`${here}.averageValue`, 'may not set both a target raw value and a target utilization')]
          : []),
      ];
  }
}

function validateIdentifier(field: string, { name }: Obj): FieldError[] {
  return name ? [] : [required(`${field}.name`, 'must specify a metric name')];
}

function isPositive(quantity: unknown): boolean {
  return quantity !== undefined && (parseQuantity(String(quantity))?.nano ?? 0n) > 0n;
}

function validateAmounts(field: string, { type = '', value, averageValue, averageUtilization }: Obj): FieldError[] {
  const types = ['Utilization', 'Value', 'AverageValue'];
  return [
    ...(type === '' ? [required(`${field}.type`, 'must specify a metric target type')] : []),
    ...(types.includes(String(type))
      ? []
      : [invalidValue(`${field}.type`, type, 'must be either Utilization, Value, or AverageValue')]),
    ...(value === undefined || isPositive(value) ? [] : [invalidValue(`${field}.value`, value, 'must be positive')]),
    ...(averageValue === undefined || isPositive(averageValue)
      ? []
      : [invalidValue(`${field}.averageValue`, averageValue, 'must be positive')]),
    ...(averageUtilization !== undefined && Number(averageUtilization) < 1
      ? [invalidValue(`${field}.averageUtilization`, averageUtilization, 'must be greater than 0')]
      : []),
  ];
}

function validateRules(field: string, rules: unknown): FieldError[] {
  if (!isObject(rules)) return [];
  const { stabilizationWindowSeconds: window, selectPolicy, tolerance } = rules;
  const policies = objectsOf(rules.policies);
  const select = ['Disabled', 'Max', 'Min'];
  return [
    ...(Number(window) < 0
      ? [invalidValue(`${field}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero')]
      : []),
    ...(Number(window) > MAX_WINDOW
      ? [invalidValue(`${field}.stabilizationWindowSeconds`, window, `must be less than or equal to ${MAX_WINDOW}`)]
      : []),
    ...(selectPolicy === undefined || select.includes(String(selectPolicy))
      ? []
      : [notSupported(`${field}.selectPolicy`, selectPolicy, select)]),
    ...(policies.length === 0 ? [required(`${field}.policies`, 'must specify at least one Policy')] : []),
    ...policies.flatMap((policy, index) => validatePolicy(`${field}.policies[${index}]`, policy)),
    ...(tolerance === undefined ? [] : positiveQuantity(`${field}.tolerance`, tolerance)),
  ];
}

function validatePolicy(field: string, { type = '', value, periodSeconds }: Obj): FieldError[] {
  const [amount, period] = [Number(value ?? 0), Number(periodSeconds ?? 0)];
  return [
    ...(type === 'Pods' || type === 'Percent' ? [] : [notSupported(`${field}.type`, type, ['Percent', 'Pods'])]),
    ...(amount > 0 ? [] : [invalidValue(`${field}.value`, amount, 'must be greater than zero')]),
    ...(period > 0 ? [] : [invalidValue(`${field}.periodSeconds`, period, 'must be greater than zero')]),
    ...(period > MAX_PERIOD
      ? [invalidValue(`${field}.periodSeconds`, period, `must be less than or equal to ${MAX_PERIOD}`)]
      : []),
  ];
}
