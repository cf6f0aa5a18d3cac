// Argo CD: gitops-engine pkg/health/health_hpa.go

import { annotationOf } from '../application/annotations.ts';
import type { HealthStatus } from '../application/types.ts';
import { messageOf } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import { conditionsOf, health, type KindCheck, type StatusCondition } from './check.ts';

/** autoscaling/v1 keeps its conditions as JSON text here. */
const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';

const FAILURES: Readonly<Record<string, readonly string[]>> = {
  AbleToScale: ['FailedGetScale', 'FailedUpdateScale'],
  ScalingActive: [
    'FailedGetResourceMetric',
    'FailedGetObjectMetric',
    'FailedGetPodsMetric',
    'FailedGetExternalMetric',
    'FailedComputeMetricsReplicas',
    'InvalidSelector',
  ],
};

export const horizontalPodAutoscaler: KindCheck = {
  versions: ['v1', 'v2'],
  check: (object) => {
    if (!object.apiVersion.endsWith('/v1')) return judge(conditionsOf(object));
    const text = annotationOf(object, CONDITIONS);
    if (text === undefined) return judge([]);
    try {
      return judge(parseConditions(JSON.parse(text)));
    } catch (error) {
      return health('Unknown', `failed to convert conditions annotation to typed: ${messageOf(error)}`);
    }
  },
};

function judge(conditions: readonly StatusCondition[]): HealthStatus {
  const failed = conditions.find(({ type, reason }) => FAILURES[type]?.includes(reason));
  if (failed) return health('Degraded', failed.message);
  const good = conditions.find(
    ({ type, status }) => (type === 'AbleToScale' || type === 'ScalingLimited') && status === 'True',
  );
  return good ? health('Healthy', good.message) : health('Progressing', 'Waiting to Autoscale');
}

/** Go's decoder matches field names in any case, and so do the annotations that are around. */
function parseConditions(value: unknown): StatusCondition[] {
  if (!Array.isArray(value)) throw new Error('it is no list');
  return value.map((entry) => {
    const fields = new Map(
      Object.entries(isObject(entry) ? entry : {}).map(([key, field]) => [key.toLowerCase(), field]),
    );
    const text = (key: string) => {
      const field = fields.get(key);
      return typeof field === 'string' ? field : '';
    };
    return { type: text('type'), status: text('status'), reason: text('reason'), message: text('message') };
  });
}
