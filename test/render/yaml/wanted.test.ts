// Reading only what is wanted of a document must never hide what reading all of it tells.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GoValue } from '../../../src/render/go/value.ts';
import { parseYamlExact, parseYamlWanted } from '../../../src/render/yaml/decode.ts';
import { readCases } from '../../conformance/layer.ts';
import { soup } from '../../fuzz/generate.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../../shared/corpus');
const DECODE = resolve(CORPUS, 'gotemplate/yaml_decode.jsonl');
const isThere = existsSync(DECODE);
if (!isThere) console.warn(`no corpus at ${CORPUS} (HAWSER_CORPUS): wanted keys are not compared over it`);

const isWanted = (key: string) => key === 'kind' || key === 'a';

/** The wanted entries of the whole, or the whole where it is no mapping. */
function wantedOf(value: GoValue): GoValue {
  return value instanceof Map ? new Map([...value].filter(([key]) => isWanted(key))) : value;
}

function expectSame(text: string): void {
  const found = parseYamlWanted(text, isWanted);
  if (found !== undefined) expect(wantedOf(found)).toEqual(wantedOf(parseYamlExact(text)));
}

describe('the wanted entries of a document', () => {
  it('are those of the whole', () => {
    const text =
      'kind: A\nspec: {x: [1, {y: 2}], "z": ~}\nlist:\n- b: |\n    text\n- - c\na: {n: 18446744073709551615}\n';
    const found = parseYamlWanted(text, isWanted);
    expect(found).toBeInstanceOf(Map);
    expect(wantedOf(found ?? null)).toEqual(wantedOf(parseYamlExact(text)));
  });

  it.each([
    ['an anchor that the wanted part may need', 'spec: &x {a: 1}\nkind: *x\n'],
    ['a syntax error', 'kind: A\nspec: [1, 2\n'],
    ['an error after all that is wanted', 'kind: A\nspec:\n  a: b: c\n'],
    ['an undefined alias', 'kind: A\nspec: *none\n'],
    ['a tag', 'kind: A\nspec: !!int x\n'],
    ['a number that JSON lacks', 'kind: A\nspec: [.nan]\n'],
    ['a key that JSON lacks', 'kind: A\nspec: {~: 1}\n'],
    ['an empty key', 'kind: A\nspec:\n  : 1\n'],
    ['a key that is a collection', 'kind: A\nspec: {[1]: 1}\n'],
    ['a merge', 'kind: A\nspec: {<<: 1}\n'],
    ['a forbidden character', 'kind: A\nspec: "\u0001"\n'],
    ['too deep a nest', `kind: A\nspec: ${'['.repeat(1001)}${']'.repeat(1001)}\n`],
  ])('are left to reading all of it where there is %s', (_, text) => {
    expect(parseYamlWanted(text, isWanted)).toBeUndefined();
  });

  it('are those of the whole whatever the text', () => {
    const lines = fc.tuple(soup, soup).map(([one, two]) => `kind: ${one}\nspec:\n  x: ${two}\na: 1\n`);
    fc.assert(fc.property(fc.oneof(soup, lines), expectSame), {
      numRuns: Number(process.env.HAWSER_FUZZ_RUNS ?? 3000),
    });
  });

  it.skipIf(!isThere)('are those of the whole in every case of the corpus, nested too', () => {
    for (const { input } of readCases(DECODE)) {
      if (typeof input !== 'string') continue;
      expectSame(input);
      expectSame(`kind: A\nspec:\n${input.replace(/^/gm, '  ')}\n`);
    }
  });
});
