// Names that somebody may have meant. Pure.

/** The nearest first: those that hold the text or differ in a few letters. */
export function similarNames<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  wanted: string,
  most = 5,
): readonly T[] {
  const text = wanted.toLowerCase();
  const rank = (item: T) => {
    const name = nameOf(item).toLowerCase();
    if (name === text) return 0;
    const isPart = text.length >= 3 && (name.includes(text) || text.includes(name));
    return Math.min(distance(name, text), isPart ? 2 : Number.POSITIVE_INFINITY);
  };
  const bound = Math.max(2, Math.floor(text.length / 3));
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .filter(({ rank: own }) => own <= bound)
    .sort((a, b) => a.rank - b.rank || (nameOf(a.item) < nameOf(b.item) ? -1 : 1))
    .slice(0, most)
    .map(({ item }) => item);
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((row[j - 1] ?? 0) + 1, (before[j] ?? 0) + 1, change));
    }
    before = row;
  }
  return before[b.length] ?? 0;
}
