import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/git-server/**/*.test.ts'],
    setupFiles: ['test/support/node-version.ts'],
    fileParallelism: false,
    // Of a busy machine; a test that passes waits for nothing.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
