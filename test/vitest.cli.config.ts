import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/binary/**/*.test.ts'],
    // Builds the commands once; each file starts them as often as it likes.
    globalSetup: ['test/support/build-commands.ts'],
    setupFiles: ['test/support/node-version.ts'],
    maxWorkers: 2,
    // Of a busy machine; a test that passes waits for nothing.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
