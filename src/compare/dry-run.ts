// One object against the cluster: what is live, and what the API server says it would become.

import { hasSyncOption } from '../application/annotations.ts';
import type { DryRun } from '../application/difference.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import type { Limiter } from '../base/limiter.ts';
import type { KubeClient } from '../kube/client.ts';
import { managedFieldsOf } from '../kube/managed-fields.ts';
import type { KubeObject } from '../kube/object.ts';
import { isMissingNamespace, isUnknownKind, refusalStatus } from '../kube/refusal.ts';
import { refOf } from '../kube/resource.ts';
import type { LiveReader } from './live.ts';
import { comparable } from './normalize.ts';

/** A live object and its prediction are of one version, unless somebody writes it without pause. */
const ATTEMPTS = 4;

export interface Sighting {
  readonly live?: KubeObject;
  /** The dry run's own answer; only when it passed. */
  readonly predicted?: KubeObject;
  readonly dryRun: DryRun;
  /** Why live could not be read: there may be an object or none. */
  readonly unreadable?: string;
}

export interface DryRunContext {
  readonly client: KubeClient;
  readonly reader: LiveReader;
  readonly limiter: Limiter;
  readonly validate: boolean;
  /** Namespaces that the same target state brings. */
  readonly comingNamespaces: ReadonlySet<string>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads live and runs the apply dry, both at once. A refusal of the dry run is part of the answer; a cluster that cannot be
 * reached is thrown.
 */
export async function sightObject(target: KubeObject, context: DryRunContext): Promise<Sighting> {
  let sighting = await sightOnce(target, context, false);
  for (let round = 1; round < ATTEMPTS && isOutOfStep(sighting); round++) {
    sighting = await sightOnce(target, context, true);
  }
  return sighting;
}

async function sightOnce(target: KubeObject, context: DryRunContext, fresh: boolean): Promise<Sighting> {
  const [found, attempt] = await Promise.all([readLive(target, context.reader, fresh), tryApply(target, context)]);
  return { ...attempt, ...found };
}

/** A refusal (no right to read, no name to read by) is part of the answer. */
export async function readLive(
  target: KubeObject,
  reader: LiveReader,
  fresh = false,
): Promise<Pick<Sighting, 'live' | 'unreadable'>> {
  try {
    const live = await reader.read(refOf(target), fresh);
    return live ? { live } : {};
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { unreadable: messageOf(error) };
  }
}

export async function tryApply(target: KubeObject, context: DryRunContext): Promise<Omit<Sighting, 'live'>> {
  const { client, limiter, signal } = context;
  const validate = context.validate && !hasSyncOption(target, 'Validate=false');
  try {
    const predicted = await limiter(() =>
      client.apply(target, { dryRun: true, fieldValidation: validate ? 'Strict' : 'Ignore', signal }),
    );
    return { predicted, dryRun: { outcome: 'passed' } };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { dryRun: describeRefusal(error, target, context) };
  }
}

/** Someone wrote between the two reads (a controller its status, most of the time): what differs then may be theirs. */
function isOutOfStep({ live, predicted, unreadable }: Sighting): boolean {
  if (!predicted || unreadable !== undefined) return false;
  if (live?.metadata.resourceVersion === predicted.metadata.resourceVersion) return false;
  return !live || !isEqualJson(comparable(live), comparable(predicted));
}

function isRefusal(error: unknown): boolean {
  return isHawserError(error, 'ClusterRefused') || isHawserError(error, 'InvalidInput');
}

function describeRefusal(error: unknown, target: KubeObject, context: DryRunContext): DryRun {
  const message = messageOf(error);
  if (isUnknownKind(error)) return { outcome: 'unknownKind', message };
  const { namespace } = target.metadata;
  if (isMissingNamespace(error) && namespace && context.comingNamespaces.has(namespace)) {
    return { outcome: 'deferred', awaits: 'namespace', message };
  }
  return refusalStatus(error) === 422 ? { outcome: 'failed', message, invalid: true } : { outcome: 'failed', message };
}

/** The manager's own fields differ between the two: an apply would change who owns what. */
export function ownershipDiffers(live: KubeObject, predicted: KubeObject, manager: string): boolean {
  const ours = (object: KubeObject) =>
    managedFieldsOf(object)
      .filter((entry) => entry.manager === manager && entry.operation === 'Apply' && entry.subresource === '')
      .map(({ apiVersion, fieldsV1 }) => ({ apiVersion, fieldsV1 }));
  return !isEqualJson(ours(live), ours(predicted));
}
