// hawser template: the flags, bytes and exit codes of `helm template` (Helm: cmd/helm/template.go, install.go).

import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { quote } from '../render/go/quote.ts';
import { utf8Decode, utf8Encode } from '../render/go/strings.ts';
import { createTemplateSet } from '../render/gotemplate/gotemplate.ts';
import { DEFAULT_CAPABILITIES, parseKubeVersion } from '../render/helm/capabilities.ts';
import type { Chart } from '../render/helm/chart.ts';
import { fileText } from '../render/helm/file-text.ts';
import { loadChart, loadChartArchive } from '../render/helm/load.ts';
import { type RenderedChart, renderChart, renderedBeforeError, warningsOf } from '../render/helm/render-chart.ts';
import { mergeValueSources } from '../render/helm/values.ts';
import type { SprigEnvironment } from '../render/sprig/environment.ts';
import { sprigFunctions } from '../render/sprig/sprig.ts';
import type { Tree } from '../render/tree.ts';
import type { CommandIo } from './io.ts';
import { kubeNamespace } from './kube-namespace.ts';
import { type ParsedFlags, parseFlags } from './pflag.ts';
import type { Connect } from './remote-charts.ts';
import { nodeEnvironment } from './sprig-environment.ts';
import { TEMPLATE_FLAGS, TEMPLATE_USAGE, templateHelp } from './template-flags.ts';

/** A tree over a folder of this machine. */
export type OpenTree = (root: string) => Tree;

/**
 * Runs the command; nothing is thrown but what is a fault of hawser's own. Without `connect` charts of repositories and registries are
 * refused.
 */
export async function templateCommand(
  args: readonly string[],
  io: CommandIo,
  openTree: OpenTree,
  connect?: Connect,
): Promise<number> {
  try {
    const flags = parseFlags(TEMPLATE_FLAGS, args);
    if (flags.isSet('help')) io.stdout(templateHelp());
    else await run(flags, io, openTree, connect);
    return 0;
  } catch (error) {
    if (!isHawserError(error)) throw error;
    writeWarnings(warningsOf(error), io);
    if (isDebug(io, flagsOrNone(args))) io.stdout(renderedBeforeError(error) ?? '');
    const advice = error.data.rendering === true && !isDebug(io, flagsOrNone(args)) ? DEBUG_ADVICE : '';
    io.stderr(`Error: ${error.message}${advice}\n`);
    return 1;
  }
}

const DEBUG_ADVICE = '\n\nUse --debug flag to render out invalid YAML';

async function run(flags: ParsedFlags, io: CommandIo, openTree: OpenTree, connect: Connect | undefined): Promise<void> {
  if (flags.arguments.length === 0) {
    throw invalid(`"hawser template" requires at least 1 argument\n\nUsage:  ${TEMPLATE_USAGE}`);
  }
  const postRenderer = findPostRenderer(flags.last('post-renderer') ?? '', io);
  const kubeVersion = readKubeVersion(flags.last('kube-version'));
  const environment = nodeEnvironment(io);
  const { name, reference } = nameAndChart(flags, environment);
  const chartPath = locateChart(reference, flags, io);
  const pulled = chartPath === undefined ? await pullChart(reference, flags, io, connect) : undefined;
  const values = mergeValueSources(
    {
      files: flags.all('values'),
      setJson: flags.all('set-json'),
      set: flags.all('set'),
      setString: flags.all('set-string'),
      setFile: flags.all('set-file'),
      setLiteral: flags.all('set-literal'),
    },
    (path) => readUserFile(path, io),
  );
  const loadWarnings: string[] = [];
  const tree = openTree('/');
  const loaded = withWarnings(loadWarnings, () => {
    const warn = (message: string) => loadWarnings.push(message);
    if (chartPath === undefined) return loadChartArchive(pulled ?? new Uint8Array(), reference, { warn });
    if (!statSync(chartPath).isDirectory()) return loadChartArchive(readFileSync(chartPath), chartPath, { warn });
    return loadChart(tree, chartPath.slice(1), { warn, onSymlink: (path) => warn(symlinkWarning(`/${path}`)) });
  });
  writeWarnings(loadWarnings, io);
  const chart =
    flags.isSet('dependency-update') && chartPath !== undefined
      ? await addDependencies({ tree, path: chartPath.slice(1), chart: loaded }, flags, io, connect)
      : loaded;
  refuseUnsupported(flags);
  const outputDir = flags.last('output-dir') ?? '';
  const rendered = renderChart({
    chart,
    release: { name, namespace: namespaceOf(flags, io), isUpgrade: flags.isSet('is-upgrade') },
    values,
    capabilities: {
      ...(kubeVersion && { kubeVersion }),
      apiVersions: [...DEFAULT_CAPABILITIES.apiVersions, ...flags.all('api-versions')],
    },
    environment,
    includeCrds: flags.isSet('include-crds'),
    noHooks: flags.isSet('no-hooks'),
    skipTests: flags.isSet('skip-tests'),
    skipSchemaValidation: flags.isSet('skip-schema-validation'),
    subchartNotes: flags.isSet('render-subchart-notes'),
    ...(outputDir === '' && { showOnly: flags.all('show-only') }),
    ...(postRenderer !== undefined && {
      postRender: (manifests: string) => runPostRenderer(postRenderer, flags.all('post-renderer-args'), manifests, io),
    }),
  });
  writeWarnings(rendered.warnings, io);
  if (outputDir === '') io.stdout(rendered.text);
  else writeToFolder(rendered, chart, flags, { folder: outputDir, release: name, io });
}

/** Helm: internal/sympath/walk.go. */
function symlinkWarning(path: string): string {
  const target = existsSync(path) ? realpathSync(path) : path;
  return `walk.go:75: found symbolic link in path: ${path} resolves to ${target}. Contents of linked file included and used`;
}

function withWarnings<T>(warnings: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isHawserError(error)) throw error;
    throw new HawserError(error.code, error.message, { cause: error, data: { ...error.data, warnings } });
  }
}

function writeWarnings(warnings: readonly string[], io: CommandIo): void {
  for (const warning of warnings) io.stderr(`${warning}\n`);
}

/** For the report of an error, which may be that of the flags themselves. */
function flagsOrNone(args: readonly string[]): ParsedFlags | undefined {
  try {
    return parseFlags(TEMPLATE_FLAGS, args);
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

function isDebug(io: CommandIo, flags: ParsedFlags | undefined): boolean {
  return flags?.isSet('debug') === true || /^(1|t|true)$/i.test(io.env.HELM_DEBUG ?? '');
}

function readKubeVersion(text: string | undefined) {
  if (text === undefined || text === '') return undefined;
  try {
    return parseKubeVersion(text);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    throw invalid(`invalid kube version '${text}': ${error.message}`);
  }
}

/** Helm: Install.NameAndChart; `helm template` has a name to fall back on. */
function nameAndChart(flags: ParsedFlags, environment: SprigEnvironment): { name: string; reference: string } {
  const [first = '', second, ...more] = flags.arguments;
  const nameTemplate = flags.last('name-template') ?? '';
  if (more.length > 0) throw invalid(`expected at most two arguments, unexpected arguments: ${more.join(', ')}`);
  if (second !== undefined) {
    if (flags.isSet('generate-name')) throw invalid('cannot set --generate-name and also specify a name');
    if (nameTemplate !== '') throw invalid('cannot set --name-template and also specify a name');
    return { name: first, reference: second };
  }
  if (nameTemplate === '') return { name: 'release-name', reference: first };
  const set = createTemplateSet({ functions: sprigFunctions(environment), name: 'name-template' });
  set.parse('name-template', nameTemplate);
  return { name: set.execute('name-template', null), reference: first };
}

/** Helm: ChartPathOptions.LocateChart. undefined for a chart of a repository or registry. */
function locateChart(reference: string, flags: ParsedFlags, io: CommandIo): string | undefined {
  const name = reference.trim();
  const path = resolve(io.cwd, name);
  if (name !== '' && existsSync(path)) return path;
  if (isAbsolute(name) || name.startsWith('.')) throw notFound(`path ${quote(name)} not found`);
  if (/^(https?|oci):\/\//.test(name) || flags.last('repo')) return undefined;
  if (!name.includes('/'))
    throw invalid(`non-absolute URLs should be in form of repo_name/path_to_chart, got: ${name}`);
  throw notFound(`repo ${name.split('/', 1)[0]} not found`);
}

async function pullChart(reference: string, flags: ParsedFlags, io: CommandIo, connect: Connect | undefined) {
  if (connect === undefined) {
    throw new HawserError(
      'Unsupported',
      `chart ${quote(reference.trim())} is in a repository, and only this disk can be read`,
    );
  }
  const { pullRemoteChart } = await import('./remote-charts.ts');
  return pullRemoteChart(reference.trim(), flags, io, connect);
}

interface LoadedChart {
  readonly tree: Tree;
  readonly path: string;
  readonly chart: Chart;
}

/** What charts/ lacks, from folders, repositories and registries (Helm: downloader.Manager.Update); nothing is written. */
async function addDependencies(
  { tree, path, chart }: LoadedChart,
  flags: ParsedFlags,
  io: CommandIo,
  connect: Connect | undefined,
): Promise<Chart> {
  const { addFileDependencies } = await import('../render/helm/file-dependencies.ts');
  const whole = addFileDependencies(tree, path, chart);
  if (connect === undefined) return whole;
  const { addRemoteDependencies } = await import('./remote-charts.ts');
  return addRemoteDependencies(whole, flags, io, connect);
}

function refuseUnsupported(flags: ParsedFlags): void {
  const dryRun = flags.last('dry-run');
  if (dryRun !== undefined && !['', 'false', 'true', 'none', 'client', 'server'].includes(dryRun)) {
    throw invalid('Invalid dry-run flag. Flag must one of the following: false, true, none, client, server');
  }
  if (flags.isSet('validate')) {
    throw new HawserError('Unsupported', '--validate needs a cluster: hawser diff compares with one');
  }
}

function namespaceOf(flags: ParsedFlags, io: CommandIo): string {
  return (
    (flags.last('namespace') ?? io.env.HELM_NAMESPACE) ||
    kubeNamespace({
      env: io.env,
      kubeconfig: flags.last('kubeconfig'),
      context: flags.last('kube-context') ?? io.env.HELM_KUBECONTEXT,
    })
  );
}

function readUserFile(path: string, io: CommandIo): Uint8Array {
  if (path.trim() === '-') return readFileSync(0);
  if (/^(https?|oci):\/\//.test(path)) {
    throw new HawserError(
      'Unsupported',
      `values file ${quote(path)} is on a server: hawser template reads files of this disk only`,
    );
  }
  const full = resolve(io.cwd, path);
  try {
    if (statSync(full).isDirectory()) throw notFound(`read ${path}: is a directory`);
    return readFileSync(full);
  } catch (error) {
    if (error instanceof HawserError) throw error;
    const isDenied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    throw notFound(`open ${path}: ${isDenied ? 'permission denied' : 'no such file or directory'}`);
  }
}

/** The program of `--post-renderer`, which is looked for before anything else is done (Helm: pkg/postrender/exec.go). */
function findPostRenderer(program: string, io: CommandIo): string | undefined {
  if (program === '') return undefined;
  const refuse = (reason: string) =>
    invalid(
      `invalid argument ${quote(program)} for "--post-renderer" flag: unable to find binary at ${program}: exec: ${quote(program)}: ${reason}`,
    );
  if (program.includes('/')) {
    const path = resolve(io.cwd, program);
    if (!existsSync(path)) throw refuse(`stat ${program}: no such file or directory`);
    if (!isExecutable(path)) throw refuse('permission denied');
    return path;
  }
  for (const folder of (io.env.PATH ?? '').split(':')) {
    const path = resolve(io.cwd, folder, program);
    if (isExecutable(path)) return path;
  }
  throw refuse('executable file not found in $PATH');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function runPostRenderer(program: string, args: readonly string[], manifests: string, io: CommandIo): string {
  const result = process
    .getBuiltinModule('node:child_process')
    .spawnSync(program, args, { cwd: io.cwd, input: utf8Encode(manifests), maxBuffer: 1 << 30 });
  const fail = (reason: string) => failed(`error while running post render on files: ${reason}`);
  // A program that does not read all of its input is none the worse for it.
  const isBroken = result.error !== undefined && !('code' in result.error && result.error.code === 'EPIPE');
  if (isBroken) throw fail(messageOf(result.error));
  if (result.status !== 0) {
    const told = utf8Decode(result.stderr);
    throw fail(`error while running command ${program}. error output:\n${told}: exit status ${result.status}`);
  }
  return utf8Decode(result.stdout);
}

interface OutputFolder {
  readonly folder: string;
  readonly release: string;
  readonly io: CommandIo;
}

/** `--output-dir`: each template becomes a file, later documents of one are appended (Helm: writeToFile). */
function writeToFolder(rendered: RenderedChart, chart: Chart, flags: ParsedFlags, output: OutputFolder): void {
  const { folder, release, io } = output;
  const inner = flags.isSet('release-name') ? `${folder}/${release}` : folder;
  const written = new Set<string>();
  const write = (base: string, path: string, content: string) => {
    const shown = `${base}/${path}`;
    const full = resolve(io.cwd, shown);
    mkdirSync(dirname(full), { recursive: true });
    const document = utf8Encode(`---\n# Source: ${path}\n${content}\n`);
    if (written.has(path)) appendFileSync(full, document);
    else writeFileSync(full, document);
    written.add(path);
    io.stdout(`wrote ${shown}\n`);
  };
  if (flags.isSet('include-crds')) for (const { path, file } of rendered.crds) write(folder, path, fileText(file));
  for (const { path, content } of rendered.manifests) write(inner, path, content);
  for (const hook of flags.isSet('no-hooks') ? [] : rendered.hooks) {
    if (flags.isSet('skip-tests') && hook.events.includes('test')) continue;
    if (existsSync(resolve(io.cwd, inner, hook.path))) written.add(hook.path);
    write(inner, hook.path, hook.content);
  }
  const missing = flags.all('show-only')[0];
  if (missing !== undefined) throw failed(`could not find template ${missing} in chart ${chart.metadata.name}`);
  io.stdout('\n');
}

function invalid(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}

function notFound(message: string): HawserError {
  return new HawserError('NotFound', message);
}

function failed(message: string): HawserError {
  return new HawserError('RenderFailed', message);
}
