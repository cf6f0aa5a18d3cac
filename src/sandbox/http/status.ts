// Errors as the API server answers them: a Status object with code, reason, message and details.

import type { Json, JsonObject } from '../../base/json.ts';
import type { FieldError } from '../../typed/field-error.ts';

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** A refusal on its way to the client. The sandbox speaks Kubernetes' errors, so it carries a Status and no HawserError. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export function refuse(code: number, reason: string, message: string, details?: StatusDetails): Refusal {
  return new Refusal(code, reason, message, details);
}

export function badRequest(message: string): Refusal {
  return refuse(400, 'BadRequest', message);
}

export function formatStatus(error: Refusal): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    ...(error.reason === '' ? {} : { reason: error.reason }),
    ...(error.details === undefined ? {} : { details: detailsOf(error.details) }),
    code: error.code,
  };
}

function detailsOf(details: StatusDetails): JsonObject {
  const out: JsonObject = {};
  for (const key of ['name', 'group', 'kind', 'uid'] as const) {
    const value = details[key];
    if (value) out[key] = value;
  }
  if (details.causes?.length)
    out.causes = details.causes.map((cause): Json => {
      const { reason, message, field } = cause;
      return { ...(reason ? { reason } : {}), message, ...(field ? { field } : {}) };
    });
  if (details.retryAfterSeconds !== undefined) out.retryAfterSeconds = details.retryAfterSeconds;
  return out;
}

/** A group and its plural, as messages write it: `deployments.apps`. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}

export function qualified({ group, plural }: ResourceName): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function detail({ group, plural }: ResourceName, name: string): StatusDetails {
  return { name, group, kind: plural };
}

export function notFound(resource: ResourceName, name: string): Refusal {
  return refuse(404, 'NotFound', `${qualified(resource)} ${JSON.stringify(name)} not found`, detail(resource, name));
}

export function alreadyExists(resource: ResourceName, name: string): Refusal {
  const message = `${qualified(resource)} ${JSON.stringify(name)} already exists`;
  return refuse(409, 'AlreadyExists', message, detail(resource, name));
}

export function conflict(resource: ResourceName, name: string, why: string): Refusal {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} ${JSON.stringify(name)}: ${why}`;
  return refuse(409, 'Conflict', message, detail(resource, name));
}

export function forbidden(resource: ResourceName, name: string, why: string): Refusal {
  const what = name === '' ? qualified(resource) : `${qualified(resource)} ${JSON.stringify(name)}`;
  return refuse(403, 'Forbidden', `${what} is forbidden: ${why}`, detail(resource, name));
}

/** 422, the findings as causes and, when there are several, as a list in brackets (errors.NewInvalid). */
export function invalid(group: string, kind: string, name: string, errors: readonly FieldError[]): Refusal {
  const lines = [...new Set(errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)))];
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const qualifiedKind = group === '' ? kind : `${kind}.${group}`;
  return refuse(422, 'Invalid', `${qualifiedKind} ${JSON.stringify(name)} is invalid: ${text}`, {
    name,
    group,
    kind,
    causes: errors.map(({ reason, field, message }) => ({ reason, message, field })),
  });
}
