import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChartLayers } from '../../conformance/layers/charts.ts';
import { runHelmLayer } from '../../conformance/layers/helm.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus');
const isThere = existsSync(join(CORPUS, 'gotemplate')) && existsSync(join(CORPUS, 'helm'));
if (!isThere) console.warn(`no corpus at ${CORPUS} (HAWSER_CORPUS): Helm's conformance is not tested`);

describe.skipIf(!isThere)('the Helm corpora', () => {
  const layers = isThere ? runChartLayers(CORPUS) : [];
  it.each(layers)('agrees with Helm in every case of $layer', ({ cases, failures }) => {
    expect(cases).toBeGreaterThan(50);
    expect(failures).toEqual([]);
  });

  it('renders every real chart to the bytes of helm template', { timeout: 600_000 }, async () => {
    const results = new Map((await runHelmLayer(CORPUS)).map((result) => [result.layer, result]));
    expect(results.get('helm/output')?.cases).toBeGreaterThan(200);
    for (const layer of ['helm/output', 'helm/warnings', 'helm/failing']) {
      expect(results.get(layer)?.failures).toEqual([]);
    }
    // Helm tells what does not fit a schema in the random order of a Go map.
    const inOrder = results.get('helm/error-text')?.failures.filter(({ id }) => !id.includes('schemaerr'));
    expect(inOrder).toEqual([]);
  });
});
