// Waiting until a deletion can go on: its objects are watched, and the Application itself, on which a person may say something new.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { messageOf } from '../base/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import type { SyncTask } from '../sync/task.ts';
import { waitForNews } from '../sync/wait.ts';
import type { DeletionPass, DeletionWait } from './deletion-pass.ts';

/** True when another pass makes sense, false at the bound. */
export async function waitForDeletionNews(pass: DeletionPass, wait: DeletionWait, timeoutMs: number): Promise<boolean> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  const signal = AbortSignal.any([stop.signal, pass.signal]);
  let isChanged = false;
  const watching = watchApplication(pass, timeoutMs, signal).then((changed) => {
    isChanged = changed;
    if (changed) stop.abort();
  });
  try {
    const hasNews = await watchObjects(pass, wait, timeoutMs, signal);
    if (wait.until === 'confirmation') await watching;
    pass.signal.throwIfAborted();
    return hasNews || isChanged;
  } finally {
    clearTimeout(timer);
    stop.abort();
    await watching;
  }
}

/** Hooks are judged one by one; of objects that leave, all are waited for. */
async function watchObjects(
  { client, road }: DeletionPass,
  { until, objects }: DeletionWait,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (until === 'confirmation') return false;
  let tasks = objects.map(taskOf);
  let hasNews = false;
  while (tasks.length > 0 && !signal.aborted) {
    const news = await waitForNews({ until, tasks }, { client, healthOf: road.argo.healthOf, timeoutMs, signal });
    if (news.length === 0) break;
    hasNews = true;
    if (until === 'health') break;
    tasks = tasks.filter((task) => !news.some((one) => one.task === task));
  }
  return hasNews;
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
