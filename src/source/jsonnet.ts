// Jsonnet in a folder of plain manifests (Argo CD: reposerver/repository/repository.go, makeJsonnetVM).

import type { JsonnetVariable } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { type External, evaluateJsonnetFile } from '../render/jsonnet/jsonnet.ts';
import { joinPath, type Tree } from '../render/tree.ts';
import { buildEnvironment, substitute } from './build-environment.ts';
import type { RenderContext, ResolvedSource } from './source.ts';

/** As charts are bounded (render/helm/limits.ts): what an honest program takes is far below. */
const BOUNDS = { maxSteps: 50_000_000, timeMs: 60_000 };
const MAX_OUTPUT = 64 << 20;

/**
 * What the program in a file gives, as JSON. Imports are relative to the file, to the folder of the source and to `libs`, of which the last
 * comes first; nothing outside of the repository is found. Throws `RenderFailed` with the stack trace, `LimitExceeded`, and `InvalidInput`
 * for `libs` that lead out of the repository.
 */
export function jsonnetOf(
  tree: Tree,
  path: string,
  resolved: ResolvedSource,
  context: RenderContext,
  { field, now }: { readonly field: string; readonly now: () => number },
): (file: string) => string {
  const { extVars = [], tlas = [], libs = [] } = resolved.source.directory?.jsonnet ?? {};
  const variables = buildEnvironment(resolved, context);
  const externalsOf = (list: readonly JsonnetVariable[]): Readonly<Record<string, External>> =>
    Object.fromEntries(
      list.map(({ name, value, code }) => {
        const text = substitute(value ?? '', variables);
        return [name, code ? { code: text } : { text }];
      }),
    );
  const libraries = [path, ...libs.map((lib, index) => folderOf(lib, `${field}.directory.jsonnet.libs[${index}]`))];
  const options = {
    externals: externalsOf(extVars),
    topLevelArguments: externalsOf(tlas),
    libraries,
    bounds: { ...BOUNDS, now },
    maxOutput: MAX_OUTPUT,
  };
  return (file) => {
    try {
      return evaluateJsonnetFile(tree, file, options).json();
    } catch (error) {
      if (!isHawserError(error, 'RenderFailed') && !isHawserError(error, 'LimitExceeded')) throw error;
      const name = file.slice(file.lastIndexOf('/') + 1);
      throw new HawserError(error.code, `Failed to evaluate jsonnet "${name}": ${error.message}`, {
        ...(error.place && { place: error.place }),
        cause: error,
      });
    }
  };
}

/** Relative to the root of the repository, whatever the folder of the source is. */
function folderOf(lib: string, field: string): string {
  const folder = joinPath('', lib);
  if (folder !== undefined) return folder;
  throw new HawserError('InvalidInput', `${field}: ${lib} leads out of the repository`);
}
