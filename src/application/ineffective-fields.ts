// Fields of a source that are taken and change nothing here: they are told of, so that nobody waits for what they ask for.

import { isObject } from '../base/json.ts';
import { type Schema, SOURCE } from './crds.ts';
import { hasSeveralSources, sourcesOf } from './parse.ts';
import type { SwitchableTool } from './source-settings.ts';
import type { ApplicationSpec, Source } from './types.ts';

export interface IneffectiveField {
  /** `spec.sources[1].helm.version` */
  readonly field: string;
  readonly reason: string;
}

const ONE_HELM = 'charts are rendered as Helm 3.22 renders them, whatever it says; Argo CD ignores it too';
const ONE_KUSTOMIZE =
  'there is one kustomize, of version 5.8.1; it only chooses flags (kustomize.buildOptions.<version> of argocd-cm)';
const NO_TAGS = 'a chart has versions, not tags';
const UNKNOWN = 'sources of Applications have no such field';
const LENDS_FILES = 'the source only lends its files (ref without path), and nothing of it is rendered';

/** Of all sources of a spec, nearly always none. `disabledTools` are those that argocd-cm switches off. */
export function ineffectiveFields(
  spec: Pick<ApplicationSpec, 'source' | 'sources'>,
  disabledTools: readonly SwitchableTool[] = [],
): readonly IneffectiveField[] {
  return sourcesOf(spec).flatMap((source, index) => {
    const place = hasSeveralSources(spec) ? `spec.sources[${index}]` : 'spec.source';
    const unknown = unknownFields(SOURCE, source, '').map((field) => [field, UNKNOWN] as const);
    const fields = [...unknown, ...ofSource(source), ...ofDisabled(source, disabledTools)];
    return fields.map(([field, reason]) => ({ field: `${place}.${field}`, reason }));
  });
}

type Found = readonly (readonly [field: string, reason: string])[];

function ofSource(source: Source): Found {
  const { helm, kustomize, tagPrefix, chart, ref, path } = source;
  if (ref && !path && !chart) {
    const blocks = ['helm', 'kustomize', 'directory'] as const;
    return blocks.filter((block) => source[block]).map((block) => [block, LENDS_FILES] as const);
  }
  const fields: readonly (readonly [field: string, isSet: boolean, reason: string])[] = [
    ['helm.version', Boolean(helm?.version), ONE_HELM],
    ['kustomize.version', Boolean(kustomize?.version), ONE_KUSTOMIZE],
    ['tagPrefix', Boolean(tagPrefix && chart), NO_TAGS],
  ];
  return fields.filter(([, isSet]) => isSet).map(([field, , reason]) => [field, reason] as const);
}

/** Argo CD: GetAppSourceType, which then takes the folder for one of plain manifests. */
function ofDisabled({ helm, kustomize }: Source, disabledTools: readonly SwitchableTool[]): Found {
  const blocks = [
    ['helm', 'Helm', helm],
    ['kustomize', 'Kustomize', kustomize],
  ] as const;
  return blocks
    .filter(([, tool, block]) => block && disabledTools.includes(tool))
    .map(
      ([name]) => [name, `${name}.enable of argocd-cm is not true, so the folder is one of plain manifests`] as const,
    );
}

/** Of objects whose fields the schema lists; a misspelt one would be passed over without a word. */
function unknownFields(schema: unknown, value: unknown, path: string): readonly string[] {
  if (!isSchema(schema)) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unknownFields(schema.items, item, `${path}[${index}]`));
  }
  const { properties } = schema;
  if (!isObject(value) || !isSchema(properties)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const field = path === '' ? key : `${path}.${key}`;
    return Object.hasOwn(properties, key) ? unknownFields(properties[key], item, field) : [field];
  });
}

function isSchema(value: unknown): value is Schema {
  return isObject(value);
}
