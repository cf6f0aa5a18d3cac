// Dependencies that Chart.yaml takes from repositories and registries and that charts/ does not hold: what `helm dependency build` would
// put there. Argo CD runs that where Helm says that a dependency is missing.

import { HawserError } from '../base/errors.ts';
import { type Chart, setDependencies } from '../render/helm/chart.ts';
import { isCompatibleRange } from '../render/helm/dependencies.ts';
import { loadChartArchive } from '../render/helm/load.ts';
import { joinPath, readText, type Tree } from '../render/tree.ts';
import { type ChartLock, checkChartLock, type LockedDependency, parseChartLock } from './chart-lock.ts';

/** The archive of a chart; `version` may be a constraint. Throws where it has not been fetched yet, and remembers to. */
export type FindDependency = (wanted: LockedDependency) => Uint8Array;

/**
 * The chart with what it lacks, in the versions of its lock where it has one (`readLock` is asked only then). Throws `RenderFailed` with
 * Helm's text where the lock is out of date. A dependency without a repository is left for `renderChart` to miss.
 */
export function addFetchedDependencies(
  chart: Chart,
  readLock: () => ChartLock | undefined,
  find: FindDependency,
): Chart {
  const present = new Set(chart.dependencies.map(({ metadata }) => metadata.name));
  const declared = chart.metadata.dependencies ?? [];
  const missing = declared.filter(
    ({ name, repository }) => !present.has(name) && repository !== '' && !repository.startsWith('file://'),
  );
  if (missing.length === 0) return chart;
  const lock = readLock();
  if (lock) checkChartLock(chart.metadata, lock);
  const wanted = new Map<string, LockedDependency>();
  for (const dependency of missing) {
    const { name, repository } = dependency;
    // The lock has the order of Chart.yaml, which may name a chart twice.
    const locked = lock?.dependencies[declared.indexOf(dependency)];
    const version = locked?.name === name ? locked.version : dependency.version;
    wanted.set(JSON.stringify([name, repository, version]), { name, repository, version });
  }
  const added = collect([...wanted.values()], (dependency) => loadDependency(dependency, find));
  const whole: Chart = { ...chart };
  setDependencies(whole, [...chart.dependencies, ...added]);
  return whole;
}

/** All of them are asked for, so that they are fetched together; the first failure counts. */
function collect(wanted: readonly LockedDependency[], load: (dependency: LockedDependency) => Chart): Chart[] {
  const charts: Chart[] = [];
  const failures: unknown[] = [];
  for (const dependency of wanted) {
    try {
      charts.push(load(dependency));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return charts;
}

function loadDependency(wanted: LockedDependency, find: FindDependency): Chart {
  const chart = loadChartArchive(find(wanted), `${wanted.name}-${wanted.version}.tgz`);
  const { name, version } = chart.metadata;
  if (name === wanted.name && isCompatibleRange(wanted.version || '*', version)) return chart;
  throw new HawserError(
    'RenderFailed',
    `dependency ${wanted.name} ${wanted.version} of ${wanted.repository} is in truth ${name} ${version}`,
  );
}

/** The lock of the chart at `path`, whatever its version calls it. */
export function readChartLock(tree: Tree, path: string): ChartLock | undefined {
  for (const name of ['Chart.lock', 'requirements.lock']) {
    const text = readText(tree, joinPath(path, name) ?? name);
    if (text !== undefined) return parseChartLock(text);
  }
  return undefined;
}
