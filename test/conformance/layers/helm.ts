// The corpus of real charts: `hawser template` must print what `helm template` printed, byte by byte, and fail as it failed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateCommand } from '../../../src/cli/template.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { captureIo } from '../../support/captured-io.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';

export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the cases of `helm/cases.jsonl`, or those whose id holds `only`. Four results: the output of the cases that succeed, their warnings,
 * whether the others fail, and how they tell it.
 */
export async function runHelmLayer(
  corpusDir: string,
  options: { readonly only?: string; readonly run?: (record: Case) => Promise<Outcome> } = {},
): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'helm');
  const cases = readCases(join(folder, 'cases.jsonl')).filter(({ id }) => String(id).includes(options.only ?? ''));
  const outcomes = new Map<Case, Promise<Outcome>>();
  const outcomeOf = (record: Case) => {
    const outcome = outcomes.get(record) ?? (options.run ?? inProcess(folder))(record);
    outcomes.set(record, outcome);
    return outcome;
  };
  const read = (name: unknown) => (typeof name === 'string' ? readFileSync(join(folder, name), 'utf8') : '');
  const succeeding = cases.filter(({ exit }) => exit === 0);
  const failing = cases.filter(({ exit }) => exit !== 0);
  return [
    await runCases('helm/output', succeeding, async (record) =>
      compareOutput(record, read(record.expected), await outcomeOf(record)),
    ),
    await runCases('helm/warnings', succeeding, async (record) =>
      compareSets(read(record.warnings), (await outcomeOf(record)).stderr),
    ),
    await runCases('helm/failing', failing, async (record) => compareExit(record, await outcomeOf(record))),
    await runCases('helm/error-text', failing, async (record) =>
      compareErrors(record, read(record.expected), (await outcomeOf(record)).stderr),
    ),
  ];
}

/** The command in this process, from the folder of the corpus. */
function inProcess(folder: string): (record: Case) => Promise<Outcome> {
  return async (record) => {
    const { io, output } = captureIo(folder, { TZ: 'UTC' });
    const args = Array.isArray(record.args) ? record.args.map(String) : [];
    const exit = await templateCommand(args.slice(1), io, diskTree);
    return { exit, ...output() };
  };
}

/** What differs from the expected output, but for the lines that differ from run to run in Helm itself. */
export function compareOutput(record: Case, expected: string, { exit, stdout, stderr }: Outcome): string | undefined {
  if (exit !== 0) return `exit ${exit}: ${stderr}`;
  if (record.nondeterministicLineCount === true) return compareSets(kindsOf(expected), kindsOf(stdout));
  return compareLines(expected.split('\n'), stdout.split('\n'), maskedLines(record));
}

function compareExit(record: Case, { exit, stdout }: Outcome): string | undefined {
  if (exit !== Number(record.exit)) return `exit ${exit}, expected ${String(record.exit)}`;
  return stdout === '' ? undefined : `printed ${JSON.stringify(stdout.slice(0, 200))}`;
}

/** The `Error:` line and all that follows line by line; the warnings before it as a set. */
function compareErrors(record: Case, expected: string, actual: string): string | undefined {
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
