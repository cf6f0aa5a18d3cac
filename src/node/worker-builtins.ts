// Old packages call `require('buffer')`. workerd has no require, and esbuild leaves a call of an external module as
// it is: what they require becomes a module of the bundle that imports Node's own, which workerd offers with
// nodejs_compat.

import type { Plugin } from 'esbuild';

const NAMESPACE = 'node-builtin';

/** For bundles of the Worker, in place of aliases to `node:…`. */
export const workerBuiltins: Plugin = {
  name: 'worker-builtins',
  setup: (build) => {
    build.onResolve({ filter: /^(buffer|crypto)$/ }, ({ path }) => ({ path, namespace: NAMESPACE }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: `export * from 'node:${path}'; export { default } from 'node:${path}';`,
      loader: 'js',
    }));
  },
};
