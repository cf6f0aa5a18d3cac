// What a write request says beside its body.

import { EMPTY, type FieldSet, fieldSetOf } from '../../typed/fields/set.ts';
import type { Admission } from '../admission/attributes.ts';
import type { Cluster } from '../cluster.ts';
import { timestamp } from '../cluster.ts';
import type { FieldManager } from '../fields/manager.ts';
import type { Resource } from '../resource/resource.ts';
import { convertObject } from '../storage/versions.ts';

export interface WriteOptions {
  /** Who owns the fields that change. */
  readonly manager: string;
  readonly dryRun: boolean;
  /** '' for the main endpoint. */
  readonly subresource: string;
  /** Told to the client in `Warning` headers. */
  readonly warnings: string[];
  /** Webhooks, where there are any; the sandbox's own controllers ask none. */
  readonly admission?: Admission | undefined;
}

/** The options of a controller of the sandbox itself. */
export function internalWrite(manager: string, subresource = ''): WriteOptions {
  return { manager, dryRun: false, subresource, warnings: [] };
}

const NOT_STATUS = fieldSetOf(['f:spec']);
const NOT_STATUS_CUSTOM = fieldSetOf(['f:spec'], ['f:metadata']);

/** The field manager of a resource's endpoint. */
export function fieldManagerOf(cluster: Cluster, resource: Resource, subresource: string): FieldManager {
  return {
    context: {
      version: resource.apiVersion,
      reset: resetOf(resource, subresource),
      convert: (value, from, to) => convertObject(cluster.registry, resource, value, from, to),
    },
    empty: resource.schema.empty,
    kind: resource.kind,
    subresource,
    now: timestamp(cluster),
  };
}

function resetOf(resource: Resource, subresource: string): FieldSet {
  if (subresource === '') return resource.reset;
  if (subresource !== 'status') return EMPTY;
  return resource.definition ? NOT_STATUS_CUSTOM : NOT_STATUS;
}
