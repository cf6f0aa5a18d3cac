// LabelSelectors in objects.
//
// Source: k8s.io/apimachinery, pkg/apis/meta/v1/validation/validation.go (ValidateLabelSelector).

import { type FieldError, forbiddenField, invalidValue, required } from '../../typed/field-error.ts';
import { validateLabels } from './metadata.ts';
import { labelValueProblems, qualifiedNameProblems } from './names.ts';
import { objectOf, objectsOf, problems } from './value.ts';

/** Findings in a selector, or none where there is no selector. */
export function validateSelector(field: string, selector: unknown): FieldError[] {
  const { matchLabels, matchExpressions } = objectOf(selector);
  const labels = Object.fromEntries(Object.entries(objectOf(matchLabels)).map(([key, value]) => [key, String(value)]));
  const errors = validateLabels(labels, `${field}.matchLabels`);
  for (const [index, { key, operator, values }] of objectsOf(matchExpressions).entries()) {
    const here = `${field}.matchExpressions[${index}]`;
    const list: readonly unknown[] = Array.isArray(values) ? values : [];
    if ((operator === 'In' || operator === 'NotIn') && list.length === 0)
      errors.push(required(`${here}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    else if ((operator === 'Exists' || operator === 'DoesNotExist') && list.length > 0)
      errors.push(
        forbiddenField(`${here}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      );
    else if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(String(operator)))
      errors.push(invalidValue(`${here}.operator`, operator, 'not a valid selector operator'));
    errors.push(...problems(`${here}.key`, key, qualifiedNameProblems(String(key ?? ''))));
    for (const [at, value] of list.entries())
      errors.push(...problems(`${here}.values[${at}]`, value, labelValueProblems(String(value))));
  }
  return errors;
}

export function isEmptySelector(selector: unknown): boolean {
  const { matchLabels, matchExpressions } = objectOf(selector);
  return Object.keys(objectOf(matchLabels)).length + objectsOf(matchExpressions).length === 0;
}

/** False for a selector that cannot be made into a query. */
export function isUsableSelector(selector: unknown): boolean {
  return validateSelector('', selector).length === 0;
}
