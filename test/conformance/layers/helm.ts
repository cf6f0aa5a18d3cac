// The corpus of real charts: `hawser template` must print what `helm template` printed, byte by byte, and fail as it failed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateCommand } from '../../../src/cli/template.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { captureIo } from '../../support/captured-io.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';
import { compareErrors, compareExit, compareOutput, compareWarnings, type Outcome } from './chart-outcome.ts';

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
      compareWarnings(read(record.warnings), await outcomeOf(record)),
    ),
    await runCases('helm/failing', failing, async (record) => compareExit(record, await outcomeOf(record))),
    await runCases('helm/error-text', failing, async (record) =>
      compareErrors(record, read(record.expected), await outcomeOf(record)),
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
