// Which nodes a Pod or a volume wants.
//
// Source: k8s.io/kubernetes, pkg/apis/core/validation/validation.go (ValidateNodeSelector, ValidatePreferredSchedulingTerms).

import { isObject } from '../../base/json.ts';
import { type FieldError, forbiddenField, invalidValue, required } from '../../typed/field-error.ts';
import { labelValueProblems, qualifiedNameProblems } from './names.ts';
import { type Obj, objectOf, objectsOf, problems } from './value.ts';

export function validateNodeAffinity(field: string, affinity: Obj): FieldError[] {
  const wanted = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = `${field}.preferredDuringSchedulingIgnoredDuringExecution`;
  return [
    ...(isObject(wanted)
      ? validateNodeSelector(`${field}.requiredDuringSchedulingIgnoredDuringExecution`, wanted)
      : []),
    ...objectsOf(affinity.preferredDuringSchedulingIgnoredDuringExecution).flatMap(({ weight, preference }, index) => {
      const here = `${preferred}[${index}]`;
      const isHeavy = typeof weight !== 'number' || weight < 1 || weight > 100;
      return [
        ...(isHeavy ? [invalidValue(`${here}.weight`, weight ?? 0, 'must be in the range 1-100')] : []),
        ...validateTerm(`${here}.preference`, objectOf(preference), false),
      ];
    }),
  ];
}

export function validateNodeSelector(field: string, selector: Obj): FieldError[] {
  const terms = objectsOf(selector.nodeSelectorTerms);
  const here = `${field}.nodeSelectorTerms`;
  if (terms.length === 0) return [required(here, 'must have at least one node selector term')];
  return terms.flatMap((term, index) => validateTerm(`${here}[${index}]`, term, true));
}

function validateTerm(field: string, term: Obj, checksValues: boolean): FieldError[] {
  return objectsOf(term.matchExpressions).flatMap(({ key, operator, values }, index) => {
    const here = `${field}.matchExpressions[${index}]`;
    const texts = Array.isArray(values) ? values.map(String) : [];
    return [
      ...validateOperator(here, operator, texts),
      ...problems(`${here}.key`, key ?? '', qualifiedNameProblems(String(key ?? ''))),
      ...(checksValues
        ? texts.flatMap((value, place) => problems(`${here}.values[${place}]`, value, labelValueProblems(value)))
        : []),
    ];
  });
}

function validateOperator(field: string, operator: unknown, values: readonly string[]): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [forbiddenField(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      return values.length === 1
        ? []
        : [required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalidValue(`${field}.operator`, operator ?? '', 'not a valid selector operator')];
  }
}
