import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runKustomizeLayer } from '../../conformance/layers/kustomize.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus');
const isThere = existsSync(join(CORPUS, 'kustomize'));
if (!isThere) console.warn(`no corpus at ${CORPUS} (HAWSER_CORPUS): kustomize's conformance is not tested`);

describe.skipIf(!isThere)('the kustomize corpus', () => {
  it('builds every kustomization to the bytes of kustomize build', { timeout: 600_000 }, async () => {
    const [result] = await runKustomizeLayer(CORPUS);
    expect(result?.cases).toBeGreaterThan(500);
    expect(result?.failures).toEqual([]);
  });
});
