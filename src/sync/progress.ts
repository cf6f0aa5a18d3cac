// How far a plan has come: the state of each task, from and to the results that are kept with the Application.

import type { OperationPhase, ResourceResult, ResultCode } from '../application/types.ts';
import { groupOf, type KubeObject, versionOf } from '../kube/object.ts';
import { resourceImages } from './images.ts';
import type { SyncPlan } from './plan.ts';
import { hasDeletePolicy, isHookTask, objectKey, objectOf, type SyncTask, taskWithLive } from './task.ts';

/** A task within one step. `phase` is missing until it has been run. */
export interface TaskState {
  readonly task: SyncTask;
  /** Set by `see`. */
  live: KubeObject | undefined;
  status: ResultCode | undefined;
  phase: OperationPhase | undefined;
  message: string;
}

export interface Progress {
  readonly states: readonly TaskState[];
  /** Something has a result already: the dry run of everything is behind. */
  hasStarted(): boolean;
  /** An empty message keeps the last one. */
  record(state: TaskState, status: ResultCode | undefined, phase: OperationPhase | undefined, message: string): void;
  /** What is live now, for all tasks of the same object: a hook of two phases has two. */
  see(state: TaskState, live: KubeObject | undefined): void;
  /** In the order in which the tasks were first recorded. */
  results(): readonly ResourceResult[];
  /** The plan with what is live now, without prunes whose objects are gone. */
  plan(): SyncPlan;
}

export function createProgress(plan: SyncPlan, recorded: readonly ResourceResult[]): Progress {
  const results = new Map(recorded.map((result) => [resultKey(result), result]));
  const states = plan.tasks.map((task): TaskState => {
    const result = results.get(resultKey(emptyResult(task)));
    const { live, failure } = task;
    if (!result && failure !== undefined) return { task, live, status: 'SyncFailed', phase: 'Error', message: failure };
    return { task, live, status: result?.status, phase: result?.hookPhase, message: result?.message ?? '' };
  });
  const byObject = Map.groupBy(states, ({ task }) => objectKey(task));
  return {
    states,
    hasStarted: () => results.size > 0,
    record(state, status, phase, message) {
      state.status = status;
      state.phase = phase;
      if (message !== '') state.message = message;
      const first = emptyResult(state.task);
      const key = resultKey(first);
      results.set(key, {
        ...(results.get(key) ?? first),
        ...(status ? { status } : {}),
        ...(phase ? { hookPhase: phase } : {}),
        message: state.message,
      });
    },
    see(state, live) {
      for (const other of byObject.get(objectKey(state.task)) ?? []) other.live = live;
    },
    results: () => [...results.values()],
    plan: () => ({ ...plan, tasks: states.flatMap(({ task, live }) => taskWithLive(task, live) ?? []) }),
  };
}

export function isPending({ phase }: TaskState): boolean {
  return phase === undefined;
}

export function isRunning({ phase }: TaskState): boolean {
  return phase === 'Running';
}

export function isCompleted({ phase }: TaskState): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Error';
}

/** A hook of an earlier sync that has to go before this one can be created. */
export function isDeletedFirst(state: TaskState): boolean {
  return state.live !== undefined && isPending(state) && hasDeletePolicy(state.task, 'BeforeHookCreation');
}

/** One state an object: what is done to the object has to be done once. */
export function onePerObject(states: readonly TaskState[]): readonly TaskState[] {
  return [...Map.groupBy(states, ({ task }) => objectKey(task)).values()].flatMap(([first]) => first ?? []);
}

function emptyResult(task: SyncTask): ResourceResult {
  const object = objectOf(task);
  const images = resourceImages(object);
  return {
    group: groupOf(object.apiVersion),
    version: versionOf(object.apiVersion),
    kind: object.kind,
    // An object to be pruned is named as it is in the cluster.
    namespace: task.namespace,
    name: object.metadata.name ?? '',
    ...(isHookTask(task) ? { hookType: task.phase } : {}),
    syncPhase: task.phase,
    ...(images.length > 0 ? { images } : {}),
  };
}

function resultKey({ group, kind, namespace, name, syncPhase }: ResourceResult): string {
  return [group, kind, namespace, name, syncPhase].join('\0');
}
