// Which tool a folder is for (Argo CD: util/app/discovery): an explicit block decides, then the files at its root.

import { explicitTypes } from '../application/parse.ts';
import type { SwitchableTool } from '../application/source-settings.ts';
import type { Source, SourceType } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { joinPath, type Tree } from '../render/tree.ts';

const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/**
 * `path` is clean. What a folder of a `disabled` tool holds is plain manifests. The names are probed one by one, and the folder is listed
 * only where none of them is there: then a file that comes beside them changes nothing.
 *
 * Argo CD walks the files in lexical order and lets the last one decide, so a kustomization beats a chart beside it. Here it also
 * beats a file that merely ends with Chart.yaml, wherever that would come.
 */
export function detectSourceType(
  tree: Tree,
  path: string,
  source: Source,
  disabled: readonly SwitchableTool[] = [],
): SourceType {
  const [explicit, ...others] = explicitTypes(source);
  if (explicit === 'Plugin' || others.includes('Plugin')) {
    throw new HawserError('Unsupported', 'config management plugins are not supported');
  }
  const isEnabled = (tool: SourceType) => !disabled.some((name) => name === tool);
  if (explicit) return isEnabled(explicit) ? explicit : 'Directory';
  const isFile = (name: string) => tree.readFile(joinPath(path, name) ?? name) !== undefined;
  if (isEnabled('Kustomize') && KUSTOMIZATION_FILES.some(isFile)) return 'Kustomize';
  if (!isEnabled('Helm')) return 'Directory';
  return isFile('Chart.yaml') || endsLikeChart(tree, path) ? 'Helm' : 'Directory';
}

function endsLikeChart(tree: Tree, path: string): boolean {
  return (tree.list(path) ?? []).some(({ name, kind }) => kind !== 'directory' && name.endsWith('Chart.yaml'));
}
