import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runDiffLayer } from '../conformance/layers/diff.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');

/** docs/differences.md explains the misses. */
const BAR = 0.97;

describe('tracking, masking, normalising, ignoring and comparing', () => {
  const isThere = existsSync(resolve(CORPUS, 'diff/tracking.jsonl'));
  if (!isThere) console.warn(`skipped: no diff corpus in ${CORPUS}`);

  it.skipIf(!isThere)('are those of Argo CD in the corpus', async () => {
    const results = await runDiffLayer(CORPUS);
    const cases = results.reduce((sum, result) => sum + result.cases, 0);
    const failures = results.flatMap((result) => result.failures);
    expect(cases).toBeGreaterThan(0);
    expect(1 - failures.length / cases, JSON.stringify(failures)).toBeGreaterThanOrEqual(BAR);
  });
});
