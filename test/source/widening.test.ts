import { describe, expect, it } from 'vitest';
import { createWidening } from '../../src/source/widening.ts';

describe('what is fetched of what is missing', () => {
  it('is that alone at first', () => {
    const widen = createWidening();
    expect(widen(['a/b/c.yaml', 'd'])).toEqual(['a/b/c.yaml', 'd']);
    expect(widen([''])).toEqual(['']);
  });

  it('is the innermost folder, too, in which something is missing for the fifth time', () => {
    const widen = createWidening();
    const asked = Array.from({ length: 6 }, (_, index) => widen([`patches/more/x${index}/a.yaml`, `b${index}/c`]));
    expect(asked[3]).toEqual(['patches/more/x3/a.yaml', 'b3/c']);
    expect(asked[4]).toEqual(['patches/more/x4/a.yaml', 'b4/c', 'patches/more']);
  });

  it('is the whole repository only after twenty rounds', () => {
    const widen = createWidening();
    const asked = Array.from({ length: 20 }, (_, index) => widen([`d${index}/a.yaml`]));
    expect(asked[18]).toEqual(['d18/a.yaml']);
    expect(asked[19]).toEqual(['d19/a.yaml', '']);
  });

  it('counts many paths of one round once', () => {
    const widen = createWidening();
    expect(widen(Array.from({ length: 9 }, (_, index) => `a/${index}`))).toHaveLength(9);
  });
});
