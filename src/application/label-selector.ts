// A label selector as objects hold it (meta/v1 LabelSelector), against the labels of one object.

import { at, isObject, stringAt } from '../base/json.ts';

/** An empty selector matches everything; an operator that does not exist matches nothing. */
export function matchesLabelSelector(selector: unknown, labels: Readonly<Record<string, string>> = {}): boolean {
  const wanted = at(selector, 'matchLabels');
  const expressions = at(selector, 'matchExpressions');
  return (
    Object.entries(isObject(wanted) ? wanted : {}).every(([key, value]) => labels[key] === value) &&
    (Array.isArray(expressions) ? expressions : []).every((expression) => matchesExpression(expression, labels))
  );
}

function matchesExpression(expression: unknown, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[stringAt(expression, 'key') ?? ''];
  const values = at(expression, 'values');
  const isIn = Array.isArray(values) && value !== undefined && values.includes(value);
  switch (stringAt(expression, 'operator')) {
    case 'In':
      return isIn;
    case 'NotIn':
      return !isIn;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
