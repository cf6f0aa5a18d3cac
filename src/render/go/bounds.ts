// What Go's runtime says when a slice expression is out of range (Go: runtime/panic.go, boundsErrorFmts).

/** The panic of `s[from:to]`, `s[:to]` or `s[from:]` for something of `length`; undefined where the bounds are right. */
export function sliceBoundsError(from: bigint, to: bigint, length: bigint): string | undefined {
  if (to < 0n) return `runtime error: slice bounds out of range [:${to}]`;
  if (to > length) return `runtime error: slice bounds out of range [:${to}] with length ${length}`;
  if (from < 0n) return `runtime error: slice bounds out of range [${from}:]`;
  if (from > to) return `runtime error: slice bounds out of range [${from}:${to}]`;
  return undefined;
}
