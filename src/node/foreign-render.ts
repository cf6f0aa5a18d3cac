// Helm and kustomize themselves, where they are on the PATH, as a second opinion on what hawser renders: a source's files are written into a
// folder, and the program runs there with the arguments that Argo CD gives it (Argo CD: util/helm/cmd.go, util/kustomize/kustomize.go).

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { kustomizeFlagsFor } from '../application/source-settings.ts';
import type { HelmSource, KustomizeSource, Source } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { isObject, type Json } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ForeignSource, RenderForeign } from '../operation/preview-application.ts';
import { memoryTree, type Tree } from '../render/tree.ts';
import { dumpYaml, parseDocument } from '../render/yaml/plain.ts';
import { buildEnvironment, substitute } from '../source/build-environment.ts';
import { parseObjects } from '../source/objects.ts';
import { isReferenceOnly, pathOf } from '../source/opened-source.ts';
import type { RenderContext } from '../source/source.ts';
import { parseSource } from '../source/source-fields.ts';
import { applySourceOverrides } from '../source/source-overrides.ts';
import { resolveFile, resolveValueFiles, type ValueFile } from '../source/value-files.ts';

const LIMIT_MS = 120_000;
const MOST_OUTPUT = 256 * 2 ** 20;

/** Flags of `kustomize build` that run programs which a repository names: not for a look at somebody's export. */
const RUNS_PROGRAMS =
  /^--?(enable-exec|enable-alpha-plugins|as-current-user|network|network-name|mount|env|helm-command)\b/;

/** A source on the disk. */
interface Placed {
  readonly folder: string;
  readonly tree: Tree;
  readonly source: Source;
  readonly given: ForeignSource;
}

/** `env` is the environment of this process: its PATH says where the programs are, and its proxy settings are theirs too. */
export function createForeignRender(env: Readonly<Record<string, string | undefined>>): RenderForeign {
  return async (sources, context) => {
    const types = sources
      .filter(({ resolved }) => !isReferenceOnly(resolved.source))
      .map(({ sourceType }) => sourceType);
    const foreign = types.find((type) => type !== 'Helm' && type !== 'Kustomize');
    if (foreign !== undefined || types.length === 0) {
      throw new HawserError('Unsupported', 'plain manifests are rendered by no other tool');
    }
    const folder = mkdtempSync(join(tmpdir(), 'hawser-foreign-'));
    try {
      const run = createRun(env, folder);
      const names = [...new Set(types)].map((type) => (type === 'Helm' ? 'helm' : 'kustomize'));
      const versions = await Promise.all(names.map((name) => versionOf(run, name)));
      const placed = await Promise.all(
        sources.map((source, index) => place(source, context, join(folder, `${index}`))),
      );
      const refs = new Map(placed.flatMap((one) => (one.source.ref ? [[`$${one.source.ref}`, one] as const] : [])));
      const objects: KubeObject[] = [];
      for (const one of placed) {
        if (isReferenceOnly(one.source)) continue;
        const isHelm = one.given.sourceType === 'Helm';
        const text = isHelm ? await runHelm(run, one, refs, context) : await runKustomize(run, one, context);
        objects.push(...parseObjects(text, isHelm ? 'helm' : 'kustomize'));
      }
      return { tool: versions.join(', '), objects };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

type Run = (program: string, args: readonly string[], cwd?: string) => Promise<string>;

function createRun(env: Readonly<Record<string, string | undefined>>, folder: string): Run {
  const own = { HELM_CACHE_HOME: 'cache', HELM_CONFIG_HOME: 'config', HELM_DATA_HOME: 'data', HELM_PLUGINS: 'plugins' };
  const folders = Object.entries(own).map(([name, part]) => [name, join(folder, 'helm', part)]);
  // Neither a cluster nor a token is any of their business.
  const passed = Object.entries(env).filter(([name]) => !/^(KUBECONFIG$|HAWSER_|ARGOCD_)/.test(name));
  const options = {
    env: { ...Object.fromEntries(passed), ...Object.fromEntries(folders) },
    timeout: LIMIT_MS,
    maxBuffer: MOST_OUTPUT,
  };
  return (program, args, cwd = folder) =>
    new Promise((resolve, reject) => {
      execFile(program, [...args], { ...options, cwd }, (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        if ('code' in error && error.code === 'ENOENT') {
          return reject(new HawserError('Unsupported', `there is no ${program} on the PATH`));
        }
        const said = (stderr || error.message).trim().replaceAll(`${folder}/`, '');
        reject(new HawserError('RenderFailed', `${program}: ${said.slice(0, 2000)}`));
      });
    });
}

async function versionOf(run: Run, name: string): Promise<string> {
  const text = await run(name, name === 'helm' ? ['version', '--template', '{{.Version}}'] : ['version']);
  return `${name} ${/v\d+\.\d+\.\d+\S*/.exec(text)?.[0] ?? text.trim()}`;
}

async function place(given: ForeignSource, context: RenderContext, folder: string): Promise<Placed> {
  const files = await given.readFiles();
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  mkdirSync(folder, { recursive: true });
  const tree = memoryTree(files);
  const source = parseSource(given.resolved.source, 'spec.source');
  if (isReferenceOnly(source)) return { folder, tree, source, given };
  const overridden = applySourceOverrides(tree, pathOf(source), source, context.instance ?? context.appName);
  return { folder, tree, source: parseSource(overridden, 'spec.source'), given };
}

async function runHelm(
  run: Run,
  one: Placed,
  refs: ReadonlyMap<string, Placed>,
  context: RenderContext,
): Promise<string> {
  const { source, tree, folder, given } = one;
  const helm: HelmSource = source.helm ?? {};
  const path = pathOf(source);
  const environment = buildEnvironment(given.resolved, context);
  const expand = (text: string) => substitute(text, environment);
  const trees = new Map([...refs].map(([name, { tree: lent }]) => [name, lent]));
  const folders = new Map<Tree, string>([
    [tree, folder],
    ...[...refs.values()].map((lent) => [lent.tree, lent.folder] as const),
  ]);
  const onDisk = (file: ValueFile) => (file.tree ? join(folders.get(file.tree) ?? folder, file.path) : file.path);
  const places = { tree, path, refs: trees, expand };
  const values = resolveValueFiles(helm.valueFiles ?? [], helm.ignoreMissingValueFiles ?? false, places).map(onDisk);
  const inline = helm.valuesObject ? JSON.stringify(helm.valuesObject) : helm.values;
  if (inline) {
    const file = `${folder}-values.yaml`;
    writeFileSync(file, inline);
    values.push(file);
  }
  const set = (helm.parameters ?? []).flatMap(({ name, value = '', forceString }) => [
    forceString ? '--set-string' : '--set',
    `${name}=${escapeCommas(expand(value))}`,
  ]);
  const setFiles = (helm.fileParameters ?? []).flatMap(({ name, path: file }) => [
    '--set-file',
    `${name}=${escapeCommas(onDisk(resolveFile(file, places)))}`,
  ]);
  const namespace = helm.namespace || context.namespace;
  const apiVersions = helm.apiVersions?.length ? helm.apiVersions : context.apiVersions;
  const args = [
    ...['template', '.', '--name-template', helm.releaseName || context.appName],
    ...(namespace ? ['--namespace', namespace] : []),
    ...['--kube-version', helm.kubeVersion || context.kubeVersion],
    ...set,
    ...setFiles,
    ...values.flatMap((file) => ['--values', file]),
    ...apiVersions.flatMap((version) => ['--api-versions', version]),
    ...(helm.skipCrds ? [] : ['--include-crds']),
    ...(helm.skipSchemaValidation ? ['--skip-schema-validation'] : []),
    ...(helm.skipTests ? ['--skip-tests'] : []),
  ];
  const chart = join(folder, path);
  try {
    return await run('helm', args, chart);
  } catch (error) {
    if (!(error instanceof HawserError) || !/missing in charts\/ directory|found in Chart\.yaml/.test(error.message))
      throw error;
    await run('helm', ['dependency', 'build'], chart);
    return run('helm', args, chart);
  }
}

/** Argo CD: cleanSetParameters. */
function escapeCommas(value: string): string {
  return value.startsWith('{') && value.endsWith('}') ? value : value.replace(/(?<!\\),/g, '\\,');
}

async function runKustomize(run: Run, { source, folder, given }: Placed, context: RenderContext): Promise<string> {
  const path = join(folder, pathOf(source));
  const block: KustomizeSource = source.kustomize ?? {};
  const environment = buildEnvironment(given.resolved, context);
  const { components = [], ignoreMissingComponents } = block;
  const found = ignoreMissingComponents ? components.filter((part) => existsSync(join(path, part))) : components;
  for (const args of edits({ ...block, components: found }, (text) => substitute(text, environment)))
    await run('kustomize', ['edit', ...args], path);
  if (block.patches?.length) addPatches(path, block.patches);
  const { kustomizeFlags } = context.settings ?? {};
  const flags = kustomizeFlags ? kustomizeFlagsFor(kustomizeFlags, block.version).split(/\s+/).filter(Boolean) : [];
  const forbidden = flags.find((flag) => RUNS_PROGRAMS.test(flag));
  if (forbidden) throw new HawserError('Unsupported', `kustomize.buildOptions has ${forbidden}, which runs programs`);
  const isHelm = flags.some((flag) => /^--enable-helm(=true)?$/.test(flag));
  const versions = block.apiVersions?.length ? block.apiVersions : context.apiVersions;
  const helm = isHelm
    ? [
        ...['--helm-kube-version', (block.kubeVersion || context.kubeVersion).replace(/^v/, '')],
        ...versions.flatMap((version) => ['--helm-api-versions', version]),
      ]
    : [];
  return run('kustomize', ['build', path, ...flags, ...helm]);
}

/** The arguments of `kustomize edit`, in Argo CD's order. */
function edits(block: KustomizeSource, expand: (text: string) => string): readonly (readonly string[])[] {
  const { namePrefix, nameSuffix, images = [], replicas = [], namespace, components = [] } = block;
  const pairs = (map: Readonly<Record<string, string>>, change: (text: string) => string) =>
    Object.entries(map).map(([name, value]) => `${name}:${change(value ?? '')}`);
  const labels = pairs(block.commonLabels ?? {}, expand);
  const annotations = pairs(block.commonAnnotations ?? {}, block.commonAnnotationsEnvsubst ? expand : (text) => text);
  return [
    ...(namePrefix ? [['set', 'nameprefix', '--', namePrefix]] : []),
    ...(nameSuffix ? [['set', 'namesuffix', '--', nameSuffix]] : []),
    ...(images.length > 0 ? [['set', 'image', ...images.map(expand)]] : []),
    ...(replicas.length > 0 ? [['set', 'replicas', ...replicas.map(({ name, count }) => `${name}=${count}`)]] : []),
    ...(labels.length > 0
      ? [
          [
            ...['add', 'label'],
            ...(block.forceCommonLabels ? ['--force'] : []),
            ...(block.labelWithoutSelector ? ['--without-selector'] : []),
            ...(block.labelIncludeTemplates ? ['--include-templates'] : []),
            ...labels,
          ],
        ]
      : []),
    ...(annotations.length > 0
      ? [['add', 'annotation', ...(block.forceCommonAnnotations ? ['--force'] : []), ...annotations]]
      : []),
    ...(namespace ? [['set', 'namespace', '--', namespace]] : []),
    ...(components.length > 0 ? [['add', 'component', ...components]] : []),
  ];
}

/** There is no edit for them; Argo CD writes them into the file, too. */
function addPatches(path: string, patches: readonly unknown[]): void {
  const name = readdirSync(path).find((file) =>
    ['kustomization.yaml', 'kustomization.yml', 'Kustomization'].includes(file),
  );
  if (!name) throw new HawserError('RenderFailed', 'kustomization file not found in the path');
  const file = join(path, name);
  const kustomization = parseDocument(readFileSync(file, 'utf8'));
  if (!isObject(kustomization)) throw new HawserError('RenderFailed', `${name} is no mapping`);
  const before = Array.isArray(kustomization.patches) ? kustomization.patches : [];
  const added: Json[] = JSON.parse(JSON.stringify(patches));
  writeFileSync(file, dumpYaml({ ...kustomization, patches: [...before, ...added] } as Json));
}
