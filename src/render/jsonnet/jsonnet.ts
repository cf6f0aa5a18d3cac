// Jsonnet: programs of a tree of files, or texts, evaluated as go-jsonnet v0.22 does.

import { HawserError } from '../../base/errors.ts';
import type { Tree } from '../tree.ts';
import { type Evaluation, evaluateProgram, type JsonnetOptions } from './evaluate.ts';
import { type Failure, type FailureFormat, formatFailure, isFailure, RuntimeFailure } from './failures.ts';
import { positionOf, type Source } from './source.ts';
import { decodeText } from './text.ts';
import { createTreeImporter } from './tree-importer.ts';

export type { Evaluation, External, ImportedFile, Importer, JsonnetOptions, NotImported } from './evaluate.ts';
export type { NativeFunction } from './standard-library.ts';

/** And how what fails is told. */
export interface JsonnetCall extends JsonnetOptions, FailureFormat {}

export interface JsonnetFileOptions extends Omit<JsonnetCall, 'importer'> {
  /** Folders of the tree in which imports are looked for; the last one first. */
  readonly libraries?: readonly string[];
}

/**
 * The program at `path`; nothing is evaluated before one of the functions of what it gives is called. Throws `NotFound` where there is no
 * such file, and then what `evaluateJsonnet` does.
 */
export function evaluateJsonnetFile(tree: Tree, path: string, options: JsonnetFileOptions = {}): Evaluation {
  const content = tree.readFile(path);
  if (!content) throw new HawserError('NotFound', `there is no file ${path}`, { place: { file: path } });
  const { libraries, ...rest } = options;
  const source = { name: path, path, text: decodeText(content) };
  return evaluateJsonnet(source, { ...rest, importer: createTreeImporter(tree, libraries) });
}

/**
 * A text; `name` is what errors call it, and its imports are relative to `path`. The functions of what it gives throw `RenderFailed` with
 * exactly go-jsonnet's text, stack trace included, or `LimitExceeded` where a bound of `options` was reached.
 */
export function evaluateJsonnet(source: Source, options: JsonnetCall = {}): Evaluation {
  const evaluation = evaluateProgram(source, options);
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw isFailure(error) ? describeFailure(error, options) : error;
    }
  };
  return {
    json: () => told(evaluation.json),
    text: () => told(evaluation.text),
    stream: () => told(evaluation.stream),
    files: (asText) => told(() => evaluation.files(asText)),
  };
}

function describeFailure(failure: Failure, format: FailureFormat): HawserError {
  const isLimit = failure instanceof RuntimeFailure && failure.isLimit;
  const spot = failure instanceof RuntimeFailure ? failure.trace.findLast(({ source }) => source) : failure.span;
  const { source, begin = 0 } = spot ?? {};
  return new HawserError(isLimit ? 'LimitExceeded' : 'RenderFailed', formatFailure(failure, format).trimEnd(), {
    ...(source && { place: { file: source.name, line: positionOf(source.text, begin).line } }),
    cause: failure,
  });
}
