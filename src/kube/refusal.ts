// The API server's errors (meta/v1 Status) as HawserError, and questions about them.

import { HawserError, isHawserError } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';

/** One reason among several: which field, and why. */
export interface RefusalCause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** Reads an answer that is not ok. The body is consumed. */
export async function readRefusal(response: Response, where: string): Promise<HawserError> {
  const text = await response.text().catch(() => '');
  const status = parseStatus(text);
  const message = stringAt(status, 'message') || text.trim().slice(0, 1000) || response.statusText;
  const retryAfter = Number(
    response.headers.get('retry-after') ?? at(status, 'details', 'retryAfterSeconds') ?? Number.NaN,
  );
  return refusal(response.status, stringAt(status, 'reason') ?? '', message || `${where} answered ${response.status}`, {
    causes: parseCauses(status),
    isObjectMissing: stringAt(status, 'details', 'name') !== undefined,
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
    detailsKind: stringAt(status, 'details', 'kind') ?? '',
    detailsName: stringAt(status, 'details', 'name') ?? '',
  });
}

export function refusal(
  status: number,
  reason: string,
  message: string,
  data: Readonly<Record<string, unknown>> = {},
): HawserError {
  return new HawserError('ClusterRefused', message, { data: { status, reason, causes: [], ...data } });
}

/**
 * A refusal about a Secret, without its values: server-side apply quotes what it could not read (`expected string, got
 * &value.valueUnstructured{Value:123456}`), a strategic patch that cannot be decoded is quoted as a whole (`patch: Invalid value:
 * "map[data:…`), and a message ends up in statuses and logs.
 */
export function withoutSecrets(error: unknown): unknown {
  if (!isHawserError(error, 'ClusterRefused')) return error;
  const hide = (text: string) =>
    text
      .replace(/, got &.*$/s, ', got ++++++++')
      .replace(/Invalid value: "(?:map\[|\{).*"/s, 'Invalid value: "++++++++"');
  const causes = refusalCauses(error).map((cause) => ({ ...cause, message: hide(cause.message) }));
  return new HawserError(error.code, hide(error.message), { data: { ...error.data, causes } });
}

/** A kind that discovery does not know; the text is client-go's (Argo CD shows the same). */
export function unknownKind(apiVersion: string, kind: string): HawserError {
  return refusal(404, 'UnknownKind', `no matches for kind "${kind}" in version "${apiVersion}"`);
}

/** The HTTP status of a refusal, undefined for every other error. */
export function refusalStatus(error: unknown): number | undefined {
  if (!isHawserError(error, 'ClusterRefused')) return undefined;
  return typeof error.data.status === 'number' ? error.data.status : undefined;
}

export function refusalReason(error: unknown): string {
  return isHawserError(error, 'ClusterRefused') && typeof error.data.reason === 'string' ? error.data.reason : '';
}

export function isNotFound(error: unknown): boolean {
  return refusalStatus(error) === 404;
}

/** Somebody else wrote meanwhile, or owns the field, or the preconditions do not hold. */
export function isConflict(error: unknown): boolean {
  return refusalStatus(error) === 409 && refusalReason(error) !== 'AlreadyExists';
}

export function isAlreadyExists(error: unknown): boolean {
  return refusalStatus(error) === 409 && refusalReason(error) === 'AlreadyExists';
}

export function isUnknownKind(error: unknown): boolean {
  return refusalReason(error) === 'UnknownKind';
}

export function refusalCauses(error: unknown): readonly RefusalCause[] {
  if (!isHawserError(error, 'ClusterRefused') || !Array.isArray(error.data.causes)) return [];
  return error.data.causes.filter(isCause);
}

/** A namespace that does not exist (`namespaces "x" not found`), as opposed to any other missing thing. */
export function isMissingNamespace(error: unknown): boolean {
  return (
    isHawserError(error, 'ClusterRefused') &&
    error.data.status === 404 &&
    (error.data.detailsKind === 'namespaces' || /^namespaces? "[^"]*" not found$/.test(error.message))
  );
}

function parseStatus(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && value.kind === 'Status' ? value : undefined;
  } catch {
    return undefined; // A proxy's page, or plain text: shown as it is.
  }
}

function parseCauses(status: unknown): RefusalCause[] {
  const causes = at(status, 'details', 'causes');
  if (!Array.isArray(causes)) return [];
  return causes.map((cause) => ({
    reason: stringAt(cause, 'reason') ?? '',
    field: stringAt(cause, 'field') ?? '',
    message: stringAt(cause, 'message') ?? '',
  }));
}

function isCause(value: unknown): value is RefusalCause {
  return isObject(value) && typeof value.reason === 'string' && typeof value.message === 'string';
}
