// How a build fails: one RenderFailed error whose message names what went wrong, wrapped by what was being done, and its place.

import { HawserError, type Place } from '../../../base/errors.ts';

/** `hint` says what to do; `line` is that of the file at hand, which `inFile` knows. */
export function failure(message: string, hint?: string, line?: number): HawserError {
  return new HawserError('RenderFailed', message, {
    ...(hint === undefined ? {} : { hint }),
    ...(line === undefined || line === 0 ? {} : { data: { line } }),
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
  return rebuild(error, `${context}: ${error.message}`, error.place);
}

/** Runs `work` on the content of a file; a build failure in it that has no place yet gets this one, with the line that it knows. */
export function inFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isBuildFailure(error) || error.place !== undefined) throw error;
    const { line } = error.data;
    throw rebuild(error, error.message, { file, ...(typeof line === 'number' ? { line } : {}) });
  }
}

function rebuild(error: HawserError, message: string, place: Place | undefined): HawserError {
  return new HawserError('RenderFailed', message, {
    ...(place === undefined ? {} : { place }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    data: error.data,
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

/** What the YAML reader says, told as the rest of kustomize's errors are; `linesBefore` of the file precede the text. */
export function malformed(error: unknown, linesBefore: number): unknown {
  if (!isBuildFailure(error)) return error;
  const { line } = error.data;
  const message = error.message.replace(/^yaml: (?:line \d+: )?/, '');
  return failure(`malformed YAML: ${message}`, undefined, typeof line === 'number' ? line + linesBefore : undefined);
}
