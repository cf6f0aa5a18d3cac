// Dependencies that Chart.yaml takes from a folder of the same repository (`repository: file://../common`): what
// `helm dependency update` packs into charts/ is read where it lies (Helm: pkg/downloader/manager.go, internal/resolver/resolver.go).

import { HawserError } from '../../base/errors.ts';
import { joinPath, type Tree } from '../tree.ts';
import { type Chart, setDependencies } from './chart.ts';
import { isCompatibleRange } from './dependencies.ts';
import { type LoadOptions, loadChart } from './load.ts';

/**
 * The chart with those of its declared dependencies that charts/ does not hold and that a `file://` path names. Throws `NotFound`
 * where the path leads nowhere, `PathEscapes` where it leads out of the tree. Others are left for `renderChart` to miss.
 */
export function addFileDependencies(tree: Tree, path: string, chart: Chart, options: LoadOptions = {}): Chart {
  const present = new Set(chart.dependencies.map(({ metadata }) => metadata.name));
  const added: Chart[] = [];
  for (const { name, version, repository } of chart.metadata.dependencies ?? []) {
    if (present.has(name) || !repository.startsWith('file://')) continue;
    present.add(name);
    const folder = joinPath(path, repository.slice('file://'.length));
    if (folder === undefined)
      throw new HawserError('PathEscapes', `dependency ${name}: ${repository} leads out of the repository`);
    if (tree.list(folder) === undefined) throw new HawserError('NotFound', `directory ${folder} not found`);
    const dependency = loadChart(tree, folder, options);
    if (!isCompatibleRange(version, dependency.metadata.version)) {
      const message = `can't get a valid version for dependency ${name}: ${folder} is ${dependency.metadata.version}, ${version} is wanted`;
      throw new HawserError('RenderFailed', message);
    }
    added.push(dependency);
  }
  if (added.length === 0) return chart;
  const whole: Chart = { ...chart };
  setDependencies(whole, [...chart.dependencies, ...added]);
  return whole;
}
