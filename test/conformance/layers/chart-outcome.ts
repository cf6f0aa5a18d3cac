// How a run of `helm template`, or of what stands for it, is compared with what Helm did.

import type { Case } from '../layer.ts';

export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What differs from the expected output, but for the lines that differ from run to run in Helm itself. */
export function compareOutput(record: Case, expected: string, { exit, stdout, stderr }: Outcome): string | undefined {
  if (exit !== 0) return `exit ${exit}: ${stderr}`;
  if (record.nondeterministicLineCount === true) return compareSets(kindsOf(expected), kindsOf(stdout));
  return compareLines(expected.split('\n'), stdout.split('\n'), maskedLines(record));
}

/** A case that fails prints nothing. */
export function compareExit(record: Case, { exit, stdout }: Outcome): string | undefined {
  if (exit !== Number(record.exit)) return `exit ${exit}, expected ${String(record.exit)}`;
  return stdout === '' ? undefined : `printed ${JSON.stringify(stdout.slice(0, 200))}`;
}

/** The `Error:` line and all that follows line by line; the warnings before it as a set. */
export function compareErrors(record: Case, expected: string, { stderr: actual }: Outcome): string | undefined {
  if (record.nondeterministicLineCount === true) return undefined;
  const [wanted, got] = [expected.split('\n'), actual.split('\n')];
  const [wantedAt, gotAt] = [wanted, got].map((lines) => lines.findIndex((line) => line.startsWith('Error:')));
  if (wantedAt === undefined || gotAt === undefined || gotAt < 0) return `no Error: line in ${JSON.stringify(actual)}`;
  const masked = maskedLines(record);
  const shifted = new Set([...masked].map((index) => index - wantedAt));
  const [wantedError, gotError] = [wanted.slice(wantedAt), got.slice(gotAt)];
  const error =
    record.errorLinesUnordered === true
      ? compareSets(wantedError.join('\n'), gotError.join('\n'))
      : compareLines(wantedError, gotError, shifted);
  return error ?? compareSets(wanted.slice(0, wantedAt).join('\n'), got.slice(0, gotAt).join('\n'));
}

export function compareWarnings(expected: string, { stderr }: Outcome): string | undefined {
  return compareSets(expected, stderr);
}

/** Indexes of the lines that nobody can foresee. */
function maskedLines(record: Case): ReadonlySet<number> {
  const lines = Array.isArray(record.nondeterministicLines) ? record.nondeterministicLines : [];
  return new Set(lines.map((line) => Number(line) - 1));
}

function compareLines(
  wanted: readonly string[],
  got: readonly string[],
  masked: ReadonlySet<number>,
): string | undefined {
  for (let index = 0; index < Math.max(wanted.length, got.length); index++) {
    const isMasked = masked.has(index) && wanted[index] !== undefined && got[index] !== undefined;
    if (wanted[index] === got[index] || isMasked) continue;
    return `line ${index + 1}: expected ${JSON.stringify(wanted[index])}, got ${JSON.stringify(got[index])}`;
  }
  return undefined;
}

/** Compares the lines whatever their order: Helm walks Go maps. */
function compareSets(expected: string, actual: string): string | undefined {
  const [wanted, got] = [expected, actual].map((text) => text.split('\n').sort().join('\n'));
  return wanted === got ? undefined : `expected the lines ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}

function kindsOf(text: string): string {
  return (text.match(/^kind: .*$/gm) ?? []).join('\n');
}
