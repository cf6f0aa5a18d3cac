// Waiting until a deletion can go on: its objects are watched, and the Application itself, on which a person may say something new.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import { refOf } from '../kube/resource.ts';
import type { SyncTask } from '../sync/task.ts';
import { type WaitContext, waitForNews } from '../sync/wait.ts';
import type { DeletionPass, DeletionWait } from './deletion-pass.ts';

/** True when another pass makes sense, false at the bound. */
export async function waitForDeletionNews(pass: DeletionPass, wait: DeletionWait, timeoutMs: number): Promise<boolean> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  const signal = AbortSignal.any([stop.signal, pass.wake, pass.signal]);
  let isChanged = false;
  const watching = watchApplication(pass, timeoutMs, signal).then((changed) => {
    isChanged = changed;
    if (changed) stop.abort();
  });
  try {
    const hasNews = await watchObjects(pass, wait, timeoutMs, signal);
    if (wait.until === 'confirmation') await watching;
    pass.signal.throwIfAborted();
    return hasNews || isChanged || pass.wake.aborted;
  } finally {
    clearTimeout(timer);
    stop.abort();
    await watching;
  }
}

/** True when all that was to go is gone, or when there is news of a hook. */
async function watchObjects(
  pass: DeletionPass,
  { until, objects }: DeletionWait,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (until === 'confirmation') return false;
  const { client, road } = pass;
  const context = { client, healthOf: road.argo.healthOf, timeoutMs, signal };
  if (until === 'health') return (await waitForNews({ until, tasks: objects.map(taskOf) }, context)).length > 0;
  const places = Map.groupBy(objects, ({ apiVersion, kind, metadata }) => {
    return `${apiVersion} ${kind} ${metadata.namespace ?? ''}`;
  });
  const areGone = await Promise.all([...places.values()].map((place) => waitUntilAllGone(place, context)));
  return areGone.every(Boolean);
}

/** Objects of one kind and namespace, by one watch however many they are. */
async function waitUntilAllGone(objects: readonly KubeObject[], context: WaitContext): Promise<boolean> {
  const { client, timeoutMs, signal } = context;
  const [first] = objects;
  const left = new Set(objects.map(({ metadata }) => metadata.uid));
  if (!first) return true;
  const { namespace, name } = refOf(first);
  const place = { ...(namespace && { namespace }), ...(objects.length === 1 && { name }) };
  try {
    for await (const event of client.watch(first, { ...place, timeoutMs, signal })) {
      if (event.type === 'DELETED') left.delete(event.object.metadata.uid);
      if (event.type === 'RELISTED') {
        const there = new Set(event.objects.map(({ metadata }) => metadata.uid));
        for (const uid of left) if (!there.has(uid)) left.delete(uid);
      }
      if (left.size === 0) return true;
    }
    return false;
  } catch (error) {
    if (!isHawserError(error, 'ClusterRefused')) throw error;
    // Who may not watch asks now and then, of one after another.
    return (await waitForNews({ until: 'deletion', tasks: objects.map(taskOf) }, context)).length > 0;
  }
}

function taskOf(live: KubeObject): SyncTask {
  return { phase: 'Sync', wave: 0, live, namespace: live.metadata.namespace ?? '', skipDryRun: false };
}

/** True when somebody changed what counts in a deletion: finalizers or annotations. */
async function watchApplication({ road, app }: DeletionPass, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const { namespace, name, resourceVersion } = app.metadata;
  try {
    const events = road.home.watch(app, {
      namespace,
      name,
      ...(resourceVersion && { resourceVersion }),
      timeoutMs,
      signal,
    });
    for await (const event of events) {
      if (event.type === 'DELETED') return true;
      const [seen] = event.type === 'RELISTED' ? event.objects : [event.object];
      if (!seen || hasNewWord(app, parseApplication(seen))) return true;
    }
  } catch (error) {
    // It only wakes earlier than the next pass would come.
    road.platform.log.warn('an Application that is being deleted cannot be watched', { reason: messageOf(error) });
  }
  return false;
}

function hasNewWord({ metadata: before }: Application, { metadata: after }: Application): boolean {
  return (
    before.uid !== after.uid ||
    !isEqualJson(before.finalizers ?? [], after.finalizers ?? []) ||
    !isEqualJson(before.annotations ?? {}, after.annotations ?? {})
  );
}
