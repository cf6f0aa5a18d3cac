// Every case of the corpus layer `template`, made by Go's own text/template.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTemplateLayer } from '../../conformance/layers/template.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../../shared/corpus');
const present = existsSync(resolve(CORPUS, 'gotemplate/template.jsonl'));
if (!present) console.warn(`the corpus is not at ${CORPUS}: its cases are skipped`);

describe('the template corpus', () => {
  it.skipIf(!present)('gives what Go gives in every case', () => {
    const [result] = runTemplateLayer(CORPUS);
    expect(result?.cases).toBeGreaterThan(1000);
    expect(result?.failures).toEqual([]);
  });
});
