// A point in time that something must not outlast.

export interface Deadline {
  readonly passed: Promise<undefined>;
  /** It is of no interest any more. */
  end(): void;
}

export function deadlineAfter(ms: number): Deadline {
  const { promise: passed, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, Math.max(ms, 0), undefined);
  return { passed, end: () => clearTimeout(timer) };
}
