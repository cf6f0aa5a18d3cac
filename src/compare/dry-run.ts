// One object against the cluster: what is live, and what the API server says it would become.

import { hasSyncOption } from '../application/annotations.ts';
import type { DryRun } from '../application/difference.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import type { Limiter } from '../base/limiter.ts';
import type { FieldValidation, KubeClient } from '../kube/client.ts';
import { managedFieldsOf } from '../kube/managed-fields.ts';
import { formatKey, type KubeObject, keyOf } from '../kube/object.ts';
import { isMissingNamespace, isUnknownKind, refusalStatus } from '../kube/refusal.ts';
import { refOf } from '../kube/resource.ts';
import type { ListedLive } from './listed.ts';
import { comparable } from './normalize.ts';

/** A live object and its prediction are of one version, unless somebody writes it without pause. */
const ATTEMPTS = 4;

export interface Sighting {
  readonly live?: KubeObject;
  /** What was tried: the target, as `adjust` wants it for what is live. */
  readonly applied: KubeObject;
  /** The dry run's own answer; only when it passed. */
  readonly predicted?: KubeObject;
  readonly dryRun: DryRun;
  /** Why live could not be read: there may be an object or none. */
  readonly unreadable?: string;
}

type Attempt = Pick<Sighting, 'predicted' | 'dryRun'>;

/** What is to be applied to an object that is live: Git's, or with something of live in it. */
export type Adjust = (target: KubeObject, live: KubeObject) => Promise<KubeObject>;

export interface DryRunContext {
  readonly client: KubeClient;
  readonly limiter: Limiter;
  readonly validate: boolean;
  /** Namespaces that the same target state brings. */
  readonly comingNamespaces: ReadonlySet<string>;
  /** Namespaces of which the API server has said that they are not there, and how: nothing in them is asked for again. */
  readonly missingNamespaces: Map<string, string>;
  /** Whether the object was there at the last comparison (formatKey): then it is read while the dry run is on its way. */
  readonly isInInventory: (key: string) => boolean;
  /** Live as a write of a moment ago has answered (formatKey). */
  readonly written?: ReadonlyMap<string, KubeObject>;
  /** Live as lists show it. */
  readonly listed?: ListedLive;
  /** Ask for everything, even where an earlier answer says how it will be. */
  readonly fresh: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads live and runs the apply dry. Both are a request an object, whatever else its namespace holds; one of them is enough for an
 * object that is new (the dry run tells), and for one of which an apply of the same target is known to change nothing
 * (live is read). A refusal of the dry run is part of the answer; a cluster that cannot be reached is thrown.
 */
export async function sightObject(
  target: KubeObject,
  context: DryRunContext,
  adjust: Adjust = async (unadjusted) => unadjusted,
): Promise<Sighting> {
  const written = writtenBefore(target, context);
  if (written) return written;
  let sighting = await sightOnce(target, context, adjust, false);
  const { listed: _, ...anew } = context;
  for (let round = 1; round < ATTEMPTS && isOutOfStep(sighting); round++) {
    sighting = await sightOnce(target, anew, adjust, true);
  }
  const { live, predicted, applied } = sighting;
  const { memory } = context.client;
  if (live && predicted !== live) {
    if (isEqualJson(live, predicted)) memory.remember(applied, live, validationOf(applied, context));
    else memory.forget(applied);
  }
  return sighting;
}

/** What an apply of the same target has just made, as it answered: nothing would be learnt by asking for it again. */
function writtenBefore(target: KubeObject, context: DryRunContext): Sighting | undefined {
  const live = context.written?.get(formatKey(keyOf(target)));
  if (!live || !context.client.memory.isUnchanged(target, live, validationOf(target, context))) return undefined;
  return { live, applied: target, predicted: live, dryRun: { outcome: 'passed' } };
}

async function sightOnce(
  target: KubeObject,
  context: DryRunContext,
  adjust: Adjust,
  readFirst: boolean,
): Promise<Sighting> {
  const { memory } = context.client;
  let found: Awaited<ReturnType<typeof readLive>>;
  let attempt: Attempt | undefined;
  if (readFirst || (memory.knows(target) && !context.fresh)) {
    found = await readLive(target, context);
  } else if (context.isInInventory(formatKey(keyOf(target)))) {
    [found, attempt] = await Promise.all([readLive(target, context), tryApply(target, context)]);
  } else {
    attempt = await tryApply(target, context);
    if (isSurelyNew(attempt)) return { ...attempt, applied: target };
    found = await readLive(target, context);
  }
  const { live } = found;
  if (!live) return { ...(attempt ?? (await tryApply(target, context))), ...found, applied: target };
  const applied = await adjust(target, live);
  if (!context.fresh && memory.isUnchanged(applied, live, validationOf(applied, context))) {
    return { live, applied, predicted: live, dryRun: { outcome: 'passed' } };
  }
  if (!attempt || applied !== target) attempt = await tryApply(applied, context);
  return { ...attempt, live, applied };
}

/** What would be created has no version yet; what awaits its namespace is not in it. */
function isSurelyNew({ predicted, dryRun }: Attempt): boolean {
  if (dryRun.outcome === 'deferred') return dryRun.awaits === 'namespace';
  return predicted !== undefined && !predicted.metadata.resourceVersion;
}

/** A refusal (no right to read, no name to read by) is part of the answer. */
export async function readLive(
  target: KubeObject,
  { client, limiter, listed, signal }: Pick<DryRunContext, 'client' | 'limiter' | 'listed' | 'signal'>,
): Promise<Pick<Sighting, 'live' | 'unreadable'>> {
  const found = (await listed?.find(target)) ?? 'not listed';
  if (found !== 'not listed') return { live: found };
  try {
    const live = await limiter(() => client.get(refOf(target), { signal }));
    return live ? { live } : {};
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { unreadable: messageOf(error) };
  }
}

async function tryApply(target: KubeObject, context: DryRunContext): Promise<Attempt> {
  return tryOut(target, context, context.client.apply);
}

/** Of an object that is not there, and is not to be applied server-side: lists may hold a key twice then. */
export async function tryCreate(target: KubeObject, context: DryRunContext): Promise<DryRun> {
  return (await tryOut(target, context, context.client.create)).dryRun;
}

async function tryOut(target: KubeObject, context: DryRunContext, write: KubeClient['create']): Promise<Attempt> {
  const { limiter, signal, missingNamespaces } = context;
  const fieldValidation = validationOf(target, context);
  return limiter(async (): Promise<Attempt> => {
    const message = missingNamespaces.get(target.metadata.namespace ?? '');
    if (message !== undefined) return { dryRun: withoutNamespace(message, target, context) };
    try {
      return {
        predicted: await write(target, { dryRun: true, fieldValidation, signal }),
        dryRun: { outcome: 'passed' },
      };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { dryRun: describeRefusal(error, target, context) };
    }
  });
}

function validationOf(target: KubeObject, { validate }: DryRunContext): FieldValidation {
  return validate && !hasSyncOption(target, 'Validate=false') ? 'Strict' : 'Ignore';
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
  if (isMissingNamespace(error) && namespace) {
    context.missingNamespaces.set(namespace, message);
    return withoutNamespace(message, target, context);
  }
  return refusalStatus(error) === 422 ? { outcome: 'failed', message, invalid: true } : { outcome: 'failed', message };
}

function withoutNamespace(message: string, { metadata }: KubeObject, context: DryRunContext): DryRun {
  const comes = context.comingNamespaces.has(metadata.namespace ?? '');
  return comes ? { outcome: 'deferred', awaits: 'namespace', message } : { outcome: 'failed', message };
}

/** The manager's own fields differ between the two: an apply would change who owns what. */
export function ownershipDiffers(live: KubeObject, predicted: KubeObject, manager: string): boolean {
  const ours = (object: KubeObject) =>
    managedFieldsOf(object)
      .filter((entry) => entry.manager === manager && entry.operation === 'Apply' && entry.subresource === '')
      .map(({ apiVersion, fieldsV1 }) => ({ apiVersion, fieldsV1 }));
  return !isEqualJson(ours(live), ours(predicted));
}
