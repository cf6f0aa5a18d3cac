// Computations that nest without JavaScript's stack: Go's grows to a gigabyte, and Helm counts on it (1,000 includes inside one another).

/**
 * A computation that gives a T. What it needs others for it yields, and is resumed with their result, or with their error thrown at it;
 * so a thousand of them that wait for one another take no more of the stack than one.
 */
export interface Descent<T> extends Generator<Descent<string>, T, string> {}

/** Runs a descent, and those that it yields, to its end. */
export function runDescent(start: Descent<string>): string {
  const waiting: Descent<string>[] = [];
  let current = start;
  let result = '';
  let failed: { readonly error: unknown } | undefined;
  for (;;) {
    try {
      const step = failed ? current.throw(failed.error) : current.next(result);
      failed = undefined;
      if (!step.done) {
        waiting.push(current);
        current = step.value;
        continue;
      }
      result = step.value;
    } catch (error) {
      failed = { error };
    }
    const outer = waiting.pop();
    if (outer) current = outer;
    else if (failed) throw failed.error;
    else return result;
  }
}
