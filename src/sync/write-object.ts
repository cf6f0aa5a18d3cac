// Writing one object: server-side apply with all that belongs to it, or replacement.

import { adoptionOf } from '../application/apply-mode.ts';
import { HawserError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { adoptionPatch, releasePatch, sharersOf } from '../kube/adoption.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isNotFound, refusalStatus } from '../kube/refusal.ts';
import { refOf } from '../kube/resource.ts';
import { applyClientSide } from './client-side-apply.ts';
import { writeGuarded } from './conflict.ts';
import { tryCreate } from './foresee.ts';
import { waitUntilGone } from './gone.ts';
import type { SyncTask } from './task.ts';
import type { Verb } from './verb.ts';

/** How long a deletion may take before the object is made again. */
const DELETION_MS = 60_000;

export interface WriteContext {
  readonly client: KubeClient;
  readonly signal: AbortSignal | undefined;
  /** Of the Application. */
  readonly syncOptions?: readonly string[];
  /** CRDs are written beside: what a dry run has said of fields may be so no more. */
  readonly changesKinds?: boolean;
}

/** Gives the object as it is then. Throws what the API server refuses. */
export async function writeObject(task: SyncTask, verb: Verb, context: WriteContext): Promise<KubeObject> {
  const { target, live } = task;
  if (!target) throw new TypeError('what has no target cannot be written');
  switch (verb.verb) {
    case 'apply':
      return applyObject(task, target, verb, context);
    case 'create':
      return context.client.create(target, { ...validation(verb.validate), signal: context.signal });
    case 'update':
    case 'replace':
      if (!live) throw new TypeError('what is not live cannot be replaced');
      return verb.verb === 'replace' && verb.force
        ? recreate(target, live, verb.validate, context)
        : replaceInPlace(target, live, verb.validate, context);
  }
}

/** Adopts, applies, and removes what others added. */
async function applyObject(
  { live, difference }: SyncTask,
  target: KubeObject,
  verb: Verb & { readonly verb: 'apply' },
  context: WriteContext,
): Promise<KubeObject> {
  const { client, signal } = context;
  if (!verb.serverSide) return applyByPatch(target, live, verb, context);
  if (live && difference?.dryRun.outcome === 'recreates') return recreate(target, live, verb.validate, context);
  try {
    if (live && difference && difference.adopts.length > 0) await adopt(target, live, context);
    const isTried = difference?.dryRun.outcome === 'passed' && !context.changesKinds;
    const answer = await client.apply(target, { ...validation(verb.validate), isTried, signal });
    const applied = live ? await releaseShared(target, answer, context) : answer;
    return difference?.removals ? await removeAdditions(applied, difference.removals, context) : applied;
  } catch (error) {
    if (!live || !verb.force || refusalStatus(error) !== 422) throw error;
    return recreate(target, live, verb.validate, context);
  }
}

/** kubectl's client-side apply; by force, what cannot be patched is deleted and made again. */
async function applyByPatch(
  target: KubeObject,
  live: KubeObject | undefined,
  verb: Verb & { readonly verb: 'apply' },
  context: WriteContext,
): Promise<KubeObject> {
  try {
    return await applyClientSide(target, live, context, validation(verb.validate));
  } catch (error) {
    if (!live || !verb.force || ![409, 422].includes(refusalStatus(error) ?? 0)) throw error;
    return recreate(target, live, verb.validate, context, () =>
      applyClientSide(target, undefined, context, validation(verb.validate)),
    );
  }
}

/** Without this, what leaves Git would stay in the cluster as its former owner's. */
async function adopt(target: KubeObject, live: KubeObject, context: WriteContext): Promise<void> {
  const { client, signal, syncOptions = [] } = context;
  const adoption = adoptionOf(target, syncOptions);
  await writeGuarded(
    client,
    live,
    async (current) => {
      const patch = adoptionPatch(current, client.fieldManager, adoption);
      return patch ? client.patch(refOf(current), patch, { type: 'json', signal }) : current;
    },
    signal,
  ).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

/** For the same reason: what we own is nobody else's as well. What they have alone stays theirs. */
async function releaseShared(target: KubeObject, applied: KubeObject, context: WriteContext): Promise<KubeObject> {
  const { client, signal, syncOptions = [] } = context;
  const adoption = adoptionOf(target, syncOptions);
  if (sharersOf(applied, client.fieldManager, adoption).length === 0) return applied;
  const released = await writeGuarded(
    client,
    applied,
    async (current) => {
      const patch = releasePatch(current, client.fieldManager, adoption);
      return patch ? client.patch(refOf(current), patch, { type: 'json', signal }) : current;
    },
    signal,
  );
  return released ?? applied;
}

/** Exactly those fields, and only in the version that was seen: another writer's news are not thrown away. */
async function removeAdditions(applied: KubeObject, removals: JsonObject, { client, signal }: WriteContext) {
  const removed = await writeGuarded(
    client,
    applied,
    (current) => {
      const resourceVersion = current.metadata.resourceVersion ?? '';
      const patch = { ...removals, metadata: { resourceVersion } };
      return client.patch(refOf(current), patch, { type: 'merge', signal });
    },
    signal,
  );
  return removed ?? applied;
}

async function replaceInPlace(
  target: KubeObject,
  live: KubeObject,
  validate: boolean,
  { client, signal }: WriteContext,
) {
  const replaced = await writeGuarded(
    client,
    live,
    (current) => client.replace(withVersionOf(target, current), { ...validation(validate), signal }),
    signal,
  );
  if (!replaced)
    throw new HawserError('Conflict', `${target.kind} ${target.metadata.name ?? ''} was deleted meanwhile`);
  return replaced;
}

export function withVersionOf(target: KubeObject, live: KubeObject): KubeObject {
  const { resourceVersion } = live.metadata;
  return { ...target, metadata: { ...target.metadata, ...(resourceVersion ? { resourceVersion } : {}) } };
}

/** kubectl's --force: deleted, then made anew once it is gone; not when the API server says beforehand that it would not make it. */
async function recreate(
  target: KubeObject,
  live: KubeObject,
  validate: boolean,
  context: WriteContext,
  make = () => context.client.apply(target, { ...validation(validate), signal: context.signal }),
): Promise<KubeObject> {
  const { client, signal } = context;
  await tryCreate(target, validate, context);
  const { uid } = live.metadata;
  const preconditions = uid ? { preconditions: { uid } } : {};
  const remains = await client.remove(refOf(live), { propagationPolicy: 'Background', ...preconditions, signal });
  if (remains && !(await waitUntilGone(client, remains, DELETION_MS, signal))) {
    throw new HawserError(
      'Timeout',
      `${live.kind} ${live.metadata.name ?? ''} is not gone after ${DELETION_MS / 1000} s`,
    );
  }
  return make();
}

function validation(validate: boolean) {
  return { fieldValidation: validate ? ('Strict' as const) : ('Ignore' as const) };
}
