import { describe, expect, it } from 'vitest';
import { fuzzKustomizations } from './kustomizations.ts';

describe('any kustomization', () => {
  it('gives an output that builds to itself, or an error of its own, the same each time', { timeout: 600_000 }, () => {
    const { outputs, errors } = fuzzKustomizations(Number(process.env.HAWSER_FUZZ_RUNS ?? 300), 1);
    expect(outputs).toBeGreaterThan(0);
    expect(errors).toBeGreaterThan(0);
  });
});
