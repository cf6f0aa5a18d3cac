// Errors as Argo CD's API writes them (grpc-gateway): {"error", "code", "message"} with gRPC's code numbers.

import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ErrorCode, formatError, HawserError, httpStatusOf, isHawserError } from '../base/errors.ts';
import { refusalReason, refusalStatus } from '../kube/refusal.ts';

/** What a failure is to gRPC. Two of them are 400: what is wrong in itself (3), and what is not possible now (9). */
const GRPC_CODES: Readonly<Record<ErrorCode, number>> = {
  InvalidInput: 3,
  Unauthenticated: 16,
  Forbidden: 7,
  NotFound: 5,
  MethodNotAllowed: 12,
  Conflict: 10,
  AlreadyExists: 6,
  FailedPrecondition: 9,
  TooLarge: 8,
  UnsupportedMediaType: 3,
  TooMany: 8,
  Unavailable: 14,
  Timeout: 4,
  Unsupported: 12,
  RenderFailed: 9,
  LimitExceeded: 9,
  PathEscapes: 9,
  RevisionNotFound: 9,
  GitFailed: 14,
  GitUnauthorized: 14,
  ChartFailed: 14,
  ChartUnauthorized: 14,
  ClusterRefused: 14,
  Internal: 13,
};

/**
 * What a refusal of the API server is to whoever asked for what it refuses (Argo CD: util/grpc/errors.go). That hawser itself is not known to
 * it (401) is none of that one's business: it stays a failure of the server behind.
 */
const REFUSALS: Readonly<Record<number, ErrorCode>> = {
  400: 'FailedPrecondition',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'TooLarge',
  422: 'InvalidInput',
  429: 'TooMany',
  503: 'Unavailable',
  504: 'Timeout',
};

interface ErrorAnswer {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly hint?: string;
}

/** An unexpected error is not shown, since nobody has checked what its text holds. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (!isHawserError(error)) {
    return { status: 500, code: 13, message: 'an unexpected error occurred; the log has it' };
  }
  const shown = passedThrough(error);
  return {
    status: httpStatusOf(shown),
    code: GRPC_CODES[shown.code],
    message: formatError(shown),
    ...(shown.hint && { hint: shown.hint }),
  };
}

/** The response for anything that was thrown. */
export function answerError(context: Context, error: unknown): Response {
  const { status, message, ...more } = errorAnswer(error);
  if (status === 503) context.header('Retry-After', '1');
  return context.json({ error: message, message, ...more }, status as ContentfulStatusCode);
}

function passedThrough(error: HawserError): HawserError {
  const status = refusalStatus(error);
  if (status === undefined) return error;
  const code = refusalReason(error) === 'AlreadyExists' ? 'AlreadyExists' : REFUSALS[status];
  if (code === undefined) return error;
  return new HawserError(code, error.message, { ...(error.hint && { hint: error.hint }) });
}
