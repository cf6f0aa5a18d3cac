// Where two texts that should be the same part.

/** The first line that differs; undefined where none does. */
export function firstDifference(expected: string, actual: string): string | undefined {
  if (expected === actual) return undefined;
  const [wanted, got] = [expected.split('\n'), actual.split('\n')];
  const index = wanted.findIndex((line, at) => line !== got[at]);
  const line = index < 0 ? wanted.length : index;
  return `line ${line + 1}: expected ${JSON.stringify(wanted[line])}, got ${JSON.stringify(got[line])}`;
}
