import { defineConfig } from 'vitest/config';

// Programs made for Argo CD's API, from the registry (.ci/clients.sh); without them these tests are skipped.
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/clients/**/*.test.ts'],
    setupFiles: ['test/support/node-version.ts'],
    maxWorkers: 2,
    // Of a busy machine; a test that passes waits for nothing.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
