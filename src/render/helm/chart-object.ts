// `.Chart`: the metadata of a chart as a Go struct (Helm: pkg/engine/engine.go, recAllTpls; pkg/chart/metadata.go).

import { type GoFieldTag, GoMap, GoSlice, GoStruct, type GoValue, nilSlice } from '../go/value.ts';
import type { Dependency, Maintainer, Metadata } from './metadata.ts';

type Tags = Readonly<Record<string, GoFieldTag>>;

/** Go's `struct { chart.Metadata; IsRoot bool }`. */
export function chartObject(metadata: Metadata, isRoot: boolean): GoStruct {
  const fields = new Map<string, GoValue>([
    ['Metadata', metadataObject(metadata)],
    ['IsRoot', isRoot],
  ]);
  return new GoStruct('struct { chart.Metadata; IsRoot bool }', fields, {}, false, { Metadata: { embedded: true } });
}

const optional = (json: string): GoFieldTag => ({ json, omitEmpty: true });

const METADATA_TAGS: Tags = {
  Name: optional('name'),
  Home: optional('home'),
  Sources: optional('sources'),
  Version: optional('version'),
  Description: optional('description'),
  Keywords: optional('keywords'),
  Maintainers: optional('maintainers'),
  Icon: optional('icon'),
  APIVersion: optional('apiVersion'),
  Condition: optional('condition'),
  Tags: optional('tags'),
  AppVersion: optional('appVersion'),
  Deprecated: optional('deprecated'),
  Annotations: optional('annotations'),
  KubeVersion: optional('kubeVersion'),
  Dependencies: optional('dependencies'),
  Type: optional('type'),
};

function metadataObject(metadata: Metadata): GoStruct {
  const fields = new Map<string, GoValue>([
    ['Name', metadata.name],
    ['Home', metadata.home],
    ['Sources', slice('[]string', metadata.sources)],
    ['Version', metadata.version],
    ['Description', metadata.description],
    ['Keywords', slice('[]string', metadata.keywords)],
    ['Maintainers', slice('[]*chart.Maintainer', metadata.maintainers?.map(maintainerObject) ?? null)],
    ['Icon', metadata.icon],
    ['APIVersion', metadata.apiVersion],
    ['Condition', metadata.condition],
    ['Tags', metadata.tags],
    ['AppVersion', metadata.appVersion],
    ['Deprecated', metadata.deprecated],
    ['Annotations', new GoMap('map[string]string', new Map(metadata.annotations ?? []))],
    ['KubeVersion', metadata.kubeVersion],
    ['Dependencies', slice('[]*chart.Dependency', metadata.dependencies?.map(dependencyObject) ?? null)],
    ['Type', metadata.type],
  ]);
  return new GoStruct('chart.Metadata', fields, {}, false, METADATA_TAGS);
}

const MAINTAINER_TAGS: Tags = { Name: optional('name'), Email: optional('email'), URL: optional('url') };

function maintainerObject({ name, email, url }: Maintainer): GoStruct {
  const fields = new Map<string, GoValue>([
    ['Name', name],
    ['Email', email],
    ['URL', url],
  ]);
  return new GoStruct('chart.Maintainer', fields, {}, true, MAINTAINER_TAGS);
}

const DEPENDENCY_TAGS: Tags = {
  Name: { json: 'name' },
  Version: optional('version'),
  Repository: { json: 'repository' },
  Condition: optional('condition'),
  Tags: optional('tags'),
  Enabled: optional('enabled'),
  ImportValues: optional('import-values'),
  Alias: optional('alias'),
};

function dependencyObject(dependency: Dependency): GoStruct {
  const { tags, importValues } = dependency;
  const fields = new Map<string, GoValue>([
    ['Name', dependency.name],
    ['Version', dependency.version],
    ['Repository', dependency.repository],
    ['Condition', dependency.condition],
    ['Tags', slice('[]string', tags.length === 0 ? null : tags)],
    ['Enabled', dependency.enabled],
    ['ImportValues', importValues.length === 0 ? nilSlice('[]interface {}') : importValues],
    ['Alias', dependency.alias],
  ]);
  return new GoStruct('chart.Dependency', fields, {}, true, DEPENDENCY_TAGS);
}

function slice(type: string, items: readonly GoValue[] | null): GoSlice {
  return items === null ? nilSlice(type) : new GoSlice(type, [...items]);
}
