// Opening one commit for many at once: those that ask for it while its repository is busy share one opening, with one
// request for all that they want.

import { isHawserError } from '../base/errors.ts';
import type { OpenedCommit, OpeningWish } from './opened-commit.ts';

export interface JointOpenings {
  /** `name`: of a repository and commit. Throws what fetching throws, and the signal's reason. */
  open(name: string, wish: OpeningWish, work: OpeningWork, signal?: AbortSignal): Promise<OpenedCommit>;
}

export interface OpeningWork {
  create(): OpenedCommit;
  /** Waits until the repository is free, and runs with it. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

interface Opening {
  readonly wishes: OpeningWish[];
  readonly done: Promise<OpenedCommit>;
  readonly giveUp: AbortController;
  waiting: number;
}

export function createJointOpenings(): JointOpenings {
  const notBegun = new Map<string, Opening>();

  const plan = (name: string, { create, alone }: OpeningWork): Opening => {
    const wishes: OpeningWish[] = [];
    const giveUp = new AbortController();
    const done = alone(async () => {
      notBegun.delete(name);
      giveUp.signal.throwIfAborted();
      const commit = create();
      await commit.complete(wishes, giveUp.signal);
      return commit;
    });
    const opening = { wishes, done, giveUp, waiting: 0 };
    notBegun.set(name, opening);
    return opening;
  };

  return {
    open: async (name, wish, work, signal) => {
      signal?.throwIfAborted();
      const opening = notBegun.get(name) ?? plan(name, work);
      opening.wishes.push(wish);
      try {
        return await orAborted(opening, signal);
      } catch (error) {
        signal?.throwIfAborted();
        const isOthersFault = isHawserError(error, 'LimitExceeded') || isHawserError(error, 'GitFailed');
        if (opening.wishes.length === 1 || !isOthersFault) throw error;
        return work.alone(async () => {
          const commit = work.create();
          await commit.complete([wish], signal);
          return commit;
        });
      }
    },
  };
}

/** The opening goes on until nobody waits for it any more. */
async function orAborted(opening: Opening, signal: AbortSignal | undefined): Promise<OpenedCommit> {
  opening.waiting++;
  let leave: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([opening.done, aborted]);
  } finally {
    signal?.removeEventListener('abort', leave);
    if (--opening.waiting === 0) opening.giveUp.abort(signal?.reason);
  }
}
