// Which fields the transformers of a build touch: kustomize's defaults and what `configurations` and `crds` add
// (kustomize: api/internal/plugins/builtinconfig).

import { parseConfig } from '../node/config-json.ts';
import { within } from '../node/fail.ts';
import { inFileOfFields } from '../node/field-place.ts';
import { compareGvk, type Gvk, sameGvk } from '../resource/gvk.ts';
import { list, plainText, record } from './decode.ts';
import { DEFAULT_FIELD_SPECS, DEFAULT_NAME_REFERENCES } from './default-field-specs.ts';
import { mergeFieldSpecs, parseFieldSpec, parseGvk, sortFieldSpecs } from './field-spec.ts';
import { type FieldSpec, fieldSpecDecoder } from './kustomization.ts';

/** Who refers to a kind by name. */
export interface NameReference extends Gvk {
  readonly fieldSpecs: readonly FieldSpec[];
}

type SpecList =
  | 'namePrefix'
  | 'nameSuffix'
  | 'namespace'
  | 'commonLabels'
  | 'labels'
  | 'templateLabels'
  | 'commonAnnotations'
  | 'varReference'
  | 'images'
  | 'replicas';

export type TransformerConfig = Readonly<Record<SpecList, readonly FieldSpec[]>> & {
  readonly nameReference: readonly NameReference[];
};

const specs = list(fieldSpecDecoder);
const configDecoder = record({
  namePrefix: specs,
  nameSuffix: specs,
  namespace: specs,
  commonLabels: specs,
  labels: specs,
  templateLabels: specs,
  commonAnnotations: specs,
  varReference: specs,
  images: specs,
  replicas: specs,
  nameReference: list(record({ group: plainText, version: plainText, kind: plainText, fieldSpecs: specs })),
});

const NONE: readonly FieldSpec[] = [];

export const EMPTY_CONFIG: TransformerConfig = {
  namePrefix: NONE,
  nameSuffix: NONE,
  namespace: NONE,
  commonLabels: NONE,
  labels: NONE,
  templateLabels: NONE,
  commonAnnotations: NONE,
  varReference: NONE,
  images: NONE,
  replicas: NONE,
  nameReference: [],
};

let defaults: TransformerConfig | undefined;
/** What every kustomization without configurations ends up with. */
let mergedDefaults: TransformerConfig | undefined;

export function defaultTransformerConfig(): TransformerConfig {
  defaults ??= sortConfig({
    ...EMPTY_CONFIG,
    ...mapValues(DEFAULT_FIELD_SPECS, (lines) => lines.map(parseFieldSpec)),
    nameReference: DEFAULT_NAME_REFERENCES.map(([gvk, lines]) => ({
      ...parseGvk(gvk),
      fieldSpecs: lines.map(parseFieldSpec),
    })),
  });
  return defaults;
}

/** A file of `configurations`. */
export function parseTransformerConfig(source: string, file: string): TransformerConfig {
  return inFileOfFields(file, source, () =>
    sortConfig(configDecoder(parseConfig(source, true), '', { strict: true, coerce: true })),
  );
}

/** Throws where the two say different things of one field. */
export function mergeTransformerConfigs(a: TransformerConfig, b: TransformerConfig): TransformerConfig {
  if (b === EMPTY_CONFIG) return a;
  if (a === mergedDefaults && (b === defaults || b === mergedDefaults)) return a;
  if (a === EMPTY_CONFIG && b === defaults) {
    mergedDefaults ??= mergeAll(a, b);
    return mergedDefaults;
  }
  return mergeAll(a, b);
}

/** Also into an empty one each spec is merged by itself: a spec for one kind that comes first takes the place of the general one. */
function mergeAll(a: TransformerConfig, b: TransformerConfig): TransformerConfig {
  return sortConfig({
    ...mapSpecLists((name) => within(`merging ${name}`, () => mergeFieldSpecs(a[name], b[name]))),
    nameReference: b.nameReference.reduce(mergeNameReference, a.nameReference),
  });
}

export function mergeNameReference(
  references: readonly NameReference[],
  added: NameReference,
): readonly NameReference[] {
  if (!references.some((reference) => sameGvk(reference, added))) return [...references, added];
  return references.map((reference) =>
    sameGvk(reference, added)
      ? { ...reference, fieldSpecs: mergeFieldSpecs(reference.fieldSpecs, added.fieldSpecs) }
      : reference,
  );
}

function sortConfig(config: TransformerConfig): TransformerConfig {
  return {
    ...mapSpecLists((name) => sortFieldSpecs(config[name])),
    nameReference: [...config.nameReference].sort(compareGvk),
  };
}

function mapSpecLists(make: (name: SpecList) => readonly FieldSpec[]): Record<SpecList, readonly FieldSpec[]> {
  return {
    namePrefix: make('namePrefix'),
    nameSuffix: make('nameSuffix'),
    namespace: make('namespace'),
    commonLabels: make('commonLabels'),
    labels: make('labels'),
    templateLabels: make('templateLabels'),
    commonAnnotations: make('commonAnnotations'),
    varReference: make('varReference'),
    images: make('images'),
    replicas: make('replicas'),
  };
}

function mapValues<K extends string, V, W>(object: Readonly<Record<K, V>>, change: (value: V) => W): Record<K, W> {
  const entries = Object.entries(object) as [K, V][];
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value)])) as Record<K, W>;
}
