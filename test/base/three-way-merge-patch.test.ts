import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { applyMergePatch } from '../../src/base/merge-patch.ts';
import { threeWayMergePatch } from '../../src/base/three-way-merge-patch.ts';

describe('a merge patch between three states', () => {
  const rows: readonly (readonly [string, JsonObject, JsonObject, JsonObject, JsonObject])[] = [
    ['is empty where nothing is to do', { a: 1 }, { a: 1 }, { a: 1, b: 2 }, {}],
    ['removes what only the original said', { a: 1, b: 1 }, { a: 1 }, { a: 1, b: 1, c: 1 }, { b: null }],
    ['sets what live has otherwise', { a: 1 }, { a: 1 }, { a: 2 }, { a: 1 }],
    [
      'goes into objects',
      { o: { a: 1, b: 1 } },
      { o: { a: 2 } },
      { o: { a: 1, b: 1, c: 1 } },
      { o: { a: 2, b: null } },
    ],
    ['takes lists whole', { l: [1, 2] }, { l: [2] }, { l: [1, 2, 3] }, { l: [2] }],
    ['keeps an empty object that is asked for', {}, { o: {} }, {}, { o: {} }],
    ['leaves nulls out of the objects of a list', {}, { l: [{ a: null, b: 1 }, null] }, {}, { l: [{ b: 1 }, null] }],
    ['removes what is asked to be null', { a: 1 }, { a: null }, { a: 1 }, { a: null }],
  ];

  it.each(rows)('%s', (_, original, modified, current, patch) => {
    expect(threeWayMergePatch(original, modified, current)).toEqual(patch);
  });

  it('is empty once it was applied', () => {
    const [original, modified, current] = [{ a: 1, o: { x: 1 } }, { o: { x: 2 } }, { a: 1, o: { x: 1, y: 1 } }];
    const patched = applyMergePatch(current, threeWayMergePatch(original, modified, current));
    expect(patched).toEqual({ o: { x: 2, y: 1 } });
    expect(threeWayMergePatch(modified, modified, patched)).toEqual({});
  });
});
