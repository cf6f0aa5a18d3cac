// Turns on Applications: in this process one work after the other, and against other processes by the Application's Lease, from the
// moment on at which a work needs it.

import type { OwnerReference } from '../kube/object.ts';
import type { Locks, Log } from '../platform.ts';
import type { ApplicationLeases } from './application-leases.ts';
import type { Held, Holdings, Taken } from './holding.ts';
import type { Lease } from './lease.ts';
import type { ReplicaLease, Term } from './replica-lease.ts';

export interface ApplicationHolds {
  readonly hold: Holdings['hold'];
  isFree(key: string): boolean;
  /** The newest commit of a push for it. */
  announce(key: string, after: string): Promise<void>;
  /** The Lease goes after the work at hand, even where more of this process waits. */
  giveWay(key: string): void;
  /** In the background, by and by. */
  release(key: string, life: string, lease: Lease | undefined, done: () => void): void;
}

export interface ApplicationHoldsParts {
  readonly applications: ApplicationLeases;
  readonly replica: ReplicaLease;
  readonly locks: Locks;
  readonly log: Log;
  readonly stopping: AbortSignal;
  /** Whether Leases may be used at all; an error that says the contrary is given to `refused`, which tells whether it does. */
  readonly isAlone: () => boolean;
  readonly refused: (error: unknown) => boolean;
  /** Tells the process that holds it, whichever that is. */
  readonly tell: (key: string, after: string | undefined) => Promise<void>;
  /** For what somebody may wait for, and for what has no bound. */
  readonly background: (work: Promise<unknown>) => void;
  readonly lasting: (work: Promise<unknown>) => void;
}

/** Of an Application that this process works on, or is about to. */
interface Hold {
  /** Works that run or wait. */
  count: number;
  /** From one work to the next. */
  kept?: { readonly term: Term; readonly lease: Lease; readonly done: () => void };
  isWantedElsewhere: boolean;
  isWaiting: boolean;
}

interface Take {
  readonly key: string;
  readonly own: Hold;
  readonly owner: OwnerReference | undefined;
  /** The work has ended without it. */
  readonly ended: AbortSignal;
}

export function createApplicationHolds(parts: ApplicationHoldsParts): ApplicationHolds {
  const { applications, replica, locks, log, stopping, isAlone, refused, tell, background, lasting } = parts;
  const holds = new Map<string, Hold>();
  const announced = new Map<string, string>();

  function hold<T>(key: string, work: (held: Held) => Promise<T>): Promise<T> {
    const own: Hold = holds.get(key) ?? { count: 0, isWantedElsewhere: false, isWaiting: false };
    holds.set(key, own);
    own.count++;
    return locks.run(key, async () => {
      const { held, end } = createHeld(key, own);
      try {
        return await work(held);
      } finally {
        await end();
        own.count--;
        if (own.count === 0 || own.isWantedElsewhere) letGo(key, own);
        if (own.count === 0) {
          holds.delete(key);
          announced.delete(key);
        }
      }
    });
  }

  function createHeld(key: string, own: Hold): { readonly held: Held; end(): Promise<void> } {
    const lost = new AbortController();
    const ended = new AbortController();
    let term: Term | undefined;
    let taking: Promise<Taken> | undefined;
    const lose = () => lost.abort(term?.signal.reason);

    function follow(next: Term): void {
      term = next;
      if (next.signal.aborted) lose();
      else next.signal.addEventListener('abort', lose, { once: true });
    }

    const held: Held = {
      signal: lost.signal,
      assertMine: () => {
        lost.signal.throwIfAborted();
        term?.assertLives();
        lost.signal.throwIfAborted();
      },
      take: (owner) => {
        taking ??= take({ key, own, owner: ownerOf(key, owner?.uid), ended: ended.signal }, follow);
        return taking;
      },
    };
    const end = async () => {
      // Begun early, and not needed after all.
      ended.abort();
      await taking?.catch(() => undefined);
      term?.signal.removeEventListener('abort', lose);
    };
    return { held, end };
  }

  async function take(request: Take, follow: (term: Term) => void): Promise<Taken> {
    const { key, own } = request;
    if (own.kept && !own.kept.term.signal.aborted) {
      follow(own.kept.term);
      return { isUntouched: true };
    }
    letGo(key, own);
    if (isAlone()) return { isUntouched: true };
    const done = replica.occupy();
    try {
      for (let isUntouched = true; ; isUntouched = false) {
        stopping.throwIfAborted();
        request.ended.throwIfAborted();
        // The term comes first: whoever sees the Application's Lease can tell by it whether its holder lives.
        const term = await replica.term();
        const taken = await takeIn(term, request);
        if (!taken) continue;
        own.kept = { term, lease: taken.lease, done };
        follow(term);
        return { isUntouched: isUntouched && taken.isUntouched };
      }
    } catch (error) {
      done();
      if (refused(error)) return { isUntouched: true };
      throw error;
    } finally {
      own.isWaiting = false;
    }
  }

  /** undefined when the term has ended meanwhile. */
  async function takeIn(term: Term, { key, own, owner, ended }: Take) {
    const { life } = term;
    const others = AbortSignal.any([stopping, ended]);
    try {
      const signal = AbortSignal.any([term.signal, others]);
      return await applications.take({ key, life, owner, signal, onWait: () => wait(key, own) });
    } catch (error) {
      // It may be stored all the same: the answer was lost.
      if (!refused(error)) release(key, life, undefined, replica.occupy());
      if (term.signal.aborted && !others.aborted) return undefined;
      throw error;
    }
  }

  function wait(key: string, own: Hold): void {
    own.isWaiting = true;
    log.info('another process works on the Application; its end is waited for', { application: key });
    lasting(tell(key, announced.get(key)));
  }

  function letGo(key: string, own: Hold): void {
    const { kept } = own;
    delete own.kept;
    own.isWantedElsewhere = false;
    if (kept) release(key, kept.term.life, kept.lease, kept.done);
  }

  function release(key: string, life: string, lease: Lease | undefined, done: () => void): void {
    const releasing = applications.release(key, life, lease);
    background(releasing.tried);
    lasting(releasing.done.finally(done));
  }

  return {
    hold,
    release,
    isFree: (key) => !holds.has(key),
    announce: async (key, after) => {
      announced.set(key, after);
      if (holds.get(key)?.isWaiting) await tell(key, after);
    },
    giveWay: (key) => {
      const own = holds.get(key);
      if (own) own.isWantedElsewhere = true;
    },
  };
}

function ownerOf(key: string, uid: string | undefined): OwnerReference | undefined {
  if (uid === undefined) return undefined;
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', name: key.slice(key.indexOf('/') + 1), uid };
}
