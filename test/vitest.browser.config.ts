import { defineConfig } from 'vitest/config';
import { LongestFirst } from './support/longest-first.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/browser/**/*.test.ts'],
    // Builds the UI once for all of them.
    globalSetup: ['test/support/build-ui.ts'],
    setupFiles: ['test/support/node-version.ts'],
    // Each file has a browser and a server of its own.
    maxWorkers: 2,
    // Of a busy machine; a test that passes waits for nothing.
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongestFirst },
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
});
