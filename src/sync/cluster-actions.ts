// The actions of a sync on a real API server.

import { HOOK_FINALIZER } from '../application/hook.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isMissingNamespace, refusalStatus } from '../kube/refusal.ts';
import { refOf } from '../kube/resource.ts';
import type { ActionResult, SyncActions } from './actions.ts';
import { applyClientSide } from './client-side-apply.ts';
import { writeGuarded } from './conflict.ts';
import { waitUntilServed } from './crd-ready.ts';
import { bringerOf, checkByDefinition, tryCreate, tryInStandIn } from './foresee.ts';
import type { SyncPlan } from './plan.ts';
import { pruneObject } from './remove-object.ts';
import { crdKind, hasDeletePolicy, isCrd, isNamespace, kindOf, objectOf, type SyncTask } from './task.ts';
import { isUnchanged } from './unchanged.ts';
import { chooseVerb, propagationPolicy, type Verb } from './verb.ts';
import { outcomeOf, sayOutcome } from './words.ts';
import { type WriteContext, withVersionOf, writeObject } from './write-object.ts';

/** Objects of this plan are dry-run at most once, and not at all where the comparison has just done it. */
export function createClusterActions(client: KubeClient, plan: SyncPlan, signal?: AbortSignal): SyncActions {
  const { settings } = plan;
  const changesKinds = plan.tasks.some(({ target }) => target !== undefined && isCrd(target));
  const context: WriteContext = { client, signal, syncOptions: settings.syncOptions, changesKinds };
  const policy = propagationPolicy(settings);
  const tried = new Map<string, Promise<ActionResult>>();
  const used = new Set(plan.tasks.flatMap(({ target }) => (target ? [kindOf(target)] : [])));
  /** Kinds whose CRD this sync has written, until they can be used. */
  const kinds = new Map<string, Promise<void>>();

  /** Only who has objects of the kind to apply has to wait for it, and only then. */
  const awaitKind = (crd: KubeObject) => {
    const kind = crdKind(crd) ?? '';
    // An object of a kind that does not come fails with the server's own words.
    if (used.has(kind))
      kinds.set(
        kind,
        waitUntilServed(client, crd, signal).catch(() => undefined),
      );
  };

  return {
    dryRun(task) {
      const { kind, apiVersion, metadata } = objectOf(task);
      const key = [apiVersion, kind, task.namespace, metadata.name, task.phase].join('\0');
      const pending = tried.get(key) ?? attempt(() => dryRunTask(task, plan, context));
      tried.set(key, pending);
      return pending;
    },

    foresee: (task) =>
      attempt(async () => {
        const target = objectOf(task);
        const crd = bringerOf(task, plan.tasks, settings.namespace)?.target;
        if (crd && crdKind(crd) === kindOf(target)) checkByDefinition(target, crd, isValidated(task, settings));
        return { failed: false, message: '' };
      }),

    tryNow: (task) =>
      attempt(async () => {
        const target = objectOf(task);
        await kinds.get(kindOf(target));
        await tryNew(target, chooseVerb(task, settings), context);
        return { failed: false, message: '' };
      }),

    apply: (task) =>
      attempt(async () => {
        const target = objectOf(task);
        const verb = chooseVerb(task, settings);
        if (verb.verb === 'apply' && task.live && isUnchanged(task)) {
          return { failed: false, message: sayOutcome(target, 'unchanged'), live: task.live };
        }
        await kinds.get(kindOf(target));
        const written = await writeObject(task, verb, context);
        awaitKind(written);
        const outcome = task.live && verb.verb === 'replace' ? 'replaced' : outcomeOf(task.live, written);
        // Argo CD's own words, for what kubectl would not do.
        const message = verb.verb === 'update' ? `${target.kind}/${target.metadata.name ?? ''} updated` : undefined;
        return { failed: false, message: message ?? sayOutcome(target, outcome), live: written };
      }),

    prune: (task) => attempt(async () => withLive('pruned', await pruneObject(objectOf(task), policy, context))),

    removeHookFinalizer: (task) =>
      attempt(async () => {
        const write = (live: KubeObject) => {
          const finalizers = (live.metadata.finalizers ?? []).filter((finalizer) => finalizer !== HOOK_FINALIZER);
          const resourceVersion = live.metadata.resourceVersion ?? '';
          const patch = { metadata: { finalizers: finalizers.length > 0 ? finalizers : null, resourceVersion } };
          return client.patch(refOf(live), patch, { type: 'merge', signal });
        };
        const left = task.live && (await ignoreMissing(writeGuarded(client, task.live, write, signal)));
        // The last finalizer of an object that is being deleted: the answer shows it once more, then it is gone.
        const isGone = left?.metadata.deletionTimestamp && !left.metadata.finalizers?.length;
        return withLive('', isGone ? undefined : left);
      }),

    deleteHook: (task) =>
      attempt(async () => {
        const live = objectOf(task);
        const { uid } = task.live?.metadata ?? {};
        const preconditions = uid ? { preconditions: { uid } } : {};
        return withLive('', await client.remove(refOf(live), { propagationPolicy: policy, ...preconditions, signal }));
      }),

    read: (task) => client.get(refOf(objectOf(task)), { signal }),
  };

  async function attempt(work: () => Promise<ActionResult>): Promise<ActionResult> {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted || !isHawserError(error)) throw error;
      return { failed: true, message: messageOf(error) };
    }
  }
}

function isValidated(task: SyncTask, settings: SyncPlan['settings']): boolean {
  return chooseVerb(task, settings).validate;
}

async function dryRunTask(task: SyncTask, plan: SyncPlan, context: WriteContext): Promise<ActionResult> {
  const { client, signal } = context;
  const { settings } = plan;
  const { target, live, difference } = task;
  if (!target) return { failed: false, message: '' };
  const outcome = live ? (difference && isUnchanged(task) ? 'unchanged' : 'configured') : 'created';
  const passed: ActionResult = { failed: false, message: sayOutcome(target, outcome, true) };
  const verb = chooseVerb(task, settings);
  const { validate } = verb;
  const fieldValidation = validate ? 'Strict' : 'Ignore';
  if ((verb.verb === 'replace' || verb.verb === 'update') && live) {
    if (verb.verb === 'replace' && verb.force) await tryCreate(target, validate, context);
    else await client.replace(withVersionOf(target, live), { dryRun: true, fieldValidation, signal });
    return passed;
  }
  const known = difference?.dryRun;
  if (known?.outcome === 'failed') return { failed: true, message: known.message };
  if (known?.outcome === 'passed') return passed;
  // What is deleted before it is made anew is in its own way while it is there.
  const isDeletedBefore = known?.outcome === 'recreates' || (live && hasDeletePolicy(task, 'BeforeHookCreation'));
  if (isDeletedBefore) {
    await tryCreate(target, validate, context);
    return passed;
  }
  if (verb.verb === 'apply' && !verb.serverSide && live) {
    if (!isUnchanged(task)) await tryPatch(target, live, verb, context);
    return passed;
  }
  const isMadeByNow = target.metadata.namespace === settings.namespace && !settings.dryRun;
  if (known?.outcome === 'deferred' && !isMadeByNow) {
    await tryInStandIn(target, validate, context);
    return passed;
  }
  try {
    await tryNew(target, verb, context);
  } catch (error) {
    const comes = plan.tasks.some((other) => isNamespace(other.target, target.metadata.namespace));
    if (!(comes && isMissingNamespace(error))) throw error;
    await tryInStandIn(target, validate, context);
  }
  return passed;
}

/** What is not there, as far as is known. */
async function tryNew(target: KubeObject, verb: Verb, context: WriteContext): Promise<void> {
  const options = { dryRun: true, fieldValidation: verb.validate ? 'Strict' : 'Ignore' } as const;
  if (verb.verb === 'apply' && !verb.serverSide) await applyClientSide(target, undefined, context, options);
  else await context.client.apply(target, { ...options, signal: context.signal });
}

/** With force, what cannot be patched is made anew. */
async function tryPatch(
  target: KubeObject,
  live: KubeObject,
  { force, validate }: Verb & { readonly verb: 'apply' },
  context: WriteContext,
): Promise<void> {
  try {
    await applyClientSide(target, live, context, { dryRun: true, fieldValidation: validate ? 'Strict' : 'Ignore' });
  } catch (error) {
    if (!force || refusalStatus(error) !== 422) throw error;
  }
}

async function ignoreMissing(writing: Promise<KubeObject | undefined>): Promise<KubeObject | undefined> {
  return writing.catch((error: unknown) => {
    if (isHawserError(error, 'ClusterRefused') && error.data.status === 404) return undefined;
    throw error;
  });
}

function withLive(message: string, live: KubeObject | undefined): ActionResult {
  return { failed: false, message, ...(live ? { live } : {}) };
}
