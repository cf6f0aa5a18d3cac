// A chart rendered as Argo CD has Helm render it: `helm template` with the Application's helm block (row 14 to 17 of its contract).

import type { HelmSource } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { DEFAULT_CAPABILITIES, parseKubeVersion } from '../render/helm/capabilities.ts';
import type { Lookup } from '../render/helm/engine.ts';
import { addFileDependencies } from '../render/helm/file-dependencies.ts';
import type { GeneratedValues } from '../render/helm/generated.ts';
import { loadChart } from '../render/helm/load.ts';
import { renderChart } from '../render/helm/render-chart.ts';
import { mergeValueSources } from '../render/helm/values.ts';
import type { SprigEnvironment } from '../render/sprig/environment.ts';
import type { Tree } from '../render/tree.ts';
import { buildEnvironment, substitute } from './build-environment.ts';
import { addFetchedDependencies, type FindDependency, readChartLock } from './chart-dependencies.ts';
import type { FindFiles } from './fetched-files.ts';
import type { RenderContext, ResolvedSource } from './source.ts';
import { resolveFile, resolveValueFiles, type ValueFile, type ValueFileContext } from './value-files.ts';

/** What rendering a chart takes beside its own tree. */
export interface HelmSurroundings {
  readonly environment: SprigEnvironment;
  /** Trees of sources with a `ref`, by `$ref`. */
  readonly refs: ReadonlyMap<string, Tree>;
  /** Charts of repositories and registries. */
  readonly findDependency: FindDependency;
  /** Values files at URLs. */
  readonly findFiles: FindFiles;
  readonly generated?: GeneratedValues;
  /** Objects of the destination cluster. */
  readonly lookup?: Lookup;
}

/** A name under which inline values pass for a file; no repository path begins so. */
const INLINE = '\0values';

const encoder = new TextEncoder();

/** The text that `helm template` prints. Throws `RenderFailed` with Helm's own text. */
export function renderHelmSource(
  tree: Tree,
  path: string,
  resolved: ResolvedSource,
  context: RenderContext,
  surroundings: HelmSurroundings,
): string {
  const helm = resolved.source.helm ?? {};
  const variables = buildEnvironment(resolved, context);
  const expand = (text: string) => substitute(text, variables);
  const places: ValueFileContext = { tree, path, refs: surroundings.refs, expand };
  const loaded = addFileDependencies(tree, path, loadChart(tree, path));
  const chart = addFetchedDependencies(loaded, () => readChartLock(tree, path), surroundings.findDependency);
  const valueFiles = resolveValueFiles(helm.valueFiles ?? [], helm.ignoreMissingValueFiles ?? false, places);
  const setFiles = (helm.fileParameters ?? []).map(({ name, path: file }) => ({
    name,
    file: resolveFile(file, places),
  }));
  const files = contentsOf([...valueFiles, ...setFiles.map(({ file }) => file)], surroundings.findFiles);
  const inline = inlineValues(helm);
  const names = valueFiles.map((file) => files.nameOf(file));
  const values = mergeValueSources(
    {
      files: inline === undefined ? names : [...names, INLINE],
      set: parametersOf(helm, false, expand),
      setString: parametersOf(helm, true, expand),
      setFile: setFiles.map(({ name, file }) => `${name}=${escapeCommas(files.nameOf(file))}`),
    },
    (name) => (name === INLINE ? encoder.encode(inline) : files.read(name)),
  );
  const kubeVersion = (helm.kubeVersion || context.kubeVersion).replace(/^v?/, 'v');
  const { environment, generated, lookup } = surroundings;
  return renderChart({
    chart,
    release: { name: helm.releaseName || context.appName, namespace: helm.namespace || context.namespace },
    values,
    capabilities: {
      kubeVersion: parseKubeVersion(kubeVersion),
      // `--api-versions` adds to what Helm knows by itself (helm: pkg/action/install.go), old versions of built-in kinds too.
      apiVersions: [
        ...new Set([
          ...DEFAULT_CAPABILITIES.apiVersions,
          ...(helm.apiVersions?.length ? helm.apiVersions : context.apiVersions),
        ]),
      ],
    },
    environment,
    ...(generated && { generated }),
    ...(lookup && { lookup }),
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

/** Files by the names that Helm's errors tell. URLs that differ only in what is not shown are numbered. */
function contentsOf(files: readonly ValueFile[], findFiles: FindFiles) {
  const urls = files.filter(({ tree }) => !tree).map(({ path }) => path);
  const fetched = urls.length === 0 ? new Map<string, Uint8Array>() : findFiles(urls);
  const byName = new Map<string, ValueFile>();
  const nameOf = (file: ValueFile): string => {
    let name = file.name;
    for (let number = 2; (byName.get(name)?.path ?? file.path) !== file.path; number++) name = `${file.name}#${number}`;
    byName.set(name, file);
    return name;
  };
  const read = (name: string): Uint8Array => {
    const file = byName.get(name);
    const content = file?.tree ? file.tree.readFile(file.path) : fetched.get(file?.path ?? '');
    if (content) return content;
    throw missingFile(name);
  };
  return { nameOf, read };
}

function missingFile(name: string): HawserError {
  return new HawserError('RenderFailed', `${name} does not exist in the repository`, {
    hint: 'correct spec.source.helm.valueFiles or fileParameters',
  });
}

function parametersOf({ parameters = [] }: HelmSource, strings: boolean, expand: (text: string) => string): string[] {
  // The last one of a name counts, as in the map that Argo CD makes of them.
  const byName = new Map(
    parameters
      .filter(({ forceString = false }) => forceString === strings)
      .map(({ name, value = '' }) => [name, `${name}=${escapeCommas(expand(value))}`]),
  );
  return [...byName.values()];
}

/** A comma in a value is no separator, but in a list `{a,b}` it is (Argo CD: helm/cmd.go, cleanSetParameters). */
function escapeCommas(value: string): string {
  return value.startsWith('{') && value.endsWith('}') ? value : value.replace(/(?<!\\),/g, '\\,');
}
