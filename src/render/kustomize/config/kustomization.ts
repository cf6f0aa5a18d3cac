// The kustomization file (kustomize: api/types/kustomization.go and the types that it uses).

import type { Json } from '../../../base/json.ts';
import { parseConfig } from '../node/config-json.ts';
import { failure } from '../node/fail.ts';
import { inFileOfFields } from '../node/field-place.ts';
import {
  anyMap,
  type Decoder,
  flag,
  list,
  optional,
  optionalList,
  plainText,
  record,
  text,
  textMap,
  whole,
} from './decode.ts';

type Decoded<D> = D extends Decoder<infer T> ? T : never;

const gvkFields = { group: plainText, version: plainText, kind: plainText };
const idFields = { ...gvkFields, name: plainText, namespace: plainText };

export const fieldSpecDecoder = record({ ...gvkFields, path: text, create: flag });
export type FieldSpec = Readonly<Decoded<typeof fieldSpecDecoder>>;

export const selectorDecoder = record({ ...idFields, annotationSelector: text, labelSelector: text });
export type Selector = Readonly<Decoded<typeof selectorDecoder>>;

const fieldOptions = record({ delimiter: text, index: whole, encoding: text, create: flag });
export type FieldOptions = Readonly<Decoded<typeof fieldOptions>>;

const replacementFields = {
  source: optional(record({ ...idFields, fieldPath: text, options: optional(fieldOptions) })),
  targets: optionalList(
    record({
      select: optional(selectorDecoder),
      reject: list(selectorDecoder),
      fieldPaths: list(text),
      options: optional(fieldOptions),
    }),
  ),
  sourceValue: optional(text),
};
export const replacementDecoder = record(replacementFields);
export type Replacement = Readonly<Decoded<typeof replacementDecoder>>;

export const replacementFieldDecoder = record({ ...replacementFields, path: text });
export type ReplacementField = Readonly<Decoded<typeof replacementFieldDecoder>>;

export const patchDecoder = record({
  path: text,
  patch: text,
  target: optional(selectorDecoder),
  options: optional(record({ allowNameChange: flag, allowKindChange: flag })),
});
export type Patch = Readonly<Decoded<typeof patchDecoder>>;

export const imageDecoder = record({ name: text, newName: text, tagSuffix: text, newTag: text, digest: text });
export type Image = Readonly<Decoded<typeof imageDecoder>>;

export const replicaDecoder = record({ name: text, count: whole });
export type Replica = Readonly<Decoded<typeof replicaDecoder>>;

const labelDecoder = record({
  pairs: textMap,
  includeSelectors: flag,
  includeTemplates: flag,
  fields: list(fieldSpecDecoder),
});
export type Label = Readonly<Decoded<typeof labelDecoder>>;

const generatorOptionsDecoder = record({
  labels: textMap,
  annotations: textMap,
  disableNameSuffixHash: flag,
  immutable: flag,
});
export type GeneratorOptions = Readonly<Decoded<typeof generatorOptionsDecoder>>;

const metadataDecoder = record({ name: text, namespace: text, labels: textMap, annotations: textMap });

const generatorFields = {
  namespace: plainText,
  name: plainText,
  behavior: plainText,
  literals: list(plainText),
  files: list(plainText),
  envs: list(plainText),
  env: plainText,
  options: optional(generatorOptionsDecoder),
};
/** A ConfigMap or Secret generator; `type` is the Secret's. */
export const generatorDecoder = record({ ...generatorFields, type: text });
const configMapDecoder = record(generatorFields);
export type GeneratorArgs = Readonly<Decoded<typeof generatorDecoder>>;

/** The same as a plugin configuration, whose name may stand in the metadata. */
export const generatorPluginDecoder = record({ ...generatorFields, type: text, metadata: metadataDecoder });

const varDecoder = record({
  name: text,
  objref: record({ apiVersion: text, ...gvkFields, name: text, namespace: text }),
  fieldref: record({ fieldPath: text }),
});
export type Var = Readonly<Decoded<typeof varDecoder>>;

const helmGlobalsDecoder = record({ chartHome: text, configHome: text });
export type HelmGlobals = Readonly<Decoded<typeof helmGlobalsDecoder>>;

const helmChartFields = {
  name: text,
  version: text,
  repo: text,
  releaseName: text,
  namespace: text,
  additionalValuesFiles: list(text),
  valuesFile: text,
  valuesInline: anyMap,
  valuesMerge: text,
  includeCRDs: flag,
  skipHooks: flag,
  apiVersions: list(text),
  kubeVersion: text,
  nameTemplate: text,
  skipTests: flag,
  debug: flag,
  devel: flag,
};
const helmChartDecoder = record(helmChartFields);
export type HelmChart = Readonly<Decoded<typeof helmChartDecoder>>;
export const helmPluginDecoder = record({ ...helmChartFields, chartHome: text, configHome: text });
export type HelmPlugin = Readonly<Omit<Decoded<typeof helmPluginDecoder>, 'apiVersions'>> & {
  readonly apiVersions: readonly string[];
};

const oldHelmChartDecoder = record({
  chartName: text,
  chartVersion: text,
  chartRepoUrl: text,
  chartHome: text,
  chartRepoName: text,
  helmBin: text,
  helmHome: text,
  values: text,
  valuesLocal: anyMap,
  valuesMerge: text,
  releaseName: text,
  releaseNamespace: text,
  extraArgs: list(text),
});

const sortOptionsDecoder = record({
  order: text,
  legacySortOptions: optional(record({ orderFirst: list(text), orderLast: list(text) })),
});
export type SortOptions = Readonly<Decoded<typeof sortOptionsDecoder>>;

const kustomizationDecoder = record({
  kind: text,
  apiVersion: text,
  metadata: optional(metadataDecoder),
  openapi: textMap,
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  commonLabels: textMap,
  labels: list(labelDecoder),
  commonAnnotations: textMap,
  patchesStrategicMerge: optionalList(text),
  patchesJson6902: optionalList(patchDecoder),
  patches: list(patchDecoder),
  images: list(imageDecoder),
  imageTags: optionalList(imageDecoder),
  replacements: list(replacementFieldDecoder),
  replicas: list(replicaDecoder),
  vars: optionalList(varDecoder),
  sortOptions: optional(sortOptionsDecoder),
  resources: list(text),
  components: list(text),
  crds: list(text),
  bases: optionalList(text),
  configMapGenerator: list(configMapDecoder),
  secretGenerator: list(generatorDecoder),
  helmGlobals: optional(helmGlobalsDecoder),
  helmCharts: list(helmChartDecoder),
  helmChartInflationGenerator: list(oldHelmChartDecoder),
  generatorOptions: optional(generatorOptionsDecoder),
  configurations: list(text),
  generators: list(text),
  transformers: list(text),
  validators: list(text),
  buildMetadata: list(text),
});

type DecodedKustomization = Decoded<typeof kustomizationDecoder>;
type Deprecated = 'bases' | 'imageTags' | 'helmChartInflationGenerator' | 'configMapGenerator';

/** A kustomization with what is deprecated moved to where it belongs. */
export type Kustomization = Readonly<
  Omit<DecodedKustomization, Deprecated> & { readonly configMapGenerator: readonly GeneratorArgs[] }
>;

const VERSIONS = {
  Kustomization: 'kustomize.config.k8s.io/v1beta1',
  Component: 'kustomize.config.k8s.io/v1alpha1',
} as const;

const DEPRECATED = [
  ['bases', "'bases' is deprecated. Please use 'resources' instead."],
  ['commonLabels', "'commonLabels' is deprecated. Please use 'labels' instead."],
  ['imageTags', "'imageTags' is deprecated. Please use 'images' instead."],
  ['patchesJson6902', "'patchesJson6902' is deprecated. Please use 'patches' instead."],
  ['patchesStrategicMerge', "'patchesStrategicMerge' is deprecated. Please use 'patches' instead."],
  ['vars', "'vars' is deprecated. Please use 'replacements' instead."],
] as const satisfies readonly (readonly [keyof DecodedKustomization, string])[];

export interface ParsedKustomization {
  readonly kustomization: Kustomization;
  readonly warnings: readonly string[];
}

/** Reads the text of a kustomization file at `file`; throws for unknown fields, wrong types, a wrong kind and an empty file. */
export function parseKustomization(source: string, file: string): ParsedKustomization {
  return inFileOfFields(file, source, () => decodeKustomization(parseConfig(source)));
}

/** Reads a kustomization that is JSON already. */
export function decodeKustomization(json: Json): ParsedKustomization {
  const decoded = kustomizationDecoder(json, '', { strict: true, coerce: false });
  const warnings = DEPRECATED.filter(([name]) => decoded[name] !== undefined).map(
    ([name, message]) =>
      `# Warning: ${message} ${name === 'vars' ? '[EXPERIMENTAL] ' : ''}Run 'kustomize edit fix' to update your Kustomization automatically.`,
  );
  if (isEmptyKustomization(json)) throw failure('the kustomization is empty');
  const kustomization = modernise(decoded);
  checkVersion(kustomization);
  return { kustomization, warnings };
}

/** True where nothing but kind and apiVersion is set (kustomize: CheckEmpty; Go's empty lists count as set). */
function isEmptyKustomization(json: Json): boolean {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return true;
  return Object.entries(json).every(
    ([key, value]) =>
      /^(kind|apiversion)$/i.test(key) ||
      value === null ||
      value === '' ||
      // What is moved elsewhere leaves nothing behind.
      (/^(bases|imagetags|helmchartinflationgenerator)$/i.test(key) && Array.isArray(value) && value.length === 0),
  );
}

/** kustomize: FixKustomization. */
function modernise(decoded: DecodedKustomization): Kustomization {
  const { bases, imageTags, helmChartInflationGenerator, configMapGenerator, ...rest } = decoded;
  const kind = decoded.kind === '' ? 'Kustomization' : decoded.kind;
  const version = kind === 'Component' ? VERSIONS.Component : VERSIONS.Kustomization;
  return {
    ...rest,
    kind,
    apiVersion: decoded.apiVersion === '' ? version : decoded.apiVersion,
    resources: [...decoded.resources, ...(bases ?? [])],
    images: [...decoded.images, ...(imageTags ?? [])],
    configMapGenerator: configMapGenerator.map((args) => moveEnv({ ...args, type: '' })),
    secretGenerator: decoded.secretGenerator.map(moveEnv),
    helmGlobals: decoded.helmGlobals ?? globalsOf(helmChartInflationGenerator),
    helmCharts: [...decoded.helmCharts, ...helmChartInflationGenerator.map(modernChart)],
  };
}

function moveEnv<T extends GeneratorArgs>(args: T): T {
  return args.env === '' ? args : { ...args, envs: [...args.envs, args.env], env: '' };
}

type OldHelmChart = Decoded<typeof oldHelmChartDecoder>;

function globalsOf(charts: readonly OldHelmChart[]): HelmGlobals | undefined {
  const chartHome = charts.findLast((chart) => chart.chartHome !== '')?.chartHome ?? '';
  const configHome = charts.findLast((chart) => chart.helmHome !== '')?.helmHome ?? '';
  return chartHome === '' && configHome === '' ? undefined : { chartHome, configHome };
}

function modernChart(old: OldHelmChart): HelmChart {
  return {
    ...helmChartDecoder({}, '', { strict: true, coerce: false }),
    name: old.chartName,
    version: old.chartVersion,
    repo: old.chartRepoUrl,
    valuesFile: old.values,
    valuesInline: old.valuesLocal,
    valuesMerge: old.valuesMerge,
    releaseName: old.releaseName,
  };
}

function checkVersion(kustomization: Kustomization): void {
  const { kind, apiVersion } = kustomization;
  if (kind !== 'Kustomization' && kind !== 'Component') throw failure('kind must be Kustomization or Component');
  if (apiVersion !== VERSIONS[kind]) throw failure(`apiVersion of a ${kind} must be ${VERSIONS[kind]}`);
}

/** kustomize: MergeGlobalOptionsIntoLocal. */
export function mergeGeneratorOptions(
  local: GeneratorOptions | undefined,
  global: GeneratorOptions | undefined,
): GeneratorOptions | undefined {
  if (global === undefined) return local;
  return {
    labels: overlay(local?.labels, global.labels),
    annotations: overlay(local?.annotations, global.annotations),
    disableNameSuffixHash: (local?.disableNameSuffixHash ?? false) || global.disableNameSuffixHash,
    immutable: (local?.immutable ?? false) || global.immutable,
  };
}

function overlay(
  local: ReadonlyMap<string, string> | undefined,
  global: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> | undefined {
  return global === undefined ? local : new Map([...global, ...(local ?? [])]);
}
