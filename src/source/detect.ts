// Which tool a folder is for (Argo CD: util/app/discovery): an explicit block decides, then the files at its root.

import { explicitTypes } from '../application/parse.ts';
import type { Source, SourceType } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { Tree } from '../render/tree.ts';

const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** `path` is clean. Only an existing file counts: probing for one that is missing is recorded by the tree, as it has to be. */
export function detectSourceType(tree: Tree, path: string, source: Source): SourceType {
  const explicit = explicitTypes(source);
  if (explicit.includes('Plugin')) {
    throw new HawserError('Unsupported', 'config management plugins are not supported');
  }
  if (explicit[0]) return explicit[0];
  const names = new Set((tree.list(path) ?? []).map(({ name }) => name));
  // Argo CD walks in lexical order and lets the later file win, so a kustomization beats a chart beside it.
  if (KUSTOMIZATION_FILES.some((name) => names.has(name))) return 'Kustomize';
  return names.has('Chart.yaml') ? 'Helm' : 'Directory';
}
