// Tables, as `kubectl get` shows them.

import type { KubeObject } from '../../kube/object.ts';
import type { Cluster } from '../cluster.ts';
import type { IncludeObject } from '../http/format.ts';
import type { Resource } from '../resource/resource.ts';
import { columnsOf } from './columns.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority?: number;
}

export type Cell = string | number | boolean | null;

export interface Columns {
  readonly columns: readonly Column[];
  cells(object: KubeObject, cluster: Cluster): Cell[];
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: object;
  readonly columnDefinitions: readonly Column[] | null;
  readonly rows: readonly unknown[];
}

export function tableOf(
  cluster: Cluster,
  resource: Resource,
  objects: readonly KubeObject[],
  metadata: object,
  include: IncludeObject,
): Table {
  const { columns, cells } = columnsOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map((column) => ({
      name: column.name,
      type: column.type,
      format: column.format ?? '',
      description: column.description ?? '',
      priority: column.priority ?? 0,
    })),
    rows: objects.map((object) => ({
      cells: cells(object, cluster),
      object: include === 'None' ? null : include === 'Object' ? object : metadataOf(object),
    })),
  };
}

function metadataOf(object: KubeObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
