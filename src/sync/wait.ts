// Waiting for hooks and health: one bounded watch a kind and namespace, until something is new.

import type { HealthStatus } from '../application/types.ts';
import { delay } from '../base/delay.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { refOf } from '../kube/resource.ts';
import type { WatchEvent } from '../kube/watch.ts';
import type { Waiting } from './step.ts';
import { objectOf, type SyncTask } from './task.ts';

/** After the first news others are let in for this long, by how many are awaited: one step for all of them. */
const GATHER = [
  { from: 100, ms: 1_000 },
  { from: 4, ms: 100 },
] as const;

const READ_AGAIN_MS = 2_000;

export interface WaitContext {
  readonly client: KubeClient;
  readonly healthOf: (object: KubeObject) => HealthStatus | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What is live now of an awaited task; undefined when it is gone. */
export interface News {
  readonly task: SyncTask;
  readonly live: KubeObject | undefined;
}

/** Empty when the bound was reached without any. */
export async function waitForNews(waiting: Waiting, context: WaitContext): Promise<readonly News[]> {
  if (waiting.until === 'confirmation') return [];
  const news = new Map<SyncTask, KubeObject | undefined>();
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, context.signal]);
  const gather = GATHER.find(({ from }) => waiting.tasks.length >= from)?.ms ?? 0;
  let ending: Promise<void> | undefined;

  const see = (task: SyncTask, live: KubeObject | undefined) => {
    if (!isNews(task, live, waiting, context)) return;
    news.set(task, live);
    ending ??= (gather > 0 ? delay(gather) : Promise.resolve()).then(() => stop.abort());
  };
  const failures: unknown[] = [];
  await Promise.all(
    groupByPlace(waiting.tasks).map(async (tasks) => {
      try {
        for await (const event of seeTasks(tasks, { ...context, signal })) report(event, tasks, see);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }),
  );
  await ending;
  if (news.size === 0 && failures.length > 0) throw failures[0];
  return [...news].map(([task, live]) => ({ task, live }));
}

function report(
  event: WatchEvent,
  tasks: readonly SyncTask[],
  see: (task: SyncTask, live: KubeObject | undefined) => void,
): void {
  for (const task of tasks) {
    const { name } = objectOf(task).metadata;
    if (event.type === 'RELISTED')
      see(
        task,
        event.objects.find((object) => object.metadata.name === name),
      );
    else if (event.object.metadata.name === name) see(task, event.type === 'DELETED' ? undefined : event.object);
  }
}

/** Who may read but not watch is asked now and then: it is that, or never to know. */
async function* seeTasks(
  tasks: readonly SyncTask[],
  context: WaitContext,
): AsyncGenerator<WatchEvent, void, undefined> {
  try {
    yield* watchTasks(tasks, context);
    return;
  } catch (error) {
    if (!isHawserError(error, 'ClusterRefused')) throw error;
  }
  const { client, signal } = context;
  while (!signal.aborted) {
    const read = tasks.map((task) => client.get(refOf(objectOf(task)), { signal }));
    try {
      const objects = (await Promise.all(read)).filter((object) => object !== undefined);
      yield { type: 'RELISTED', objects };
      await delay(READ_AGAIN_MS, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** All tasks of a group are of one kind and namespace. */
function watchTasks(tasks: readonly SyncTask[], context: WaitContext) {
  const [first] = tasks;
  if (!first) throw new TypeError('there is nothing to watch');
  const { client, timeoutMs, signal } = context;
  const { namespace, name } = refOf(objectOf(first));
  return client.watch(objectOf(first), {
    ...(namespace ? { namespace } : {}),
    ...(tasks.length === 1 ? { name } : {}),
    timeoutMs,
    signal,
  });
}

/** A deletion is news when it is done; anything else when it changes what is thought of the object's health. */
function isNews(task: SyncTask, live: KubeObject | undefined, waiting: Waiting, { healthOf }: WaitContext): boolean {
  if (!live) return true;
  if (waiting.until === 'deletion') return live.metadata.uid !== task.live?.metadata.uid;
  if (!task.live) return true;
  return !isEqualJson(healthOf(live), healthOf(task.live));
}

function groupByPlace(tasks: readonly SyncTask[]): readonly (readonly SyncTask[])[] {
  const groups = new Map<string, SyncTask[]>();
  for (const task of tasks) {
    const { apiVersion, kind, namespace = '' } = refOf(objectOf(task));
    const place = `${apiVersion} ${kind} ${namespace}`;
    groups.set(place, [...(groups.get(place) ?? []), task]);
  }
  return [...groups.values()];
}
