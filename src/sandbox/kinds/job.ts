// Job and CronJob: a selector and labels that no other Job has, and a template that stays as it is.
//
// Source: k8s.io/kubernetes, pkg/registry/batch/job/strategy.go (generateSelector), pkg/apis/batch/validation.

import { at, isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { type FieldError, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import type { KindRules } from '../resource/resource.ts';
import { labelSelectorOf } from '../storage/selector.ts';
import { validatePodTemplate } from '../validation/pod-spec.ts';
import { validateSelector } from '../validation/selector.ts';
import { nonNegative, type Obj, objectOf, objectsOf, sortKeys } from '../validation/value.ts';
import { namedWorkloadWarnings, nameWarnings, templateWarnings } from './pod-warnings.ts';

export const JOB: KindRules = {
  generation: true,
  warnings: namedWorkloadWarnings,
  prepareCreate(object) {
    const spec = isObject(object.spec) ? object.spec : {};
    object.spec = spec;
    if (spec.manualSelector === true) return;
    const template = isObject(spec.template) ? spec.template : {};
    const metadata = isObject(template.metadata) ? template.metadata : {};
    const { uid = '', name = '' } = object.metadata;
    const isShared = object.metadata.labels !== undefined && object.metadata.labels === metadata.labels;
    const own = Object.fromEntries(
      Object.entries(objectOf(metadata.labels)).map(([key, value]) => [key, String(value)]),
    );
    const labels: Record<string, string> = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
      ...own,
    };
    spec.template = { ...template, metadata: { ...metadata, labels } };
    const selector = objectOf(spec.selector);
    const matched = { 'batch.kubernetes.io/controller-uid': uid, ...objectOf(selector.matchLabels) };
    spec.selector = { ...selector, matchLabels: matched };
    // A Job without labels of its own shares the template's, those made just now too: in Go the two are one map, and what
    // is read from the store gets defaults once more.
    if (isShared || Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels };
  },
  validate: (object) => [...validateGenerated(object), ...validateJob(objectOf(object.spec))],
  validateUpdate(next, live) {
    const errors = validateJob(objectOf(next.spec));
    for (const field of IMMUTABLE)
      if (!equalJson(at(next, 'spec', field), at(live, 'spec', field)))
        errors.push(invalidValue(`spec.${field}`, at(next, 'spec', field) ?? null, 'field is immutable'));
    return [...errors, ...templateChanges(next, live)];
  },
};

const IMMUTABLE = [
  'completions',
  'selector',
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
];

function validateJob(spec: Obj): FieldError[] {
  const labels = objectOf(objectOf(spec.template).metadata).labels;
  const own = Object.fromEntries(Object.entries(objectOf(labels)).map(([key, value]) => [key, String(value)]));
  const detail = '`selector` does not match template `labels`';
  return [
    ...validateJobSpec('spec', spec),
    ...(isObject(spec.selector) ? validateSelector('spec.selector', spec.selector) : [required('spec.selector')]),
    ...(isObject(spec.selector) && labelSelectorOf(spec.selector)(own)
      ? []
      : [invalidValue('spec.template.metadata.labels', isObject(labels) ? sortKeys(labels) : null, detail)]),
  ];
}

/** Labels that the client gave itself must be those that every Job gets. */
function validateGenerated(job: KubeObject): FieldError[] {
  const spec = objectOf(job.spec);
  if (spec.manualSelector === true) return [];
  const { uid = '', name = '' } = job.metadata;
  const labels = objectOf(objectOf(objectOf(spec.template).metadata).labels);
  const expected = {
    'controller-uid': uid,
    'job-name': name,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
  };
  if (!isObject(spec.selector)) return [];
  const errors = Object.entries(expected).flatMap(([key, value]) => {
    const field = `spec.template.metadata.labels[${key}]`;
    const detail = `must be '${value}'`;
    if (labels[key] === undefined) return [required(field, detail)];
    return labels[key] === value ? [] : [invalidValue(field, sortKeys(labels), detail)];
  });
  return labelSelectorOf(spec.selector)(expected)
    ? errors
    : [...errors, invalidValue('spec.selector', spec.selector, '`selector` not auto-generated')];
}

/** A suspended Job may change where and with what resources it will run; all else of the template is fixed. */
function templateChanges(next: KubeObject, live: KubeObject): FieldError[] {
  const isSuspended = at(live, 'spec', 'suspend') === true && at(live, 'status', 'startTime') === undefined;
  const fixed = (job: KubeObject): unknown => {
    const template = objectOf(objectOf(job.spec).template);
    if (!isSuspended) return template;
    const { nodeSelector: _, tolerations: __, schedulingGates: ___, affinity: ____, ...spec } = objectOf(template.spec);
    return { ...spec, containers: objectsOf(spec.containers).map(({ resources: _, ...rest }) => rest) };
  };
  if (equalJson(fixed(next), fixed(live))) return [];
  const field = isSuspended ? 'spec.template.spec' : 'spec.template';
  return [invalidValue(field, at(next, ...field.split('.')), 'field is immutable')];
}

function validateJobSpec(field: string, spec: Obj): FieldError[] {
  const counts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'];
  return [
    ...counts.flatMap((name) => nonNegative(`${field}.${name}`, spec[name])),
    ...validatePodTemplate(`${field}.template`, objectOf(spec.template)),
    ...validateRestart(`${field}.template.spec.restartPolicy`, at(spec, 'template', 'spec', 'restartPolicy')),
  ];
}

function validateRestart(field: string, policy: unknown): FieldError[] {
  const valid = ['OnFailure', 'Never'];
  if (!policy || policy === 'Always') return [required(field, `valid values: "OnFailure", "Never"`)];
  return valid.includes(String(policy)) ? [] : [notSupported(field, policy, valid, false)];
}

const MAX_NAME = 52;

export const CRON_JOB: KindRules = {
  generation: true,
  warnings: (object, live) => [
    ...(live ? [] : nameWarnings(object, 'Pod names and hostnames')),
    ...templateWarnings('spec.jobTemplate.spec.template', object, live),
  ],
  validate(object, _cluster, live) {
    const spec = objectOf(object.spec);
    const { name = '' } = object.metadata;
    const isLong = !live && name.length > MAX_NAME;
    return [
      ...(isLong ? [invalidValue('metadata.name', name, `must be no more than ${MAX_NAME} characters`)] : []),
      ...validateSchedule('spec.schedule', String(spec.schedule ?? '')),
      ...nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
      ...(['Allow', 'Forbid', 'Replace'].includes(String(spec.concurrencyPolicy))
        ? []
        : [notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'])]),
      ...validateJobSpec('spec.jobTemplate.spec', objectOf(objectOf(spec.jobTemplate).spec)),
      ...nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
      ...nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
    ];
  },
};

function validateSchedule(field: string, schedule: string): FieldError[] {
  if (schedule === '') return [required(field)];
  if (schedule.startsWith('@')) return [];
  const parts = schedule.split(/\s+/).filter((part) => part !== '');
  if (parts.length === 5) return [];
  return [invalidValue(field, schedule, `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`)];
}
