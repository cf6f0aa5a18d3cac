// While somebody waits for a Lease, one watch follows all of them, for everybody who waits; it ends with the last one.

import type { Elapsed } from '../base/elapsed-time.ts';
import { messageOf } from '../base/errors.ts';
import type { Lease, LeaseChange } from './lease.ts';

/** What is there, and since when it was seen as it is: on this process' clock alone. */
export interface Seen {
  readonly lease: Lease | undefined;
  readonly sinceMs: number;
}

export interface LeaseView {
  see(name: string): Seen;
  /** Resolves at the next change, or after the time. Rejects when the watch has failed, or with the signal's reason. */
  change(withinMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface LeaseWatch {
  /** Resolves when all Leases are known. */
  open(signal: AbortSignal): Promise<LeaseView>;
}

interface Run {
  readonly controller: AbortController;
  readonly seen: Map<string, Seen>;
  /** When the watch began: what is not there is known to be missing since then at most. */
  startedMs: number;
  isKnown: boolean;
  failure?: { readonly error: unknown };
  viewers: number;
  news: PromiseWithResolvers<void>;
}

/** `elapsed` must not leap: what is seen for long enough is taken for dead. */
export function createLeaseWatch(
  follow: (signal: AbortSignal) => AsyncGenerator<LeaseChange, void, undefined>,
  elapsed: Elapsed,
  onFailure: (reason: string) => void,
): LeaseWatch {
  let current: Run | undefined;

  function start(): Run {
    const run: Run = {
      controller: new AbortController(),
      seen: new Map(),
      startedMs: elapsed(),
      isKnown: false,
      viewers: 0,
      news: Promise.withResolvers(),
    };
    void keepUp(run);
    return run;
  }

  async function keepUp(run: Run): Promise<void> {
    try {
      for await (const change of follow(run.controller.signal)) {
        take(run, change);
        tell(run);
      }
    } catch (error) {
      run.failure = { error };
      if (!run.controller.signal.aborted) onFailure(messageOf(error));
    } finally {
      if (current === run) current = undefined;
      tell(run);
    }
  }

  function take(run: Run, change: LeaseChange): void {
    const sinceMs = elapsed();
    if (change.isAll) {
      const before = new Map(run.seen);
      run.seen.clear();
      for (const lease of change.leases) {
        const same = before.get(lease.name);
        run.seen.set(lease.name, same?.lease?.resourceVersion === lease.resourceVersion ? same : { lease, sinceMs });
        before.delete(lease.name);
      }
      for (const [name, { lease, sinceMs: goneMs }] of before) {
        run.seen.set(name, { lease: undefined, sinceMs: lease ? sinceMs : goneMs });
      }
      run.isKnown = true;
    } else {
      run.seen.set(change.lease.name, { lease: change.isGone ? undefined : change.lease, sinceMs });
    }
  }

  function tell(run: Run): void {
    const { resolve } = run.news;
    run.news = Promise.withResolvers();
    resolve();
  }

  return {
    open: async (signal) => {
      current ??= start();
      const run = current;
      run.viewers++;
      let isClosed = false;
      const close = () => {
        if (isClosed) return;
        isClosed = true;
        run.viewers--;
        if (run.viewers > 0) return;
        if (current === run) current = undefined;
        run.controller.abort();
      };
      const view: LeaseView = {
        see: (name) => run.seen.get(name) ?? { lease: undefined, sinceMs: run.startedMs },
        change: async (withinMs, until) => {
          throwFailure(run);
          await soonest(run.news.promise, withinMs, until);
          throwFailure(run);
        },
        close,
      };
      try {
        while (!run.isKnown) await view.change(60_000, signal);
      } catch (error) {
        close();
        throw error;
      }
      return view;
    },
  };
}

function throwFailure({ failure }: Run): void {
  if (failure) throw failure.error;
}

/** Resolves with the promise or after the time. Rejects with the signal's reason. */
function soonest(promise: Promise<void>, withinMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const abort = () => {
      end();
      reject(signal.reason);
    };
    const done = () => {
      end();
      resolve();
    };
    const timer = setTimeout(done, withinMs);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(done, done);
  });
}
