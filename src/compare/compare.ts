// Target state against live state, by a server-side dry run of the same apply (design 5.2).

import type { Comparison } from '../application/difference.ts';
import type { IgnoreDifference, ResourceStatus, SyncPolicy } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';

export interface CompareInput {
  readonly client: KubeClient;
  /** The name that tracking ids carry (`instanceName`). */
  readonly instance: string;
  /** As rendered: namespaces and tracking ids are added here. */
  readonly targets: readonly KubeObject[];
  /** `status.resources` of the last comparison: what is gone from Git is found by it. */
  readonly inventory: readonly ResourceStatus[];
  readonly destinationNamespace: string;
  readonly ignoreDifferences?: readonly IgnoreDifference[];
  readonly syncOptions?: readonly string[];
  readonly managedNamespaceMetadata?: SyncPolicy['managedNamespaceMetadata'];
  /** Requests in flight at most. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

/**
 * Compares every target and every object of the inventory with the cluster; writes nothing. A dry run that fails makes its
 * object Unknown with the server's message. Throws `Unavailable` when the cluster cannot be reached.
 */
export async function compareTargets(_input: CompareInput): Promise<Comparison> {
  throw new HawserError('Unsupported', 'comparing is not there yet');
}
