// The corpus of real charts through the library alone: no command line.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SprigEnvironment } from '../../../src/library/helm.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { type LayerResult, readCases, runCases } from '../layer.ts';
import { compareCase, isForLibrary, renderCase } from './render-case.ts';

/** Runs the cases of `helm/cases.jsonl`, as far as the library's options reach: output, warnings and errors. */
export async function runHelmLibraryLayer(corpusDir: string): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'helm');
  const tree = diskTree(folder);
  const cases = readCases(join(folder, 'cases.jsonl')).filter(isForLibrary);
  const environment: SprigEnvironment = {
    now: () => Date.now(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return [
    await runCases('helm/library', cases, (record) => compareCase(record, renderCase(record, tree, environment), read)),
  ];
}
