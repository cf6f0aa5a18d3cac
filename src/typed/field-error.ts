// Findings of validation, with the texts of k8s.io/apimachinery, pkg/util/validation/field/errors.go.

import { goJson } from './fields/path.ts';

/** One finding of validation; `path` in the form `spec.ports[0].port`. */
export interface FieldError {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

export function required(field: string, detail = ''): FieldError {
  return {
    reason: 'FieldValueRequired',
    field,
    message: detail === '' ? 'Required value' : `Required value: ${detail}`,
  };
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  const text = `Invalid value: ${formatValue(value)}`;
  return { reason: 'FieldValueInvalid', field, message: detail === '' ? text : `${text}: ${detail}` };
}

export function forbiddenField(field: string, detail: string): FieldError {
  return { reason: 'FieldValueForbidden', field, message: detail === '' ? 'Forbidden' : `Forbidden: ${detail}` };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { reason: 'FieldValueDuplicate', field, message: `Duplicate value: ${formatValue(value)}` };
}

/** Some of the API server's lists of values are sorted, some are as they were written. */
export function notSupported(field: string, value: unknown, supported: readonly string[], sorted = true): FieldError {
  const list = (sorted ? [...supported].sort() : supported).map((item) => JSON.stringify(item));
  const tail = list.length === 0 ? '' : `: supported values: ${list.join(', ')}`;
  return { reason: 'FieldValueNotSupported', field, message: `Unsupported value: ${formatValue(value)}${tail}` };
}

export function tooLong(field: string, limit: number): FieldError {
  return { reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${limit} bytes` };
}

export function notFoundValue(field: string, value: unknown): FieldError {
  return { reason: 'FieldValueNotFound', field, message: `Not found: ${formatValue(value)}` };
}

function formatValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'string' ? JSON.stringify(value) : goJson(value);
}
