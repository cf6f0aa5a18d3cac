import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHealthLayer } from '../conformance/layers/health.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');

describe('built-in health checks', () => {
  const isThere = existsSync(resolve(CORPUS, 'health/cases.jsonl'));
  if (!isThere) console.warn(`skipped: no health corpus in ${CORPUS}`);

  it.skipIf(!isThere)('judge the objects of the corpus as Argo CD does', async () => {
    const results = await runHealthLayer(CORPUS);
    expect(results.reduce((sum, { cases }) => sum + cases, 0)).toBeGreaterThan(0);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  });
});
