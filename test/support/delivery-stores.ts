// Stores of deliveries for tests: each as a process of its own would have it.

import type { KubeClient } from '../../src/kube/client.ts';
import { createDeliveryStore } from '../../src/operation/delivery-objects.ts';
import type { DeliveryStore } from '../../src/operation/delivery-store.ts';
import { type Push, pushKey, type Verdict } from '../../src/operation/push.ts';
import type { Clock, Journal } from '../../src/platform.ts';

export interface StoreParts {
  readonly home: KubeClient;
  readonly namespace: string;
  readonly identity: string;
  readonly journal?: Journal;
  readonly clock?: Clock;
}

export interface StoreOnGround {
  readonly store: DeliveryStore;
  /** Lines of its log. */
  readonly lines: string[];
  /** Ends its pauses, and waits for what goes on in the background. */
  stop(): Promise<void>;
  /** What goes on in the background by now. */
  settled(): Promise<void>;
}

export function createStore({
  home,
  namespace,
  identity,
  journal = memoryJournal(),
  clock,
}: StoreParts): StoreOnGround {
  const stopping = new AbortController();
  const works: Promise<unknown>[] = [];
  const lines: string[] = [];
  const tell = (message: string, fields?: object) => lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const store = createDeliveryStore({
    home,
    namespace,
    identity,
    journal,
    clock: clock ?? { now: () => Date.now() },
    log: { info: tell, warn: tell, error: tell },
    background: (work) => {
      works.push(work.catch((error: unknown) => tell(`background: ${error}`)));
    },
    stopping: stopping.signal,
  });
  const settled = async () => {
    await Promise.all(works);
  };
  return {
    store,
    lines,
    settled,
    stop: async () => {
      stopping.abort();
      await settled();
    },
  };
}

export function memoryJournal(): Journal & { readonly records: Map<string, string> } {
  const records = new Map<string, string>();
  return {
    records,
    put: async (id, record) => {
      records.delete(id);
      records.set(id, record);
    },
    remove: async (id) => {
      records.delete(id);
    },
    list: async () => [...records].map(([id, record]) => ({ id, record })),
  };
}

export async function pushOf(deliveryId: string, more: Partial<Push> = {}): Promise<Push> {
  const ref = 'refs/heads/main';
  return {
    kind: 'git',
    key: await pushKey('gitea', 'http://git.test/team/charts', deliveryId, ref),
    deliveryId,
    provider: 'gitea',
    webUrls: ['http://git.test/team/charts'],
    otherUrls: ['http://git.test/team/charts.git'],
    ref,
    ...more,
  };
}

export function verdictsOf(count: number, verdict: Partial<Verdict> = {}): readonly Verdict[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `app-${index}`,
    verdict: 'sync' as const,
    reason: 'values.yaml changed',
    paths: ['chart/values.yaml'],
    operationUrl: `/applications/app-${index}`,
    ...verdict,
  }));
}
