// The secrets by which webhooks are checked: a memo, so that no delivery is lost while the cluster is away, and none costs a read of its
// own under load. One read serves all that wait for it.

import { deadlineAfter } from '../base/deadline.ts';
import { delay } from '../base/delay.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import type { Clock, Log } from '../platform.ts';
import type { WebhookSettings } from './hawser.ts';

/** As old as what is known may be without another look. */
const MEMO_MS = 1_000;
/** A cluster that does not answer within this is away, as far as a delivery is concerned. */
const PATIENCE_MS = 300;
/** Nothing was ever known: the delivery cannot be checked at all, so that it is waited a little longer. */
const FIRST_PATIENCE_MS = 800;
/** Between two reads for signatures that do not match: whoever sends such must not make hawser ask without end. */
const FRESH_PAUSE_MS = 1_000;
/** Deliveries that wait for such a read at a time. */
const MOST_WAITING = 100;

export interface WebhookSecretsMemo {
  /** Throws `Unavailable` where nothing is known and the cluster does not answer. */
  now(): Promise<WebhookSettings>;
  /** As they are after this call, for a signature that does not match; undefined where that cannot be told. Never rejects. */
  fresh(): Promise<WebhookSettings | undefined>;
  /** What is known may be old: somebody is about to write it. */
  drop(): void;
}

export interface WebhookSecretsParts {
  /** `cached`: as the API server's cache has it. */
  read(freshness: 'cached' | 'consistent'): Promise<WebhookSettings>;
  readonly clock: Clock;
  readonly log: Log;
}

export function createWebhookSecrets({ read, clock, log }: WebhookSecretsParts): WebhookSecretsMemo {
  let known: { readonly settings: WebhookSettings; readonly readAtMs: number } | undefined;
  let reading: Promise<WebhookSettings> | undefined;
  let next: Promise<WebhookSettings | undefined> | undefined;
  let waiting = 0;
  let freshAtMs = Number.NEGATIVE_INFINITY;

  function begin(freshness: 'cached' | 'consistent'): Promise<WebhookSettings> {
    const readAtMs = clock.now();
    const begun = read(freshness).then((settings) => {
      if (!known || known.readAtMs <= readAtMs) known = { settings, readAtMs };
      return settings;
    });
    begun.catch(() => undefined); // Whoever waits is told; nobody may.
    return begun;
  }

  /** The memo does not bring back what a clock that was set back would call new. */
  function isRecent({ readAtMs }: { readonly readAtMs: number }): boolean {
    const age = clock.now() - readAtMs;
    return age >= 0 && age < MEMO_MS;
  }

  async function readSoon(): Promise<WebhookSettings | undefined> {
    await pauseFor(Math.min(freshAtMs + FRESH_PAUSE_MS - clock.now(), FRESH_PAUSE_MS));
    next = undefined;
    freshAtMs = clock.now();
    return within(FIRST_PATIENCE_MS, begin('consistent'));
  }

  return {
    now: async () => {
      if (known && isRecent(known)) return known.settings;
      reading ??= begin('cached').finally(() => {
        reading = undefined;
      });
      const inFlight = reading;
      const found = await within(known ? PATIENCE_MS : FIRST_PATIENCE_MS, inFlight).catch((error: unknown) => {
        if (!known) {
          log.warn('a webhook could not be checked', { reason: messageOf(error) });
          throw unavailable('the cluster does not answer as it should; the log of hawser says more', error);
        }
        log.warn('the webhook secrets could not be read; those read last count', { reason: messageOf(error) });
        return undefined;
      });
      if (found) return found;
      if (!known) throw unavailable('the cluster does not answer');
      return known.settings;
    },
    fresh: async () => {
      if (waiting >= MOST_WAITING) return undefined;
      waiting++;
      try {
        next ??= readSoon();
        return await next;
      } catch (error) {
        log.warn('the webhook secrets could not be read anew', { reason: messageOf(error) });
        return undefined;
      } finally {
        waiting--;
      }
    },
    drop: () => {
      if (known) known = { ...known, readAtMs: Number.NEGATIVE_INFINITY };
    },
  };
}

/** Whoever is told has proved nothing yet: addresses and names of the cluster are not for them. */
function unavailable(reason: string, cause?: unknown): HawserError {
  return new HawserError('Unavailable', `the webhook's secret cannot be read now: ${reason}`, {
    hint: 'let the Git server deliver it again; what was pushed is also found by the next push, and at the next start',
    cause,
  });
}

/** undefined when it takes longer; the work goes on. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const bound = deadlineAfter(ms);
  try {
    return await Promise.race([work, bound.passed]);
  } finally {
    bound.end();
  }
}

async function pauseFor(ms: number): Promise<void> {
  if (ms > 0) await delay(ms);
}
