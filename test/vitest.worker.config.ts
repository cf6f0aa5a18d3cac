import { defineConfig } from 'vitest/config';

// What only workerd has, and the contract of all runtimes: the same files in each (`--project Node`, `--project workerd`).
const common = {
  root: new URL('..', import.meta.url).pathname,
  setupFiles: ['test/support/node-version.ts'],
  testTimeout: 120_000,
  hookTimeout: 180_000,
};

export default defineConfig({
  test: {
    root: common.root,
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: 'worker', include: ['test/worker/**/*.test.ts'] } },
      { test: { ...common, name: 'Node', include: ['test/runtime/**/*.test.ts'], provide: { runtime: 'Node' } } },
      { test: { ...common, name: 'workerd', include: ['test/runtime/**/*.test.ts'], provide: { runtime: 'workerd' } } },
    ],
  },
});
