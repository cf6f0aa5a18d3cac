// The tree of an Application as it changes, for whoever looks at it: made anew when the Application or a Pod beside it has changed, once
// for all who look at the same one. Nothing is watched while nobody does.

import type { Application } from '../application/types.ts';
import { delay } from '../base/delay.ts';
import { isEqualJson } from '../base/equal.ts';
import { isHawserError } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ApplicationHub } from './application-hub.ts';
import { type ChangeQueue, createChangeQueue } from './change-queue.ts';
import { keyOfApplication, type Road } from './road.ts';
import { type ApplicationTree, readResourceTree } from './tree/read-tree.ts';
import { readStanding } from './tree/standing.ts';

export interface TreeHub {
  /** The tree as it is now, then whenever it differs. Ends by the signal, and when the Application is gone; throws what cannot be read. */
  listen(app: Application, signal: AbortSignal): AsyncGenerator<ApplicationTree, void, undefined>;
}

/** Changes come in swarms: this long is waited after the first … */
const SHORTEST_PAUSE_MS = 300;
/** … and as many times as long as the last tree took, where no cluster was away. */
const MOST_OF_TIME = 4;
const LONGEST_PAUSE_MS = 5_000;
const LONGEST_MS = 24 * 60 * 60_000;

interface Show {
  readonly queues: Set<ChangeQueue<ApplicationTree>>;
  readonly ended: AbortController;
  newest?: ApplicationTree;
}

export function createTreeHub(road: Road, applications: ApplicationHub): TreeHub {
  const shows = new Map<string, Show>();

  function begin(key: string, app: Application): Show {
    const show: Show = { queues: new Set(), ended: new AbortController() };
    const signal = AbortSignal.any([show.ended.signal, road.stopping]);
    // Whoever comes after its end begins another one.
    const forget = () => {
      if (shows.get(key) === show) shows.delete(key);
    };
    void showTree(road, applications, app, signal, (tree) => {
      show.newest = tree;
      for (const queue of show.queues) queue.put(tree);
    })
      .finally(forget)
      .then(
        () => {
          for (const queue of show.queues) queue.end();
        },
        (error: unknown) => {
          for (const queue of show.queues) queue.fail(error);
        },
      );
    return show;
  }

  return {
    async *listen(app, signal) {
      if (signal.aborted) return;
      const key = keyOfApplication(app);
      const show = shows.get(key) ?? begin(key, app);
      shows.set(key, show);
      const queue = createChangeQueue<ApplicationTree>(
        () => key,
        (_, newer) => newer,
      );
      show.queues.add(queue);
      if (show.newest) queue.put(show.newest);
      try {
        yield* queue.values(signal);
      } finally {
        show.queues.delete(queue);
        if (show.queues.size === 0) {
          show.ended.abort();
          if (shows.get(key) === show) shows.delete(key);
        }
      }
    },
  };
}

/** Until the Application is gone, or the signal. */
async function showTree(
  road: Road,
  applications: ApplicationHub,
  app: Application,
  signal: AbortSignal,
  show: (tree: ApplicationTree) => void,
): Promise<void> {
  const own = new AbortController();
  const ended = AbortSignal.any([signal, own.signal]);
  const changes = createChangeQueue<'application' | 'pod'>(
    (what) => what,
    (_, newer) => newer,
  );
  let current: Application | undefined = app;
  const isWanted = ({ metadata }: Application) => keyOfApplication({ metadata }) === keyOfApplication(app);
  const following = (async () => {
    for await (const { type, application } of applications.listen({ isWanted }, ended)) {
      current = type === 'DELETED' ? undefined : application;
      changes.put('application');
    }
  })().then(changes.end, changes.fail);
  const pods = createPodWatches(changes);
  try {
    let shown: ApplicationTree | undefined;
    for await (const _ of changes.values(ended)) {
      if (!current) return;
      const begunMs = performance.now();
      const standing = await readStanding(road, current);
      const tree = await readResourceTree(road, standing, ended);
      const tookMs = performance.now() - begunMs;
      if (!shown || !isEqualJson(shown, tree)) show(tree);
      shown = tree;
      pods.follow(standing.client, namespacesOf(tree), ended);
      await delay(Math.min(Math.max(SHORTEST_PAUSE_MS, MOST_OF_TIME * tookMs), LONGEST_PAUSE_MS), ended);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    own.abort();
    await following;
  }
}

function namespacesOf({ nodes }: ApplicationTree): readonly string[] {
  return [...new Set(nodes.flatMap(({ uid, namespace }) => (uid && namespace ? [namespace] : [])))].sort();
}

/** One watch a namespace; only that something changed counts. */
function createPodWatches(changes: ChangeQueue<'application' | 'pod'>) {
  const watched = new Set<string>();
  const watch = async (client: KubeClient, namespace: string, signal: AbortSignal) => {
    try {
      const options = { namespace, timeoutMs: LONGEST_MS, signal };
      for await (const event of client.watch({ apiVersion: 'v1', kind: 'Pod' }, options)) {
        // The tree has been read a moment before the first list.
        if (event.type !== 'RELISTED' || watched.has(namespace)) changes.put('pod');
        watched.add(namespace);
      }
    } catch (error) {
      // Without the right to watch Pods, changes of the Application are what is left.
      if (!signal.aborted && !isHawserError(error, 'ClusterRefused')) changes.fail(error);
    }
  };
  const begun = new Set<string>();
  return {
    follow: (client: KubeClient, namespaces: readonly string[], signal: AbortSignal) => {
      for (const namespace of namespaces) {
        if (begun.has(namespace)) continue;
        begun.add(namespace);
        void watch(client, namespace, signal);
      }
    },
  };
}
