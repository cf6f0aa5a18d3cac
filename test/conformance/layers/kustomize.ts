// The corpus of kustomizations: `hawser build` must print what `kustomize build` printed, byte by byte, and fail where it failed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../src/base/errors.ts';
import { buildCommand } from '../../../src/cli/build.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { captureIo } from '../../support/captured-io.ts';
import { type Case, type LayerResult, readCases } from '../layer.ts';
import { firstDifference } from './first-difference.ts';

/** Runs the cases of `kustomize/cases.jsonl`, or those whose id holds `only`. */
export async function runKustomizeLayer(
  corpusDir: string,
  options: { readonly only?: string } = {},
): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'kustomize');
  const cases = readCases(join(folder, 'cases.jsonl')).filter(({ id }) => String(id).includes(options.only ?? ''));
  const failures: { id: string; message: string }[] = [];
  for (const record of cases) {
    const message = await checkCase(record, folder);
    if (message !== undefined) failures.push({ id: String(record.id), message });
  }
  return [{ layer: 'kustomize', cases: cases.length, passed: cases.length - failures.length, failures }];
}

/** What is wrong with a case; the text of an error is kustomize's own affair. */
async function checkCase(record: Case, folder: string): Promise<string | undefined> {
  const { io, output } = captureIo(join(folder, String(record.dir)), { TZ: 'UTC' });
  const flags = Array.isArray(record.flags) ? record.flags.map(String) : [];
  let exit: number;
  try {
    exit = await buildCommand([String(record.root), ...flags], io, diskTree);
  } catch (error) {
    return `crashed: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`;
  }
  const { stdout, stderr } = output();
  const expected = readFileSync(join(folder, String(record.expected)), 'utf8');
  if (exit !== Number(record.exit)) {
    return `exit ${exit}, expected ${Number(record.exit)}: ${stderr || firstLines(expected)}`;
  }
  return exit === 0 ? firstDifference(expected, stdout) : undefined;
}

function firstLines(text: string): string {
  return text.split('\n').slice(0, 3).join('\n');
}
