// hawser/helm: charts rendered as `helm template` renders them, without helm. Synchronous; it knows nothing of clusters or Git.
//
//   const chart = loadChart(memoryTree({ 'Chart.yaml': …, 'templates/x.yaml': … }), '');
//   const values = mergeValueSources({ set: ['image.tag=2'] }, () => new Uint8Array());
//   const { text } = renderChart({ chart, values, release: { name: 'shop', namespace: 'shop' }, environment });

export { HawserError } from '../../base/errors.ts';
export type { SprigEnvironment } from '../sprig/environment.ts';
export { memoryTree, type Tree, type TreeEntry } from '../tree.ts';
export { type Capabilities, DEFAULT_CAPABILITIES, type KubeVersion, parseKubeVersion } from './capabilities.ts';
export type { Chart, ChartFile, CrdFile, Values } from './chart.ts';
export type { Lookup } from './engine.ts';
export { addFileDependencies } from './file-dependencies.ts';
export { fileText } from './file-text.ts';
export type { GeneratedValues } from './generated.ts';
export { DEFAULT_LIMITS, type HelmLimits } from './limits.ts';
export { type LoadOptions, loadChart, loadChartArchive, loadChartFiles } from './load.ts';
export type { Dependency, Maintainer, Metadata } from './metadata.ts';
export { type RenderedChart, type RenderOptions, renderChart, warningsOf } from './render-chart.ts';
export type { Hook, HookEvent, Manifest } from './sort-manifests.ts';
export { mergeValueSources, type ValueSources } from './values.ts';
