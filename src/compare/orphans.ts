// What the inventory names and Git no longer has: to be pruned, if it is still there and still ours (design 5.3).

import type { Difference } from '../application/difference.ts';
import { isHook } from '../application/hook.ts';
import type { ResourceStatus } from '../application/types.ts';
import { syncWave } from '../application/wave.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import type { Limiter } from '../base/limiter.ts';
import type { KubeClient } from '../kube/client.ts';
import { formatKey, type KubeObject, keyOf, type ObjectKey } from '../kube/object.ts';
import { isNotFound } from '../kube/refusal.ts';
import type { ObjectRef } from '../kube/resource.ts';
import { forbiddenOrphan, type Refuse } from './forbidden.ts';
import { isTrackedBy, type Tracking } from './tracking.ts';

export interface OrphanInput {
  readonly client: KubeClient;
  readonly instance: string;
  readonly inventory: readonly ResourceStatus[];
  readonly tracking: Tracking;
  readonly limiter: Limiter;
  readonly refuse: Refuse;
  readonly signal?: AbortSignal;
}

/** An object that cannot be read now stays in the inventory as Unknown; one that is gone or another's leaves it. */
export async function findOrphans(input: OrphanInput, targets: readonly KubeObject[]): Promise<readonly Difference[]> {
  const wanted = new Set(targets.map((target) => formatKey(keyOf(target))));
  const gone = input.inventory.filter((resource) => !wanted.has(formatKey(keyOfResource(resource))));
  const found = await Promise.all(gone.map((resource) => judgeOrphan(resource, input)));
  return found.flatMap((difference) => difference ?? []);
}

async function judgeOrphan(resource: ResourceStatus, input: OrphanInput): Promise<Difference | undefined> {
  const forbidden = forbiddenOrphan(resource, input.refuse);
  if (forbidden) return forbidden;
  const key = keyOfResource(resource);
  const base = {
    key,
    version: resource.version,
    hook: resource.hook === true,
    modified: false,
    ownershipChanges: false,
    syncWave: resource.syncWave ?? 0,
    dryRun: { outcome: 'none' },
    adopts: [],
  } as const;
  try {
    const ref = await findServedRef(resource, input);
    const live = ref && (await input.limiter(() => input.client.get(ref, { signal: input.signal })));
    if (!live || !isOurs(live, input)) return undefined;
    const hook = isHook(live);
    const wave = { syncWave: syncWave(live) };
    // A hook that was left behind is nobody's to prune (Argo CD: managed live hooks are skipped).
    if (hook) return { ...base, ...wave, key: keyOf(live), live, hook, requiresPruning: false };
    return { ...base, ...wave, key: keyOf(live), live, requiresPruning: true, status: 'OutOfSync' };
  } catch (error) {
    if (!isHawserError(error, 'ClusterRefused')) throw error;
    return { ...base, requiresPruning: false, status: 'Unknown', message: messageOf(error) };
  }
}

/** What a controller made from an object of ours carries the same tracking id, and belongs to its owner. */
function isOurs(live: KubeObject, input: OrphanInput): boolean {
  if ((live.metadata.ownerReferences?.length ?? 0) > 0) return false;
  return isTrackedBy(live, input.instance, input.tracking);
}

/** The version that the inventory names may be served no longer: any other of the kind shows the same object. */
export async function findServedRef(
  resource: ResourceStatus,
  { client, signal }: Pick<OrphanInput, 'client' | 'signal'>,
): Promise<ObjectRef | undefined> {
  const { group = '', version, kind, namespace, name } = resource;
  const place = { kind, name, ...(namespace ? { namespace } : {}) };
  const apiVersion = group === '' ? version : `${group}/${version}`;
  if (await client.resourceFor(apiVersion, kind, { signal })) return { apiVersion, ...place };
  const served = (await client.resources({ signal })).find((other) => other.group === group && other.kind === kind);
  if (!served) {
    // Discovery leaves out a group whose API server is away for a moment: then this is refused, and the object is not gone.
    if (group !== '') await askFor(apiVersion, client, signal);
    return undefined;
  }
  return { apiVersion: group === '' ? served.version : `${group}/${served.version}`, ...place };
}

const asking = new WeakMap<KubeClient['memory'], Map<string, Promise<void>>>();

/** Throws where a version of a group is served by somebody who cannot answer. One request for all who ask at the same time. */
function askFor(apiVersion: string, client: KubeClient, signal: AbortSignal | undefined): Promise<void> {
  const asked = asking.get(client.memory) ?? new Map<string, Promise<void>>();
  asking.set(client.memory, asked);
  const answer = asked.get(apiVersion) ?? ask(apiVersion, client, signal).finally(() => asked.delete(apiVersion));
  asked.set(apiVersion, answer);
  return answer;
}

async function ask(apiVersion: string, client: KubeClient, signal: AbortSignal | undefined): Promise<void> {
  try {
    await (await client.request(`/apis/${apiVersion}`, {}, { signal })).body?.cancel();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** The inventory's name of an object as a key. */
export function keyOfResource({ group = '', kind, namespace = '', name }: ResourceStatus): ObjectKey {
  return { group, kind, namespace, name };
}
