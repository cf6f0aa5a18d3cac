// A Helm chart in memory (Helm: pkg/chart/chart.go).

import type { GoValue } from '../go/value.ts';
import type { Metadata } from './metadata.ts';

/** A file of a chart; `name` is relative to the chart's folder. */
export interface ChartFile {
  readonly name: string;
  readonly data: Uint8Array;
}

export type Values = Map<string, GoValue>;

/**
 * A chart with its subcharts. What `loadChart` gives is never changed by rendering: the processing of dependencies (which renames,
 * removes and re-parents charts, as Helm does) works on a copy that shares the files.
 */
export interface Chart {
  metadata: Metadata;
  /** The defaults of values.yaml; empty where there is none. */
  values: Values;
  /** values.schema.json as it stands. */
  readonly schema: Uint8Array | undefined;
  readonly templates: readonly ChartFile[];
  /** All other files, crds/ among them. */
  readonly files: readonly ChartFile[];
  dependencies: Chart[];
  parent: Chart | undefined;
}

/** A file of a crds/ folder, with the path that `# Source:` names. */
export interface CrdFile {
  readonly path: string;
  readonly file: ChartFile;
}

/** The path that a chart's templates are named after: `parent/charts/child`. */
export function chartFullPath(chart: Chart): string {
  const { name } = chart.metadata;
  return chart.parent === undefined ? name : `${chartFullPath(chart.parent)}/charts/${name}`;
}

/** The manifests of the crds/ folders of a chart and its subcharts, in Helm's order (Helm: Chart.CRDObjects). */
export function crdFiles(chart: Chart): CrdFile[] {
  const own = chart.files
    .filter(({ name }) => name.startsWith('crds/') && /\.(ya?ml|json)$/i.test(name))
    .map((file) => ({ path: `${chartFullPath(chart)}/${file.name}`, file }));
  return [...own, ...chart.dependencies.flatMap(crdFiles)];
}

/** Replaces a chart's subcharts and makes it their parent (Helm: Chart.SetDependencies). */
export function setDependencies(chart: Chart, dependencies: readonly Chart[]): void {
  chart.dependencies = [...dependencies];
  for (const dependency of dependencies) dependency.parent = chart;
}
