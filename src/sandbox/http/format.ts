// An answer in the form that the client asked for: whole objects, tables, or metadata alone.

import type { JsonObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import type { Resource } from '../resource/resource.ts';
import { tableOf } from '../table/table.ts';
import type { Listed } from './list.ts';
import type { Form } from './negotiate.ts';
import type { Format } from './watch.ts';

/** What `includeObject` says; metadata where nothing is said. */
export type IncludeObject = 'Object' | 'Metadata' | 'None';

export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject');
  return value === 'Object' || value === 'None' ? value : 'Metadata';
}

function metadataOnly(object: KubeObject, apiVersion = 'meta.k8s.io/v1'): JsonObject {
  return JSON.parse(JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata }));
}

export function formatObject(
  cluster: Cluster,
  resource: Resource,
  object: KubeObject,
  form: Form,
  include: IncludeObject,
): unknown {
  if (form === 'metadata') return metadataOnly(object);
  if (form !== 'table') return object;
  const { resourceVersion } = object.metadata;
  return tableOf(cluster, resource, [object], resourceVersion ? { resourceVersion } : {}, include);
}

export function formatList(
  cluster: Cluster,
  resource: Resource,
  listed: Listed,
  form: Form,
  include: IncludeObject,
): unknown {
  if (form === 'table') return tableOf(cluster, resource, listed.items, listed.metadata, include);
  if (form === 'metadata')
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: listed.metadata,
      items: listed.items.map((item) => metadataOnly(item)),
    };
  // Items of built-in lists do not repeat what the list says; items of custom resources do.
  const items = resource.definition ? listed.items : listed.items.map(({ apiVersion: _, kind: __, ...item }) => item);
  // Lists of custom resources say that nothing continues; those of Go types leave it out.
  const metadata = resource.definition ? { continue: '', ...listed.metadata } : listed.metadata;
  return { kind: resource.listKind, apiVersion: resource.apiVersion, metadata, items };
}

/** For watches: a table's columns come with the first event alone. */
export function watchFormat(cluster: Cluster, resource: Resource, form: Form, include: IncludeObject): Format {
  if (form === 'metadata') return (object) => metadataOnly(object);
  if (form !== 'table') return (object) => object;
  let isFirst = true;
  return (object) => {
    const { resourceVersion } = object.metadata;
    const table = tableOf(cluster, resource, [object], resourceVersion ? { resourceVersion } : {}, include);
    if (isFirst) {
      isFirst = false;
      return table;
    }
    return { ...table, columnDefinitions: null };
  };
}
