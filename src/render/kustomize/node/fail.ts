// How a build fails: one RenderFailed error whose message names what went wrong, wrapped by what was being done.

import { HawserError, type Place } from '../../../base/errors.ts';

export function failure(message: string, place?: Place, hint?: string): HawserError {
  return new HawserError('RenderFailed', message, {
    ...(place === undefined ? {} : { place }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** True for a failure of the kustomization itself. Everything else (a tree that lacks content yet, a limit) must pass unhandled. */
export function isBuildFailure(error: unknown): error is HawserError {
  return error instanceof HawserError && error.code === 'RenderFailed';
}

/** Runs `work`; a build failure in it gets `context` in front of its message. */
export function within<T>(context: string | (() => string), work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw wrapFailure(error, typeof context === 'string' ? context : context());
  }
}

export function wrapFailure(error: HawserError, context: string): HawserError {
  return new HawserError('RenderFailed', `${context}: ${error.message}`, {
    ...(error.place === undefined ? {} : { place: error.place }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}

/** The result of `work`, or the build failure that it ended in. */
export function attempt<T>(work: () => T): { readonly value: T } | { readonly error: HawserError } {
  try {
    return { value: work() };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { error };
  }
}
