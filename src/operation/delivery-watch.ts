// The record of deliveries as it changes, for whoever listens: one watch for all, and none where nobody does.

import { HawserError } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import { refusalStatus } from '../kube/refusal.ts';
import { createChangeQueue } from './change-queue.ts';
import { fromConfigMap, RECORD_SELECTOR } from './delivery-config-map.ts';
import { shownRecord } from './delivery-outcome.ts';
import type { DeliveryRecord } from './delivery-store.ts';

export interface DeliveryWatchParts {
  readonly home: KubeClient;
  readonly namespace: string;
  /** The process is to end. */
  readonly stopping: AbortSignal;
}

export interface DeliveryWatch {
  /**
   * Each record that is made or written from the moment on at which the promise is kept. Whoever is slow gets the newest state of each, not
   * every state. The changes end by the signal; what ends the watch is thrown there, and whoever listens begins anew, but for `Forbidden`:
   * the cluster does not let hawser watch.
   */
  listen(signal: AbortSignal): Promise<AsyncGenerator<DeliveryRecord, void, undefined>>;
}

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
/** The watch begins anew after this. */
const LONGEST_MS = 24 * 60 * 60_000;

const createQueue = () =>
  createChangeQueue<DeliveryRecord>(
    ({ push }) => push.key,
    (_, after) => after,
  );

export function createDeliveryWatch({ home, namespace, stopping }: DeliveryWatchParts): DeliveryWatch {
  const listeners = new Set<ReturnType<typeof createQueue>>();
  let watching: { readonly ended: AbortController; readonly begun: Promise<void> } | undefined;

  function begin(): { readonly ended: AbortController; readonly begun: Promise<void> } {
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, stopping]);
    const version = versionNow(signal);
    const isOver = () => signal.aborted || watching?.ended !== ended;
    const end = (error?: unknown) => {
      if (watching?.ended !== ended) return;
      watching = undefined;
      for (const listener of listeners) error === undefined ? listener.end() : listener.fail(error);
    };
    const follow = async () => {
      const options = { namespace, labelSelector: RECORD_SELECTOR, timeoutMs: LONGEST_MS, signal };
      for await (const event of home.watch(CONFIG_MAP, { ...options, resourceVersion: await version })) {
        if (isOver()) return;
        if (event.type === 'RELISTED')
          throw new HawserError('Unavailable', 'changes of deliveries may have been missed');
        const kept = event.type === 'DELETED' ? undefined : fromConfigMap(event.object);
        if (kept) for (const listener of listeners) listener.put(shownRecord(kept));
      }
    };
    follow().then(
      () => end(),
      (error: unknown) => end(refusalStatus(error) === 403 ? mayNotWatch(error) : error),
    );
    return { ended, begun: version.then(() => undefined) };
  }

  /** Without the records themselves, which may be many. */
  async function versionNow(signal: AbortSignal): Promise<string> {
    const some = { namespace, labelSelector: RECORD_SELECTOR, metadataOnly: true, limit: 1, pages: 1, signal };
    return (await home.list(CONFIG_MAP, some)).resourceVersion;
  }

  return {
    async listen(signal) {
      const queue = createQueue();
      listeners.add(queue);
      const leave = () => {
        listeners.delete(queue);
        if (listeners.size > 0) return;
        watching?.ended.abort();
        watching = undefined;
      };
      watching ??= begin();
      try {
        await watching.begun;
      } catch (error) {
        leave();
        throw error;
      }
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      return changesOf(queue.values(AbortSignal.any([signal, stopping])), leave);
    },
  };
}

/** Another code than what a cluster refuses for the moment has: nobody has to try this again. */
function mayNotWatch(cause: unknown): HawserError {
  return new HawserError('Forbidden', 'the cluster does not let hawser watch its record of deliveries', {
    hint: 'its role in its own namespace is from an earlier version: install it again',
    cause,
  });
}

async function* changesOf(
  changes: AsyncGenerator<DeliveryRecord, void, undefined>,
  leave: () => void,
): AsyncGenerator<DeliveryRecord, void, undefined> {
  try {
    yield* changes;
  } finally {
    leave();
  }
}
