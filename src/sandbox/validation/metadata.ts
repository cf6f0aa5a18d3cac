// `metadata` of every kind: names, labels, annotations, finalizers, owners.
//
// Source: k8s.io/apimachinery, pkg/api/validation/objectmeta.go.

import type { KubeObject } from '../../kube/object.ts';
import { type FieldError, forbiddenField, invalidValue, required, tooLong } from '../../typed/field-error.ts';
import type { NameRule, Resource } from '../resource/resource.ts';
import {
  label1035Problems,
  labelProblems,
  labelValueProblems,
  pathSegmentProblems,
  qualifiedNameProblems,
  subdomainProblems,
} from './names.ts';

const NAME_RULES: Readonly<Record<NameRule, (name: string) => string[]>> = {
  subdomain: subdomainProblems,
  label: labelProblems,
  label1035: label1035Problems,
  path: pathSegmentProblems,
};
const MAX_ANNOTATIONS = 256 * 1024;

export function validateMetadata(resource: Resource, object: KubeObject): FieldError[] {
  const { metadata } = object;
  const rule = NAME_RULES[resource.rules.name ?? 'subdomain'];
  const errors: FieldError[] = [];
  if (metadata.generateName)
    // A suffix will follow, so a trailing dash or dot is fine.
    for (const problem of rule(`${metadata.generateName.replace(/[-.]$/, '')}a`))
      errors.push(invalidValue('metadata.generateName', metadata.generateName, problem));
  if (!metadata.name) errors.push(required('metadata.name', 'name or generateName is required'));
  else for (const problem of rule(metadata.name)) errors.push(invalidValue('metadata.name', metadata.name, problem));
  errors.push(...validateLabels(metadata.labels, 'metadata.labels'));
  errors.push(...validateAnnotations(metadata.annotations, 'metadata.annotations'));
  errors.push(...validateOwners(object));
  errors.push(...validateFinalizers(metadata.finalizers, resource.definition === undefined));
  return errors;
}

export function validateLabels(labels: Record<string, string> | undefined, field: string): FieldError[] {
  return sortedEntries(labels).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => invalidValue(field, key, problem)),
    ...labelValueProblems(String(value)).map((problem) => invalidValue(field, value, problem)),
  ]);
}

export function validateAnnotations(annotations: Record<string, string> | undefined, field: string): FieldError[] {
  const entries = sortedEntries(annotations);
  const errors = entries.flatMap(([key]) =>
    qualifiedNameProblems(key.toLowerCase()).map((problem) => invalidValue(field, key, problem)),
  );
  const size = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(String(value)), 0);
  if (size > MAX_ANNOTATIONS) errors.push(tooLong(field, MAX_ANNOTATIONS));
  return errors;
}

function sortedEntries(map: Record<string, string> | undefined): [string, string][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function validateOwners(object: KubeObject): FieldError[] {
  const owners = object.metadata.ownerReferences ?? [];
  const errors: FieldError[] = [];
  for (const owner of owners) {
    const field = 'metadata.ownerReferences';
    if (!owner.apiVersion) errors.push(invalidValue(`${field}.apiVersion`, '', 'version must not be empty'));
    if (!owner.kind) errors.push(invalidValue(`${field}.kind`, '', 'must not be empty'));
    if (!owner.name) errors.push(invalidValue(`${field}.name`, '', 'must not be empty'));
    if (!owner.uid) errors.push(invalidValue(`${field}.uid`, '', 'must not be empty'));
  }
  const controllers = owners.filter((owner) => owner.controller === true);
  const [first, second] = controllers;
  if (first && second)
    errors.push(
      invalidValue(
        'metadata.ownerReferences',
        owners,
        `Only one reference can have Controller set to true. Found "true" in references for ${first.kind}/${first.name} and ${second.kind}/${second.name}`,
      ),
    );
  return errors;
}

const STANDARD_FINALIZERS = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Built-in kinds want qualified names besides; custom ones only warn. */
function validateFinalizers(finalizers: readonly string[] | undefined, builtin: boolean): FieldError[] {
  const list = finalizers ?? [];
  const errors = list.flatMap((finalizer) =>
    qualifiedNameProblems(finalizer).map((problem) => invalidValue('metadata.finalizers', finalizer, problem)),
  );
  if (list.includes('orphan') && list.includes('foregroundDeletion'))
    errors.push(
      invalidValue('metadata.finalizers', list, 'finalizer orphan and foregroundDeletion cannot be both set'),
    );
  if (!builtin) return errors;
  for (const [index, finalizer] of list.entries())
    if (!finalizer.includes('/') && !STANDARD_FINALIZERS.includes(finalizer))
      errors.push(
        invalidValue(
          `metadata.finalizers[${index}]`,
          finalizer,
          'name is neither a standard finalizer name nor is it fully qualified',
        ),
      );
  return errors;
}

/** Findings on an update. The API server checks twice (BeforeUpdate and the kind's strategy), and so names each twice. */
export function validateMetadataUpdate(next: KubeObject, live: KubeObject): FieldError[] {
  const errors = changesOf(next, live);
  return [...errors, ...errors];
}

function changesOf(next: KubeObject, live: KubeObject): FieldError[] {
  const after = next.metadata;
  const before = live.metadata;
  const errors: FieldError[] = [];
  const added = (after.finalizers ?? []).filter((name) => !before.finalizers?.includes(name));
  if (before.deletionTimestamp && added.length > 0)
    errors.push(
      forbiddenField(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`,
      ),
    );
  for (const field of ['uid', 'deletionTimestamp'] as const)
    if ((after[field] ?? '') !== (before[field] ?? ''))
      errors.push(invalidValue(`metadata.${field}`, after[field] ?? null, 'field is immutable'));
  return [
    ...errors,
    ...validateLabels(after.labels, 'metadata.labels'),
    ...validateAnnotations(after.annotations, 'metadata.annotations'),
    ...validateOwners(next),
    ...validateFinalizers(after.finalizers, false),
  ];
}
