// The Lease of this process: while it works, others can tell that it lives. It is renewed as long as there is work, and removed at the
// first renewal that finds none, so that an idle process asks for nothing.

import { delay } from '../base/delay.ts';
import type { Elapsed } from '../base/elapsed-time.ts';
import { HawserError, messageOf } from '../base/errors.ts';
import type { Log } from '../platform.ts';
import { isLost, type Lease, type Leases, nameOfReplica } from './lease.ts';
import type { LeaseTimes } from './lease-times.ts';

/** A time in which this process is known to live. What it writes for others to rely on, it writes in one and the same. */
export interface Term {
  /** Names this term in Leases. */
  readonly life: string;
  /** Aborted when it has ended before its work. */
  readonly signal: AbortSignal;
  /** Throws `Conflict` when others may take this process for dead; looks at the time, and waits for no timer. */
  assertLives(): void;
}

export interface ReplicaLease {
  /** The term that runs, or a new one. Throws what the cluster answers. */
  term(): Promise<Term>;
  /** There is work until the function is called that it gives. */
  occupy(): () => void;
  /** No term is begun any more, and the Lease is removed when the last work has ended. */
  stop(): void;
}

export interface ReplicaLeaseParts {
  readonly leases: Leases;
  readonly identity: string;
  readonly newLife: () => string;
  readonly times: LeaseTimes;
  /** Has to go on while the machine sleeps. */
  readonly elapsed: Elapsed;
  readonly log: Log;
  readonly background: (work: Promise<unknown>) => void;
  /** The Lease was stored or renewed: peers may be told. */
  readonly onRenewed: (lease: Lease) => void;
}

interface OpenTerm extends Term {
  lease: Lease;
  /** When the last renewal that counted was sent. */
  renewedAtMs: number;
  readonly abort: (reason: HawserError) => void;
  renewing?: ReturnType<typeof setTimeout>;
  expiring?: ReturnType<typeof setTimeout>;
}

const TRIES = 5;
/** Connections that are lost in a row. */
const MOST_LOSSES = 2;
const PAUSE_MS = 500;

export function createReplicaLease(parts: ReplicaLeaseParts): ReplicaLease {
  const { leases, identity, newLife, times, elapsed, log, background, onRenewed } = parts;
  const name = nameOfReplica(identity);
  const contentOf = (life: string) => ({ name, kind: 'replica', holder: identity, life }) as const;
  let current: OpenTerm | undefined;
  let beginning: Promise<Term> | undefined;
  let works = 0;
  let isStopping = false;

  async function begin(): Promise<Term> {
    const life = newLife();
    let sentAtMs = elapsed();
    for (let tries = 1; tries <= TRIES; tries++) {
      const found = tries === 1 ? undefined : await leases.read(name);
      // Its answer was lost, and nothing else.
      let lease = found?.life === life ? found : undefined;
      if (!lease) {
        sentAtMs = elapsed();
        try {
          // What is there is of an earlier life, or is being finished by an heir, who sees that this process is back.
          lease = found ? await leases.replace(found, contentOf(life)) : await leases.create(contentOf(life));
        } catch (error) {
          if (!isLost(error) || tries > MOST_LOSSES) throw error;
        }
      }
      if (!lease) continue;
      current = openTerm(lease, sentAtMs);
      onRenewed(lease);
      return current;
    }
    throw new HawserError('Conflict', `the Lease ${name} is written by another process again and again`, {
      hint: 'two processes seem to have copies of one data folder: give each its own',
    });
  }

  function openTerm(lease: Lease, renewedAtMs: number): OpenTerm {
    const controller = new AbortController();
    const term: OpenTerm = {
      life: lease.life,
      lease,
      renewedAtMs,
      signal: controller.signal,
      abort: (reason) => controller.abort(reason),
      assertLives: () => {
        controller.signal.throwIfAborted();
        if (elapsed() - term.renewedAtMs >= times.deadlineMs) lose(term, 'it could not be renewed in time');
        controller.signal.throwIfAborted();
      },
    };
    arm(term);
    return term;
  }

  function arm(term: OpenTerm): void {
    disarm(term);
    term.renewing = setTimeout(() => background(renew(term)), times.renewMs);
    expireLater(term);
  }

  function expireLater(term: OpenTerm): void {
    const leftMs = term.renewedAtMs + times.deadlineMs - elapsed();
    term.expiring = setTimeout(() => {
      if (elapsed() - term.renewedAtMs < times.deadlineMs) expireLater(term);
      else lose(term, 'it could not be renewed in time');
    }, Math.max(leftMs, 0) + 1);
  }

  function disarm(term: OpenTerm): void {
    clearTimeout(term.renewing);
    clearTimeout(term.expiring);
  }

  async function renew(term: OpenTerm): Promise<void> {
    let isSure = true;
    while (current === term) {
      if (works === 0) return end(term);
      const sentAtMs = elapsed();
      try {
        // After a request whose end is not known, the Lease may be a version further by this process' own hand.
        const before = isSure ? term.lease : await leases.read(name);
        const isMine = before?.life === term.life && before.heir === '';
        const lease = before && isMine ? await leases.replace(before, contentOf(term.life)) : undefined;
        if (current !== term) return;
        if (!lease) return lose(term, 'another process has taken over');
        term.lease = lease;
        term.renewedAtMs = sentAtMs;
        arm(term);
        onRenewed(lease);
        return;
      } catch (error) {
        isSure = false;
        log.warn('the Lease of this process could not be renewed; it is tried again', { reason: messageOf(error) });
        await delay(Math.min(PAUSE_MS, times.renewMs));
      }
    }
  }

  function lose(term: OpenTerm, reason: string): void {
    if (current === term) current = undefined;
    disarm(term);
    if (term.signal.aborted) return;
    log.warn('this process stops its work, which another may have taken over', { lease: name, reason });
    term.abort(
      new HawserError('Conflict', `this process has lost its Lease ${name}: ${reason}`, {
        hint: 'what it worked on is gone on with by whoever takes it over',
      }),
    );
  }

  async function end(term: OpenTerm): Promise<void> {
    if (current === term) current = undefined;
    disarm(term);
    try {
      await leases.remove(term.lease);
    } catch (error) {
      log.info('the Lease of this process lapses by itself', { reason: messageOf(error) });
    }
  }

  function endIfStopping(): void {
    if (isStopping && works === 0 && current) background(end(current));
  }

  return {
    term: () => {
      if (current && elapsed() - current.renewedAtMs < times.deadlineMs) return Promise.resolve(current);
      if (current) lose(current, 'it could not be renewed in time');
      beginning ??= begin().finally(() => {
        beginning = undefined;
      });
      return beginning;
    },
    occupy: () => {
      works++;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        works--;
        endIfStopping();
      };
    },
    stop: () => {
      isStopping = true;
      endIfStopping();
    },
  };
}
