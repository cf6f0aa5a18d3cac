// A short run of `npm run fuzz` in the unit suite; HAWSER_FUZZ_RUNS makes it longer.

import { describe, expect, it } from 'vitest';
import { createCoverage, familyCounts, NODE_KINDS } from './coverage.ts';
import { fuzz } from './properties.ts';

describe('any chart', () => {
  const coverage = createCoverage();

  it('gives an output or an error of its own, the same each time', { timeout: 600_000 }, () => {
    fuzz({ runs: Number(process.env.HAWSER_FUZZ_RUNS ?? 2_000), seed: 1, coverage });
    const rendered = coverage.outcomes.get('template: output') ?? 0;
    expect(rendered).toBeGreaterThan(0);
  });

  it('reaches every kind of node and every family of functions', () => {
    expect(NODE_KINDS.filter((kind) => !coverage.nodes.has(kind))).toEqual([]);
    expect([...familyCounts(coverage)].filter(([, { calls }]) => calls === 0)).toEqual([]);
  });
});
