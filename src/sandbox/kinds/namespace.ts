// Namespace: holds its finalizer until everything in it is gone.

import { isObject } from '../../base/json.ts';
import type { KindRules } from '../resource/resource.ts';

export const NAMESPACE: KindRules = {
  name: 'label',
  prepareCreate(object) {
    object.status = { phase: 'Active' };
    const spec = isObject(object.spec) ? object.spec : {};
    const finalizers: readonly unknown[] = Array.isArray(spec.finalizers) ? spec.finalizers : [];
    object.spec = {
      ...spec,
      finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'],
    };
  },
  prepareUpdate(next, live) {
    next.spec = {
      ...(isObject(next.spec) ? next.spec : {}),
      finalizers: isObject(live.spec) ? live.spec.finalizers : [],
    };
    next.status = live.status;
  },
};
