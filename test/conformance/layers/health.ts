// Runs health/cases.jsonl of the corpus: the built-in checks on upstream's own test objects.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { isObject } from '../../../src/base/json.ts';
import { resourceHealth } from '../../../src/health/health.ts';
import { isKubeObject } from '../../../src/kube/parse.ts';
import { type LayerResult, readCases, runCases } from '../layer.ts';

export async function runHealthLayer(corpusDir: string): Promise<LayerResult[]> {
  const folder = join(corpusDir, 'health');
  const cases = readCases(join(folder, 'cases.jsonl')).filter(({ origin }) => origin === 'builtin');
  return [
    await runCases('health/builtin', cases, (entry) => {
      const [document] = parseAllDocuments(readFileSync(join(folder, String(entry.input)), 'utf8'));
      const read: unknown = document && 'toJS' in document ? document.toJS() : undefined;
      const object = isObject(read) ? { metadata: {}, ...read } : read;
      if (!isKubeObject(object)) return `${entry.input} holds no object`;
      const found = resourceHealth(object);
      const actual = found ? { status: found.status, message: found.message ?? '' } : null;
      const expected = entry.expect ? { message: '', ...entry.expect } : null;
      return isDeepStrictEqual(actual, expected)
        ? undefined
        : `expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
    }),
  ];
}
