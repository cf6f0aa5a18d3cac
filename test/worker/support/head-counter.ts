// Counts requests of which the sender has not got the head of the answer yet, as the far side sees them.

export interface HeadCounter {
  /** At once, so far. */
  readonly most: number;
  readonly total: number;
  counted(answer: () => Promise<Response>): Promise<Response>;
  /** Counts it only. */
  passed(request: Request): Promise<undefined>;
}

/** Each takes `delayMs`, so that they meet. */
export function createHeadCounter(delayMs = 2): HeadCounter {
  let open = 0;
  const counter = {
    most: 0,
    total: 0,
    counted: async (answer: () => Promise<Response>) => {
      open++;
      counter.total++;
      counter.most = Math.max(counter.most, open);
      try {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        return await answer();
      } finally {
        open--;
      }
    },
    passed: async () => {
      counter.total++;
      counter.most = Math.max(counter.most, open + 1);
      return undefined;
    },
  };
  return counter;
}
