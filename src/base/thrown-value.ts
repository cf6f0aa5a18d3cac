// What was thrown, as a value that passes between threads: an error of hawser's stays one, with its code, place, hint and data.

import { type ErrorCode, HawserError, type Place } from './errors.ts';

export interface ThrownValue {
  readonly message: string;
  /** Of hawser's own errors. */
  readonly code?: ErrorCode;
  /** Of errors of the system (`ECONNREFUSED`) and of TLS. */
  readonly systemCode?: string;
  readonly place?: Place;
  readonly hint?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly stack?: string;
  readonly cause?: ThrownValue;
}

/** Nobody reads further down. */
const MOST_CAUSES = 8;

/** For structured cloning, as long as the data of the errors can be cloned. */
export function thrownValue(error: unknown, depth = 0): ThrownValue {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause =
    error.cause === undefined || depth === MOST_CAUSES ? {} : { cause: thrownValue(error.cause, depth + 1) };
  if (!(error instanceof HawserError)) {
    const { message, stack } = error;
    const systemCode = 'code' in error && typeof error.code === 'string' ? { systemCode: error.code } : {};
    return { message, ...systemCode, ...(stack !== undefined && { stack }), ...cause };
  }
  const { message, code, place, hint, data } = error;
  return { message, code, data, ...(place && { place }), ...(hint !== undefined && { hint }), ...cause };
}

/** The error again. */
export function errorOf({ message, code, systemCode, place, hint, data, stack, cause }: ThrownValue): Error {
  const because = cause && { cause: errorOf(cause) };
  if (code) {
    return new HawserError(code, message, {
      ...(place && { place }),
      ...(hint !== undefined && { hint }),
      ...(data && { data }),
      ...because,
    });
  }
  const error = new Error(message, because);
  if (stack !== undefined) error.stack = stack;
  return systemCode === undefined ? error : Object.assign(error, { code: systemCode });
}
