// Whether a custom resource's values fit its schema, with the API server's words.
//
// Source: k8s.io/apiextensions-apiserver, pkg/apiserver/validation/validation.go over kube-openapi, pkg/validation/validate.
// CEL rules (x-kubernetes-validations) are not evaluated.

import { isObject } from '../../base/json.ts';
import { equalJson } from '../equal.ts';
import { duplicate, type FieldError, invalidValue, notSupported, required } from '../field-error.ts';
import { stepOfElement } from '../fields/atom.ts';
import { type CustomSchema, readCustomSchema } from './schema.ts';

/** All findings, of a whole object. */
export function validateCustom(schema: CustomSchema, object: Record<string, unknown>): FieldError[] {
  const errors: FieldError[] = [];
  check(schema, object, '', errors);
  checkLists(schema, object, '', errors);
  return errors;
}

function check(schema: CustomSchema, value: unknown, path: string, errors: FieldError[]): void {
  if (value === null) {
    if (!schema.nullable) errors.push(wrongType(schema, value, path));
    return;
  }
  if (!fitsType(schema, value)) {
    errors.push(wrongType(schema, value, path));
    // Numbers are checked against the integer's format besides.
    if (schema.type === 'integer' && typeof value === 'number')
      errors.push({
        reason: 'FieldValueInvalid',
        field: '<nil>',
        message: `Invalid value: "": Checked value must be of type integer (default format) in ${path}`,
      });
    return;
  }
  checkCombinations(schema, value, path, errors);
  checkEnum(schema, value, path, errors);
  if (typeof value === 'string') checkString(schema, value, path, errors);
  else if (typeof value === 'number') checkNumber(schema, value, path, errors);
  else if (Array.isArray(value)) checkArray(schema, value, path, errors);
  else if (isObject(value)) checkObject(schema, value, path, errors);
}

function goType(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function fitsType(schema: CustomSchema, value: unknown): boolean {
  if (schema.intOrString) return typeof value === 'string' || Number.isInteger(value);
  switch (schema.type) {
    case '':
      return true;
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === schema.type;
  }
}

function wrongType(schema: CustomSchema, value: unknown, path: string): FieldError {
  const type = goType(value);
  const wanted = schema.intOrString ? 'integer,string' : schema.type;
  return {
    reason: 'FieldValueTypeInvalid',
    field: path,
    message: `Invalid value: ${JSON.stringify(type)}: ${path} in body must be of type ${wanted}: ${JSON.stringify(type)}`,
  };
}

function inBody(path: string, value: unknown, what: string): FieldError {
  return invalidValue(path, value, `${path} in body ${what}`);
}

function checkEnum(schema: CustomSchema, value: unknown, path: string, errors: FieldError[]): void {
  const allowed = schema.raw.enum;
  if (!Array.isArray(allowed) || allowed.some((item) => equalJson(item, value))) return;
  const texts = allowed.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  errors.push(notSupported(path, value, texts, false));
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  uri: /^[A-Za-z][A-Za-z0-9+.-]*:|^\//,
  email: /^[^@\s]+@[^@\s]+$/,
  ipv4: /^\d{1,3}(\.\d{1,3}){3}$/,
  ipv6: /^[0-9A-Fa-f:.]+$/,
  uuid: /^[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}$/,
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};

/** The first of length and pattern that does not fit is told, and the format. */
function checkString(schema: CustomSchema, value: string, path: string, errors: FieldError[]): void {
  const { maxLength, minLength, pattern } = schema.raw;
  const length = [...value].length;
  if (typeof maxLength === 'number' && length > maxLength)
    errors.push({
      reason: 'FieldValueTooLong',
      field: path,
      message: `Too long: may not be more than ${maxLength} bytes`,
    });
  else if (typeof minLength === 'number' && length < minLength)
    errors.push(inBody(path, value, `should be at least ${minLength} chars long`));
  else if (typeof pattern === 'string' && !matchesPattern(pattern, value))
    errors.push(inBody(path, value, `should match '${pattern}'`));
  const format = FORMATS[schema.format];
  if (format && !format.test(value))
    errors.push({
      ...inBody(path, value, `must be of type ${schema.format}: ${JSON.stringify(value)}`),
      reason: 'FieldValueTypeInvalid',
    });
}

/** Go's RE2 patterns that JavaScript does not know are let through. */
function matchesPattern(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

function checkNumber(schema: CustomSchema, value: number, path: string, errors: FieldError[]): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema.raw;
  if (typeof minimum === 'number' && (exclusiveMinimum === true ? value <= minimum : value < minimum))
    errors.push(
      inBody(path, value, `should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`),
    );
  if (typeof maximum === 'number' && (exclusiveMaximum === true ? value >= maximum : value > maximum))
    errors.push(
      inBody(path, value, `should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`),
    );
  if (typeof multipleOf === 'number' && !Number.isInteger(value / multipleOf))
    errors.push(inBody(path, value, `should be a multiple of ${multipleOf}`));
  if (schema.format === 'int32' && (value < -2147483648 || value > 2147483647))
    errors.push(invalidValue(path, value, 'checked value must be of type integer with format int32'));
}

function checkArray(schema: CustomSchema, value: readonly unknown[], path: string, errors: FieldError[]): void {
  const { minItems, maxItems, uniqueItems } = schema.raw;
  if (typeof minItems === 'number' && value.length < minItems)
    errors.push(inBody(path, value.length, `should have at least ${minItems} items`));
  if (typeof maxItems === 'number' && value.length > maxItems)
    errors.push({
      reason: 'FieldValueTooMany',
      field: path,
      message: `Too many: ${value.length}: must have at most ${maxItems} items`,
    });
  if (
    uniqueItems === true &&
    value.some((item, index) => value.slice(0, index).some((other) => equalJson(other, item)))
  )
    errors.push(inBody(path, value, "shouldn't contain duplicates"));
  if (!schema.items) return;
  for (const [index, item] of value.entries()) check(schema.items, item, `${path}[${index}]`, errors);
}

function checkObject(schema: CustomSchema, value: Record<string, unknown>, path: string, errors: FieldError[]): void {
  const { raw } = schema;
  const count = Object.keys(value).length;
  if (typeof raw.minProperties === 'number' && count < raw.minProperties)
    errors.push(inBody(path, count, `should have at least ${raw.minProperties} properties`));
  if (typeof raw.maxProperties === 'number' && count > raw.maxProperties)
    errors.push({
      reason: 'FieldValueTooMany',
      field: path,
      message: `Too many: ${count}: must have at most ${raw.maxProperties} items`,
    });
  const child = (key: string) => (path === '' ? key : `${path}.${key}`);
  for (const key of Array.isArray(raw.required) ? raw.required.map(String) : [])
    if (!Object.hasOwn(value, key)) errors.push(required(child(key)));
  for (const [key, member] of Object.entries(value)) {
    if (path === '' && (key === 'metadata' || key === 'apiVersion' || key === 'kind')) continue;
    const property = schema.properties.get(key);
    if (property) check(property, member, child(key), errors);
    else if (schema.additional && schema.additional !== true) check(schema.additional, member, child(key), errors);
  }
}

function checkCombinations(schema: CustomSchema, value: unknown, path: string, errors: FieldError[]): void {
  const { allOf, anyOf, oneOf, not } = schema.raw;
  const findings = (part: unknown): FieldError[] => {
    const found: FieldError[] = [];
    // The parts of a combination are no structural schemas: they say values, not fields.
    check({ ...readCustomSchema(part), nullable: true }, value, path, found);
    return found;
  };
  const subject = path === '' ? '<nil>' : path;
  if (Array.isArray(allOf)) for (const part of allOf) errors.push(...findings(part));
  if (Array.isArray(anyOf) && !schema.intOrString && !anyOf.some((part) => findings(part).length === 0))
    errors.push(invalidValue(path, value, `${JSON.stringify(subject)} must validate at least one schema (anyOf)`));
  if (Array.isArray(oneOf)) {
    const fitting = oneOf.filter((part) => findings(part).length === 0).length;
    if (fitting !== 1) {
      const found = fitting === 0 ? 'Found none valid' : `Found ${fitting} valid alternatives`;
      errors.push(
        invalidValue(path, value, `${JSON.stringify(subject)} must validate one and only one schema (oneOf). ${found}`),
      );
    }
  }
  if (isObject(not) && findings(not).length === 0)
    errors.push(invalidValue(path, value, `${JSON.stringify(subject)} must not validate the schema (not)`));
}

/** Sets and maps do not repeat a key. */
function checkLists(schema: CustomSchema, value: unknown, path: string, errors: FieldError[]): void {
  if (Array.isArray(value)) {
    const isKeyed = schema.listType === 'map' || schema.listType === 'set';
    const seen = new Set<string>();
    for (const [index, item] of value.entries()) {
      const here = `${path}[${index}]`;
      if (isKeyed) {
        const key = keyOf(schema, item);
        if (key !== undefined && seen.has(key))
          errors.push(duplicate(here, schema.listType === 'set' ? item : keysOf(schema, item)));
        if (key !== undefined) seen.add(key);
      }
      if (schema.items) checkLists(schema.items, item, here, errors);
    }
    return;
  }
  if (!isObject(value)) return;
  for (const [key, member] of Object.entries(value)) {
    const property = schema.properties.get(key) ?? (schema.additional === true ? undefined : schema.additional);
    if (property) checkLists(property, member, path === '' ? key : `${path}.${key}`, errors);
  }
}

function keyOf(schema: CustomSchema, item: unknown): string | undefined {
  const keys = schema.listType === 'map' ? schema.listKeys : [];
  try {
    return stepOfElement({ associative: true, keys, element: () => ({}) }, item);
  } catch {
    // An item without its keys is found by the other checks.
    return undefined;
  }
}

function keysOf(schema: CustomSchema, item: unknown): unknown {
  if (!isObject(item)) return item;
  return Object.fromEntries(schema.listKeys.map((key) => [key, item[key] ?? null]));
}
