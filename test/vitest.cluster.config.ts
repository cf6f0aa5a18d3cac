import { defineConfig } from 'vitest/config';
import { LongestFirst } from './support/longest-first.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/cluster/**/*.test.ts'],
    setupFiles: ['test/support/node-version.ts'],
    // Each file has an API server of its own, and waits for it most of the time.
    maxWorkers: 4,
    // Of a busy machine; a test that passes waits for nothing.
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
