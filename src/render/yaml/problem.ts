// How the YAML reader and writer fail: with go-yaml's text, whose line numbers have quirks that users of Helm know.

import { HawserError, isHawserError } from '../../base/errors.ts';

/** go-yaml's error `yaml: TEXT`. `line`, where known, is the true line, counted from 1; the text may say another. */
export function yamlProblem(text: string, line?: number): HawserError {
  return new HawserError('RenderFailed', `yaml: ${text}`, line === undefined ? {} : { data: { line } });
}

/** A limit of our own, against input that is made to exhaust us. */
export function yamlLimit(text: string): HawserError {
  return new HawserError('LimitExceeded', `yaml: ${text}`);
}

/** The same error under a prefix, as Go's `fmt.Errorf("PREFIX: %w")` has it. Errors of other kinds pass unchanged. */
export function prefixProblem(error: unknown, prefix: string): unknown {
  if (!isHawserError(error, 'RenderFailed')) return error;
  return new HawserError('RenderFailed', `${prefix}: ${error.message}`, { data: error.data, cause: error });
}
