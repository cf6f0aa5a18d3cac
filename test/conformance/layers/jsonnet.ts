// The programs of corpus/jsonnet: those that give a value byte by byte, errors by their first line, and errors with their whole text.

import { join } from 'node:path';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';
import { compareJsonnet, compareTrace, type JsonnetOutcome, lacksImport, runJsonnetCase } from './jsonnet-case.ts';

interface Ran {
  readonly record: Case;
  /** Undefined where it crashed, which its layer finds again. */
  readonly outcome: JsonnetOutcome | undefined;
}

/** Programs that import what the corpus does not have are told and left out. */
export async function runJsonnetLayer(corpusDir: string): Promise<LayerResult[]> {
  const folder = diskTree(join(corpusDir, 'jsonnet'));
  const ran = readCases(join(corpusDir, 'jsonnet/index.jsonl')).map((record): Ran => {
    try {
      return { record, outcome: runJsonnetCase(record, folder) };
    } catch {
      return { record, outcome: undefined };
    }
  });
  const lacks = ({ record, outcome }: Ran) => outcome !== undefined && lacksImport(record, outcome, folder);
  const skipped = ran.filter(lacks);
  if (skipped.length > 0) {
    const names = skipped.map(({ record, outcome }) => `${record.name} (${outcome?.missing})`).join(', ');
    process.stdout.write(
      `SKIPPED: jsonnet: ${skipped.length} programs import what the corpus does not have: ${names}\n`,
    );
  }
  const there = ran.filter((one) => !lacks(one));
  const ofKind = (kind: string) => there.filter(({ record }) => record.kind === kind);
  const judge = (layer: string, list: readonly Ran[], compare: typeof compareJsonnet) => {
    const outcomes = new Map(list.map(({ record, outcome }) => [record, outcome]));
    return runCases(layer, [...outcomes.keys()], (record) =>
      compare(record, outcomes.get(record) ?? runJsonnetCase(record, folder), folder),
    );
  };
  return [
    await judge('jsonnet', ofKind('value'), compareJsonnet),
    await judge('jsonnet/errors', ofKind('error'), compareJsonnet),
    await judge('jsonnet/traces', ofKind('error'), compareTrace),
  ];
}
