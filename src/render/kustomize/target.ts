// One kustomization: its resources are gathered, generated, transformed (kustomize: api/internal/target/kusttarget.go).

import { HawserError, isHawserError } from '../../base/errors.ts';
import { type Accumulator, absorbAccumulator, createAccumulator } from './accumulator.ts';
import { parseCrdConfig } from './config/crds.ts';
import { mergeFieldSpecs } from './config/field-spec.ts';
import {
  type GeneratorArgs,
  type Kustomization,
  mergeGeneratorOptions,
  parseKustomization,
} from './config/kustomization.ts';
import {
  defaultTransformerConfig,
  mergeTransformerConfigs,
  parseTransformerConfig,
  type TransformerConfig,
} from './config/transformer-config.ts';
import { generateConfigMap, generateSecret } from './generate/config-map.ts';
import { chartConfig, generateFromChart, type HelmOptions } from './generate/helm.ts';
import { demandKustomizationFile, findKustomizationFile, type KustomizationFile } from './load/kustomization-file.ts';
import { type Loader, loadFile, loadText, openBase, pathOf } from './load/loader.ts';
import { parseRepoUrl, shownSource } from './load/repo-url.ts';
import type { TypeKnowledge } from './merge/types.ts';
import { attempt, failure, inFile, within, wrapFailure } from './node/fail.ts';
import { inField, inFileOfFields } from './node/field-place.ts';
import { countNodes } from './node/node.ts';
import {
  configureGenerator,
  configureTransformer,
  type Generate,
  type PluginContext,
  type Transform,
} from './plugins.ts';
import { LOCAL_CONFIG } from './resource/build-annotations.ts';
import {
  addTransformation,
  appendOrigin,
  builtinOrigin,
  type Origin,
  originOf,
  pluginOrigin,
  setOrigin,
} from './resource/origin.ts';
import { checkMetadata, readResources } from './resource/read.ts';
import { idKey } from './resource/res-id.ts';
import {
  appendAll,
  createAbsorber,
  dropGone,
  eachRoot,
  idKeysOf,
  makeResMap,
  type ResMap,
} from './resource/res-map.ts';
import {
  annotationsOf,
  copyResource,
  currentId,
  isGone,
  labelsOf,
  type Resource,
  setLabels,
} from './resource/resource.ts';
import { changeImages } from './transform/image.ts';
import { addEntries } from './transform/labels.ts';
import { addAffix } from './transform/name-affix.ts';
import { setNamespaces } from './transform/namespace.ts';
import { jsonPatchTransform, patchTransform, strategicMergeTransform } from './transform/patch.ts';
import { replacementTransform } from './transform/replacement.ts';
import { setReplicas } from './transform/replicas.ts';
import { mergeVars } from './transform/vars.ts';

/** What all kustomizations of one build share. */
export interface BuildContext {
  readonly types: TypeKnowledge;
  readonly helm: HelmOptions;
  readonly warn: (message: string) => void;
  /** How many kustomizations are open, against endless recursion. */
  depth: number;
}

export interface Target {
  readonly kustomization: Kustomization;
  /** The name of the kustomization file. */
  readonly file: string;
  /** Its text. */
  readonly text: string;
  readonly loader: Loader;
  readonly context: BuildContext;
  /** Where this kustomization lies; undefined where origins are not recorded. */
  readonly origin: Origin | undefined;
  /** The namespace of Helm charts that name none, from a kustomization above. */
  readonly helmNamespace: string;
}

const MAX_DEPTH = 200;

/** Reads the kustomization at the loader's root. */
export function openTarget(
  loader: Loader,
  context: BuildContext,
  { name, text }: KustomizationFile = demandKustomizationFile(loader),
): Target {
  const file = loader.root === '' ? name : `${loader.root}/${name}`;
  const { kustomization, warnings } = parseKustomization(text, file);
  for (const warning of warnings) context.warn(warning);
  return { kustomization, file: name, text, loader, context, origin: undefined, helmNamespace: '' };
}

/** Takes the kustomization's own schema into account. */
export function useOpenApi(target: Target, isRoot: boolean): void {
  const { kustomization, loader, context } = target;
  const path = kustomization.openapi?.get('path');
  atField(target, 'openapi', () => {
    const text = path === undefined ? undefined : loadText(loader, path);
    context.types.useSchema(kustomization.openapi?.get('version'), text, isRoot);
  });
}

/** Runs what a field of the kustomization asks for; a failure in it without a place gets that of the field. */
export function atField<T>({ loader, file, text }: Target, field: string, work: () => T): T {
  return inFileOfFields(pathOf(loader, file), text, () => inField(field, work));
}

/** Gathers everything that the kustomization leads to, and changes it as it says. */
export function accumulate(target: Target, start: Accumulator = createAccumulator()): Accumulator {
  const { file, text, loader } = target;
  return inFileOfFields(pathOf(loader, file), text, () => accumulateInto(start, target));
}

function accumulateInto(accumulator: Accumulator, target: Target): Accumulator {
  const { kustomization, loader } = target;
  accumulateResources(accumulator, target, 'resources', kustomization.resources);
  accumulator.config = inField('configurations', () => mergeTransformerConfigs(accumulator.config, ownConfig(target)));
  for (const [index, path] of kustomization.crds.entries()) {
    inField(`crds[${index}]`, () => {
      const config = parseCrdConfig(loadText(loader, path), pathOf(loader, path));
      accumulator.config = mergeTransformerConfigs(accumulator.config, config);
    });
  }
  runGenerators(accumulator, target);
  accumulateComponents(accumulator, target);
  runTransformers(accumulator, target);
  runValidators(accumulator, target);
  accumulator.vars = inField('vars', () => mergeVars(accumulator.vars, kustomization.vars ?? [], accumulator.map));
  return accumulator;
}

function ownConfig({ kustomization, loader }: Target): TransformerConfig {
  return kustomization.configurations.reduce(
    (config, path) =>
      mergeTransformerConfigs(config, parseTransformerConfig(loadText(loader, path), pathOf(loader, path))),
    defaultTransformerConfig(),
  );
}

/**
 * A path may be that of a file with resources or of another kustomization; which one shows in trying. Where one has not been fetched yet,
 * the others are tried all the same, so that all that is missing is known at once; then the build fails.
 */
function accumulateResources(accumulator: Accumulator, target: Target, field: string, paths: readonly string[]): void {
  const { budget } = target.loader;
  const { depth } = target.context;
  const notFetched: HawserError[] = [];
  // Gathered once for files in a row: each adds its own.
  let seen: Set<string> | undefined;
  for (const [index, path] of paths.entries()) {
    budget.checkTime();
    if (seen === undefined) budget.spend('steps', accumulator.map.resources.length);
    const present = seen ?? idKeysOf(accumulator.map);
    try {
      const file = attempt(() => accumulateFile(accumulator, target, path, present));
      if ('error' in file) {
        inField(`${field}[${index}]`, () => accumulateBase(accumulator, target, path, file.error));
      }
      seen = 'error' in file ? undefined : present;
    } catch (error) {
      if (!isHawserError(error, 'Unavailable')) throw notFetched[0] ?? error;
      notFetched.push(error);
      seen = undefined;
      target.context.depth = depth;
    }
  }
  if (notFetched[0]) throw notFetched[0];
}

function accumulateBase(accumulator: Accumulator, target: Target, path: string, fileError: HawserError): void {
  const failed = wrapFailure(fileError, `resource '${shownSource(path)}'`);
  // A local file that is there is no directory; an HTTP error says that there is nothing.
  if (fileError.data.http !== undefined || isLocalFile(target.loader, path)) throw failed;
  const loader = within(`resource '${shownSource(path)}'`, () => openBase(target.loader, path));
  const found = findKustomizationFile(loader);
  if (found === undefined && parseRepoUrl(path) === undefined) throw failed;
  within(`base '${shownSource(path)}'`, () =>
    accumulateDirectory(accumulator, belowOrigin(target, path), loader, false, found),
  );
}

function isLocalFile(loader: Loader, path: string): boolean {
  return parseRepoUrl(path) === undefined && 'value' in attempt(() => loadFile(loader, path));
}

function accumulateFile(accumulator: Accumulator, target: Target, path: string, seen: Set<string>): void {
  const text = loadText(target.loader, path);
  const resources = inFile(
    pathOf(target.loader, path),
    () => makeResMap(readResources(text, target.context.types)).resources,
  );
  if (target.origin !== undefined) {
    const origin = appendOrigin(target.origin, path);
    for (const resource of resources) setOrigin(resource, origin);
  }
  target.loader.budget.spend('resources', resources.length);
  appendAll(accumulator.map, resources, seen);
}

function belowOrigin(target: Target, path: string): Target {
  return target.origin === undefined ? target : { ...target, origin: appendOrigin(target.origin, path) };
}

function accumulateComponents(accumulator: Accumulator, target: Target): void {
  for (const [index, path] of target.kustomization.components.entries()) {
    inField(`components[${index}]`, () =>
      within(`component '${shownSource(path)}'`, () => {
        const loader = openBase(target.loader, path);
        accumulateDirectory(accumulator, belowOrigin(target, path), loader, true);
      }),
    );
  }
}

/** A base gathers on its own; a component goes on with what is there. */
function accumulateDirectory(
  accumulator: Accumulator,
  parent: Target,
  loader: Loader,
  isComponent: boolean,
  file?: KustomizationFile,
): void {
  const { context } = parent;
  if (context.depth >= MAX_DEPTH) throw new HawserError('LimitExceeded', 'kustomizations are nested too deeply');
  const opened = openTarget(loader, context, file);
  const target: Target = {
    ...opened,
    kustomization: { ...opened.kustomization, buildMetadata: parent.kustomization.buildMetadata },
    origin: parent.origin,
    helmNamespace: parent.kustomization.namespace === '' ? parent.helmNamespace : parent.kustomization.namespace,
  };
  useOpenApi(target, false);
  if (isComponent !== (target.kustomization.kind === 'Component')) {
    throw failure(
      isComponent
        ? `'${loader.root}' is a ${target.kustomization.kind} and no Component`
        : `'${loader.root}' is a Component and belongs under 'components'`,
    );
  }
  loader.budget.spend('kustomizations', 1);
  context.depth++;
  if (isComponent) accumulate(target, accumulator);
  else {
    const own = accumulate(target);
    loader.budget.spend('resources', own.map.resources.length);
    absorbAccumulator(accumulator, own);
  }
  context.depth--;
}

function pluginContext({ loader, context }: Target): PluginContext {
  return { loader, types: context.types, helm: context.helm };
}

interface Configured<T> {
  readonly run: T;
  /** The field of the kustomization that asks for it. */
  readonly field: string;
  readonly origin: Origin | undefined;
}

function runGenerators(accumulator: Accumulator, target: Target): void {
  const generators = [...builtinGenerators(target), ...configuredGenerators(target)];
  const absorb = createAbsorber(accumulator.map);
  for (const { run, origin, field } of generators) {
    target.loader.budget.checkTime();
    const generated = inField(field, () => makeResMap(run()).resources);
    if (origin !== undefined) {
      for (const resource of generated) if (originOf(resource) === undefined) setOrigin(resource, origin);
    }
    inField(field, () => absorb(generated));
  }
}

function* builtinGenerators(target: Target): Generator<Configured<Generate>> {
  const { kustomization, loader, context, origin, file } = target;
  const from = (kind: string) => origin && builtinOrigin(origin, file, kind);
  const withOptions = (args: GeneratorArgs): GeneratorArgs => ({
    ...args,
    options: mergeGeneratorOptions(args.options, kustomization.generatorOptions),
  });
  for (const [index, args] of kustomization.configMapGenerator.entries()) {
    const run = () => [generateConfigMap(withOptions(args), loader, context.types)];
    yield { run, origin: from('ConfigMapGenerator'), field: `configMapGenerator[${index}]` };
  }
  for (const [index, args] of kustomization.secretGenerator.entries()) {
    const run = () => [generateSecret(withOptions(args), loader, context.types)];
    yield { run, origin: from('SecretGenerator'), field: `secretGenerator[${index}]` };
  }
  for (const [index, chart] of kustomization.helmCharts.entries()) {
    const namespace = chart.namespace || kustomization.namespace || target.helmNamespace;
    const config = chartConfig({ ...chart, namespace }, kustomization.helmGlobals);
    const run = () => generateFromChart(config, loader, context.types, context.helm);
    yield { run, origin: from('HelmChartInflationGenerator'), field: `helmCharts[${index}]` };
  }
}

function configuredGenerators(target: Target): Configured<Generate>[] {
  const field = 'generators';
  return pluginResources(target, field).map((plugin) => ({
    field,
    run: inField(field, () => configureGenerator(plugin, pluginContext(target))),
    origin: pluginOrigin(plugin),
  }));
}

function configuredTransformers(target: Target, field: 'transformers' | 'validators'): Configured<Transform>[] {
  return pluginResources(target, field).map((plugin) => ({
    field,
    run: inField(field, () => configureTransformer(plugin, pluginContext(target))),
    origin: pluginOrigin(plugin),
  }));
}

/** Plugin configurations stand in the kustomization itself or in files and kustomizations that it names. */
function pluginResources(target: Target, field: 'generators' | 'transformers' | 'validators'): Resource[] {
  const accumulator = createAccumulator();
  const paths: string[] = [];
  for (const entry of target.kustomization[field]) {
    const inline = attempt(() => makeResMap(readResources(entry, target.context.types)).resources);
    if ('error' in inline) {
      paths.push(entry);
      continue;
    }
    if (target.origin !== undefined) {
      const origin = appendOrigin(target.origin, target.file);
      for (const resource of inline.value) setOrigin(resource, origin);
    }
    appendAll(accumulator.map, inline.value);
  }
  inField(field, () => accumulateResources(accumulator, target, field, paths));
  return accumulator.map.resources;
}

function nodesOf(map: ResMap): number {
  let nodes = 0;
  for (const root of eachRoot(map)) nodes += countNodes(root);
  return nodes;
}

function runTransformers(accumulator: Accumulator, target: Target): void {
  const { map, config } = accumulator;
  const transformers = [...builtinTransformers(target, config), ...configuredTransformers(target, 'transformers')];
  const { budget } = target.loader;
  const nodes = transformers.length > 0 ? nodesOf(map) : 0;
  for (const { run, origin, field } of transformers) {
    budget.checkTime();
    budget.spend('steps', map.resources.length + nodes);
    inField(field, () => run(map));
    if (origin !== undefined) recordTransformation(map, origin);
    dropGone(map);
  }
}

/** A resource without an origin is taken to be made by the transformer. */
function recordTransformation(map: ResMap, origin: Origin): void {
  for (const resource of map.resources) {
    if (originOf(resource) === undefined) setOrigin(resource, origin);
    else addTransformation(resource, origin);
  }
}

/** The transformers of a kustomization's own fields, in the order in which kustomize runs them. */
function* builtinTransformers(target: Target, config: TransformerConfig): Generator<Configured<Transform>> {
  const { kustomization: k, loader, context, origin, file } = target;
  const step = (kind: string, field: string, make: () => Transform): Configured<Transform> => ({
    field,
    run: inField(field, make),
    origin: origin && builtinOrigin(origin, file, kind),
  });
  const { patchesStrategicMerge = [], patchesJson6902 = [] } = k;
  if (patchesStrategicMerge.length > 0) {
    yield step('PatchStrategicMergeTransformer', 'patchesStrategicMerge', () =>
      strategicMergeTransform(patchesStrategicMerge, loader, context.types),
    );
  }
  for (const [index, patch] of k.patches.entries()) {
    yield step('PatchTransformer', `patches[${index}]`, () => patchTransform(patch, loader, context.types));
  }
  if (k.namespace !== '') {
    const args = {
      namespace: k.namespace,
      fieldSpecs: config.namespace,
      unsetOnly: false,
      subjects: 'defaultOnly',
    } as const;
    yield step('NamespaceTransformer', 'namespace', () => (map) => setNamespaces(map, args));
  }
  if (k.namePrefix !== '') {
    yield step(
      'PrefixTransformer',
      'namePrefix',
      () => (map) => addAffix(map, 'prefix', k.namePrefix, config.namePrefix),
    );
  }
  if (k.nameSuffix !== '') {
    yield step(
      'SuffixTransformer',
      'nameSuffix',
      () => (map) => addAffix(map, 'suffix', k.nameSuffix, config.nameSuffix),
    );
  }
  for (const { field, run } of labelTransforms(k, config)) yield step('LabelTransformer', field, () => run);
  const annotations = k.commonAnnotations ?? new Map<string, string>();
  if (annotations.size > 0) {
    yield step(
      'AnnotationsTransformer',
      'commonAnnotations',
      () => (map) => addEntries(map, annotations, config.commonAnnotations),
    );
  }
  for (const [index, { target: selector, path, patch }] of patchesJson6902.entries()) {
    yield step('PatchJson6902Transformer', `patchesJson6902[${index}]`, () =>
      jsonPatchTransform({ target: selector, path, jsonOp: patch }, loader),
    );
  }
  for (const [index, replica] of k.replicas.entries()) {
    yield step(
      'ReplicaCountTransformer',
      `replicas[${index}]`,
      () => (map) => setReplicas(map, replica, config.replicas),
    );
  }
  for (const [index, image] of k.images.entries()) {
    yield step('ImageTagTransformer', `images[${index}]`, () => (map) => changeImages(map, image, config.images));
  }
  if (k.replacements.length > 0) {
    yield step('ReplacementTransformer', 'replacements', () => replacementTransform(k.replacements, loader));
  }
}

function* labelTransforms(
  k: Kustomization,
  config: TransformerConfig,
): Generator<Pick<Configured<Transform>, 'run' | 'field'>> {
  if (k.labels.length === 0 && (k.commonLabels?.size ?? 0) === 0) return;
  const metadataLabels = { group: '', version: '', kind: '', path: 'metadata/labels', create: true };
  for (const [index, label] of k.labels.entries()) {
    const field = `labels[${index}]`;
    let specs = inField(field, () => mergeFieldSpecs(label.fields, config.labels));
    if (label.includeSelectors) specs = mergeFieldSpecs(specs, config.commonLabels);
    else {
      if (label.includeTemplates) specs = mergeFieldSpecs(specs, config.templateLabels);
      specs = mergeFieldSpecs(specs, [metadataLabels]);
    }
    const own = specs;
    yield { field, run: (map) => addEntries(map, label.pairs ?? new Map(), own) };
  }
  yield {
    field: 'commonLabels',
    run: (map) => addEntries(map, k.commonLabels ?? new Map(), config.commonLabels),
  };
}

/** Validators are transformers that may change nothing, not even how a text is quoted, but a label of their own. */
function runValidators({ map }: Accumulator, target: Target): void {
  for (const { run } of configuredTransformers(target, 'validators')) {
    const before = contentById(map.resources);
    inField('validators', () => run(map));
    const after = contentById(map.resources.map((resource) => withoutValidatedBy(copyResource(resource))));
    if (before.size !== after.size || [...before].some(([id, content]) => after.get(id) !== content)) {
      throw failure('a validator has changed resources');
    }
  }
}

function contentById(resources: readonly Resource[]): ReadonlyMap<string, string> {
  return new Map(resources.map((resource) => [idKey(currentId(resource)), JSON.stringify(resource.root ?? null)]));
}

function withoutValidatedBy(resource: Resource): Resource {
  const labels = labelsOf(resource);
  if (labels.delete('validated-by')) setLabels(resource, labels);
  return resource;
}

/** Takes out what only configures kustomize. What is left must be objects with names, each its own (kustomize: IgnoreLocal). */
export function dropLocalConfigs(map: ResMap): void {
  const kept = map.resources.filter((resource) => {
    if (isGone(resource) || resource.root === undefined) return false;
    checkMetadata(resource.root);
    const mark = annotationsOf(resource).get(LOCAL_CONFIG);
    return mark === undefined || mark === 'false';
  });
  map.resources = makeResMap(kept).resources;
}
