// Several lines, of which each is served in turn: who stands in a short one does not wait for the end of a long one.

export interface FairLines<T> {
  readonly size: number;
  /** Gives what takes the item out again, should it no longer want to wait. */
  add(line: string, item: T): () => void;
  /** The first of the line whose turn it is. */
  take(): T | undefined;
}

export function createFairLines<T>(): FairLines<T> {
  /** In the order of their turns; none is empty. A Set keeps the order of arrival. */
  const lines = new Map<string, Set<{ readonly item: T }>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add: (name, item) => {
      const place = { item };
      const line = lines.get(name) ?? new Set();
      lines.set(name, line.add(place));
      size++;
      return () => {
        if (!line.delete(place)) return;
        size--;
        if (line.size === 0 && lines.get(name) === line) lines.delete(name);
      };
    },
    take: () => {
      for (const [name, line] of lines) {
        for (const place of line) {
          line.delete(place);
          size--;
          lines.delete(name);
          if (line.size > 0) lines.set(name, line);
          return place.item;
        }
      }
      return undefined;
    },
  };
}
