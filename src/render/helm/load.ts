// A chart from a folder of a tree or from a packaged archive (Helm: pkg/chart/loader).

import { HawserError, isHawserError, messageOf } from '../../base/errors.ts';
import { quote } from '../go/quote.ts';
import { utf8Decode } from '../go/strings.ts';
import { joinPath, type Tree } from '../tree.ts';
import { isGzip, readChartArchive, withoutByteOrderMark } from './archive.ts';
import type { Chart, ChartFile } from './chart.ts';
import { setDependencies } from './chart.ts';
import { type DecodedStruct, decodeMap, decodeStruct } from './decode.ts';
import { type IgnoreRules, parseIgnoreRules } from './ignore.ts';
import { DEFAULT_LIMITS, type HelmLimits, limitExceeded } from './limits.ts';
import { LOCK, METADATA, readMetadata } from './metadata.ts';

export interface LoadOptions {
  readonly limits?: HelmLimits;
  /** Receives what Helm logs while it loads, without a line break. */
  readonly warn?: (message: string) => void;
  /** Receives the path in the tree of each symlink that the chart's folder holds. */
  readonly onSymlink?: (path: string) => void;
}

interface Loading {
  readonly limits: HelmLimits;
  readonly warn: (message: string) => void;
  readonly depth: number;
}

/**
 * Loads the chart at `path` of a tree: a folder with Chart.yaml, or a `.tgz` archive. Reads what Helm reads: every file that
 * .helmignore lets pass. Throws `NotFound` where there is nothing, `RenderFailed` with Helm's text for a chart that Helm refuses,
 * `LimitExceeded` for one that is too large; errors of the tree pass.
 */
export function loadChart(tree: Tree, path: string, options: LoadOptions = {}): Chart {
  if (tree.list(path) !== undefined) return loadFiles(readChartFolder(tree, path, options), loadingOf(options));
  const archive = tree.readFile(path);
  if (archive === undefined) throw new HawserError('NotFound', `path ${quote(path)} not found`);
  return loadChartArchive(archive, path, options);
}

/** Loads a packaged chart; `name` is how messages call it. */
export function loadChartArchive(archive: Uint8Array, name: string, options: LoadOptions = {}): Chart {
  if (!isGzip(archive)) throw notAnArchive(archive, name);
  const loading = loadingOf(options);
  return loadFiles(readChartArchive(archive, loading.limits), loading);
}

/** Loads a chart out of files that are in memory; names are relative to the chart's folder (Helm: LoadFiles). */
export function loadChartFiles(files: readonly ChartFile[], options: LoadOptions = {}): Chart {
  return loadFiles(files, loadingOf(options));
}

function loadingOf(options: LoadOptions): Loading {
  return { limits: options.limits ?? DEFAULT_LIMITS, warn: options.warn ?? (() => {}), depth: 0 };
}

function notAnArchive(bytes: Uint8Array, name: string): HawserError {
  const message = /\.ya?ml$/.test(name)
    ? `file '${name}' seems to be a YAML file, but expected a gzipped archive`
    : `file '${name}' does not appear to be a gzipped archive; got '${contentType(bytes)}'`;
  return new HawserError('RenderFailed', message);
}

/** The part of Go's http.DetectContentType that tells text from the rest. */
function contentType(bytes: Uint8Array): string {
  const isBinary = bytes
    .subarray(0, 512)
    .some((byte) => byte <= 8 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f));
  return isBinary ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}

function readChartFolder(tree: Tree, path: string, options: LoadOptions): ChartFile[] {
  const ignoreFile = tree.readFile(joinPath(path, '.helmignore') ?? '');
  const isIgnored = parseIgnoreRules(ignoreFile === undefined ? '' : utf8Decode(ignoreFile));
  const files: ChartFile[] = [];
  const { limits = DEFAULT_LIMITS, onSymlink } = options;
  walk(tree, path, '', { isIgnored, limits, files, depth: 0, onSymlink });
  return files;
}

interface Walk {
  readonly isIgnored: IgnoreRules;
  readonly limits: HelmLimits;
  readonly files: ChartFile[];
  readonly onSymlink: ((path: string) => void) | undefined;
  /** Symlinks can make a folder contain itself. */
  readonly depth: number;
}

/** Depth first, names in bytewise order, symlinks followed (Helm: internal/sympath/walk.go). */
function walk(tree: Tree, root: string, folder: string, walking: Walk): void {
  if (walking.depth > 4 * walking.limits.chartDepth) {
    throw limitExceeded('chartDepth', `folders of the chart are nested more than ${walking.depth - 1} levels deep`);
  }
  for (const entry of tree.list(joinPath(root, folder) ?? '') ?? []) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const full = joinPath(root, name) ?? '';
    if (entry.kind === 'symlink') walking.onSymlink?.(full);
    const isDirectory =
      entry.kind === 'directory' ||
      entry.kind === 'submodule' ||
      (entry.kind === 'symlink' && tree.list(full) !== undefined);
    if (walking.isIgnored(name, isDirectory)) continue;
    if (isDirectory) {
      walk(tree, root, name, { ...walking, depth: walking.depth + 1 });
      continue;
    }
    const data = tree.readFile(full);
    if (data === undefined) throw new HawserError('RenderFailed', `lstat ${name}: no such file or directory`);
    if (data.length > walking.limits.fileBytes) {
      const message = `chart file ${quote(entry.name)} is larger than the maximum file size ${walking.limits.fileBytes}`;
      throw limitExceeded('fileBytes', message);
    }
    walking.files.push({ name, data: withoutByteOrderMark(data) });
  }
}

/** What LoadFiles collects before the chart is whole. */
interface Parts {
  metadata: DecodedStruct | undefined;
  values: Chart['values'];
  schema: Uint8Array | undefined;
  readonly templates: ChartFile[];
  readonly files: ChartFile[];
  /** Files below charts/, by the first part of their path, named relative to charts/. */
  readonly subcharts: Map<string, ChartFile[]>;
}

function loadFiles(files: readonly ChartFile[], loading: Loading): Chart {
  if (loading.depth > loading.limits.chartDepth) {
    throw limitExceeded('chartDepth', `charts are nested more than ${loading.limits.chartDepth} levels deep`);
  }
  const parts: Parts = {
    metadata: undefined,
    values: new Map(),
    schema: undefined,
    templates: [],
    files: [],
    subcharts: new Map(),
  };
  for (const file of files) if (file.name === 'Chart.yaml') parts.metadata = readChartYaml(file, parts.metadata);
  for (const file of files) sortFile(file, parts, loading);
  if (parts.metadata === undefined) throw new HawserError('RenderFailed', 'Chart.yaml file is missing');
  const chart: Chart = {
    metadata: readMetadata(parts.metadata),
    values: parts.values,
    schema: parts.schema,
    templates: parts.templates,
    files: parts.files,
    dependencies: [],
    parent: undefined,
  };
  setDependencies(chart, loadSubcharts(parts, chart.metadata.name, loading));
  return chart;
}

function readChartYaml(file: ChartFile, earlier: DecodedStruct | undefined): DecodedStruct {
  const decoded = decodeFile(file, 'Chart.yaml', (text) => decodeStruct(text, METADATA));
  const metadata = new Map([...(earlier ?? []), ...decoded]);
  // Helm 2 charts have no apiVersion.
  if ((metadata.get('apiVersion') ?? '') === '') metadata.set('apiVersion', 'v1');
  return metadata;
}

function sortFile(file: ChartFile, parts: Parts, loading: Loading): void {
  const { name } = file;
  if (name === 'Chart.yaml') return;
  if (name === 'Chart.lock') decodeFile(file, name, (text) => decodeStruct(text, LOCK));
  else if (name === 'values.yaml') parts.values = decodeFile(file, name, decodeMap);
  else if (name === 'values.schema.json') parts.schema = file.data;
  else if (name === 'requirements.yaml') readRequirements(file, parts, loading);
  else if (name === 'requirements.lock') readRequirementsLock(file, parts, loading);
  else if (name.startsWith('templates/')) parts.templates.push(file);
  else if (name.startsWith('charts/') && !name.endsWith('.prov')) {
    const below = name.slice('charts/'.length);
    const subchart = below.split('/', 1)[0] ?? '';
    const group = parts.subcharts.get(subchart) ?? [];
    parts.subcharts.set(subchart, group);
    group.push({ name: below, data: file.data });
  } else parts.files.push(file);
}

/** Deprecated, but a chart of version v1 keeps its dependencies there. */
function readRequirements(file: ChartFile, parts: Parts, loading: Loading): void {
  const metadata = parts.metadata ?? new Map();
  const isV1 = metadata.get('apiVersion') === 'v1';
  if (!isV1) {
    loading.warn(
      'load.go:120: Warning: Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to Chart.yaml.',
    );
  }
  const decoded = decodeFile(file, file.name, (text) => decodeStruct(text, METADATA));
  parts.metadata = new Map([...metadata, ...decoded]);
  if (isV1) parts.files.push(file);
}

function readRequirementsLock(file: ChartFile, parts: Parts, loading: Loading): void {
  decodeFile(file, file.name, (text) => decodeStruct(text, LOCK));
  parts.metadata ??= new Map();
  if (parts.metadata.get('apiVersion') === 'v1') parts.files.push(file);
  else {
    loading.warn(
      'load.go:138: Warning: Dependency locking is handled in Chart.lock since apiVersion "v2". We recommend migrating to Chart.lock.',
    );
  }
}

function loadSubcharts(parts: Parts, parent: string, loading: Loading): Chart[] {
  const inner: Loading = { ...loading, depth: loading.depth + 1 };
  const charts: Chart[] = [];
  // Helm takes them in the random order of a Go map; the order of the names is as good and does not change.
  for (const name of [...parts.subcharts.keys()].sort()) {
    if (/^[_.]/.test(name)) continue;
    const files = parts.subcharts.get(name) ?? [];
    try {
      charts.push(
        name.endsWith('.tgz') ? loadPackedSubchart(name, files, parent, inner) : loadFiles(relative(files), inner),
      );
    } catch (error) {
      if (!isHawserError(error, 'RenderFailed') || error.data.unwrapped === true) throw error;
      throw new HawserError('RenderFailed', `error unpacking subchart ${name} in ${parent}: ${error.message}`, {
        cause: error,
      });
    }
  }
  return charts;
}

function loadPackedSubchart(name: string, files: readonly ChartFile[], parent: string, loading: Loading): Chart {
  const file = files[0];
  if (file === undefined || file.name !== name) {
    const message = `error unpacking subchart tar in ${parent}: expected ${name}, got ${file?.name ?? ''}`;
    throw new HawserError('RenderFailed', message, { data: { unwrapped: true } });
  }
  return loadFiles(readChartArchive(file.data, loading.limits), loading);
}

/** The files of an unpacked subchart, without its folder's name; files that lie in charts/ itself have none and are dropped. */
function relative(files: readonly ChartFile[]): ChartFile[] {
  return files
    .filter(({ name }) => name.includes('/'))
    .map(({ name, data }) => ({ name: name.slice(name.indexOf('/') + 1), data }));
}

function decodeFile<T>(file: ChartFile, name: string, decode: (text: string) => T): T {
  try {
    return decode(utf8Decode(file.data));
  } catch (error) {
    if (!isHawserError(error, 'RenderFailed')) throw error;
    throw new HawserError('RenderFailed', `cannot load ${name}: ${messageOf(error)}`, {
      cause: error,
      place: { file: file.name, ...(error.place?.line === undefined ? {} : { line: error.place.line }) },
    });
  }
}
