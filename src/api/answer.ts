// Errors as Argo CD's API writes them (grpc-gateway): {"error", "code", "message"} with gRPC's code numbers.

import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Application } from '../application/types.ts';
import { formatError, type HawserError, httpStatusOf, isHawserError } from '../base/errors.ts';

/** HTTP status → gRPC code, where they correspond. */
const GRPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 10,
  413: 8,
  415: 3,
  422: 9,
  429: 8,
  500: 13,
  501: 12,
  502: 14,
  503: 14,
  504: 4,
};

/** The response for anything that was thrown. An unexpected error is not shown, since nobody has checked what its text holds. */
export function answerError(context: Context, error: unknown): Response {
  const status = httpStatusOf(error);
  const message = isHawserError(error) ? formatError(error) : 'an unexpected error occurred; the log has it';
  if (status === 503) context.header('Retry-After', '1');
  return context.json(
    { error: message, code: GRPC_CODES[status] ?? 13, message, ...hintOf(error) },
    status as ContentfulStatusCode,
  );
}

function hintOf(error: unknown): { hint?: string } {
  const hint = isHawserError(error) ? (error as HawserError).hint : undefined;
  return hint ? { hint } : {};
}

/** The object as the cluster has it, less what only the API server's own bookkeeping needs. */
export function presentApplication(app: Application): unknown {
  const { managedFields: _, ...metadata } = app.metadata;
  return { ...app, metadata };
}
