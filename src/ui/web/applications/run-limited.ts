// Many calls, a few at a time, in their order. None begins after the signal.

export async function runLimited<T>(
  list: readonly T[],
  atOnce: number,
  signal: AbortSignal,
  run: (one: T) => Promise<void>,
): Promise<void> {
  const rest = list.values();
  const work = async (): Promise<void> => {
    for (const one of rest) {
      if (signal.aborted) return;
      await run(one);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, work));
}
