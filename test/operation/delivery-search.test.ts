// Finding deliveries while the cluster hangs: somebody waits for the answer.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryCluster } from '../../src/operation/delivery-cluster.ts';
import { findDeliveries, listDeliveries } from '../../src/operation/delivery-search.ts';
import type { Entry } from '../../src/operation/delivery-writer.ts';
import { pushOf } from '../support/delivery-stores.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function forever(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

const notAsked = () => Promise.reject(new Error('not asked for'));

const hanging: DeliveryCluster = {
  create: notAsked,
  write: notAsked,
  read: notAsked,
  list: (_, signal) => forever(signal),
  keys: forever,
  isAway: () => false,
};

async function entriesOf(...ids: string[]): Promise<Map<string, Entry>> {
  const pushes = await Promise.all(ids.map((id) => pushOf(id)));
  return new Map(
    pushes.map((push) => {
      const facts = { receivedAt: '2026-03-01T12:00:00Z', state: 'open', holder: 'one' } as const;
      const record = { push, ...facts, notes: [], applications: [], counts: {} };
      return [push.key, { kept: { record, opening: 'x', batch: 'x-0' }, isInWork: true, writing: Promise.resolve() }];
    }),
  );
}

describe('while the cluster hangs', () => {
  it('what this process knows is listed and found all the same', async () => {
    const atHand = await entriesOf('a', 'b');
    const answers = Promise.all([listDeliveries(hanging, atHand, 10, {}), findDeliveries(hanging, atHand, 'b')]);
    await vi.runAllTimersAsync();
    const [listed, found] = await answers;
    expect(listed.map(({ push }) => push.deliveryId).sort()).toEqual(['a', 'b']);
    expect(found).toMatchObject([{ push: { deliveryId: 'b' }, state: 'open' }]);
  });

  it('a process that knows nothing says so instead of waiting', async () => {
    const failure = expect(listDeliveries(hanging, new Map(), 10, {})).rejects.toThrow(
      'the deliveries cannot be listed: the cluster did not answer within 5 s',
    );
    await vi.runAllTimersAsync();
    await failure;
  });
});
