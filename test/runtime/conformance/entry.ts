// The programs behind one `fetch`, as a Worker has it: Node serves the same module, and a test calls it in its own process.

import { memoryTree } from '../../../src/render/tree.ts';
import type { Case } from '../../conformance/layer.ts';
import { fromBase64 } from './base64.ts';
import { PROGRAMS, type Ran } from './programs.ts';

/** Cases of one program with all that they read. */
export interface Batch {
  readonly program: string;
  readonly cases: readonly Case[];
  /** Path in the corpus → base64. */
  readonly files: Readonly<Record<string, string>>;
}

export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await runBatch((await request.json()) as Batch));
  },
};

/** One answer a case; a crash is the problem of its case. */
async function runBatch({ program, cases, files }: Batch): Promise<Ran[]> {
  const contents = Object.entries(files).map(([path, text]): [string, Uint8Array] => [path, fromBase64(text)]);
  const run = PROGRAMS[program]?.open(memoryTree(Object.fromEntries(contents)));
  if (run === undefined) throw new Error(`there is no program ${program}`);
  const answers: Ran[] = [];
  for (const record of cases) {
    try {
      answers.push(await run(record));
    } catch (error) {
      answers.push({ problem: `crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` });
    }
  }
  return answers;
}
