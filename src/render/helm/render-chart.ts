// A chart as `helm template` renders it (Helm: pkg/action/install.go, action.go renderResources; cmd/helm/template.go).

import { HawserError, isHawserError } from '../../base/errors.ts';
import type { GoValue } from '../go/value.ts';
import type { SprigEnvironment } from '../sprig/environment.ts';
import { type Capabilities, DEFAULT_CAPABILITIES } from './capabilities.ts';
import { type Chart, type CrdFile, crdFiles, type Values } from './chart.ts';
import { coalesceValues } from './coalesce.ts';
import {
  checkDependencies,
  explainMissingDependencies,
  isCompatibleRange,
  processDependencies,
} from './dependencies.ts';
import { type Lookup, renderTemplates } from './engine.ts';
import { fileText } from './file-text.ts';
import type { GeneratedValues } from './generated.ts';
import type { HelmLimits } from './limits.ts';
import { validateReleaseName } from './release-name.ts';
import { selectManifests } from './show-only.ts';
import { type Hook, type Manifest, type SortedManifests, sortManifests } from './sort-manifests.ts';
import { trimSpace } from './trim-space.ts';
import { validateValues } from './values-schema.ts';

export interface RenderOptions {
  readonly chart: Chart;
  readonly release: {
    readonly name: string;
    readonly namespace: string;
    readonly revision?: number;
    readonly isUpgrade?: boolean;
  };
  /** What the user sets; `mergeValueSources` makes it of files and flags. It is not changed. */
  readonly values?: Values;
  readonly capabilities?: Partial<Capabilities>;
  readonly environment: SprigEnvironment;
  readonly includeCrds?: boolean;
  readonly noHooks?: boolean;
  readonly skipTests?: boolean;
  readonly skipSchemaValidation?: boolean;
  /** NOTES.txt of subcharts too. */
  readonly subchartNotes?: boolean;
  /** Paths of templates, with wildcards, relative to the chart: only their manifests. */
  readonly showOnly?: readonly string[];
  readonly lookup?: Lookup;
  /** Changes the manifests (hooks are not among them) before they are printed; `manifests` of the result stay as rendered. */
  readonly postRender?: (manifests: string) => string;
  /** A JSON document at a URL that a values.schema.json refers to. */
  readonly loadSchema?: (url: string) => GoValue;
  readonly limits?: HelmLimits;
  /** Keeps what templates generate by chance, so that another render of the same chart gets the same. Without it each makes its own. */
  readonly generated?: GeneratedValues;
}

export interface RenderedChart {
  /** Exactly what `helm template` prints. */
  readonly text: string;
  /** The chart's own objects in the order of installation, without hooks and CRDs. */
  readonly manifests: readonly Manifest[];
  readonly hooks: readonly Hook[];
  /** The files of crds/, with their paths, in Helm's order; `fileText` gives what they hold. */
  readonly crds: readonly CrdFile[];
  readonly notes: string;
  /** What Helm logs to stderr on the way, in order. */
  readonly warnings: readonly string[];
}

const NOTES = 'NOTES.txt';

/**
 * Renders a chart. Throws `InvalidInput` for a release name that Helm refuses, `RenderFailed` with Helm's text for whatever is wrong in
 * chart or values, `LimitExceeded`. `data.warnings` of the error holds what Helm would have logged before it, and `data.rendering`
 * is true where Helm would have gone as far as rendering, so that it advises `--debug`.
 */
export function renderChart(options: RenderOptions): RenderedChart {
  const warnings: string[] = [];
  try {
    return render(options, warnings);
  } catch (error) {
    if (!(error instanceof HawserError) || (warnings.length === 0 && error.data.rendering === undefined)) throw error;
    throw withData(error, { ...error.data, warnings });
  }
}

function render(options: RenderOptions, warnings: string[]): RenderedChart {
  const warn = (message: string) => {
    warnings.push(message);
  };
  const { metadata } = options.chart;
  if (metadata.type !== '' && metadata.type !== 'application') {
    throw new HawserError('RenderFailed', `${metadata.type} charts are not installable`);
  }
  if (metadata.deprecated) warn('WARNING: This chart is deprecated');
  requireDependencies(options.chart);
  validateReleaseName(options.release.name);
  const userValues = options.values ?? new Map();
  const chart = processDependencies(options.chart, userValues, warn);
  const values = coalesceValues(chart, userValues, warn);
  if (options.skipSchemaValidation !== true) {
    const { loadSchema } = options;
    validateValues(chart, values, { warn, ...(loadSchema === undefined ? {} : { loadSchema }) });
  }
  let rendered: RenderedChart;
  try {
    rendered = renderProcessed(options, chart, values, warnings);
  } catch (error) {
    throw error instanceof HawserError ? withData(error, { ...error.data, rendering: true }) : error;
  }
  const { showOnly = [] } = options;
  return showOnly.length === 0 ? rendered : { ...rendered, text: selectManifests(rendered.text, showOnly) };
}

function requireDependencies(chart: Chart): void {
  try {
    if (chart.metadata.dependencies !== null) checkDependencies(chart);
  } catch (error) {
    throw explainMissingDependencies(error);
  }
}

function renderProcessed(options: RenderOptions, chart: Chart, values: Values, warnings: string[]): RenderedChart {
  const { release, environment, lookup, limits, generated } = options;
  const capabilities: Capabilities = { ...DEFAULT_CAPABILITIES, ...options.capabilities };
  requireKubeVersion(chart.metadata.kubeVersion, capabilities.kubeVersion.version);
  const isUpgrade = release.isUpgrade === true;
  const files = renderTemplates(
    chart,
    {
      values,
      release: {
        name: release.name,
        namespace: release.namespace,
        revision: release.revision ?? 1,
        isInstall: !isUpgrade,
        isUpgrade,
      },
      capabilities,
    },
    {
      environment,
      ...(lookup === undefined ? {} : { lookup }),
      ...(limits === undefined ? {} : { limits }),
      ...(generated === undefined ? {} : { generated }),
    },
  );
  const notes = takeNotes(files, `${chart.metadata.name}/templates/${NOTES}`, options.subchartNotes === true);
  const { manifests, hooks } = sortOrDump(files, warnings);
  const crds = crdFiles(chart);
  const shownHooks = hooks.filter((hook) => !(options.skipTests === true && hook.events.includes('test')));
  const documents = [
    ...(options.includeCrds === true ? crds.map(({ path, file }) => ({ path, content: fileText(file) })) : []),
    ...manifests.map(({ path, content }) => ({ path, content })),
  ];
  const own = documents.map(formatDocument).join('');
  const body = `${trimSpace(options.postRender?.(own) ?? own)}\n`;
  const text = options.noHooks === true ? body : body + shownHooks.map(formatDocument).join('');
  return { text, manifests, hooks, crds, notes, warnings };
}

/** Helm shows what was rendered, where it cannot be sorted since it is no YAML. */
function sortOrDump(files: ReadonlyMap<string, string>, warnings: string[]): SortedManifests {
  try {
    return sortManifests(files, (message) => {
      warnings.push(message);
    });
  } catch (error) {
    const texts = [...files].filter(([, text]) => trimSpace(text) !== '').map(([path, content]) => ({ path, content }));
    if (error instanceof Error) unsorted.set(error, `${trimSpace(texts.map(formatDocument).join(''))}\n`);
    throw error;
  }
}

/** Not in an error's data, which is logged: rendered text may hold secrets. */
const unsorted = new WeakMap<object, string>();

/** All that was rendered before an error of `renderChart` about what is no YAML, as `helm template --debug` prints it. */
export function renderedBeforeError(error: unknown): string | undefined {
  let found: unknown = error;
  while (found instanceof Error) {
    const text = unsorted.get(found);
    if (text !== undefined) return text;
    found = found.cause;
  }
  return undefined;
}

function formatDocument({ path, content }: { readonly path: string; readonly content: string }): string {
  return `---\n# Source: ${path}\n${content}\n`;
}

function requireKubeVersion(range: string, version: string): void {
  if (range === '' || isCompatibleRange(range, version)) return;
  throw new HawserError(
    'RenderFailed',
    `chart requires kubeVersion: ${range} which is incompatible with Kubernetes ${version}`,
  );
}

/** Takes the notes out of the rendered files; those of subcharts only where they are asked for. */
function takeNotes(files: Map<string, string>, own: string, withSubcharts: boolean): string {
  const notes: string[] = [];
  for (const [path, text] of files) {
    if (!path.endsWith(NOTES)) continue;
    if (withSubcharts || path === own) notes.push(text);
    files.delete(path);
  }
  return notes.filter((text, index) => index === 0 || text !== '').join('\n');
}

function withData(error: HawserError, data: Readonly<Record<string, unknown>>): HawserError {
  return new HawserError(error.code, error.message, {
    data,
    cause: error,
    ...(error.place === undefined ? {} : { place: error.place }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

/** The warnings that an error of `renderChart` carries. */
export function warningsOf(error: unknown): readonly string[] {
  const warnings = isHawserError(error) ? error.data.warnings : undefined;
  return Array.isArray(warnings) ? warnings.map(String) : [];
}
