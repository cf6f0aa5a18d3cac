// What a repository says about its own source: `.argocd-source.yaml` and `.argocd-source-<app>.yaml` in the source's folder, in which
// image updaters write (Argo CD: reposerver/repository, mergeSourceParameters).

import type { Source } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import { joinPath, readText, type Tree } from '../render/tree.ts';
import { parseDocument } from '../render/yaml/plain.ts';
import { checkSourceFields } from './source-fields.ts';

/**
 * The source with both files merged over it, that of the Application last; where it lies cannot be changed. `instance` is the name that
 * its tracking ids carry. Throws `RenderFailed` with file and field for a value of another type.
 */
export function applySourceOverrides(tree: Tree, path: string, source: Source, instance: string): Source {
  let merged: unknown = source;
  for (const name of ['.argocd-source.yaml', `.argocd-source-${instance}.yaml`]) {
    const file = joinPath(path, name) ?? name;
    const text = readText(tree, file);
    if (text !== undefined) merged = mergePatch(merged, readPatch(text, file));
  }
  if (!isObject(merged)) return source;
  const { repoURL, path: folder, chart, targetRevision, ref } = source;
  const { repoURL: _, path: __, chart: ___, targetRevision: ____, ref: _____, ...settings } = merged;
  return {
    ...settings,
    repoURL,
    ...(folder !== undefined && { path: folder }),
    ...(chart !== undefined && { chart }),
    ...(targetRevision !== undefined && { targetRevision }),
    ...(ref !== undefined && { ref }),
  };
}

function readPatch(text: string, file: string): Record<string, unknown> {
  let patch: unknown;
  try {
    patch = parseDocument(text);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    throw new HawserError(error.code, `${file}: ${error.message}`, { cause: error, place: { file } });
  }
  if (patch === null) return {};
  if (!isObject(patch)) {
    throw new HawserError('RenderFailed', `${file} is no mapping of source settings`, { place: { file } });
  }
  checkSourceFields(patch, file, 'RenderFailed');
  return patch;
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
