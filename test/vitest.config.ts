import { defineConfig } from 'vitest/config';
import { LongestFirst } from './support/longest-first.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/binary/**',
      'test/cluster/**',
      'test/git-server/**',
      'test/worker/**',
      'test/runtime/**',
      'test/browser/**',
      'test/crash/**',
      'test/clients/**',
    ],
    setupFiles: ['test/support/node-version.ts'],
    // Most tests of a road wait; those that compute are few.
    maxWorkers: 3,
    // Of a busy machine; a test that passes waits for nothing.
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
