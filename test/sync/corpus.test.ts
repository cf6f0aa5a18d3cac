import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSyncLayer } from '../conformance/layers/sync.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');

describe('order and course of a sync', () => {
  const isThere = existsSync(resolve(CORPUS, 'sync/scenarios.jsonl'));
  if (!isThere) console.warn(`skipped: no sync corpus in ${CORPUS}`);

  it.skipIf(!isThere)("are those of Argo CD's engine in the plans, steps and scenarios of the corpus", async () => {
    const results = await runSyncLayer(CORPUS);
    expect(results.reduce((sum, { cases }) => sum + cases, 0)).toBeGreaterThan(0);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  });
});
