// Job: gets a selector and labels that no other Job has.
//
// Source: k8s.io/kubernetes, pkg/registry/batch/job/strategy.go (generateSelector).

import { at, isObject } from '../../base/json.ts';
import type { KindRules } from '../resource/resource.ts';
import { equalJson } from '../schema/equal.ts';
import { invalidValue } from '../validation/field-error.ts';

export const JOB: KindRules = {
  generation: true,
  prepareCreate(object) {
    const spec = isObject(object.spec) ? object.spec : {};
    object.spec = spec;
    if (spec.manualSelector === true) return;
    const template = isObject(spec.template) ? spec.template : {};
    const metadata = isObject(template.metadata) ? template.metadata : {};
    const { uid = '', name = '' } = object.metadata;
    const labels = {
      ...(isObject(metadata.labels) ? metadata.labels : {}),
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
    };
    spec.template = { ...template, metadata: { ...metadata, labels } };
    spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  },
  validateUpdate(next, live) {
    const immutable = ['completions', 'selector', 'template', 'completionMode', 'podFailurePolicy'];
    return immutable
      .filter((field) => !equalJson(at(next, 'spec', field), at(live, 'spec', field)))
      .map((field) => invalidValue(`spec.${field}`, at(next, 'spec', field) ?? null, 'field is immutable'));
  },
};
