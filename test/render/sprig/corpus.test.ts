// Every case of the corpus layers `functions` and `semver`, made by Helm's engine and by Masterminds/semver.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runFunctionsLayer, runSemverLayer } from '../../conformance/layers/functions.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../../shared/corpus');
const present = existsSync(resolve(CORPUS, 'gotemplate/functions.jsonl'));
if (!present) console.warn(`the corpus is not at ${CORPUS}: its cases are skipped`);

describe('the corpus of functions', () => {
  it.skipIf(!present)(
    'gives what Helm gives in every case',
    () => {
      const [result] = runFunctionsLayer(CORPUS);
      expect(result?.cases).toBeGreaterThan(1000);
      expect(result?.failures).toEqual([]);
    },
    120_000,
  );

  it.skipIf(!present)('gives what Masterminds/semver gives in every case', () => {
    const results = runSemverLayer(CORPUS);
    expect(results.map(({ layer }) => layer)).toContain('semver/check');
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  });
});
