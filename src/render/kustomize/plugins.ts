// Builtin generators and transformers that are configured by objects of their own (`transformers:`, `generators:`, `validators:`)
// (kustomize: api/internal/plugins/loader).

import type { Json } from '../../base/json.ts';
import { flag, list, optional, record, text, textMap } from './config/decode.ts';
import {
  fieldSpecDecoder,
  generatorPluginDecoder,
  helmPluginDecoder,
  imageDecoder,
  patchDecoder,
  replacementFieldDecoder,
  replicaDecoder,
  selectorDecoder,
} from './config/kustomization.ts';
import { generateConfigMap, generateSecret } from './generate/config-map.ts';
import { generateFromChart, type HelmOptions } from './generate/helm.ts';
import { generateIamPolicy } from './generate/iam-policy.ts';
import type { Loader } from './load/loader.ts';
import type { TypeKnowledge } from './merge/types.ts';
import { failure, within } from './node/fail.ts';
import { jsonOfNode } from './node/json.ts';
import { readResources } from './resource/read.ts';
import { formatId } from './resource/res-id.ts';
import type { ResMap } from './resource/res-map.ts';
import { currentId, type Resource } from './resource/resource.ts';
import { addHashes } from './transform/hash.ts';
import { changeImages } from './transform/image.ts';
import { addEntries } from './transform/labels.ts';
import { addAffix } from './transform/name-affix.ts';
import { parseSubjectMode, setNamespaces } from './transform/namespace.ts';
import { jsonPatchTransform, mergeAllTransform, patchTransform, strategicMergeTransform } from './transform/patch.ts';
import { replacementTransform } from './transform/replacement.ts';
import { setReplicas } from './transform/replicas.ts';
import { valueAddTransform } from './transform/value-add.ts';

export interface PluginContext {
  readonly loader: Loader;
  readonly types: TypeKnowledge;
  readonly helm: HelmOptions;
}

export type Transform = (map: ResMap) => void;
export type Generate = () => Resource[];

/** Plugin configurations are read leniently: unknown fields count for nothing, numbers may stand for strings. */
const LENIENT = { strict: false, coerce: true } as const;

const specs = list(fieldSpecDecoder);
const metadata = record({ name: text, namespace: text });

const TRANSFORMERS: Readonly<Record<string, (config: Json, context: PluginContext) => Transform>> = {
  AnnotationsTransformer(config) {
    const args = record({ annotations: textMap, fieldSpecs: specs })(config, '', LENIENT);
    return (map) => addEntries(map, args.annotations ?? new Map(), args.fieldSpecs);
  },
  HashTransformer: () => addHashes,
  ImageTagTransformer(config) {
    const args = record({ imageTag: imageDecoder, fieldSpecs: specs })(config, '', LENIENT);
    return (map) => changeImages(map, args.imageTag, args.fieldSpecs);
  },
  LabelTransformer(config) {
    const args = record({ labels: textMap, fieldSpecs: specs })(config, '', LENIENT);
    return (map) => addEntries(map, args.labels ?? new Map(), args.fieldSpecs);
  },
  NamespaceTransformer(config) {
    const args = record({ metadata, fieldSpecs: specs, unsetOnly: flag, setRoleBindingSubjects: text })(
      config,
      '',
      LENIENT,
    );
    const subjects = parseSubjectMode(args.setRoleBindingSubjects);
    const { fieldSpecs, unsetOnly } = args;
    return (map) => setNamespaces(map, { namespace: args.metadata.namespace, fieldSpecs, unsetOnly, subjects });
  },
  PatchJson6902Transformer(config, { loader }) {
    const args = record({ target: optional(selectorDecoder), path: text, jsonOp: text })(config, '', LENIENT);
    return jsonPatchTransform(args, loader);
  },
  PatchStrategicMergeTransformer(config, { loader, types }) {
    const { paths, patches } = record({ paths: list(text), patches: text })(config, '', LENIENT);
    if (paths.length === 0 && patches === '') throw failure('there is neither a path nor a patch');
    const fromFiles = paths.length === 0 ? undefined : strategicMergeTransform(paths, loader, types);
    const inline = mergeAllTransform(patches === '' ? [] : readResources(patches, types), loader.budget);
    return (map) => {
      fromFiles?.(map);
      inline(map);
    };
  },
  PatchTransformer: (config, { loader, types }) => patchTransform(patchDecoder(config, '', LENIENT), loader, types),
  PrefixSuffixTransformer(config, context) {
    const prefix = TRANSFORMERS.PrefixTransformer?.(config, context);
    const suffix = TRANSFORMERS.SuffixTransformer?.(config, context);
    return (map) => {
      prefix?.(map);
      suffix?.(map);
    };
  },
  PrefixTransformer(config) {
    const args = record({ prefix: text, fieldSpecs: optional(specs) })(config, '', LENIENT);
    return affix('prefix', args.prefix, args.fieldSpecs);
  },
  SuffixTransformer(config) {
    const args = record({ suffix: text, fieldSpecs: optional(specs) })(config, '', LENIENT);
    return affix('suffix', args.suffix, args.fieldSpecs);
  },
  ReplacementTransformer(config, { loader }) {
    const args = record({ replacements: list(replacementFieldDecoder) })(config, '', LENIENT);
    return replacementTransform(args.replacements, loader);
  },
  ReplicaCountTransformer(config) {
    const args = record({ replica: replicaDecoder, fieldSpecs: specs })(config, '', LENIENT);
    return (map) => setReplicas(map, args.replica, args.fieldSpecs);
  },
  ValueAddTransformer: (config, { loader }) => valueAddTransform(config, loader),
};

const GENERATORS: Readonly<Record<string, (config: Json, context: PluginContext) => Generate>> = {
  ConfigMapGenerator(config, { loader, types }) {
    const args = generatorArgs(config);
    return () => [generateConfigMap(args, loader, types)];
  },
  SecretGenerator(config, { loader, types }) {
    const args = generatorArgs(config);
    return () => [generateSecret(args, loader, types)];
  },
  HelmChartInflationGenerator(config, { loader, types, helm }) {
    const args = helmPluginDecoder(config, '', LENIENT);
    return () => generateFromChart(args, loader, types, helm);
  },
  IAMPolicyGenerator:
    (config, { types }) =>
    () =>
      generateIamPolicy(config, types),
};

function affix(where: 'prefix' | 'suffix', value: string, given: ReturnType<typeof specs> | undefined): Transform {
  if (given === undefined) throw failure('fieldSpecs must be given');
  return (map) => addAffix(map, where, value, given);
}

function generatorArgs(config: Json) {
  const args = generatorPluginDecoder(config, '', LENIENT);
  return {
    ...args,
    name: args.name === '' ? args.metadata.name : args.name,
    namespace: args.namespace === '' ? args.metadata.namespace : args.namespace,
  };
}

/** The transformer that an object configures; throws for what is none of the builtin ones. */
export function configureTransformer(plugin: Resource, context: PluginContext): Transform {
  return configure(plugin, context, TRANSFORMERS, 'transformer');
}

/** The generator that an object configures. */
export function configureGenerator(plugin: Resource, context: PluginContext): Generate {
  return configure(plugin, context, GENERATORS, 'generator');
}

function configure<T>(
  plugin: Resource,
  context: PluginContext,
  known: Readonly<Record<string, (config: Json, context: PluginContext) => T>>,
  what: string,
): T {
  const id = currentId(plugin);
  if (id.group !== '' || id.version !== 'builtin') {
    throw failure(
      `${formatId(id)} is no builtin ${what}`,
      'functions in containers and executables are not run; only builtin plugins are',
    );
  }
  const make = Object.hasOwn(known, id.kind) ? known[id.kind] : undefined;
  if (make === undefined) throw failure(`there is no builtin ${what} '${id.kind}'`);
  return within(`${what} ${formatId(id)}`, () => make(jsonOfNode(plugin.root), context));
}
