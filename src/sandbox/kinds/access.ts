// Roles and bindings.
//
// Source: k8s.io/kubernetes, pkg/apis/rbac/validation/validation.go.

import type { KubeObject } from '../../kube/object.ts';
import { equalJson } from '../../typed/equal.ts';
import { type FieldError, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import type { KindRules } from '../resource/resource.ts';
import { subdomainProblems } from '../validation/names.ts';
import { type Obj, objectOf, objectsOf, problems } from '../validation/value.ts';

const RBAC = 'rbac.authorization.k8s.io';

export const ROLE: KindRules = {
  name: 'path',
  createOnUpdate: true,
  validate: (object) => objectsOf(object.rules).flatMap((rule, index) => validateRule(`rules[${index}]`, rule, true)),
};

export const CLUSTER_ROLE: KindRules = {
  name: 'path',
  createOnUpdate: true,
  validate: (object) => objectsOf(object.rules).flatMap((rule, index) => validateRule(`rules[${index}]`, rule, false)),
};

function validateRule(field: string, rule: Obj, namespaced: boolean): FieldError[] {
  const size = (name: string) => (Array.isArray(rule[name]) ? rule[name].length : 0);
  const errors: FieldError[] = [];
  if (size('verbs') === 0) errors.push(required(`${field}.verbs`, 'verbs must contain at least one value'));
  if (size('nonResourceURLs') > 0) {
    if (namespaced)
      errors.push(
        invalidValue(
          `${field}.nonResourceURLs`,
          rule.nonResourceURLs,
          'namespaced rules cannot apply to non-resource URLs',
        ),
      );
    if (size('apiGroups') + size('resources') + size('resourceNames') > 0)
      errors.push(
        invalidValue(
          `${field}.nonResourceURLs`,
          rule.nonResourceURLs,
          'rules cannot apply to both regular resources and non-resource URLs',
        ),
      );
    return errors;
  }
  if (size('apiGroups') === 0)
    errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'));
  if (size('resources') === 0)
    errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'));
  return errors;
}

function binding(kinds: readonly string[]): KindRules {
  return {
    name: 'path',
    createOnUpdate: true,
    validate(object) {
      const ref = objectOf(object.roleRef);
      const errors: FieldError[] = [];
      if (ref.apiGroup !== RBAC) errors.push(notSupported('roleRef.apiGroup', ref.apiGroup, [RBAC]));
      if (!kinds.includes(String(ref.kind))) errors.push(notSupported('roleRef.kind', ref.kind ?? '', kinds, false));
      if (!ref.name) errors.push(required('roleRef.name'));
      return [
        ...errors,
        ...objectsOf(object.subjects).flatMap((subject, index) =>
          validateSubject(`subjects[${index}]`, subject, !kinds.includes('Role')),
        ),
      ];
    },
    validateUpdate(next: KubeObject, live: KubeObject) {
      if (equalJson(next.roleRef, live.roleRef)) return [];
      const { apiGroup, kind, name } = objectOf(next.roleRef);
      return [invalidValue('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
    },
  };
}

export const ROLE_BINDING = binding(['Role', 'ClusterRole']);
export const CLUSTER_ROLE_BINDING = binding(['ClusterRole']);

function validateSubject(field: string, { kind, name, namespace, apiGroup }: Obj, cluster: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required(`${field}.name`));
  if (kind === 'ServiceAccount') {
    if (name) errors.push(...problems(`${field}.name`, name, subdomainProblems(String(name))));
    if (apiGroup) errors.push(notSupported(`${field}.apiGroup`, apiGroup, ['']));
    if (cluster && !namespace) errors.push(required(`${field}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== RBAC) errors.push(notSupported(`${field}.apiGroup`, apiGroup, [RBAC]));
  } else errors.push(notSupported(`${field}.kind`, kind ?? '', ['ServiceAccount', 'User', 'Group'], false));
  return errors;
}
