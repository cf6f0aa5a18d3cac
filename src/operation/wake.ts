// Waking up by a request from outside (hawser wake, of the CronJob of alarm-job.ts): everything is looked at as at a start.

import { delay } from '../base/delay.ts';

export interface Waking {
  /** One look at a time serves all that ask for one. */
  resume(): Promise<void>;
  /** Looks at everything and waits, within bounds, until all is done: while a request waits, nobody puts the process to sleep. */
  wake(limitMs?: number): Promise<{ readonly isIdle: boolean }>;
  /** Until nothing is done any more; a look that goes on is work as well. */
  idle(): Promise<void>;
}

/** Less than proxies let a request wait. */
const LIMIT_MS = 25_000;

export function createWaking(resume: () => Promise<void>, idle: () => Promise<void>): Waking {
  let resuming: Promise<void> | undefined;
  const once = () => {
    resuming ??= resume().finally(() => {
      resuming = undefined;
    });
    return resuming;
  };
  const untilIdle = async () => {
    // Whoever has begun the look is told of its failure.
    await resuming?.catch(() => undefined);
    await idle();
  };
  return {
    resume: once,
    idle: untilIdle,
    wake: async (limitMs = LIMIT_MS) => {
      const ended = new AbortController();
      const work = once().then(idle);
      try {
        const isIdle = await Promise.race([work.then(() => true), delay(limitMs, ended.signal).then(() => false)]);
        return { isIdle };
      } finally {
        ended.abort();
        work.catch(() => undefined);
      }
    },
  };
}
