// Many pieces of work at once, but never more than a given number in flight.

/** What is in flight to one API server at most, unless a caller says otherwise. */
export const DEFAULT_CONCURRENCY = 96;

/**
 * Runs `work` on every item, at most `limit` at a time, and gives the results in the order of the items. The first failure
 * rejects at once: nothing new is started, what runs is left to its own signal.
 */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  results.length = items.length;
  // All runners draw from one iterator.
  const entries = items.entries();
  let failed = false;
  const runner = async () => {
    for (const [index, item] of entries) {
      if (failed) return;
      try {
        results[index] = await work(item, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, runner));
  return results;
}
