// The corpus of real charts: `hawser template` must print what `helm template` printed, byte by byte, and fail as it failed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../src/base/errors.ts';
import { isObject } from '../../../src/base/json.ts';
import { templateCommand } from '../../../src/cli/template.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { readCases } from './charts.ts';
import type { LayerResult } from './template.ts';

type Case = Readonly<Record<string, unknown>>;

interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the cases of `helm/cases.jsonl`, or those whose id holds `only`. */
export async function runHelmLayer(
  corpusDir: string,
  options: { readonly only?: string } = {},
): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'helm');
  const cases = readCases(join(folder, 'cases.jsonl')).filter(({ id }) => String(id).includes(options.only ?? ''));
  const failures: { id: string; message: string }[] = [];
  for (const record of cases) {
    const message = await checkCase(record, folder);
    if (message !== undefined) failures.push({ id: String(record.id), message });
  }
  return [{ layer: 'helm', cases: cases.length, passed: cases.length - failures.length, failures }];
}

async function checkCase(record: Case, folder: string): Promise<string | undefined> {
  let outcome: Outcome;
  try {
    outcome = await runCommand(strings(record.args).slice(1), folder);
  } catch (error) {
    return `crashed: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`;
  }
  const expected = readFileSync(join(folder, String(record.expected)), 'utf8');
  const told = outcome.exit === 0 ? outcome.stdout : outcome.stderr;
  if (outcome.exit !== Number(record.exit)) {
    return `exit ${outcome.exit}, expected ${Number(record.exit)}: ${outcome.stderr || firstLines(expected)}`;
  }
  if (record.nondeterministicLineCount === true) return compareKinds(expected, told);
  // Helm walks the values in the random order of a Go map and tells what does not fit the schema in that order.
  const isUnordered = record.errorLinesUnordered === true || expected.includes("values don't meet the specifications");
  const difference = isUnordered ? compareSets(expected, told) : compareLines(record, expected, told);
  if (difference !== undefined || outcome.exit !== 0) return difference;
  const warnings = typeof record.warnings === 'string' ? readFileSync(join(folder, record.warnings), 'utf8') : '';
  const wrong = compareSets(warnings, outcome.stderr);
  return wrong === undefined ? undefined : `warnings: ${wrong}`;
}

async function runCommand(args: readonly string[], cwd: string): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const io = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
    cwd,
    env: { TZ: 'UTC' },
  };
  const exit = await templateCommand(args, io, diskTree);
  return { exit, stdout, stderr };
}

/** Compares line by line, but for the lines that differ from run to run in Helm itself. */
function compareLines(record: Case, expected: string, actual: string): string | undefined {
  if (expected === actual) return undefined;
  const masked = new Set(Array.isArray(record.nondeterministicLines) ? record.nondeterministicLines.map(Number) : []);
  const [wanted, got] = [expected.split('\n'), actual.split('\n')];
  for (let index = 0; index < Math.max(wanted.length, got.length); index++) {
    if (
      wanted[index] === got[index] ||
      (masked.has(index + 1) && wanted[index] !== undefined && got[index] !== undefined)
    )
      continue;
    return `line ${index + 1}: expected ${JSON.stringify(wanted[index])}, got ${JSON.stringify(got[index])}`;
  }
  return undefined;
}

/** Compares the lines whatever their order: Helm walks Go maps. */
function compareSets(expected: string, actual: string): string | undefined {
  const [wanted, got] = [expected, actual].map((text) => text.split('\n').sort().join('\n'));
  return wanted === got ? undefined : `expected the lines ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}

function compareKinds(expected: string, actual: string): string | undefined {
  const [wanted, got] = [expected, actual].map((text) => (text.match(/^kind: .*$/gm) ?? []).sort().join('\n'));
  return wanted === got ? undefined : `expected the kinds ${wanted}, got ${got}`;
}

function firstLines(text: string): string {
  return text.split('\n').slice(0, 3).join('\n');
}

function strings(value: unknown): string[] {
  return Array.isArray(value) && !isObject(value) ? value.map(String) : [];
}
