import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runDiffLayer } from '../conformance/layers/diff.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');

describe('tracking, masking, normalising, ignoring and comparing', () => {
  const isThere = existsSync(resolve(CORPUS, 'diff/tracking.jsonl'));
  if (!isThere) console.warn(`skipped: no diff corpus in ${CORPUS}`);

  it.skipIf(!isThere)('are those of Argo CD in the corpus', async () => {
    const results = await runDiffLayer(CORPUS);
    expect(results.reduce((sum, { cases }) => sum + cases, 0)).toBeGreaterThan(0);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  });
});
