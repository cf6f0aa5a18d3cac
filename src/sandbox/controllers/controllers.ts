// Runs the controllers: a change in the store queues the objects that it concerns, and the queue is worked off at once.
// Nothing runs while nothing changes.

import type { Cluster } from '../cluster.ts';
import type { Change } from '../storage/store.ts';

/** Looks at a change and does what follows from it. */
export interface Controller {
  readonly name: string;
  /** Names of the objects to look at; the same name is queued once. */
  keysOf(change: Change, cluster: Cluster): readonly string[];
  reconcile(key: string, context: ControllerContext): void;
}

export interface ControllerContext {
  readonly cluster: Cluster;
  /** Looks at an object again after a while, or before, if something else wants that. */
  later(controller: Controller, key: string, ms: number): void;
  readonly readyDelayMs: number;
}

export interface Running {
  settle(): Promise<void>;
  stop(): void;
}

/** A loop of controllers that answer each other without end is a mistake; it is stopped here. */
const MAX_STEPS = 100_000;

/** A timer takes no more; who waits longer is looked at again then. */
export const LONGEST_MS = 2 ** 31 - 1;

export function runControllers(cluster: Cluster, controllers: readonly Controller[], readyDelayMs: number): Running {
  const queue: { controller: Controller; key: string }[] = [];
  const queued = new Set<string>();
  const timers = new Map<string, { timer: ReturnType<typeof setTimeout>; dueMs: number }>();
  const waiting: (() => void)[] = [];
  let scheduled = false;
  let stopped = false;

  const idOf = (controller: Controller, key: string) => `${controller.name} ${key}`;
  const add = (controller: Controller, key: string) => {
    const id = idOf(controller, key);
    if (stopped || queued.has(id)) return;
    queued.add(id);
    queue.push({ controller, key });
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(drain);
  };
  const context: ControllerContext = {
    cluster,
    readyDelayMs,
    later(controller, key, ms) {
      const id = idOf(controller, key);
      const dueMs = cluster.clock.now() + ms;
      const known = timers.get(id);
      if (stopped || (known && known.dueMs <= dueMs)) return;
      clearTimeout(known?.timer);
      const timer = setTimeout(() => {
        timers.delete(id);
        add(controller, key);
        if (queue.length === 0) settled();
      }, ms);
      timers.set(id, { timer, dueMs });
    },
  };
  const settled = () => {
    if (queue.length > 0 || timers.size > 0) return;
    for (const resolve of waiting.splice(0)) resolve();
  };
  function drain(): void {
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const next = queue.shift();
      if (!next) break;
      queued.delete(idOf(next.controller, next.key));
      next.controller.reconcile(next.key, context);
    }
    scheduled = false;
    settled();
  }
  const unsubscribe = cluster.store.subscribe((change) => {
    for (const controller of controllers) for (const key of controller.keysOf(change, cluster)) add(controller, key);
  });
  return {
    settle: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (!scheduled) settled();
      }),
    stop() {
      stopped = true;
      unsubscribe();
      for (const { timer } of timers.values()) clearTimeout(timer);
      timers.clear();
      queue.length = 0;
      settled();
    },
  };
}
