// What goes on though nobody waits for its answer.

export interface UnfinishedWork {
  add(work: Promise<unknown>): void;
  isDone(): boolean;
  /** Until nothing goes on any more. */
  done(): Promise<void>;
}

/** `begun`: is told of each piece. */
export function createUnfinishedWork(begun: () => void): UnfinishedWork {
  const pieces = new Set<Promise<unknown>>();
  return {
    add: (work) => {
      const piece = work.catch(() => undefined).finally(() => pieces.delete(piece));
      pieces.add(piece);
      begun();
    },
    isDone: () => pieces.size === 0,
    done: async () => {
      while (pieces.size > 0) await Promise.all(pieces);
    },
  };
}
