// Checks of single values that many kinds share.
//
// Source: k8s.io/kubernetes, pkg/apis/core/validation/validation.go; k8s.io/apimachinery, pkg/util/validation.

import { isObject } from '../../base/json.ts';
import { type FieldError, invalidValue, notSupported, required } from '../../typed/field-error.ts';
import { compareQuantities, parseQuantity } from '../../typed/quantity.ts';
import { labelProblems, qualifiedNameProblems } from './names.ts';

export type Obj = Record<string, unknown>;

export function objectOf(value: unknown): Obj {
  return isObject(value) ? value : {};
}

export function objectsOf(value: unknown): Obj[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A map as Go writes it. */
export function sortKeys(map: Obj): Obj {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A list of problems with one value. */
export function problems(field: string, value: unknown, texts: readonly string[]): FieldError[] {
  return texts.map((text) => invalidValue(field, value, text));
}

export function nonNegative(field: string, value: unknown): FieldError[] {
  return typeof value === 'number' && value < 0
    ? [invalidValue(field, value, 'must be greater than or equal to 0')]
    : [];
}

export function inRange(field: string, value: unknown, from: number, to: number): FieldError[] {
  if (typeof value !== 'number' || (value >= from && value <= to)) return [];
  return [invalidValue(field, value, `must be between ${from} and ${to}, inclusive`)];
}

export function portNumber(field: string, value: unknown): FieldError[] {
  return inRange(field, value ?? 0, 1, 65535);
}

/** A port by number, or by the name of a container's port. */
export function portNumberOrName(field: string, value: unknown): FieldError[] {
  return typeof value === 'string' ? problems(field, value, portNameProblems(value)) : portNumber(field, value);
}

export function portNameProblems(name: string): string[] {
  const out: string[] = [];
  if (name.length > 15) out.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) out.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  else if (!/[a-z]/.test(name)) out.push('must contain at least one letter (a-z)');
  if (name.includes('--')) out.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) out.push('must not begin or end with a hyphen');
  return out;
}

/** A required name that is a DNS label. */
export function requiredLabel(field: string, value: unknown): FieldError[] {
  if (!value) return [required(field)];
  return problems(field, value, labelProblems(String(value)));
}

export function oneOf(field: string, value: unknown, allowed: readonly string[], sorted = true): FieldError[] {
  if (typeof value === 'string' && allowed.includes(value)) return [];
  if (!value) return [required(field)];
  return [notSupported(field, value, allowed, sorted)];
}

const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A count, or a percentage. */
export function countOrPercent(field: string, value: unknown): FieldError[] {
  if (typeof value === 'string') return /^[0-9]+%$/.test(value) ? [] : [invalidValue(field, value, PERCENT)];
  return nonNegative(field, value);
}

export function atMostHundredPercent(field: string, value: unknown): FieldError[] {
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return percent !== undefined && Number(percent) > 100
    ? [invalidValue(field, value, 'must not be greater than 100%')]
    : [];
}

const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];
const STANDARD_QUOTA = [
  ...STANDARD,
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
  'storage',
];

function resourceName(field: string, name: string): FieldError[] {
  const texts = qualifiedNameProblems(name);
  if (texts.length > 0) return problems(field, name, texts);
  const known = STANDARD_QUOTA.includes(name) || name.startsWith('hugepages-');
  return name.includes('/') || known
    ? []
    : [invalidValue(field, name, 'must be a standard resource type or fully qualified')];
}

export function containerResourceName(field: string, name: string): FieldError[] {
  const found = resourceName(field, name);
  if (name.includes('/') || STANDARD.includes(name) || name.startsWith('hugepages-')) return found;
  return [...found, invalidValue(field, name, 'must be a standard resource for containers')];
}

export function quotaResourceName(field: string, name: string): FieldError[] {
  const found = resourceName(field, name);
  if (name.includes('/') || STANDARD_QUOTA.includes(name) || name.startsWith('hugepages-')) return found;
  return [...found, invalidValue(field, name, 'must be a standard resource for quota')];
}

/** Requests and limits of a container. */
export function validateResources(field: string, resources: Obj): FieldError[] {
  const limits = objectOf(resources.limits);
  const requests = objectOf(resources.requests);
  const errors: FieldError[] = [];
  for (const name of Object.keys(limits).sort()) {
    const at = `${field}.limits[${name}]`;
    errors.push(...containerResourceName(at, name), ...positiveQuantity(at, limits[name]));
  }
  for (const name of Object.keys(requests).sort()) {
    const at = `${field}.requests[${name}]`;
    errors.push(...containerResourceName(at, name), ...positiveQuantity(at, requests[name]));
    const limit = limits[name];
    if (limit === undefined || compareQuantities(requests[name], limit) <= 0) continue;
    errors.push(
      invalidValue(`${field}.requests`, requests[name], `must be less than or equal to ${name} limit of ${limit}`),
    );
  }
  return errors;
}

export function positiveQuantity(field: string, value: unknown): FieldError[] {
  const parsed = parseQuantity(String(value));
  return parsed !== undefined && parsed.nano < 0n
    ? [invalidValue(field, value, 'must be greater than or equal to 0')]
    : [];
}
