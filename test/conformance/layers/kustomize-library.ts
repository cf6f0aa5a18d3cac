// The corpus of kustomizations through the library alone: no command line.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { type LayerResult, readCases, runCases } from '../layer.ts';
import { buildCase, compareBuilt } from './build-case.ts';

/** Runs all cases of `kustomize/cases.jsonl`; a case that fails must fail with the library's own error. */
export async function runKustomizeLibraryLayer(corpusDir: string): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'kustomize');
  const cases = readCases(join(folder, 'cases.jsonl'));
  const environment = {
    now: () => Date.now(),
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
  };
  return [
    await runCases('kustomize/library', cases, (record) => {
      const expected = readFileSync(join(folder, String(record.expected)), 'utf8');
      return compareBuilt(record, buildCase(record, diskTree(join(folder, String(record.dir))), environment), expected);
    }),
  ];
}
