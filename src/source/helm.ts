// A chart in a repository, rendered as Argo CD has Helm render it: `helm template` with the Application's helm block (row 14 to 17 of its contract).

import type { HelmSource } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { parseKubeVersion } from '../render/helm/capabilities.ts';
import { loadChart } from '../render/helm/load.ts';
import { renderChart } from '../render/helm/render-chart.ts';
import { mergeValueSources } from '../render/helm/values.ts';
import type { SprigEnvironment } from '../render/sprig/environment.ts';
import { joinPath, type Tree } from '../render/tree.ts';
import { buildEnvironment, substitute } from './build-environment.ts';
import type { RenderContext, ResolvedSource } from './source.ts';

/** Names under which inline values pass for files; no repository path begins so. */
const INLINE = '\0values';

const encoder = new TextEncoder();

/** The text that `helm template` prints. Throws `RenderFailed` with Helm's own text. */
export function renderHelmSource(
  tree: Tree,
  path: string,
  resolved: ResolvedSource,
  context: RenderContext,
  environment: SprigEnvironment,
): string {
  const helm = resolved.source.helm ?? {};
  const variables = buildEnvironment(resolved, context);
  const expand = (text: string) => substitute(text, variables);
  const chart = loadChart(tree, path);
  const inline = inlineValues(helm);
  const files = valueFilePaths(tree, path, (helm.valueFiles ?? []).map(expand), helm.ignoreMissingValueFiles ?? false);
  const values = mergeValueSources(
    {
      files: inline === undefined ? files : [...files, INLINE],
      set: parametersOf(helm, false, expand),
      setString: parametersOf(helm, true, expand),
      setFile: (helm.fileParameters ?? []).map(({ name, path: file }) => `${name}=${expand(file)}`),
    },
    (name) => {
      if (name === INLINE) return encoder.encode(inline);
      const resolvedPath = files.includes(name) ? name : repositoryPath(path, name);
      const content = tree.readFile(resolvedPath);
      if (content) return content;
      throw new HawserError('RenderFailed', `${resolvedPath} does not exist in the repository`, {
        hint: 'correct spec.source.helm.valueFiles or fileParameters',
      });
    },
  );
  const kubeVersion = (helm.kubeVersion || context.kubeVersion).replace(/^v?/, 'v');
  return renderChart({
    chart,
    release: { name: helm.releaseName || context.appName, namespace: helm.namespace || context.namespace },
    values,
    capabilities: {
      kubeVersion: parseKubeVersion(kubeVersion),
      apiVersions: helm.apiVersions?.length ? [...helm.apiVersions] : [...context.apiVersions],
    },
    environment,
    includeCrds: !helm.skipCrds,
    ...(helm.skipTests && { skipTests: true }),
    ...(helm.skipSchemaValidation && { skipSchemaValidation: true }),
  }).text;
}

/** `valuesObject` replaces `values` entirely. */
function inlineValues({ values, valuesObject }: HelmSource): string | undefined {
  if (valuesObject) return JSON.stringify(valuesObject);
  return values ? values : undefined;
}

function valueFilePaths(tree: Tree, chart: string, names: readonly string[], ignoreMissing: boolean): string[] {
  return names
    .map((name) => repositoryPath(chart, name))
    .filter((file) => !ignoreMissing || tree.readFile(file) !== undefined);
}

/** Relative to the chart, or to the repository's root with a leading slash; never outside the repository. */
function repositoryPath(chart: string, name: string): string {
  if (/^[a-z]+:\/\//i.test(name)) {
    throw new HawserError('Unsupported', `the values file ${name} is a URL; only files of the repository can be used`);
  }
  const path = joinPath(chart, name);
  if (path !== undefined) return path;
  throw new HawserError('PathEscapes', `the values file ${name} leads out of the repository`, {
    hint: 'paths are relative to the chart; a leading / means the root of the repository',
  });
}

function parametersOf({ parameters = [] }: HelmSource, strings: boolean, expand: (text: string) => string): string[] {
  return parameters
    .filter(({ forceString = false }) => forceString === strings)
    .map(({ name, value = '' }) => `${name}=${escapeCommas(expand(value))}`);
}

/** A comma in a value is no separator, but in a list `{a,b}` it is (Argo CD: helm/cmd.go, cleanSetParameters). */
function escapeCommas(value: string): string {
  return value.startsWith('{') && value.endsWith('}') ? value : value.replace(/(?<!\\),/g, '\\,');
}
