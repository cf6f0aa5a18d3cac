import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HawserError, isHawserError } from '../../src/base/errors.ts';
import type { WebhookSettings } from '../../src/operation/hawser.ts';
import { createWebhookSecrets } from '../../src/operation/webhook-secrets.ts';

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const settings = (secret: string): WebhookSettings => ({
  secrets: { 'webhook.gogs.secret': secret },
  repositorySecrets: [],
  maxBytes: 1,
});

/** A cluster that says what it is told to say; `hangs` and `away` are what may be wrong with it. */
function createCluster() {
  const cluster = {
    secret: 'one',
    state: 'there' as 'there' | 'hangs' | 'away',
    reads: [] as string[],
    read: async (freshness: string): Promise<WebhookSettings> => {
      cluster.reads.push(freshness);
      if (cluster.state === 'away') throw new HawserError('Unavailable', 'connection refused');
      if (cluster.state === 'hangs') return new Promise(() => undefined);
      return settings(cluster.secret);
    },
  };
  const memo = createWebhookSecrets({ read: cluster.read, clock: { now: () => Date.now() }, log: QUIET });
  return { cluster, memo };
}

const secretOf = (found: WebhookSettings | undefined) => found?.secrets['webhook.gogs.secret'];

async function outcomeOf(work: Promise<WebhookSettings>): Promise<string | undefined> {
  try {
    return secretOf(await work);
  } catch (error) {
    if (isHawserError(error)) return error.message.includes('refused') ? error.message : error.code;
    throw error;
  }
}

describe('the secrets of webhooks', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are read once for all deliveries that come at a time, and once a second', async () => {
    const { cluster, memo } = createCluster();
    await Promise.all(Array.from({ length: 100 }, () => memo.now()));
    await memo.now();
    expect(cluster.reads).toEqual(['cached']);
    await vi.advanceTimersByTimeAsync(1_001);
    cluster.secret = 'two';
    expect(secretOf(await memo.now())).toBe('two');
    expect(cluster.reads).toEqual(['cached', 'cached']);
  });

  it.each(['hangs', 'away'] as const)('are those known last while the cluster %s', async (state) => {
    const { cluster, memo } = createCluster();
    await memo.now();
    cluster.state = state;
    await vi.advanceTimersByTimeAsync(60_000);
    const found = outcomeOf(memo.now());
    await vi.advanceTimersByTimeAsync(300);
    expect(await found).toBe('one');
  });

  it.each(['hangs', 'away'] as const)('that were never known while the cluster %s cannot be had', async (state) => {
    const { cluster, memo } = createCluster();
    cluster.state = state;
    const found = outcomeOf(memo.now());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await found).toBe('Unavailable');
    cluster.state = 'there';
  });

  it('are read anew for a signature that does not match, at most once a second, and for all that wait', async () => {
    const { cluster, memo } = createCluster();
    await memo.now();
    cluster.secret = 'two';
    expect(await Promise.all(Array.from({ length: 50 }, async () => secretOf(await memo.fresh())))).toEqual(
      Array.from({ length: 50 }, () => 'two'),
    );
    expect(cluster.reads).toEqual(['cached', 'consistent']);
    cluster.secret = 'three';
    const later = memo.fresh();
    await vi.advanceTimersByTimeAsync(900);
    expect(cluster.reads).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(secretOf(await later)).toBe('three');
    expect(secretOf(await memo.now())).toBe('three');
    expect(cluster.reads).toEqual(['cached', 'consistent', 'consistent']);
  });

  it('that cannot be read anew let the signature be refused', async () => {
    const { cluster, memo } = createCluster();
    await memo.now();
    cluster.state = 'away';
    expect(await memo.fresh()).toBeUndefined();
  });
});
