// HorizontalPodAutoscaler in v1 and v2: what v1 has no field for, it keeps in annotations.
//
// Source: k8s.io/kubernetes, pkg/apis/autoscaling/v1/conversion.go.

import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';

type Obj = Record<string, unknown>;

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';
const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';
const CURRENT_METRICS = 'autoscaling.alpha.kubernetes.io/current-metrics';
const DEFAULT_UTILIZATION = 80;

function objectOf(value: unknown): Obj {
  return isObject(value) ? value : {};
}

function objectsOf(value: unknown): Obj[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function cpuMetric(utilization: unknown): Obj {
  return {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: utilization } },
  };
}

function isCpu(metric: Obj): boolean {
  const { name, target } = objectOf(metric.resource);
  return metric.type === 'Resource' && name === 'cpu' && objectOf(target).averageUtilization !== undefined;
}

export function toAutoscalerV2(object: KubeObject): KubeObject {
  const { spec, status, ...rest } = object;
  const { targetCPUUtilizationPercentage: target, ...kept } = objectOf(spec);
  const { currentCPUUtilizationPercentage: current, ...keptStatus } = objectOf(status);
  const annotations = object.metadata.annotations ?? {};
  const others = objectsOf(parse(annotations[METRICS])).map(metricToV2);
  const metrics = [...others, ...(target === undefined ? [] : [cpuMetric(target)])];
  const behavior = behaviorToV2(parse(annotations[BEHAVIOR]));
  const conditions = objectsOf(parse(annotations[CONDITIONS]));
  return {
    ...rest,
    metadata: withAnnotations(object, {}),
    spec: {
      ...kept,
      metrics: metrics.length > 0 ? metrics : [cpuMetric(DEFAULT_UTILIZATION)],
      ...(behavior ? { behavior } : {}),
    },
    status: {
      ...keptStatus,
      ...(conditions.length > 0 ? { conditions } : {}),
      currentMetrics:
        current === undefined
          ? null
          : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } }],
    },
  };
}

export function toAutoscalerV1(object: KubeObject): KubeObject {
  const { spec, status, ...rest } = object;
  const { metrics, behavior, ...kept } = objectOf(spec);
  const { currentMetrics: _, conditions, ...keptStatus } = objectOf(status);
  const all = objectsOf(metrics);
  const others = all.filter((metric) => !isCpu(metric)).map(metricToV1);
  const target = objectOf(objectOf(all.find(isCpu)?.resource).target).averageUtilization;
  return {
    ...rest,
    metadata: withAnnotations(object, {
      ...(others.length > 0 ? { [METRICS]: JSON.stringify(others) } : {}),
      ...(isObject(behavior) ? { [BEHAVIOR]: JSON.stringify(behaviorToV1(behavior)) } : {}),
      ...(Array.isArray(conditions) && conditions.length > 0 ? { [CONDITIONS]: JSON.stringify(conditions) } : {}),
    }),
    spec: { ...kept, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: { currentReplicas: 0, desiredReplicas: 0, ...keptStatus },
  };
}

/** A new object has no status, and none in annotations. */
export function dropStatusAnnotations(object: KubeObject): void {
  const { annotations, ...metadata } = object.metadata;
  const { [CONDITIONS]: _, [CURRENT_METRICS]: __, ...kept } = annotations ?? {};
  object.metadata = Object.keys(kept).length > 0 ? { ...metadata, annotations: kept } : metadata;
}

function withAnnotations(object: KubeObject, added: Readonly<Record<string, string>>): KubeObject['metadata'] {
  const { annotations, ...metadata } = object.metadata;
  const own = Object.entries(annotations ?? {}).filter(
    ([key]) => ![METRICS, BEHAVIOR, CONDITIONS, CURRENT_METRICS].includes(key),
  );
  const all = { ...Object.fromEntries(own), ...added };
  return Object.keys(all).length > 0 ? { ...metadata, annotations: all } : metadata;
}

/** Annotations that are not as they should be are taken as none. */
function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function defined(object: Obj): Obj {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function metricToV1(metric: Obj): Obj {
  const { type } = metric;
  const object = objectOf(metric.object);
  const pods = objectOf(metric.pods);
  const external = objectOf(metric.external);
  const resource = objectOf(metric.resource ?? metric.containerResource);
  const identity = (source: Obj) => objectOf(source.metric);
  const target = (source: Obj) => objectOf(source.target);
  switch (type) {
    case 'Object':
      return {
        type,
        object: defined({
          target: object.describedObject,
          metricName: identity(object).name,
          targetValue: target(object).value ?? '0',
          selector: identity(object).selector,
          averageValue: target(object).averageValue,
        }),
      };
    case 'Pods':
      return {
        type,
        pods: defined({
          metricName: identity(pods).name,
          targetAverageValue: target(pods).averageValue ?? '0',
          selector: identity(pods).selector,
        }),
      };
    case 'External':
      return {
        type,
        external: defined({
          metricName: identity(external).name,
          metricSelector: identity(external).selector,
          targetValue: target(external).value,
          targetAverageValue: target(external).averageValue,
        }),
      };
    default:
      return {
        type,
        [metric.containerResource ? 'containerResource' : 'resource']: defined({
          name: resource.name,
          targetAverageUtilization: target(resource).averageUtilization,
          targetAverageValue: target(resource).averageValue,
          container: resource.container,
        }),
      };
  }
}

function metricToV2(metric: Obj): Obj {
  const { type } = metric;
  const object = objectOf(metric.object);
  const pods = objectOf(metric.pods);
  const external = objectOf(metric.external);
  const resource = objectOf(metric.resource ?? metric.containerResource);
  switch (type) {
    case 'Object': {
      const isAverage = object.averageValue !== undefined;
      const value = isAverage && object.targetValue === '0' ? undefined : object.targetValue;
      return {
        type,
        object: {
          describedObject: object.target,
          target: defined({
            type: isAverage ? 'AverageValue' : 'Value',
            value,
            averageValue: object.averageValue,
          }),
          metric: defined({ name: object.metricName, selector: object.selector }),
        },
      };
    }
    case 'Pods':
      return {
        type,
        pods: {
          metric: defined({ name: pods.metricName, selector: pods.selector }),
          target: { type: 'AverageValue', averageValue: pods.targetAverageValue },
        },
      };
    case 'External':
      return {
        type,
        external: {
          metric: defined({ name: external.metricName, selector: external.metricSelector }),
          target: defined({
            type: external.targetValue === undefined ? 'AverageValue' : 'Value',
            value: external.targetValue,
            averageValue: external.targetAverageValue,
          }),
        },
      };
    default:
      return {
        type,
        [metric.containerResource ? 'containerResource' : 'resource']: defined({
          name: resource.name,
          target: defined({
            type: resource.targetAverageUtilization === undefined ? 'AverageValue' : 'Utilization',
            averageValue: resource.targetAverageValue,
            averageUtilization: resource.targetAverageUtilization,
          }),
          container: resource.container,
        }),
      };
  }
}

/** The annotation holds Go's internal type, whose names begin with capitals. */
function behaviorToV1(behavior: Obj): Obj {
  const rules = (value: unknown) => {
    if (!isObject(value)) return null;
    const policies = Array.isArray(value.policies)
      ? objectsOf(value.policies).map(({ type, value: amount, periodSeconds }) => ({
          Type: type,
          Value: amount,
          PeriodSeconds: periodSeconds,
        }))
      : null;
    return {
      StabilizationWindowSeconds: value.stabilizationWindowSeconds ?? null,
      SelectPolicy: value.selectPolicy ?? null,
      Policies: policies,
      Tolerance: value.tolerance ?? null,
    };
  };
  return { ScaleUp: rules(behavior.scaleUp), ScaleDown: rules(behavior.scaleDown) };
}

function behaviorToV2(internal: unknown): Obj | undefined {
  if (!isObject(internal)) return undefined;
  const rules = (value: unknown) =>
    isObject(value)
      ? defined({
          stabilizationWindowSeconds: value.StabilizationWindowSeconds ?? undefined,
          selectPolicy: value.SelectPolicy ?? undefined,
          policies: Array.isArray(value.Policies)
            ? objectsOf(value.Policies).map(({ Type, Value, PeriodSeconds }) => ({
                type: Type,
                value: Value,
                periodSeconds: PeriodSeconds,
              }))
            : undefined,
          tolerance: value.Tolerance ?? undefined,
        })
      : undefined;
  const found = defined({ scaleUp: rules(internal.ScaleUp), scaleDown: rules(internal.ScaleDown) });
  return Object.keys(found).length > 0 ? found : undefined;
}
