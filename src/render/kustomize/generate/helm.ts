// Charts in kustomizations: prepares what Helm renders, and marks what it made (kustomize: HelmChartInflationGenerator).

import { HawserError } from '../../../base/errors.ts';
import { joinPath, type Tree } from '../../tree.ts';
import type { HelmGlobals, HelmPlugin } from '../config/kustomization.ts';
import { type Loader, loadText } from '../load/loader.ts';
import { mergeNodes } from '../merge/merge.ts';
import type { TypeKnowledge } from '../merge/types.ts';
import { decodeObject } from '../node/decode.ts';
import { dumpValue } from '../node/dump.ts';
import { failure, within } from '../node/fail.ts';
import { nodeOfJson } from '../node/json.ts';
import { copyNode } from '../node/node.ts';
import { parseNode } from '../node/parse.ts';
import { HELM_GENERATED } from '../resource/build-annotations.ts';
import { readResources } from '../resource/read.ts';
import { type Resource, setAnnotation } from '../resource/resource.ts';

/** What `helm template` is asked for. */
export interface HelmRequest {
  readonly tree: Tree;
  /** The chart's directory in the tree. */
  readonly chart: string;
  /** Empty for a generated name. */
  readonly releaseName: string;
  readonly nameTemplate: string;
  readonly namespace: string;
  /** The texts of the values files, later ones winning. */
  readonly values: readonly string[];
  readonly apiVersions: readonly string[];
  readonly kubeVersion: string;
  readonly includeCrds: boolean;
  readonly skipTests: boolean;
  readonly skipHooks: boolean;
}

/** A chart that is not in the tree. */
export interface ChartSource {
  readonly repo: string;
  readonly name: string;
  readonly version: string;
  readonly devel: boolean;
}

/** The port to Helm, given by the caller. Synchronous, like all of a build. */
export interface HelmPort {
  /** The manifests, as `helm template` prints them. */
  inflate(request: HelmRequest): string;
  /** The files of a chart in a repository; the root of the tree is the chart. */
  pull?(source: ChartSource): Tree;
}

export interface HelmOptions {
  readonly port: HelmPort | undefined;
  readonly enabled: boolean;
  readonly apiVersions: readonly string[];
  readonly kubeVersion: string;
}

const MERGE_OPTIONS = ['merge', 'override', 'replace'] as const;

export function generateFromChart(
  given: HelmPlugin,
  loader: Loader,
  types: TypeKnowledge,
  options: HelmOptions,
): Resource[] {
  if (!options.enabled) throw failure('the kustomization has Helm charts', 'allow them with --enable-helm');
  const args = withDefaults(given, options);
  if (options.port === undefined) {
    throw new HawserError('Unsupported', `nothing here can render the Helm chart '${args.name}'`);
  }
  const { port } = options;
  return within(`Helm chart '${args.name}'`, () => {
    const chart = locateChart(args, loader, port);
    const additional = args.additionalValuesFiles.map((file) => loadText(loader, file));
    const values = valuesText(args, loader, chart, types);
    const output = port.inflate({
      tree: chart.tree,
      chart: chart.path,
      releaseName: args.releaseName,
      nameTemplate: args.nameTemplate,
      namespace: args.namespace,
      values: [values, ...additional],
      apiVersions: args.apiVersions,
      kubeVersion: args.kubeVersion,
      includeCrds: args.includeCRDs,
      skipTests: args.skipTests,
      skipHooks: args.skipHooks,
    });
    const resources = readResources(output, types);
    for (const resource of resources) setAnnotation(resource.root, HELM_GENERATED, 'true');
    return resources;
  });
}

/** The configuration of a chart of `helmCharts` as a plugin's. */
export function chartConfig(chart: Omit<HelmPlugin, keyof HelmGlobals>, globals: HelmGlobals | undefined): HelmPlugin {
  return { ...chart, chartHome: globals?.chartHome ?? '', configHome: globals?.configHome ?? '' };
}

/** What the command line says stands where the chart says nothing. */
function withDefaults(args: HelmPlugin, options: HelmOptions): HelmPlugin {
  if (args.name === '') throw failure('a Helm chart must have a name');
  const valuesMerge = args.valuesMerge === '' ? 'override' : args.valuesMerge;
  if (!MERGE_OPTIONS.some((option) => option === valuesMerge)) {
    throw failure(`valuesMerge must be one of ${MERGE_OPTIONS.join(', ')}`);
  }
  return {
    ...args,
    valuesMerge,
    chartHome: args.chartHome === '' ? 'charts' : args.chartHome,
    kubeVersion: args.kubeVersion === '' ? options.kubeVersion : args.kubeVersion,
    apiVersions: args.apiVersions.length === 0 ? options.apiVersions : args.apiVersions,
  };
}

interface LocatedChart {
  readonly tree: Tree;
  readonly path: string;
}

/** In the chart home, in a folder with the version where the chart comes from a repository. */
function locateChart(args: HelmPlugin, loader: Loader, port: HelmPort): LocatedChart {
  const home = joinPath(loader.root, args.chartHome);
  const versioned = args.version !== '' && args.repo !== '' ? `${args.name}-${args.version}/${args.name}` : args.name;
  const path = home === undefined ? undefined : joinPath(home, versioned);
  const isThere = path !== undefined && loader.tree.readFile(`${path}/Chart.yaml`) !== undefined;
  if (isThere) return { tree: loader.tree, path };
  if (args.repo === '') throw failure(`the chart is not at '${path ?? args.chartHome}', and no repo is given`);
  const source = { repo: args.repo, name: args.name, version: args.version, devel: args.devel };
  if (port.pull === undefined) {
    throw new HawserError('Unsupported', `the Helm chart '${args.name}' lies in the repository '${args.repo}'`, {
      hint: `put it into '${path ?? args.chartHome}'`,
    });
  }
  return { tree: port.pull(source), path: '' };
}

function valuesText(args: HelmPlugin, loader: Loader, chart: LocatedChart, types: TypeKnowledge): string {
  const inline = args.valuesInline;
  const hasInline = inline !== undefined && Object.keys(inline).length > 0;
  const readFile = () =>
    args.valuesFile === ''
      ? loadText({ ...loader, tree: chart.tree, root: chart.path }, 'values.yaml')
      : loadText(loader, args.valuesFile);
  if (!hasInline) return readFile();
  const inlineNode = nodeOfJson(inline);
  if (args.valuesMerge === 'replace') return dumpValue(decodeObject(inlineNode));
  const fileNode = parseNode(readFile());
  if (fileNode === undefined) throw failure('the values file is empty and cannot be merged with valuesInline');
  const merged =
    args.valuesMerge === 'override'
      ? mergeNodes(copyNode(fileNode), inlineNode, types, false)
      : mergeNodes(copyNode(inlineNode), fileNode, types, false);
  return dumpValue(decodeObject(merged, 'unwritten'));
}
