import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/cluster/**', 'test/git-server/**', 'test/worker/**', 'test/browser/**', 'test/crash/**'],
    setupFiles: ['test/support/node-version.ts'],
    testTimeout: 30_000,
  },
});
