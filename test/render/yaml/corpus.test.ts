import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runYamlLayer } from '../../conformance/layers/yaml.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../../shared/corpus');

describe('the YAML corpus', () => {
  const isThere = existsSync(resolve(CORPUS, 'gotemplate/yaml_decode.jsonl'));
  if (!isThere) console.warn(`skipped: no YAML corpus in ${CORPUS}`);

  it.skipIf(!isThere)('is read and written as Helm does', () => {
    const results = runYamlLayer(CORPUS);
    expect(results.reduce((sum, { cases }) => sum + cases, 0)).toBeGreaterThan(1000);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  });
});
