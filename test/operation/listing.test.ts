import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Application } from '../../src/application/types.ts';
import { createListing } from '../../src/operation/listing.ts';

/** A cluster whose list takes 20 ms; what it gives tells which list it was. */
function createCluster() {
  const cluster = {
    lists: 0,
    isAway: false,
    takesMs: 20,
    read: async (): Promise<readonly Application[]> => {
      cluster.lists++;
      const name = `list-${cluster.lists}`;
      await new Promise((resolve) => setTimeout(resolve, cluster.takesMs));
      if (cluster.isAway) throw new Error('away');
      return [{ metadata: { name, namespace: 'argocd' }, spec: {}, status: {} } as Application];
    },
  };
  return { cluster, listing: createListing(cluster.read) };
}

const nameOf = async (listed: Promise<readonly Application[]>) => (await listed)[0]?.metadata.name;

describe('the list of Applications', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('that is under way is not what a later push gets, and the next one serves all that wait', async () => {
    const { cluster, listing } = createCluster();
    const first = nameOf(listing.now());
    await vi.advanceTimersByTimeAsync(10);
    const later = [nameOf(listing.now()), nameOf(listing.now())];
    await vi.advanceTimersByTimeAsync(50);
    const latest = nameOf(listing.now());
    await vi.advanceTimersByTimeAsync(200);
    expect([await first, ...(await Promise.all(later)), await latest]).toEqual([
      'list-1',
      'list-2',
      'list-2',
      'list-2',
    ]);
    expect(cluster.lists).toBe(2);
  });

  it('is read at once where nobody has asked for a while', async () => {
    const { cluster, listing } = createCluster();
    for (const expected of ['list-1', 'list-2']) {
      const listed = nameOf(listing.now());
      await vi.advanceTimersByTimeAsync(20);
      expect(await listed).toBe(expected);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(cluster.lists).toBe(2);
  });

  it('that took long because the cluster was away does not keep the next one waiting for a multiple of that', async () => {
    const { cluster, listing } = createCluster();
    cluster.takesMs = 8_000;
    const first = nameOf(listing.now());
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await first).toBe('list-1');
    cluster.takesMs = 20;
    const second = nameOf(listing.now());
    await vi.advanceTimersByTimeAsync(900);
    expect(cluster.lists).toBe(1);
    await vi.advanceTimersByTimeAsync(150);
    expect(await second).toBe('list-2');
  });

  it('that fails is the concern of those who waited for it, and of nobody later', async () => {
    const { cluster, listing } = createCluster();
    cluster.isAway = true;
    const first = listing.now().catch((error: unknown) => String(error));
    await vi.advanceTimersByTimeAsync(10);
    const second = listing.now();
    await vi.advanceTimersByTimeAsync(15);
    cluster.isAway = false;
    await vi.advanceTimersByTimeAsync(200);
    expect(await first).toBe('Error: away');
    expect(await nameOf(second)).toBe('list-2');
  });
});
