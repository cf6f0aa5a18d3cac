// Node: not ready until something says otherwise.

import { isObject } from '../../base/json.ts';
import type { KindRules } from '../resource/resource.ts';

export const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

export const NODE: KindRules = {
  keepsStatus: true,
  /** The plugin TaintNodesByCondition. */
  admit(object) {
    const spec = isObject(object.spec) ? object.spec : {};
    const taints: readonly unknown[] = Array.isArray(spec.taints) ? spec.taints : [];
    object.spec = { ...spec, taints: [...taints, { ...NOT_READY }] };
  },
};
